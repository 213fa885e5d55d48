"""The SQL that counts people by institution and day, and the days without work by reason.

Run by `selectors`. Both count the daily facts (`inmates.LabourFact`), never the records; the sum
over institutions is the region, for a person-day stands in one row. A page asks each at most once.
Institutions are met by array_position: for = ANY a planner without fresh statistics guesses wrong.
"""

# Facts never cross the end of a month, so those of the months of [begin, end) are found by the day
# they begin. Of whole months many ranges are alike: `spell` counts them before any day is asked
# for. The timesheet is a letter and minutes for each day of a range, by far the most rows: they are
# added up under one number for place and standing (`kind`), which a hash holds where five columns
# were sorted on disk. A person whom it shows away on an otherwise available day is neither
# available nor employed-and-available on it.
DAILY_COUNTS = """
WITH fact AS (
  SELECT f.institution_id, f.effective_from, greatest(f.effective_from, %(begin)s::date) AS b,
         least(f.effective_to, %(end)s::date) AS e, f.days, f.minutes,
         f.ability = 'able' AS able, f.ability = 'unknown' AS unknown,
         coalesce(f.is_subject_to_labour, false) AS subject,
         f.availability = 'available' AS available, f.employment = 'employed' AS employed,
         f.institution_id * 8 + (f.ability = 'able')::int * 4
           + coalesce(f.is_subject_to_labour, false)::int * 2
           + (f.availability = 'available')::int AS kind
  FROM inmates_labourfact f
  WHERE f.effective_from >= date_trunc('month', %(begin)s::date)::date
    AND f.effective_from < %(end)s AND f.effective_to > %(begin)s
    AND array_position(%(institutions)s::bigint[], f.institution_id) IS NOT NULL
),
spell AS (
  SELECT institution_id, b, e, able, unknown, subject, available, employed, count(*) AS people
  FROM fact
  GROUP BY institution_id, b, e, able, unknown, subject, available, employed
),
held AS (
  SELECT institution_id, moment.day::date AS day, sum(people) AS custody,
         sum(people) FILTER (WHERE able) AS able, sum(people) FILTER (WHERE subject) AS subject,
         sum(people) FILTER (WHERE available) AS available,
         sum(people) FILTER (WHERE unknown) AS unknown,
         sum(people) FILTER (WHERE employed) AS employed,
         sum(people) FILTER (WHERE employed AND able) AS employed_able,
         sum(people) FILTER (WHERE employed AND subject) AS employed_subject,
         sum(people) FILTER (WHERE employed AND available) AS employed_available
  FROM spell CROSS JOIN LATERAL generate_series(b, e - 1, '1 day') AS moment (day)
  GROUP BY institution_id, moment.day
),
entry AS (
  SELECT fact.kind, fact.effective_from + (told.place - 1)::int AS day,
         count(*) AS sheets, sum(told.minutes) AS minutes,
         count(*) FILTER (WHERE told.minutes > 0) AS worked,
         count(*) FILTER (WHERE available AND told.minutes = 0
                          AND substr(days, told.place::int, 1) = 'A') AS away
  FROM fact CROSS JOIN LATERAL unnest(minutes) WITH ORDINALITY AS told (minutes, place)
  WHERE employed AND told.minutes IS NOT NULL
  GROUP BY 1, 2
),
attended AS (
  SELECT kind / 8 AS institution_id, day, sum(sheets) AS sheets, sum(minutes) AS minutes,
         sum(worked) AS worked, sum(worked) FILTER (WHERE kind & 4 > 0) AS worked_able,
         sum(worked) FILTER (WHERE kind & 2 > 0) AS worked_subject,
         coalesce(sum(worked) FILTER (WHERE kind & 1 > 0), 0) AS worked_available,
         sum(away) AS away
  FROM entry GROUP BY 1, 2
)
SELECT place.id, moment.day::date,
       coalesce(custody, 0)::int, coalesce(able, 0)::int, coalesce(subject, 0)::int,
       (coalesce(available, 0) - coalesce(away, 0))::int,
       coalesce(employed, 0)::int, coalesce(employed_able, 0)::int,
       coalesce(employed_subject, 0)::int,
       (coalesce(employed_available, 0) - coalesce(away, 0))::int,
       coalesce(worked, 0)::int, coalesce(worked_able, 0)::int,
       coalesce(worked_subject, 0)::int, coalesce(worked_available, 0)::int,
       coalesce(unknown, 0)::int, coalesce(minutes, 0)::int, coalesce(sheets, 0)::int
FROM unnest(%(institutions)s::bigint[]) AS place (id)
CROSS JOIN generate_series(%(begin)s::date, %(end)s::date - 1, '1 day') AS moment (day)
LEFT JOIN held ON held.institution_id = place.id AND held.day = moment.day::date
LEFT JOIN attended ON attended.institution_id = place.id AND attended.day = moment.day::date
ORDER BY place.id, moment.day
"""

# Person-days in custody without a paid placement: by ability and the reason of the labour state.
# Where nothing is recorded, ability is "unknown" and there is no reason.
DAYS_WITHOUT_WORK = """
SELECT institution_id, ability, reason_id,
       sum(least(effective_to, %(end)s::date) - greatest(effective_from, %(begin)s::date))::int
FROM inmates_labourfact
WHERE effective_from >= date_trunc('month', %(begin)s::date)::date
  AND effective_from < %(end)s AND effective_to > %(begin)s AND employment <> 'employed'
  AND array_position(%(institutions)s::bigint[], institution_id) IS NOT NULL
GROUP BY institution_id, ability, reason_id
ORDER BY institution_id, ability, reason_id
"""
