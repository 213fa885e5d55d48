"""A business asks to see a production area: the application, and who has to answer it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.enums import SpaceApplicationStatus as Status
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.kernel.models import append_only
from workshops.models import ProductionSpace


class SpaceApplication(models.Model):
    """A request for a visit, with a named owner and the last day to answer it.

    No account is needed: whoever holds `key`, the part of the address that nobody can guess,
    follows and withdraws the application. Who is signed in finds it among their own as well.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # Whoever sends the same form of an area twice gets the same application, not two.
    submission = models.UUIDField()
    space = models.ForeignKey(
        ProductionSpace, on_delete=models.PROTECT, related_name="applications"
    )
    applicant = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    company = models.CharField(_("company"), max_length=200)
    bin = models.CharField(max_length=12, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=150)
    contact_phone = models.CharField(_("phone"), max_length=40)
    contact_email = models.EmailField(_("e-mail"))
    activity = models.CharField(max_length=300)
    jobs = models.PositiveSmallIntegerField()
    message = models.TextField(blank=True)
    # The language of the page on which it was sent: letters about it are written in it.
    language = models.CharField(max_length=2, default="ru")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    sent_at = models.DateTimeField()
    # The last day for the answer, whole; later it is overdue, which no column stores.
    answer_due_on = models.DateField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    visit_on = models.DateField(null=True)
    # When the queue told that the clock ran out: once, whatever happens to the message.
    ran_out_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "space"], name="spaceapplication_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="spaceapplication_status_known"
            ),
            models.CheckConstraint(
                condition=Q(jobs__gt=0),
                name="spaceapplication_jobs_positive",
                violation_error_message=_("How many jobs? At least one."),
            ),
            models.CheckConstraint(
                condition=Q(bin="") | Q(bin__regex=r"^\d{12}$"), name="spaceapplication_bin_digits"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.AGREED) | Q(visit_on__isnull=False),
                name="spaceapplication_visit_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.AGREED, Status.DECLINED])
                | Q(answered_at__isnull=False),
                name="spaceapplication_answer_has_time",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("sent_at")),
                name="spaceapplication_answer_after_sending",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_due_on"],
                name="spaceapplication_waiting",
                condition=Q(status=Status.SENT),
            )
        ]


class SpaceApplicationOwner(models.Model):
    """Who had to answer an application from a moment on; the last row is the present owner."""

    application = models.ForeignKey(
        SpaceApplication, on_delete=models.PROTECT, related_name="owners"
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # As what the owner answers: its word is told in the reader's language.
    role = models.CharField(max_length=20, choices=Role.choices)
    # Null: the rule chose when the application came.
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["application", "at"], name="spaceowner_application")]
        triggers = [append_only("spaceowner_append_only")]
