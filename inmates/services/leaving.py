"""What ends with a stay beside the placements: what the place gave, taught and offered.

Called by the movements of people, under the lock of the person.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from inmates.enums import ApprenticeshipStatus, ClearanceKind, OfferAnswer
from inmates.models import Apprenticeship, Clearance, PlaceOffer
from inmates.services.succession import end_by
from inmates.states import APPRENTICESHIP, PLACE_OFFER
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_rows
from portal.kernel.states import move

ONE_DAY = timedelta(days=1)
# The doctor admits the person; the place briefs and lends the equipment.
OF_THE_PLACE = (ClearanceKind.BRIEFING, ClearanceKind.PROTECTIVE_EQUIPMENT)


def leave_the_place(
    *, actor: Any, inmate_id: int, on: date, at: datetime, is_release: bool
) -> None:
    """From `on` nothing of the place left holds: a later place begins with its own.

    Briefings and equipment end, at a release the medical admission too. A training ends without a
    grade: its mentor stays behind, and its lowered norm would hold at the new place. What was
    offered and not answered is taken back.
    """
    cleared = Clearance.objects.filter(inmate=inmate_id)
    end_by(lock_rows(cleared if is_release else cleared.filter(kind__in=OF_THE_PLACE)), on)
    reason = _("Released") if is_release else _("Transferred to another institution")
    training = Apprenticeship.objects.filter(
        inmate=inmate_id, status=ApprenticeshipStatus.IN_TRAINING
    )
    for row in lock_rows(training):
        last = on if row.effective_to is None else min(on, row.effective_to)
        row.effective_to = max(last, row.effective_from + ONE_DAY)
        row.save(update_fields=["effective_to"])
        move(row, "discontinue", machine=APPRENTICESHIP, actor=actor, at=at, reason=reason)
    offers = PlaceOffer.objects.filter(inmate=inmate_id, answer=OfferAnswer.WAITING)
    for offer in lock_rows(offers):
        offer.answered_on = day_of(at)
        offer.save(update_fields=["answered_on"])
        move(offer, "take_back", machine=PLACE_OFFER, actor=actor, at=at)
