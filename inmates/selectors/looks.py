"""Who looked at identities: events of the audit trail about the people of some institutions."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from inmates.models import Inmate
from inmates.selectors.desk import people_known_to
from portal.accounts.enums import Role
from portal.accounts.selectors import has_role, organisation_ids
from portal.kernel.clock import ALMATY
from portal.kernel.models import AuditEvent
from portal.kernel.states import subject_type
from workshops.models import Institution

LOOKS = ("identity_read", "identities_read", "iin_looked_up")
PERSON = subject_type(Inmate())
ONE_DAY = timedelta(days=1)

# Whether anybody of the event was held in one of the institutions on its day.
ABOUT = """EXISTS (
    SELECT FROM (
        SELECT kernel_auditevent.subject_id AS inmate_id
        WHERE kernel_auditevent.subject_type = %s
        UNION ALL
        SELECT listed.value::bigint FROM jsonb_array_elements_text(
            CASE WHEN jsonb_typeof(kernel_auditevent.details -> 'inmates') = 'array'
                 THEN kernel_auditevent.details -> 'inmates' ELSE '[]' END) AS listed
    ) AS seen
    JOIN inmates_custodystay AS stay ON stay.inmate_id = seen.inmate_id
    WHERE stay.institution_id = ANY(%s)
      AND stay.effective_from <= (kernel_auditevent.at AT TIME ZONE 'Asia/Almaty')::date
      AND (stay.effective_to IS NULL
           OR stay.effective_to > (kernel_auditevent.at AT TIME ZONE 'Asia/Almaty')::date)
)"""


def overseen_institutions(user: Any, on: date) -> "QuerySet[Institution]":
    """Whose log the user reads: the head of an institution its own, the administrator all."""
    rows = Institution.objects.select_related("organisation").order_by("sort_order", "id")
    if has_role(user, on, Role.ADMINISTRATOR):
        return rows
    return rows.filter(organisation__in=organisation_ids(user, on, Role.HEAD))


def person_overseen(user: Any, on: date, number: str) -> Inmate | None:
    """The person with this number whose log the user may read, or None."""
    everybody = Inmate.objects.all()
    rows = everybody if has_role(user, on, Role.ADMINISTRATOR) else people_known_to(user, on)
    return rows.filter(personnel_number=number).first()


def looks_at(
    institutions: Iterable[Institution],
    *,
    since: date,
    until: date,
    person: Inmate | None = None,
    actors: Collection[int] = (),
) -> "QuerySet[AuditEvent]":
    """Looks of some days, the newest first, with who looked; `until` is included."""
    rows = AuditEvent.objects.filter(
        action__in=LOOKS, at__gte=_begin(since), at__lt=_begin(until + ONE_DAY)
    )
    if person is not None:
        rows = rows.filter(
            Q(subject_type=PERSON, subject_id=person.pk)
            | Q(details__has_key="inmates", details__contains={"inmates": [person.pk]})
        )
    if actors:
        rows = rows.filter(actor__in=actors)
    places = [one.pk for one in institutions]
    about = RawSQL(ABOUT, [PERSON, places], BooleanField())  # noqa: S611 - constants of this file
    return rows.filter(about).select_related("actor").order_by("-at", "-id")


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, ALMATY)


def numbers_of(events: Iterable[AuditEvent]) -> dict[int, str]:
    """The personnel numbers of those looked at one by one, by their id; one query."""
    ids = {event.subject_id for event in events if event.subject_type == PERSON}
    rows = Inmate.objects.filter(pk__in=ids).values_list("pk", "personnel_number")
    return dict(rows)
