"""Accidents at work and collective disputes, with the notices that the law wants next day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import AccidentKind, AccidentStatus, NoticeAddressee
from inmates.models.people import Inmate
from workshops.models import Institution, Workshop


class Accident(models.Model):
    """What happened, where and to whom; the circumstances are for the institution alone."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="accidents")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=AccidentKind.choices)
    status = models.CharField(
        max_length=10, choices=AccidentStatus.choices, default=AccidentStatus.REPORTED
    )
    happened_at = models.DateTimeField()
    people = models.ManyToManyField(
        Inmate, through="inmates.AccidentPerson", related_name="accidents"
    )
    circumstances = models.CharField(max_length=500)
    # Whoever entered it answers for its notices.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AccidentKind.values), name="accident_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=AccidentStatus.values), name="accident_status_known"
            ),
            models.UniqueConstraint(
                fields=["institution", "kind", "happened_at"],
                name="accident_once",
                violation_error_message=_("This is entered already: see the list."),
            ),
        ]
        indexes = [models.Index(fields=["institution", "-happened_at"], name="accident_newest")]


class AccidentPerson(models.Model):
    """A person who was involved; the number only, no injury and no diagnosis."""

    accident = models.ForeignKey(Accident, on_delete=models.PROTECT, related_name="involved")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["accident", "inmate"], name="accidentperson_once")
        ]


class AccidentNotice(models.Model):
    """A written notice to one addressee, due by the next working day (УИК 119(10))."""

    accident = models.ForeignKey(Accident, on_delete=models.PROTECT, related_name="notices")
    addressee = models.CharField(max_length=20, choices=NoticeAddressee.choices)
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True)
    document_number = models.CharField(max_length=60, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(addressee__in=NoticeAddressee.values),
                name="accidentnotice_addressee_known",
            ),
            models.UniqueConstraint(
                fields=["accident", "addressee"], name="accidentnotice_one_each"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, document_number="", sent_by=None)
                | (Q(sent_at__isnull=False, sent_by__isnull=False) & ~Q(document_number="")),
                name="accidentnotice_sent_with_number",
                violation_error_message=_("Enter the number under which the notice was sent."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="accidentnotice_unsent", condition=Q(sent_at__isnull=True)
            )
        ]
