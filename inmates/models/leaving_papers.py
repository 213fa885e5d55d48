"""Papers of wages beside the month: certificates, notices to bailiffs, steps before a release.

Written by `services.certificates`, `services.bailiff_notices` and `services.leaving_file` alone.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.models.custody import CustodyStay
from inmates.models.pay import WritOfExecution
from inmates.models.people import Inmate
from inmates.papers.enums import (
    CertificateAsker,
    LeavingStepCode,
    LeavingStepStatus,
    NoticeCause,
    NoticeStatus,
)
from portal.accounts.models import Organisation
from workshops.models import Institution


class WageCertificate(models.Model):
    """A certificate of what one person earned at one payer in some months, and who asked for it.

    Its sums are those of the payslips when it is printed; the registry keeps their digest.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first_month = models.DateField(_("first month"))
    last_month = models.DateField(_("last month"))
    asked_by = models.CharField(max_length=10, choices=CertificateAsker.choices)
    # The authority and its letter; empty where the person asked.
    authority = models.CharField(_("authority"), max_length=200, blank=True, default="")
    letter = models.CharField(_("letter"), max_length=120, blank=True, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_month__day=1, last_month__day=1), name="wagecertificate_months"
            ),
            models.CheckConstraint(
                condition=Q(last_month__gte=F("first_month")),
                name="wagecertificate_months_in_order",
                violation_error_message=_("The last month is not before the first one."),
            ),
            models.CheckConstraint(
                condition=Q(asked_by=CertificateAsker.PERSON, authority="", letter="")
                | (Q(asked_by=CertificateAsker.AUTHORITY) & Q(authority__gt="", letter__gt="")),
                name="wagecertificate_authority_named",
                violation_error_message=_("Name the authority and its letter."),
            ),
        ]
        indexes = [models.Index(fields=["payer", "-made_at"], name="wagecertificate_newest")]


class BailiffNotice(models.Model):
    """A bailiff has to be told by a payer that a person with an open writ has left it.

    It appears by itself with the movement (law.md §3.5: within three days); `happened_on` is the
    first day without the payer.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")
    writ = models.ForeignKey(WritOfExecution, on_delete=models.PROTECT, related_name="notices")
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # Where the person worked for the payer: who answers there sees it.
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10, choices=NoticeCause.choices)
    happened_on = models.DateField()
    due_on = models.DateField()
    status = models.CharField(
        max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.WAITING
    )
    created_at = models.DateTimeField()
    sent_on = models.DateField(null=True)
    outgoing_number = models.CharField(max_length=40, blank=True, default="")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # When it was overdue and those who answer for the payer were told.
    raised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["writ", "payer", "happened_on"], name="bailiffnotice_once"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=NoticeCause.values), name="bailiffnotice_cause_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=NoticeStatus.values), name="bailiffnotice_status_known"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("happened_on")), name="bailiffnotice_due_afterwards"
            ),
            # The mark is written just before the status is.
            models.CheckConstraint(
                condition=~Q(status=NoticeStatus.TOLD) | Q(sent_on__isnull=False),
                name="bailiffnotice_told_is_marked",
            ),
            models.CheckConstraint(
                condition=Q(sent_on=None, outgoing_number="", sent_by=None)
                | Q(
                    sent_on__isnull=False,
                    sent_on__gte=F("happened_on"),
                    outgoing_number__gt="",
                    sent_by__isnull=False,
                ),
                name="bailiffnotice_sent_with_number",
                violation_error_message=_("Enter the number under which the notice was sent."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["payer", "due_on"],
                condition=Q(status=NoticeStatus.WAITING),
                name="bailiffnotice_waiting",
            )
        ]


class LeavingStep(models.Model):
    """One step of what is prepared before a person leaves custody; without a row it is open.

    It belongs to the stay: another institution begins with its own list.
    """

    stay = models.ForeignKey(CustodyStay, on_delete=models.PROTECT, related_name="leaving_steps")
    code = models.CharField(max_length=20, choices=LeavingStepCode.choices)
    status = models.CharField(
        max_length=10, choices=LeavingStepStatus.choices, default=LeavingStepStatus.OPEN
    )
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stay", "code"], name="leavingstep_once"),
            models.CheckConstraint(
                condition=Q(code__in=LeavingStepCode.values), name="leavingstep_code_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=LeavingStepStatus.values), name="leavingstep_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=LeavingStepStatus.NOT_NEEDED) | Q(note__gt=""),
                name="leavingstep_left_out_with_reason",
                violation_error_message=_("Say why this is not needed."),
            ),
        ]
