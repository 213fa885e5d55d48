"""The line of a printed payslip that says how to disagree: the public page and the slip's code."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from inmates.enums import FINAL_RUNS
from inmates.models import Payslip
from inmates.questions.codes import code_of
from portal.documents.codes import printed_code


def question_notes(slip: Payslip) -> list[dict[str, str]]:
    """One row for the notes of a paper; none on a draft, which gives way to another payslip."""
    if slip.run.status not in FINAL_RUNS:
        return []
    site = settings.PUBLIC_URL.partition("://")[2] + reverse("inmates:questions_outside")
    words = _("You disagree? Ask outside, without a name: %(site)s; by letter too, with the code")
    return [{"text": words % {"site": site.rstrip("/")}, "value": printed_code(code_of(slip.pk))}]
