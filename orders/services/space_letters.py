"""Letters about applications for space: a number and a link, never a name, a phone or a reason."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import SpaceApplication
from orders.selectors.spaces import applications_with_places
from portal.accounts.enums import Role
from portal.accounts.selectors import people_in_role
from portal.kernel.text import date_short

# E-mail, language, address of the page.
Reader = tuple[str, str, str]
Readers = Callable[[SpaceApplication, date], list[Reader]]


def _applicant(application: SpaceApplication, on: date) -> list[Reader]:
    address = reverse("orders:space_application", args=[application.key])
    return [(application.contact_email, application.language, address)]


def _owner(application: SpaceApplication, on: date) -> list[Reader]:
    address = reverse("orders:visit_received", args=[application.pk])
    return [(application.owner.email, application.owner.language, address)]


def _owner_and_department(application: SpaceApplication, on: date) -> list[Reader]:
    institution = application.space.institution
    analysts = people_in_role(
        Role.ANALYST, institution.department_id, on, place_ids=[institution.organisation_id]
    )
    address = reverse("orders:visit_overseen", args=[application.pk])
    return _owner(application, on) + [(one.email, one.language, address) for one in analysts]


SUBJECTS: dict[str, tuple[Readers, str | Promise]] = {
    "received": (_applicant, _("Your application %(number)s is sent")),
    "came": (_owner, _("Application %(number)s for space waits for your answer")),
    "answered": (_applicant, _("Your application %(number)s is answered")),
    "withdrawn": (_owner, _("Application %(number)s for space is withdrawn")),
    "ran_out": (
        _owner_and_department,
        _("Application %(number)s for space is over its last day"),
    ),
}


def send_space_letter(*, application_id: int, occasion: str, on: date) -> int:
    """The readers of this occasion have a letter; returns how many were sent.

    Twice sends twice; the queue sees to it that it is once.
    """
    application = applications_with_places().get(pk=application_id)
    readers, subject = SUBJECTS[occasion]
    letters = readers(application, on)
    for email, language, address in letters:
        with translation.override(language):
            words = {
                "occasion": occasion,
                "address": settings.PUBLIC_URL + address,
                "due": date_short(application.answer_due_on),
            }
            send_mail(
                str(subject) % {"number": application.number},
                render_to_string("orders/emails/space.txt", words),
                None,
                [email],
            )
    return len(letters)
