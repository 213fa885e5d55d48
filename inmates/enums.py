"""Words with a fixed set of values in the world of people, work and pay."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pension(models.TextChoices):
    """Whether a person draws a pension; it decides which contributions are due (law.md §2)."""

    NONE = "none", _("No pension")
    AGE = "age", _("Pension by age")
    SERVICE = "service", _("Pension for service")


class Ability(models.TextChoices):
    """Whether a person is able to work; unknown is a state of its own (law.md §5)."""

    ABLE = "able", _("Able-bodied")
    UNABLE = "unable", _("Not able-bodied")
    UNKNOWN = "unknown", _("Not known")


class ConsentKind(models.TextChoices):
    """The two consents, never mixed (law.md §9)."""

    PRIVATE_WORK = "private_work", _("Work for a private employer")
    PERSONAL_DATA = "personal_data", _("Processing of personal data")


class PayForm(models.TextChoices):
    """How a placement is paid."""

    TIME = "time", _("By time")
    PIECE = "piece", _("By piece")


class WritKind(models.TextChoices):
    """What a writ of execution claims."""

    ALIMONY = "alimony", _("Alimony")
    CLAIM = "claim", _("Claim")


class RunKind(models.TextChoices):
    """Kinds of payroll runs."""

    REGULAR = "regular", _("Regular")


class RunStatus(models.TextChoices):
    """States of a payroll run; the table is in states.py."""

    DRAFT = "draft", _("Not calculated")
    CALCULATING = "calculating", _("Being calculated")
    CALCULATED = "calculated", _("Calculated")
    INCOMPLETE = "incomplete", _("Not complete: see the list of what is missing")


class LineKind(models.TextChoices):
    """What a payslip line is."""

    EARNING = "earning", _("Earned")
    WITHHELD = "withheld", _("Withheld")
    WRIT = "writ", _("Withheld by writ")
    EMPLOYER = "employer", _("Paid by the employer")


class ReasonGroup(models.TextChoices):
    """Where a reason is used: a day of attendance, or a time without work."""

    ATTENDANCE = "attendance", _("Absence on a day")
    NOT_WORKING = "not_working", _("Not in paid work")
