"""The definition of `inmates.facts` as SQL: a month of many people in one statement.

Run by `services.facts`. Every statement stays inside one calendar month, [begin, end) of
`month`; `{person}` limits it to some people. Days of a final month are neither read nor written.
"""

from portal.accounts.enums import PRIVATE_KINDS, OrganisationKind

_PRIVATE = ", ".join(f"'{kind.value}'" for kind in PRIVATE_KINDS)
COLUMNS = (
    "inmate_id, institution_id, effective_from, effective_to, ability, is_subject_to_labour,"
    " availability, reason_id, employment, employer_kind, is_full_time, days, minutes, absences,"
    " definition"
)
# What must be equal for two neighbouring ranges to be one.
_STANDING = (
    "institution_id, ability, is_subject_to_labour, availability, reason_id, employment,"
    " employer_kind, is_full_time"
)
_IN_MONTH = "{f}.effective_from >= %(month)s AND {f}.effective_from < %(end)s"

# held: stays of the month, but for institutions whose month is final and people whose days a final
# month of another institution holds already. segment: pieces in which nothing that is dated
# changes. standing: what holds in each; merged: equal neighbours put together. sheet: what the
# timesheets say, by person and day; told: the same with a place for each day of a range.
_ROWS = """
WITH calendar AS (
  SELECT day, is_due FROM unnest(%(days)s::date[], %(due)s::boolean[]) AS c (day, is_due)
),
sealed AS (
  SELECT f.inmate_id, range_agg(daterange(f.effective_from, f.effective_to)) AS days
  FROM inmates_labourfact f
  JOIN inmates_factperiod p ON p.institution_id = f.institution_id
    AND p.first_day = %(month)s AND p.status = 'final'
  WHERE {in_month} {person_f}
  GROUP BY f.inmate_id
),
held AS (
  SELECT s.inmate_id, s.institution_id, lower(part) AS b, upper(part) AS e
  FROM inmates_custodystay s
  LEFT JOIN sealed ON sealed.inmate_id = s.inmate_id
  CROSS JOIN LATERAL unnest(
    datemultirange(daterange(s.effective_from, s.effective_to)
                   * daterange(%(begin)s::date, %(end)s::date))
    - coalesce(sealed.days, '{{}}'::datemultirange)) AS part
  WHERE s.effective_from < %(end)s AND (s.effective_to IS NULL OR s.effective_to > %(begin)s)
    AND NOT EXISTS (
      SELECT 1 FROM inmates_factperiod p
      WHERE p.institution_id = s.institution_id AND p.first_day = %(month)s
        AND p.status = 'final')
    {person_s}
),
state AS (
  SELECT l.inmate_id, l.effective_from AS b, coalesce(l.effective_to, 'infinity') AS e,
         l.ability, l.is_subject_to_labour, l.reason_id,
         coalesce(r.counts_as_available, true) AS is_free
  FROM inmates_labourstate l LEFT JOIN inmates_reason r ON r.id = l.reason_id
  WHERE l.effective_from < %(end)s AND (l.effective_to IS NULL OR l.effective_to > %(begin)s)
    {person_l}
),
placed AS (
  SELECT p.id, p.inmate_id, p.effective_from AS b, coalesce(p.effective_to, 'infinity') AS e,
         p.is_full_time,
         CASE WHEN o.kind IN ({private}) THEN 'private'
              WHEN o.kind = '{institution}' THEN 'institution' ELSE 'state' END AS kind
  FROM inmates_placement p JOIN accounts_organisation o ON o.id = p.employer_id
  WHERE p.effective_from < %(end)s AND (p.effective_to IS NULL OR p.effective_to > %(begin)s)
    {person_p}
),
edge AS (
  SELECT inmate_id, day
  FROM (SELECT inmate_id, b, e FROM state UNION ALL SELECT inmate_id, b, e FROM placed) AS dated
  CROSS JOIN LATERAL (VALUES (b), (e)) AS moment (day)
  WHERE day > %(begin)s AND day < %(end)s
  GROUP BY inmate_id, day
),
segment AS (
  SELECT inmate_id, institution_id, day AS b,
         least(e, lead(day) OVER (PARTITION BY inmate_id ORDER BY day)) AS e
  FROM (
    SELECT inmate_id, institution_id, b AS day, e FROM held
    UNION ALL
    SELECT held.inmate_id, institution_id, edge.day, e
    FROM held JOIN edge ON edge.inmate_id = held.inmate_id
      AND edge.day > held.b AND edge.day < held.e
  ) AS begun
),
job AS (
  SELECT g.inmate_id, g.b, bool_or(p.is_full_time) AS is_full_time,
         (array_agg(p.kind ORDER BY NOT p.is_full_time, p.b, p.id))[1] AS kind
  FROM segment g JOIN placed p ON p.inmate_id = g.inmate_id AND p.b <= g.b AND p.e > g.b
  GROUP BY g.inmate_id, g.b
),
standing AS (
  SELECT g.inmate_id, g.institution_id, g.b, g.e,
         coalesce(l.ability, 'unknown') AS ability, l.is_subject_to_labour,
         CASE WHEN coalesce(l.ability, 'unknown') = 'unknown' THEN 'unknown'
              WHEN l.ability = 'able' AND l.is_free THEN 'available'
              ELSE 'unavailable' END AS availability,
         l.reason_id,
         CASE WHEN job.kind IS NOT NULL THEN 'employed'
              WHEN l.inmate_id IS NOT NULL THEN 'not_employed' ELSE 'unknown' END AS employment,
         coalesce(job.kind, '') AS employer_kind, job.is_full_time
  FROM segment g
  LEFT JOIN state l ON l.inmate_id = g.inmate_id AND l.b <= g.b AND l.e > g.b
  LEFT JOIN job ON job.inmate_id = g.inmate_id AND job.b = g.b
),
merged AS (
  SELECT inmate_id, min(b) AS b, max(e) AS e, {standing}
  FROM (
    SELECT *, sum(is_new) OVER (PARTITION BY inmate_id ORDER BY b) AS island
    FROM (
      SELECT *, (lag(e) OVER w IS DISTINCT FROM b
                 OR lag(ROW({standing})) OVER w IS DISTINCT FROM ROW({standing}))::int AS is_new
      FROM standing WINDOW w AS (PARTITION BY inmate_id ORDER BY b)
    ) AS compared
  ) AS numbered
  GROUP BY inmate_id, island, {standing}
),
sheet AS (
  SELECT p.inmate_id, a.worked_on, sum(a.minutes)::smallint AS minutes,
         CASE WHEN sum(a.minutes) = 0 THEN coalesce(
           min(a.reason_id) FILTER (WHERE NOT r.counts_as_available), min(a.reason_id)
         ) END AS absence,
         CASE WHEN sum(a.minutes) > 0 THEN 'W'
              WHEN bool_or(NOT r.counts_as_available) THEN 'A' ELSE 'P' END AS letter
  FROM inmates_attendance a
  JOIN placed p ON p.id = a.placement_id
  LEFT JOIN inmates_reason r ON r.id = a.reason_id
  WHERE a.worked_on >= %(begin)s AND a.worked_on < %(end)s
  GROUP BY p.inmate_id, a.worked_on
),
told AS (
  SELECT m.inmate_id, m.b,
         string_agg(coalesce(t.letter, CASE WHEN c.is_due THEN 'U' ELSE 'N' END), ''
                    ORDER BY c.day) AS days,
         array_agg(t.minutes ORDER BY c.day) AS minutes,
         CASE WHEN count(t.absence) > 0 THEN array_agg(t.absence::int ORDER BY c.day)
         END AS absences
  FROM merged m
  JOIN calendar c ON c.day >= m.b AND c.day < m.e
  LEFT JOIN sheet t ON t.inmate_id = m.inmate_id AND t.worked_on = c.day
  WHERE m.employment = 'employed'
  GROUP BY m.inmate_id, m.b
),
fresh AS MATERIALIZED (
  SELECT m.inmate_id, m.institution_id, m.b AS effective_from, m.e AS effective_to, m.ability,
         m.is_subject_to_labour, m.availability, m.reason_id, m.employment, m.employer_kind,
         m.is_full_time, told.days, told.minutes, told.absences,
         %(definition)s::smallint AS definition
  FROM merged m LEFT JOIN told ON told.inmate_id = m.inmate_id AND told.b = m.b
)
"""


def _for(template: str, *, is_all: bool) -> str:
    """The statement for everybody, or for the people of `inmates`."""
    parts = {
        f"person_{alias}": "" if is_all else f"AND {alias}.inmate_id = ANY(%(inmates)s::bigint[])"
        for alias in "fslp"
    }
    return template.format(
        in_month=_IN_MONTH.format(f="f"),
        private=_PRIVATE,
        institution=OrganisationKind.INSTITUTION.value,
        standing=_STANDING,
        columns=COLUMNS,
        **parts,
    )


_INSERT = "INSERT INTO inmates_labourfact ({columns}) SELECT {columns} FROM fresh"
_REMOVE = """
DELETE FROM inmates_labourfact f
WHERE {in_month} {person_f} AND NOT EXISTS (
  SELECT 1 FROM inmates_factperiod p
  WHERE p.institution_id = f.institution_id AND p.first_day = %(month)s AND p.status = 'final')
"""
# One more day: a range that ended yesterday with the same standing grows, any other begins.
_CLOSE = """,
grown AS (
  UPDATE inmates_labourfact f
  SET effective_to = fresh.effective_to, days = f.days || fresh.days,
      minutes = f.minutes || fresh.minutes,
      absences = CASE WHEN f.absences IS NOT NULL OR fresh.absences IS NOT NULL THEN
        coalesce(f.absences, array_fill(NULL::int, ARRAY[f.effective_to - f.effective_from]))
        || coalesce(fresh.absences, ARRAY[NULL::int]) END
  FROM fresh
  WHERE {in_month} AND f.effective_to = %(begin)s AND f.inmate_id = fresh.inmate_id
    AND f.definition = fresh.definition
    AND ROW({old_standing}) IS NOT DISTINCT FROM ROW({new_standing})
  RETURNING f.inmate_id
)
INSERT INTO inmates_labourfact ({columns})
SELECT {columns} FROM fresh
WHERE NOT EXISTS (SELECT 1 FROM grown WHERE grown.inmate_id = fresh.inmate_id)
"""


def _of(alias: str) -> str:
    return ", ".join(f"{alias}.{column.strip()}" for column in _STANDING.split(","))


REMOVE_ALL = _for(_REMOVE, is_all=True)
REMOVE_SOME = _for(_REMOVE, is_all=False)
BUILD_ALL = _for(_ROWS + _INSERT, is_all=True)
BUILD_SOME = _for(_ROWS + _INSERT, is_all=False)
CLOSE_DAY = _for(
    _ROWS + _CLOSE.replace("{old_standing}", _of("f")).replace("{new_standing}", _of("fresh")),
    is_all=True,
)

MAKE_PERIODS = """
INSERT INTO inmates_factperiod (institution_id, first_day, status, rows_hash)
SELECT i.id, month::date, 'provisional', ''
FROM workshops_institution i
CROSS JOIN generate_series(%(begin)s::date, %(end)s::date - 1, '1 month') AS month
ON CONFLICT (institution_id, first_day) DO NOTHING
"""
# Dirt of days not made yet needs no work: closing them reads everything.
TAKE_DIRT = """
DELETE FROM inmates_factdirty WHERE period_id IS NULL
RETURNING inmate_id, from_day, to_day, cause, marked_at
"""
# What falls into a final month is kept for it: where the facts of then or the stays of now say so.
KEEP_LATE = """
INSERT INTO inmates_factdirty (inmate_id, from_day, to_day, cause, marked_at, period_id)
SELECT DISTINCT d.inmate_id, lower(common), upper(common), d.cause, d.marked_at, p.id
FROM unnest(%(inmates)s::bigint[], %(begins)s::date[], %(ends)s::date[], %(causes)s::text[],
            %(marked)s::timestamptz[]) AS d (inmate_id, from_day, to_day, cause, marked_at)
JOIN inmates_factperiod p ON p.status = 'final' AND p.first_day < coalesce(d.to_day, 'infinity')
  AND p.first_day + interval '1 month' > d.from_day
CROSS JOIN LATERAL (
  SELECT daterange(d.from_day, d.to_day)
         * daterange(p.first_day, (p.first_day + interval '1 month')::date) AS common
) AS shared
WHERE EXISTS (
  SELECT 1 FROM inmates_labourfact f
  WHERE f.inmate_id = d.inmate_id AND f.institution_id = p.institution_id
    AND daterange(f.effective_from, f.effective_to) && common
) OR EXISTS (
  SELECT 1 FROM inmates_custodystay s
  WHERE s.inmate_id = d.inmate_id AND s.institution_id = p.institution_id
    AND daterange(s.effective_from, s.effective_to) && common
)
"""
# Of days on which ability or employment is unknown the timesheet is not asked as well.
UNKNOWN_DAYS = """
SELECT institution_id, sum(effective_to - effective_from)::int,
       coalesce(sum(effective_to - effective_from)
                FILTER (WHERE ability = 'unknown' OR employment = 'unknown'), 0)::int,
       coalesce(sum(length(days) - length(replace(days, 'U', '')))
                FILTER (WHERE ability <> 'unknown' AND employment <> 'unknown'), 0)::int
FROM inmates_labourfact
WHERE array_position(%(institutions)s::bigint[], institution_id) IS NOT NULL
  AND effective_from >= %(month)s AND effective_from < %(end)s
GROUP BY institution_id
"""
# In the order of people and days, so that the same facts give the same hash.
SUMMARY = """
SELECT coalesce(sum(effective_to - effective_from), 0)::int,
       coalesce(sum(CASE WHEN ability = 'unknown' OR employment = 'unknown'
                         THEN effective_to - effective_from
                         ELSE length(days) - length(replace(days, 'U', '')) END), 0)::int,
       encode(sha256(convert_to(coalesce(string_agg(
         concat_ws('|', inmate_id, effective_from, effective_to, ability,
                   coalesce(is_subject_to_labour::text, '?'), availability,
                   coalesce(reason_id, 0), employment, employer_kind, is_full_time::text,
                   days, minutes::text, absences::text, definition),
         E'\\n' ORDER BY inmate_id, effective_from), ''), 'UTF8')), 'hex')
FROM inmates_labourfact
WHERE institution_id = %(institution)s AND effective_from >= %(month)s AND effective_from < %(end)s
"""
