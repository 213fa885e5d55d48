"""The order of the statements, and running them: their number is the same for any run."""

import re

from django.db import connection

from inmates.second import average, compare, frame, law, supplements, work, writs

STATEMENTS: dict[str, str] = {
    "run": frame.RUN,
    "before": frame.BEFORE,
    "rule": frame.RULE,
    "kind": frame.KIND,
    "placement": frame.PLACEMENT,
    "person": frame.PERSON,
    "results": frame.RESULTS,
    "gaps of all": frame.GAPS_OF_ALL,
    "day": work.DAY,
    "worked": work.WORKED,
    "time": work.TIME,
    "time lines": work.TIME_LINES,
    "entry": work.ENTRY,
    "piece": work.PIECE,
    "piece lines": work.PIECE_LINES,
    "team": work.TEAM,
    "team lines": work.TEAM_LINES,
    "gaps of rates": work.GAPS_OF_RATES,
    "supplements of time": supplements.OF_TIME,
    "supplements of pieces": supplements.OF_PIECES,
    "absence": average.ABSENCE,
    "leaver": average.LEAVER,
    "compensated": average.COMPENSATED,
    "history": average.HISTORY,
    "absence lines": average.ABSENCE_LINES,
    "leave compensation": average.LEAVE_COMPENSATION,
    "extra lines": average.EXTRA_LINES,
    "top-up": supplements.TOP_UP,
    "gaps of average": average.GAPS_OF_AVERAGE,
    "gaps of kinds": law.GAPS_OF_KINDS,
    "base": law.BASE,
    "tax history": law.TAX_HISTORY,
    "other": law.OTHER,
    "contribution": law.CONTRIBUTION,
    "pay": law.PAY,
    "law lines": law.LAW_LINES,
    "limit": writs.LIMIT,
    "writ": writs.WRIT,
    "demand": writs.DEMAND,
    "serve": writs.SERVE,
    "writ lines": writs.WRIT_LINES,
    "both": compare.BOTH,
    "suspect": compare.SUSPECT,
    "forget": compare.FORGET,
    "lines": compare.LINES,
    "totals": compare.TOTALS,
    "people": compare.PEOPLE,
}
# Writs are served group by group: alimony, the other claims of queue 1, queues 2 to 5.
GROUPS = range(6)
# Tables of the thousands of people: what has just been written has no statistics yet.
ANALYSED = {
    "placement": "second_placement",
    "person": "second_person",
    "day": "second_day",
    "demand": "second_demand",
    "both": "second_both",
}
MADE = re.findall(r"CREATE TEMP TABLE (\w+)", "".join(STATEMENTS.values()))
DROP = f"DROP VIEW second_entry; DROP TABLE {', '.join(MADE)}"


def find_differences(run_id: int) -> None:
    """Compute the run again and write its `PayrollDifference` rows anew.

    Inside the caller's transaction, which holds the run; the tables made here are gone after it.
    """
    with connection.cursor() as cursor:
        for name, statement in STATEMENTS.items():
            for group in GROUPS if name == "serve" else (None,):
                cursor.execute(statement, {"run": run_id, "group": group})
            if name in ANALYSED:
                cursor.execute(f"ANALYZE {ANALYSED[name]}")
        cursor.execute(DROP)
