"""Reading terminals of an institution, the PINs people sign in with, and their visits.

A person has no account: a visit is a session of its own, on an activated device alone. Neither a
device's secret nor a visit's nor a PIN is stored, only what tells whether it is the right one.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import PaperLanguage, VisitEnd
from inmates.models.people import Inmate
from inmates.terminal.limits import MOST_FAILURES
from workshops.models import Institution


class Terminal(models.Model):
    """A device on which people of one institution read their own record, and nothing else.

    An officer enters it and gets a code; typed on the device while it holds, the code makes the
    browser the terminal. A revoked one is never active again.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="terminals")
    place = models.CharField(_("where it stands"), max_length=80)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    # Of the code that waits to be typed on the device; used once.
    code_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - null is "no code waits", and unique
    code_until = models.DateTimeField(null=True)
    # Of the cookie of the device.
    secret_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - null is "not activated", and unique
    activated_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(place=""),
                name="terminal_has_place",
                violation_error_message=_("Say where the terminal stands."),
            ),
            models.CheckConstraint(
                condition=Q(code_hash=None, code_until=None)
                | Q(code_hash__isnull=False, code_until__isnull=False),
                name="terminal_code_ends",
            ),
            models.CheckConstraint(
                condition=Q(secret_hash=None, activated_at=None)
                | Q(secret_hash__isnull=False, activated_at__isnull=False),
                name="terminal_activated_has_secret",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by=None, revoked_at=None)
                | Q(revoked_by__isnull=False, revoked_at__isnull=False, code_hash=None),
                name="terminal_revoked_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["institution", "id"], name="terminal_institution")]


class TerminalPin(models.Model):
    """A PIN of a person: a temporary one out of a sealed letter, or the one they chose.

    The newest alone opens anything; the ones before it stay, for who made them and when.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="pins")
    secret = models.CharField(max_length=200)
    # Out of a letter: whoever signs in with it chooses another first.
    is_temporary = models.BooleanField()
    # Who printed the letter; null: the person chose it.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inmate"], condition=Q(replaced_at=None), name="terminalpin_one"
            ),
            models.CheckConstraint(
                condition=Q(failures__lt=MOST_FAILURES, locked_at=None)
                | Q(failures=MOST_FAILURES, locked_at__isnull=False),
                name="terminalpin_locked_by_failures",
            ),
            models.CheckConstraint(
                condition=Q(is_temporary=True, made_by__isnull=False)
                | Q(is_temporary=False, made_by=None),
                name="terminalpin_letter_has_author",
            ),
        ]


class TerminalVisit(models.Model):
    """One person at one terminal, from signing in to leaving it or being idle too long."""

    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, related_name="visits")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="visits")
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2, choices=PaperLanguage.choices)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=10, choices=VisitEnd.choices, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["terminal"],
                condition=Q(ended_at=None),
                name="terminalvisit_one_at_terminal",
            ),
            models.UniqueConstraint(
                fields=["inmate"], condition=Q(ended_at=None), name="terminalvisit_one_of_person"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_as="")
                | Q(ended_at__isnull=False, ended_as__in=VisitEnd.values),
                name="terminalvisit_end_has_cause",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("began_at")), name="terminalvisit_seen_after_begin"
            ),
            models.CheckConstraint(
                condition=Q(language__in=PaperLanguage.values), name="terminalvisit_language_known"
            ),
        ]
        indexes = [models.Index(fields=["inmate", "-began_at"], name="terminalvisit_inmate")]
