"""Questions about wages that go outside the institution, and who saw the name of who asked.

Read and written by `inmates.questions` alone. Texts are encrypted as identities are: a copy of
the table tells nobody what was asked or answered.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from inmates.enums import PaperLanguage
from inmates.models.payroll import Payslip
from inmates.models.people import Inmate
from inmates.questions.enums import (
    BY_CODE,
    AnswerWay,
    NamePurpose,
    QuestionChannel,
    WageQuestionStatus,
    WageTopic,
)
from portal.accounts.models import Organisation
from portal.kernel.models import append_only
from workshops.models import Institution

Status = WageQuestionStatus
# What the person said stays as it was said; the answer is written once, by its trigger.
ASKED = [
    "number", "key", "addressee", "institution", "inmate", "payslip", "line_sequence", "topic",
    "text", "channel", "answer_way", "language", "is_named", "follows", "asked_at", "due_on",
]  # fmt: skip


class WageQuestion(models.Model):
    """One question of one person to an office outside the institution.

    Without `is_named` the office reads the question, the month and the payslip, and not whose
    they are. `line_sequence` is a line of `payslip`; a payslip asked about is closed for good.
    """

    number = models.CharField(_("number"), max_length=20)
    # The part of an address nobody can guess: whoever asked from outside follows by it.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # Whoever sends the same form twice asks once.
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    addressee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # Where the person was held when they asked; on a code, where the payslip was earned.
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")
    payslip = models.ForeignKey(Payslip, on_delete=models.PROTECT, null=True, related_name="+")
    line_sequence = models.PositiveSmallIntegerField(null=True)
    topic = models.CharField(max_length=12, choices=WageTopic.choices)
    text = EncryptedTextField(null=True)
    channel = models.CharField(max_length=10, choices=QuestionChannel.choices)
    answer_way = models.CharField(max_length=10, choices=AnswerWay.choices)
    language = models.CharField(max_length=2, choices=PaperLanguage.choices)
    is_named = models.BooleanField()
    # A code opens one question; what comes with it again is put beside that one.
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="added")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    asked_at = models.DateTimeField()
    # The last day for the answer, whole; later it is overdue, which no column stores.
    due_on = models.DateField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    # Why the officer needs the name, in words for the person; and when it was given.
    name_reason = EncryptedTextField(null=True)
    name_given_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    # The first time the answer was read at a terminal, or its letter was printed.
    read_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["addressee", "number"], name="wagequestion_number"),
            models.UniqueConstraint(
                fields=["payslip"],
                condition=Q(channel__in=BY_CODE, follows=None),
                name="wagequestion_code_opens_one",
            ),
            models.CheckConstraint(
                condition=Q(
                    topic__in=WageTopic.values,
                    channel__in=QuestionChannel.values,
                    answer_way__in=AnswerWay.values,
                    language__in=PaperLanguage.values,
                    status__in=Status.values,
                ),
                name="wagequestion_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(topic=WageTopic.OTHER) | Q(text__isnull=False),
                name="wagequestion_other_has_text",
                violation_error_message=_("Say in your own words what it is about."),
            ),
            models.CheckConstraint(
                condition=Q(line_sequence=None) | Q(payslip__isnull=False),
                name="wagequestion_line_has_payslip",
            ),
            # Who holds a code need not be the person: only they themselves give their name.
            models.CheckConstraint(
                condition=Q(channel=QuestionChannel.TERMINAL, follows=None)
                | Q(channel__in=BY_CODE, payslip__isnull=False, is_named=False),
                name="wagequestion_code_gives_no_name",
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__gte=F("asked_at")),
                name="wagequestion_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.SENT, Status.WITHDRAWN]) | Q(taken_by__isnull=False),
                name="wagequestion_looked_into_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.NAME_ASKED) | Q(name_reason__isnull=False),
                name="wagequestion_name_asked_with_reason",
                violation_error_message=_("Say why the name is needed: the person reads it."),
            ),
            models.CheckConstraint(
                condition=Q(name_given_at=None) | Q(is_named=False, name_reason__isnull=False),
                name="wagequestion_name_given_when_asked",
            ),
            models.CheckConstraint(
                condition=Q(answer=None, answered_by=None, answered_at=None)
                | Q(
                    answer__isnull=False,
                    answered_by__isnull=False,
                    answered_at__gte=F("asked_at"),
                ),
                name="wagequestion_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.ANSWERED, answer__isnull=False)
                | (~Q(status=Status.ANSWERED) & Q(read_at=None, printed_at=None)),
                name="wagequestion_answered_in_words",
            ),
        ]
        indexes = [
            models.Index(fields=["inmate", "-asked_at"], name="wagequestion_own"),
            models.Index(fields=["addressee", "due_on"], name="wagequestion_desk"),
        ]
        triggers = [
            pgtrigger.Protect(name="wagequestion_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="wagequestion_as_asked", fields=[*ASKED, "submission"]),
            pgtrigger.Protect(
                name="wagequestion_answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status=Status.ANSWERED)
                & (
                    pgtrigger.Q(old__answer__df=pgtrigger.F("new__answer"))
                    | pgtrigger.Q(old__status__df=pgtrigger.F("new__status"))
                ),
            ),
        ]


class QuestionLook(models.Model):
    """An officer saw who asked: kept here, where only the person and the office read it."""

    question = models.ForeignKey(WageQuestion, on_delete=models.PROTECT, related_name="looks")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=NamePurpose.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=NamePurpose.values), name="questionlook_purpose_known"
            )
        ]
        triggers = [append_only("questionlook_append_only")]
