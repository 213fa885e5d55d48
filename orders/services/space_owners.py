"""Who has to answer an application, the clock that runs out, and the letters about both."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.enums import SpaceApplicationStatus as Status
from orders.models import SpaceApplication, SpaceApplicationOwner
from orders.rules import can_hand_over_space_application
from orders.selectors.spaces import overdue_unnoted
from orders.states import SPACE_APPLICATION
from portal.kernel import states
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row
from portal.kernel.queue import enqueue
from workshops.selectors.spaces import Official, officials_of

SEND_LETTER = "orders.send_space_letter"


class NotAColleague(PortalError):
    message = _("This person does not answer for the areas of this institution.")


class OwnerAlready(PortalError):
    message = _("This person answers the application already.")


class AlreadyAnswered(PortalError):
    message = _("The application no longer waits for an answer.")


@transaction.atomic
def hand_over_space_application(
    *, actor: Any, application_id: int, to_id: int, reason: str, at: datetime
) -> SpaceApplication:
    """Another official of the institution owns the application from now on, with a history row.

    Any of its officials may do it, for the owner may be away. The last day stays. Refused: nobody
    of the institution, answered already, the present owner (so twice too). After the commit the
    new owner gets a letter.
    """
    application = lock_row(SpaceApplication, application_id)
    place, on = application.space.institution.organisation_id, day_of(at)
    can_hand_over_space_application(actor, on, place).require()
    if application.status != Status.SENT:
        raise AlreadyAnswered
    if application.owner_id == to_id:
        raise OwnerAlready
    colleagues = {one.user.pk: one for one in officials_of([place], on).get(place, ())}
    if to_id not in colleagues:
        raise NotAColleague
    application.owner = colleagues[to_id].user
    application.save(update_fields=["owner"])
    give_owner(application, colleagues[to_id], by=actor, at=at, reason=reason.strip())
    return application


def give_owner(
    application: SpaceApplication, official: Official, *, by: Any, at: datetime, reason: str = ""
) -> None:
    """The history row of a new owner, and a letter to them; `by` is None for the rule's choice."""
    row = SpaceApplicationOwner.objects.create(
        application=application,
        owner=official.user,
        role=official.role,
        given_by=by,
        at=at,
        reason=reason,
    )
    order_letter(application, "came", at=at, which=f":{row.pk}")


def note_overdue_visits(*, on: date, at: datetime) -> int:
    """Each application over its last day says so in its timeline, once; returns how many do now.

    After the commit of each its owner and the department get a letter. Twice, even at once,
    changes nothing more.
    """
    return sum(_note_overdue(pk, on, at) for pk in overdue_unnoted(on))


@transaction.atomic
def _note_overdue(application_id: int, on: date, at: datetime) -> bool:
    application = lock_row(SpaceApplication, application_id)
    is_over = application.status == Status.SENT and application.answer_due_on < on
    if not is_over or application.ran_out_at is not None:
        return False
    application.ran_out_at = at
    application.save(update_fields=["ran_out_at"])
    states.move(application, "run_out", machine=SPACE_APPLICATION, actor=None, at=at)
    order_letter(application, "ran_out", at=at)
    return True


def order_letter(
    application: SpaceApplication, occasion: str, *, at: datetime, which: str = ""
) -> None:
    """A letter about the application, once for each occasion; the queue sends it."""
    enqueue(
        SEND_LETTER,
        key=f"{application.pk}:{occasion}{which}",
        actor=None,
        at=at,
        arguments={"application_id": application.pk, "occasion": occasion},
    )
