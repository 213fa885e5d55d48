"""Words with a fixed set of values of the papers that follow the wages of a month."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CertificateAsker(models.TextChoices):
    """At whose request a certificate of wages is given."""

    PERSON = "person", _("The person")
    AUTHORITY = "authority", _("An authority, by its letter")


class NoticeCause(models.TextChoices):
    """What the bailiff is told of; a release says more than the end of a placement that day."""

    RELEASE = "release", _("Released")
    TRANSFER = "transfer", _("Transferred to another institution")
    PAYER = "payer", _("No longer paid by this payer")


class NoticeStatus(models.TextChoices):
    """States of a notice to the bailiff; the table is in states.py."""

    WAITING = "waiting", pgettext_lazy("notice", "To be sent")
    TOLD = "told", pgettext_lazy("notice", "Sent")
    CANCELLED = "cancelled", pgettext_lazy("notice", "Not needed")


class LeavingStepCode(models.TextChoices):
    """What a person takes along when they leave custody, in the order of the list."""

    SETTLEMENT = "settlement", _("Settlement of wages and leave")
    WRITS = "writs", _("Executive documents handed over")
    WAGE_CERTIFICATE = "wage_certificate", _("Certificate of wages")
    WORK_CERTIFICATE = "work_certificate", _("Certificate of work")
    SKILL_PASSPORT = "skill_passport", _("Skill passport")
    HANDED_OVER = "handed_over", _("Papers handed to the person")


class LeavingStepStatus(models.TextChoices):
    """States of a step of the leaving file; the table is in states.py."""

    OPEN = "open", pgettext_lazy("step", "To do")
    DONE = "done", pgettext_lazy("step", "Done")
    NOT_NEEDED = "not_needed", pgettext_lazy("step", "Not needed")


# Of wages: the payer's accountant settles these; the others are the labour officer's.
STEPS_OF_WAGES = (
    LeavingStepCode.SETTLEMENT,
    LeavingStepCode.WRITS,
    LeavingStepCode.WAGE_CERTIFICATE,
)
