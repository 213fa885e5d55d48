"""The placements of a spreadsheet are written, and whoever waits is not passed by in silence.

Called by the import, inside its transaction and under its locks. What has ended by the day of the
import is history and passes nobody by; a place that lasts or begins is given like any other.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from inmates.models import Placement, QueueOverride
from inmates.people_plan import PlannedJob
from inmates.selectors.queue import queue_for, standing_in
from inmates.services.places import FEWEST_LETTERS, first_passed
from portal.kernel.errors import PortalError
from workshops.models import Post


class ImportPassesOthers(PortalError):
    message = _(
        "Nothing was written: %(count)s people of the file would get a place before others who "
        "stand before them in the queue, No. %(first)s among them. Say in writing why the order "
        "is not kept, in at least %(letters)s letters."
    )


def write_jobs(
    jobs: Sequence[PlannedJob], ids: Mapping[str, int], *, actor: Any, reason: str, at: datetime,
    on: date,
) -> list[QueueOverride]:  # fmt: skip
    """Every placement stands, and with each that passes somebody by the written reason.

    `ids` are the people of the file who are new, by number. Refused as a whole where the order of
    the queue is not kept and `reason` does not say why.
    """
    pairs = [(one, one.inmate_id or ids[one.job.number]) for one in jobs]
    passing = _passing([pair for pair in pairs if _lasts(pair[0], on)], actor, reason, at, on)
    Placement.objects.bulk_create(
        Placement(
            inmate_id=inmate_id,
            post_id=one.post_id,
            employer_id=one.employer_id,
            payer_id=one.employer_id,
            pay_form=one.job.pay_form,
            is_full_time=one.minutes is None,
            daily_minutes=one.minutes,
            basis=one.job.basis,
            effective_from=one.job.since,
            effective_to=one.job.until,
        )
        for one, inmate_id in pairs
    )
    return QueueOverride.objects.bulk_create(passing)


def _lasts(one: PlannedJob, on: date) -> bool:
    return one.job.until is None or one.job.until > on


def _passing(
    pairs: Sequence[tuple[PlannedJob, int]], actor: Any, reason: str, at: datetime, on: date
) -> list[QueueOverride]:
    """An override for each who gets a place before somebody who is left without one.

    Whoever gets a place by the same file is not passed by. Two queries for each post.
    """
    served = {inmate_id for _one, inmate_id in pairs}
    posts = Post.objects.select_related("workshop__institution").in_bulk(
        {one.post_id for one, _inmate in pairs}
    )
    queues = {pk: queue_for(post, on) for pk, post in posts.items()}
    overrides, first = [], ""
    for one, inmate_id in pairs:
        standing = standing_in(queues[one.post_id], inmate_id)
        passed = standing and first_passed(queues[one.post_id], standing, served)
        if not standing or not passed:
            continue
        first = first or passed.waiting.number
        overrides.append(
            QueueOverride(
                inmate_id=inmate_id,
                post_id=one.post_id,
                starts_on=one.job.since,
                place_in_queue=standing.own.place,
                points=standing.own.total,
                first_points=passed.total,
                reason=reason.strip(),
                decided_by=actor,
                decided_at=at,
            )
        )
    if overrides and sum(sign.isalpha() for sign in reason) < FEWEST_LETTERS:
        raise ImportPassesOthers(count=len(overrides), first=first, letters=FEWEST_LETTERS)
    return overrides
