"""People whose states over five years are worth five million person-days, as ranges and as days.

Everything is made inside PostgreSQL from the number of a person, so the same world comes out each
time. The ranges go into the portal's own tables, the days into a table of the benchmark alone.
"""

from datetime import date

from django.db import connection

from tests.people import Cast, a_reason
from tests.reports.worlds import a_post, an_institution

BEGIN, END = date(2021, 11, 22), date(2026, 11, 22)
DAYS = (END - BEGIN).days
INSTITUTIONS = 12

# Spells of n-ths of the five years, each person's shifted by its number; the last ones are open.
SPELLS = """
SELECT p.id AS inmate_id, p.n, k,
       %(begin)s::date + CASE WHEN k = 0 THEN 0 ELSE k * {length} + p.n %% 90 END AS b,
       CASE WHEN k = {count} - 1 THEN NULL
            ELSE %(begin)s::date + ((k + 1) * {length} + p.n %% 90) END AS e
FROM bench_person p CROSS JOIN generate_series(0, {count} - 1) AS k
"""


def _spells(count: int) -> str:
    return SPELLS.format(count=count, length=DAYS // count)


RANGES = (
    """INSERT INTO inmates_inmate (personnel_number, born_on, pension)
    SELECT 'B' || n, '1985-01-01'::date + n, 'none' FROM generate_series(1, %(people)s) AS n""",
    """CREATE UNLOGGED TABLE bench_person AS
    SELECT id, substr(personnel_number, 2)::int AS n FROM inmates_inmate""",
    f"""INSERT INTO inmates_custodystay (inmate_id, institution_id, effective_from, effective_to)
    SELECT inmate_id, (%(places)s::bigint[])[1 + (n + k) %% array_length(%(places)s, 1)], b, e
    FROM ({_spells(3)}) s""",
    f"""INSERT INTO inmates_labourstate
      (inmate_id, ability, is_subject_to_labour, effective_from, effective_to)
    SELECT inmate_id, CASE WHEN (n + k) %% 6 = 0 THEN 'unable' ELSE 'able' END,
           (n + k) %% 9 > 0, b, e
    FROM ({_spells(8)}) s WHERE (n + k) %% 40 > 0""",
    f"""INSERT INTO inmates_placement (inmate_id, post_id, employer_id, payer_id, pay_form,
      is_full_time, basis, overfill_reason, effective_from, effective_to)
    SELECT inmate_id, %(post)s, %(payer)s, %(payer)s, 'time', true, '', '', b, e
    FROM ({_spells(7)}) s WHERE (n + k) %% 5 > 1""",
    """INSERT INTO inmates_attendance (placement_id, worked_on, minutes, note,
      recorded_at, reason_id)
    SELECT p.id, day::date, CASE WHEN is_sick THEN 0 ELSE 480 END, '', now(),
           CASE WHEN is_sick THEN %(sick)s::bigint END
    FROM inmates_placement p
    CROSS JOIN generate_series(p.effective_from, coalesce(p.effective_to, %(end)s) - 1,
                               '1 day') AS day
    CROSS JOIN LATERAL (
      SELECT (p.inmate_id + extract(doy FROM day)::int) %% 17 = 0 AS is_sick
    ) AS state
    WHERE extract(isodow FROM day) < 6""",
)
PERSON_DAYS = (
    """CREATE UNLOGGED TABLE bench_personday AS
    SELECT s.inmate_id, s.institution_id, day::date AS day,
           l.ability = 'able' AS able, coalesce(l.is_subject_to_labour, false) AS subject,
           coalesce(l.ability = 'able', false) AND coalesce(a.minutes, 1) > 0 AS available,
           p.id IS NOT NULL AS employed, a.minutes
    FROM inmates_custodystay s
    CROSS JOIN generate_series(s.effective_from, coalesce(s.effective_to, %(end)s) - 1,
                               '1 day') AS day
    LEFT JOIN inmates_labourstate l ON l.inmate_id = s.inmate_id
      AND l.effective_from <= day AND coalesce(l.effective_to, 'infinity') > day
    LEFT JOIN inmates_placement p ON p.inmate_id = s.inmate_id
      AND p.effective_from <= day AND coalesce(p.effective_to, 'infinity') > day
    LEFT JOIN inmates_attendance a ON a.placement_id = p.id AND a.worked_on = day""",
    "CREATE INDEX bench_personday_day ON bench_personday (day)",
    "ANALYZE",
)

# Department × month over the days, twice: straight away, and by day first.
COUNTS = {
    "custody": "count(*)",
    "able": "count(*) FILTER (WHERE able)",
    "subject": "count(*) FILTER (WHERE subject)",
    "available": "count(*) FILTER (WHERE available)",
    "employed": "count(*) FILTER (WHERE employed)",
    "employed_able": "count(*) FILTER (WHERE employed AND able)",
    "worked": "count(*) FILTER (WHERE minutes > 0)",
    "minutes": "coalesce(sum(minutes), 0)",
}
COUNTED = ", ".join(f"{count} AS {name}" for name, count in COUNTS.items())
SUMMED = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)
SPAN = "bench_personday WHERE day >= %(begin)s AND day < %(end)s"
STRAIGHT = f"SELECT institution_id, date_trunc('month', day), {COUNTED} FROM {SPAN} GROUP BY 1, 2"
BY_DAY = f"SELECT institution_id, day, {COUNTED} FROM {SPAN} GROUP BY institution_id, day"
DAY_FIRST = f"""
SELECT institution_id, date_trunc('month', day), {SUMMED} FROM ({BY_DAY}) AS by_day GROUP BY 1, 2
"""


def fill_person_days(cast: Cast, people: int) -> list[int]:
    """The world of so many people, as ranges and as days; returns its institutions."""
    return fill_world(cast, people, PERSON_DAYS)


def fill_world(cast: Cast, people: int, more: tuple[str, ...] = ()) -> list[int]:
    """The world of so many people as the portal keeps it; returns its institutions."""
    places = [an_institution(cast, str(number)) for number in range(100, 100 + INSTITUTIONS)]
    values = {
        "people": people,
        "begin": BEGIN,
        "end": END,
        "places": [place.pk for place in places],
        "post": a_post(places[0], cast).pk,
        "payer": cast.enterprise.pk,
        "sick": a_reason().pk,
    }
    with connection.cursor() as cursor:
        # The guards of single rows are not what is measured; two million of them would be.
        cursor.execute("SET session_replication_role = replica")
        for statement in (*RANGES, "ANALYZE", *more):
            cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = origin")
    return [place.pk for place in places]
