"""The second opinion: people and days without work counted from the records, without any facts.

It was the report's own way to count before there were facts; now it is what the report is held
against, on random worlds and on the demo.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from portal.reports.employment.measures import DayCount

# One row per institution and day. Available and "employed and available" come without those whom
# the timesheet shows absent the whole day for a reason that does not count as available.
# Attendance is by far the largest: it meets short `slice`s of placements, in each of which the
# institution and the labour state stay the same (as `kind`), and is added up by kind and day before
# anything else is asked of it. Only where a person has two placements at a time (`is_shared`) are
# the entries of a day put together first, for a person is counted once.
DAILY_COUNTS = """
WITH stay AS (
  SELECT s.inmate_id, s.institution_id, greatest(s.effective_from, %(begin)s::date) AS b,
         least(s.effective_to, %(end)s::date) AS e
  FROM inmates_custodystay s
  WHERE array_position(%(institutions)s::bigint[], s.institution_id) IS NOT NULL
    AND s.effective_from < %(end)s AND coalesce(s.effective_to, 'infinity') > %(begin)s
),
held AS (
  SELECT stay.inmate_id, stay.institution_id,
         greatest(stay.b, l.effective_from) AS b, least(stay.e, l.effective_to) AS e,
         (l.ability = 'able')::int AS able,
         (l.ability = 'unable')::int AS unable,
         l.is_subject_to_labour::int AS subject,
         (l.ability = 'able' AND coalesce(n.counts_as_available, true))::int AS available
  FROM stay JOIN inmates_labourstate l ON l.inmate_id = stay.inmate_id
    AND l.effective_from < stay.e AND coalesce(l.effective_to, 'infinity') > stay.b
  LEFT JOIN inmates_reason n ON n.id = l.reason_id
),
placed AS (
  SELECT p.inmate_id, range_agg(daterange(p.effective_from, p.effective_to)) AS ranges
  FROM inmates_placement p
  WHERE p.effective_from < %(end)s AND coalesce(p.effective_to, 'infinity') > %(begin)s
  GROUP BY p.inmate_id
),
span (institution_id, b, e, custody, able, unable, subject, available,
      employed, employed_able, employed_subject, employed_available) AS (
  SELECT institution_id, b, e, 1, 0, 0, 0, 0, 0, 0, 0, 0 FROM stay
  UNION ALL
  SELECT institution_id, b, e, 0, able, unable, subject, available, 0, 0, 0, 0 FROM held
  UNION ALL
  SELECT institution_id, lower(part), upper(part), 0, 0, 0, 0, 0, 1, 0, 0, 0
  FROM stay JOIN placed USING (inmate_id)
  CROSS JOIN LATERAL unnest(placed.ranges * datemultirange(daterange(b, e))) AS part
  UNION ALL
  SELECT institution_id, lower(part), upper(part), 0, 0, 0, 0, 0, 0, able, subject, available
  FROM held JOIN placed USING (inmate_id)
  CROSS JOIN LATERAL unnest(placed.ranges * datemultirange(daterange(b, e))) AS part
),
move AS (
  SELECT institution_id, edge.day,
         sum(edge.sign * custody) AS custody, sum(edge.sign * able) AS able,
         sum(edge.sign * unable) AS unable, sum(edge.sign * subject) AS subject,
         sum(edge.sign * available) AS available, sum(edge.sign * employed) AS employed,
         sum(edge.sign * employed_able) AS employed_able,
         sum(edge.sign * employed_subject) AS employed_subject,
         sum(edge.sign * employed_available) AS employed_available
  FROM span CROSS JOIN LATERAL (VALUES (b, 1), (e, -1)) AS edge (day, sign)
  GROUP BY institution_id, edge.day
),
covered AS (
  SELECT inmate_id, range_agg(daterange(b, e)) AS ranges FROM held GROUP BY inmate_id
),
post AS (
  SELECT p.id, p.inmate_id, stay.institution_id,
         greatest(stay.b, p.effective_from) AS b, least(stay.e, p.effective_to) AS e,
         EXISTS (
           SELECT 1 FROM inmates_placement o
           WHERE o.inmate_id = p.inmate_id AND o.id <> p.id
             AND o.effective_from < coalesce(p.effective_to, 'infinity')
             AND coalesce(o.effective_to, 'infinity') > p.effective_from
         ) AS is_shared
  FROM stay JOIN inmates_placement p ON p.inmate_id = stay.inmate_id
    AND p.effective_from < stay.e AND coalesce(p.effective_to, 'infinity') > stay.b
),
slice AS (
  SELECT post.id, post.inmate_id, greatest(post.b, held.b) AS b, least(post.e, held.e) AS e,
         is_shared, post.institution_id * 8 + able * 4 + subject * 2 + available AS kind
  FROM post JOIN held ON held.inmate_id = post.inmate_id AND held.b < post.e AND held.e > post.b
  UNION ALL
  SELECT post.id, post.inmate_id, lower(part), upper(part), is_shared, post.institution_id * 8
  FROM post LEFT JOIN covered USING (inmate_id)
  CROSS JOIN LATERAL unnest(
    datemultirange(daterange(b, e)) - coalesce(covered.ranges, '{}'::datemultirange)) AS part
  WHERE NOT coalesce(covered.ranges @> daterange(b, e), false) AND lower(part) < upper(part)
),
away AS (
  SELECT coalesce(array_agg(id), '{}') AS reasons FROM inmates_reason WHERE NOT counts_as_available
),
sheet AS (
  SELECT slice.kind, a.worked_on AS day, count(*) AS sheets, sum(a.minutes) AS minutes,
         count(*) FILTER (WHERE a.minutes > 0) AS worked,
         count(*) FILTER (WHERE a.minutes = 0 AND array_position(
           (SELECT reasons FROM away), a.reason_id) IS NOT NULL) AS kept_away
  FROM inmates_attendance a
  JOIN slice ON slice.id = a.placement_id AND slice.b <= a.worked_on AND a.worked_on < slice.e
  WHERE NOT slice.is_shared AND a.worked_on >= %(begin)s AND a.worked_on < %(end)s
  GROUP BY slice.kind, a.worked_on
  UNION ALL
  SELECT kind, day, count(*), sum(minutes), count(*) FILTER (WHERE minutes > 0),
         count(*) FILTER (WHERE minutes = 0 AND is_kept_away)
  FROM (
    SELECT slice.kind, a.worked_on AS day, sum(a.minutes) AS minutes,
           bool_or(array_position((SELECT reasons FROM away), a.reason_id) IS NOT NULL)
             AS is_kept_away
    FROM inmates_attendance a
    JOIN slice ON slice.id = a.placement_id AND slice.b <= a.worked_on AND a.worked_on < slice.e
    WHERE slice.is_shared AND a.worked_on >= %(begin)s AND a.worked_on < %(end)s
    GROUP BY slice.inmate_id, slice.kind, a.worked_on
  ) AS person
  GROUP BY kind, day
),
attended AS (
  SELECT kind / 8 AS institution_id, day, sum(sheets) AS sheets, sum(minutes) AS minutes,
         sum(worked) AS worked,
         sum(worked) FILTER (WHERE kind & 4 > 0) AS worked_able,
         sum(worked) FILTER (WHERE kind & 2 > 0) AS worked_subject,
         sum(worked) FILTER (WHERE kind & 1 > 0) AS worked_available,
         sum(kept_away) FILTER (WHERE kind & 1 > 0) AS kept_away
  FROM sheet
  GROUP BY 1, 2
),
total AS (
  SELECT place.id AS institution_id, moment.day::date AS day,
         sum(custody) OVER so_far AS custody, sum(able) OVER so_far AS able,
         sum(unable) OVER so_far AS unable, sum(subject) OVER so_far AS subject,
         sum(available) OVER so_far AS available, sum(employed) OVER so_far AS employed,
         sum(employed_able) OVER so_far AS employed_able,
         sum(employed_subject) OVER so_far AS employed_subject,
         sum(employed_available) OVER so_far AS employed_available
  FROM unnest(%(institutions)s::bigint[]) AS place (id)
  CROSS JOIN generate_series(%(begin)s::date, %(end)s::date - 1, '1 day') AS moment (day)
  LEFT JOIN move ON move.institution_id = place.id AND move.day = moment.day::date
  WINDOW so_far AS (PARTITION BY place.id ORDER BY moment.day)
)
SELECT total.institution_id, total.day,
       coalesce(custody, 0)::int, coalesce(able, 0)::int, coalesce(subject, 0)::int,
       (coalesce(available, 0) - coalesce(kept_away, 0))::int,
       coalesce(employed, 0)::int, coalesce(employed_able, 0)::int,
       coalesce(employed_subject, 0)::int,
       (coalesce(employed_available, 0) - coalesce(kept_away, 0))::int,
       coalesce(worked, 0)::int, coalesce(worked_able, 0)::int,
       coalesce(worked_subject, 0)::int, coalesce(worked_available, 0)::int,
       (coalesce(custody, 0) - coalesce(able, 0) - coalesce(unable, 0))::int,
       coalesce(minutes, 0)::int, coalesce(sheets, 0)::int
FROM total
LEFT JOIN attended ON attended.institution_id = total.institution_id
  AND attended.day = total.day
ORDER BY total.institution_id, total.day
"""

# Person-days in custody without a paid placement: by ability and the reason of the labour state.
# What no labour state covers is "unknown" without a reason.
DAYS_WITHOUT_WORK = """
WITH bounds AS (SELECT daterange(%(begin)s, %(end)s) AS days),
placed AS (
  SELECT p.inmate_id, range_agg(daterange(p.effective_from, p.effective_to)) AS ranges
  FROM bounds JOIN inmates_placement p
    ON daterange(p.effective_from, p.effective_to) && bounds.days
  GROUP BY p.inmate_id
),
free AS (
  SELECT s.inmate_id, s.institution_id,
         datemultirange(daterange(s.effective_from, s.effective_to) * bounds.days)
           - coalesce(placed.ranges, '{}'::datemultirange) AS ranges
  FROM bounds JOIN inmates_custodystay s
    ON daterange(s.effective_from, s.effective_to) && bounds.days
  LEFT JOIN placed ON placed.inmate_id = s.inmate_id
  WHERE s.institution_id = ANY(%(institutions)s::bigint[])
),
known AS (
  SELECT free.institution_id, l.ability, l.reason_id,
         free.ranges * datemultirange(daterange(l.effective_from, l.effective_to)) AS ranges
  FROM free JOIN inmates_labourstate l
    ON l.inmate_id = free.inmate_id
    AND free.ranges && daterange(l.effective_from, l.effective_to)
),
unrecorded AS (
  SELECT free.institution_id,
         free.ranges - coalesce(
           (SELECT range_agg(daterange(l.effective_from, l.effective_to))
            FROM inmates_labourstate l WHERE l.inmate_id = free.inmate_id),
           '{}'::datemultirange) AS ranges
  FROM free
),
spell AS (
  SELECT institution_id, ability, reason_id, ranges FROM known
  UNION ALL
  SELECT institution_id, 'unknown', NULL, ranges FROM unrecorded
)
SELECT institution_id, ability, reason_id, sum(upper(part) - lower(part))::int
FROM spell CROSS JOIN LATERAL unnest(spell.ranges) AS part
GROUP BY institution_id, ability, reason_id
ORDER BY institution_id, ability, reason_id
"""


def direct_counts(institution_ids: Sequence[int], begin: date, end: date) -> list[DayCount]:
    """One row per institution and day of [begin, end), in that order."""
    return [
        DayCount(row[0], row[1], row[2:6], row[6:10], row[10:14], *row[14:])
        for row in _ask(DAILY_COUNTS, institution_ids, begin, end)
    ]


def direct_days_without_work(
    institution_ids: Sequence[int], begin: date, end: date
) -> list[tuple[int, str, int | None, int]]:
    """Person-days without a paid placement by institution, ability and reason."""
    return _ask(DAYS_WITHOUT_WORK, institution_ids, begin, end)


def _ask(
    statement: str, institution_ids: Sequence[int], begin: date, end: date
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"institutions": list(institution_ids), "begin": begin, "end": end}
        )
        return cursor.fetchall()
