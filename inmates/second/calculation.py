"""The order of the statements, and running them: one script, the same for any run."""

import re
from collections.abc import Iterator

from django.db import connection

from inmates.second import (
    average,
    compare,
    frame,
    law,
    scope,
    settlement,
    supplements,
    work,
    writs,
)

STATEMENTS: dict[str, str] = {
    "run": frame.RUN,
    "chosen": scope.CHOSEN,
    "earlier": scope.EARLIER,
    "first": scope.FIRST,
    "before": scope.BEFORE,
    "rule": frame.RULE,
    "kind": frame.KIND,
    "placement": frame.PLACEMENT,
    "person": frame.PERSON,
    "beside": scope.BESIDE,
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
    "began": writs.BEGAN,
    "writ": writs.WRIT,
    "demand": writs.DEMAND,
    "serve": writs.SERVE,
    "writ lines": writs.WRIT_LINES,
    "ours": compare.OURS,
    "owed": settlement.OWED,
    "family": settlement.FAMILY,
    "paid": settlement.PAID,
    "gaps of settlement": settlement.GAPS_OF_SETTLEMENT,
    "settlement lines": settlement.SETTLEMENT_LINES,
    "both": compare.BOTH,
    "suspect": compare.SUSPECT,
    "forget": compare.FORGET,
    "lines": compare.LINES,
    "totals": compare.TOTALS,
    "settlements": compare.SETTLEMENTS,
    "people": compare.PEOPLE,
}
# Writs are served group by group: alimony, the other claims of queue 1, queues 2 to 5.
GROUPS = range(6)
# Tables of the thousands of people: what has just been written has no statistics yet.
ANALYSED = {
    "earlier": "second_earlier",
    "first": "second_first",
    "before": "second_before",
    "placement": "second_placement",
    "person": "second_person",
    "beside": "second_beside",
    "began": "second_began",
    "day": "second_day",
    "demand": "second_demand",
    "both": "second_both",
}
MADE = re.findall(r"CREATE TEMP TABLE (\w+)", "".join(STATEMENTS.values()))
DROP = f"DROP VIEW second_entry; DROP TABLE {', '.join(MADE)}"


def find_differences(run_id: int) -> int:
    """Compute the run again and write its `PayrollDifference` rows anew; how many there are.

    Inside the caller's transaction, which holds the run; the tables made here are gone after it.
    """
    # Sent at once: the server plans each statement when those before it are done.
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(_script()), {"run": run_id})
        found: int = cursor.fetchone()[0]
    return found


def _script() -> Iterator[str]:
    for name, statement in STATEMENTS.items():
        if name == "serve":
            yield from (statement.replace("%(group)s", str(group)) for group in GROUPS)
        else:
            yield statement
        if name in ANALYSED:
            yield f"ANALYZE {ANALYSED[name]}"
    yield DROP
    yield compare.COUNT
