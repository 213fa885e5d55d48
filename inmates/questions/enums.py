"""What a question is about, how it came, where it stands and how the answer goes back."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WageTopic(models.TextChoices):
    """What the person does not agree with; the public figures count by it."""

    TIME = "time", _("Days and hours worked")
    OUTPUT = "output", _("What I made, or its count")
    RATE = "rate", _("The rate of pay")
    SUPPLEMENT = "supplement", _("Nights, overtime, days off")
    ABSENCE = "absence", _("Leave, sickness, idle time")
    TAX = "tax", _("Taxes and contributions")
    WRIT = "writ", _("Writs of execution")
    ACCOUNT = "account", _("The money did not reach my account")
    CORRECTION = "correction", _("A correction of an earlier month")
    OTHER = "other", _("Something else about pay")


class WageQuestionStatus(models.TextChoices):
    """States of a question; the table is in states.py."""

    SENT = "sent", _("Sent")
    TAKEN = "taken", _("Being looked into")
    NAME_ASKED = "name_asked", _("The name is asked for")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class QuestionChannel(models.TextChoices):
    """How it came in: by the person at a terminal, or by the code printed on a payslip."""

    TERMINAL = "terminal", _("At the terminal")
    PUBLIC = "public", _("On the public page, by the code of a payslip")
    LETTER = "letter", _("By letter, with the code of a payslip")


class AnswerWay(models.TextChoices):
    """How the person wants to read the answer."""

    TERMINAL = "terminal", _("At the terminal")
    LETTER = "letter", _("In a sealed letter")


class NamePurpose(models.TextChoices):
    """What for an officer saw the name of who asked."""

    FACTS = "facts", _("To look into the question")
    LETTER = "letter", _("To address the letter")


# Whoever has the code of a payslip in hand may be anybody: the person, a relative, an official.
BY_CODE = (QuestionChannel.PUBLIC, QuestionChannel.LETTER)
WAITING = (
    WageQuestionStatus.SENT,
    WageQuestionStatus.TAKEN,
    WageQuestionStatus.NAME_ASKED,
)
