"""A business asks to see an area, and is answered: sent, agreed, declined, withdrawn.

One service per action; the table refuses each a second time. The owner of an application and the
clock that runs out are in `space_owners`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.enums import SpaceApplicationStatus as Status
from orders.models import SpaceApplication
from orders.rules import can_answer_space_application, can_ask_for_space
from orders.services.space_owners import give_owner, order_letter
from orders.states import SPACE_APPLICATION
from portal.accounts.models import Organisation
from portal.kernel import states
from portal.kernel.access import Rule
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError, readable_refusals
from portal.kernel.locks import Gone, lock_row
from portal.kernel.numbering import document_number
from portal.kernel.workdays import add_workdays
from workshops.selectors.spaces import officials_of, spaces_advertised

# Working days: an office that is closed cannot answer, and a promise it cannot keep is none.
ANSWER_WORKDAYS = 5
# A slip of the year must not become the day of a visit.
FURTHEST_VISIT = timedelta(days=366)


class NotOffered(PortalError):
    status = 404
    message = _("This area is no longer offered. Look at the others on the list.")


class NobodyAnswers(PortalError):
    message = _("Nobody in the institution answers applications now. Try again in some days.")


class VisitInThePast(PortalError):
    message = _("This day has passed. Enter a day from today on.")


class VisitTooFar(PortalError):
    message = _("The day is more than a year away. Check the year.")


class NoVisitWithoutReason(PortalError):
    message = _("Say in a sentence why there will be no visit: the applicant reads it.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who asks and what for, as typed; an organisation of the portal is named by its id alone."""

    contact_name: str
    contact_phone: str
    contact_email: str
    activity: str
    jobs: int
    message: str = ""
    company: str = ""
    bin: str = ""
    applicant_id: int | None = None


@transaction.atomic
def send_space_application(
    *, actor: Any, space_code: str, submission: UUID, wanted: Wanted, language: str, at: datetime
) -> SpaceApplication:
    """The application is SENT, has an owner by name and a last day for the answer.

    The owner is the first official of the institution (`officials_of`: a labour officer, else
    the head), the last day the fifth working day after today. Refused: the area is not offered,
    nobody answers there, no right to act for the organisation. After the commit owner and
    applicant get a letter. Twice with one submission for this area returns one application.
    """
    on = day_of(at)
    offered = spaces_advertised(on).select_for_update(of=("self",))
    space = offered.filter(code=space_code).first()
    before = SpaceApplication.objects.filter(submission=submission, space__code=space_code).first()
    if before is not None:
        return before
    if space is None:
        raise NotOffered
    place = space.institution.organisation_id
    official = next(iter(officials_of([place], on).get(place, ())), None)
    if official is None:
        raise NobodyAnswers
    user = actor if actor.is_authenticated else None
    with readable_refusals():
        application = SpaceApplication.objects.create(
            number=document_number(series="space_application", scope="portal", year=on.year),
            submission=submission,
            space=space,
            placed_by=user,
            sent_at=at,
            answer_due_on=add_workdays(on, ANSWER_WORKDAYS),
            owner=official.user,
            language=language,
            contact_name=wanted.contact_name,
            contact_phone=wanted.contact_phone,
            contact_email=wanted.contact_email,
            activity=wanted.activity,
            jobs=wanted.jobs,
            message=wanted.message,
            **_who_asks(actor, wanted, on),
        )
    states.begin(application, "send", machine=SPACE_APPLICATION, actor=user, at=at)
    give_owner(application, official, by=None, at=at)
    order_letter(application, "received", at=at)
    return application


def _who_asks(actor: Any, wanted: Wanted, on: date) -> dict[str, Any]:
    """An organisation of the portal by its own record, anybody else as typed."""
    if wanted.applicant_id is None:
        return {"company": wanted.company, "bin": wanted.bin}
    can_ask_for_space(actor, wanted.applicant_id, on).require()
    organisation = Organisation.objects.get(pk=wanted.applicant_id)
    return {"applicant": organisation, "company": organisation.name, "bin": organisation.bin}


@transaction.atomic
def agree_visit(
    *, actor: Any, application_id: int, visit_on: date, note: str, at: datetime
) -> SpaceApplication:
    """The visit is AGREED for a day; `note` says how to come and is read by the applicant.

    Refused: not its owner, answered or withdrawn before, a day that has passed or is over a year
    away. After the commit the applicant gets a letter.
    """
    if visit_on < day_of(at):
        raise VisitInThePast
    if visit_on > day_of(at) + FURTHEST_VISIT:
        raise VisitTooFar
    return _answer(actor, application_id, "agree", note, at, visit_on)


@transaction.atomic
def decline_space_application(
    *, actor: Any, application_id: int, reason: str, at: datetime
) -> SpaceApplication:
    """The application is DECLINED with a reason the applicant reads.

    Refused: not its owner, answered or withdrawn before, no reason. After the commit the
    applicant gets a letter.
    """
    if not reason.strip():
        raise NoVisitWithoutReason
    return _answer(actor, application_id, "decline", reason, at)


def _answer(
    actor: Any,
    application_id: int,
    action: str,
    words: str,
    at: datetime,
    visit_on: date | None = None,
) -> SpaceApplication:
    application = lock_row(SpaceApplication, application_id)
    if application.status == Status.SENT:
        # The status must not stand without its day; a refused move takes both back.
        application.visit_on, application.answered_at = visit_on, at
        application.save(update_fields=["visit_on", "answered_at"])
    states.move(
        application,
        action,
        machine=SPACE_APPLICATION,
        actor=actor,
        at=at,
        rule=_may_answer(application, at),
        reason=words.strip(),
    )
    order_letter(application, "answered", at=at)
    return application


def _may_answer(application: SpaceApplication, at: datetime) -> Rule:
    place = application.space.institution.organisation_id
    return lambda user, fresh: can_answer_space_application(user, fresh, day_of(at), place)


@transaction.atomic
def withdraw_space_application(*, actor: Any, key: UUID, at: datetime) -> SpaceApplication:
    """The application is WITHDRAWN, before the answer or after a visit was agreed.

    Whoever holds its key may: that is the applicant. Refused after that, and twice. After the
    commit its owner gets a letter.
    """
    found = SpaceApplication.objects.filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        raise Gone
    application = lock_row(SpaceApplication, found)
    user = actor if actor.is_authenticated else None
    states.move(application, "withdraw", machine=SPACE_APPLICATION, actor=user, at=at)
    order_letter(application, "withdrawn", at=at)
    return application
