"""The lines of a payslip for nights, overtime and days off.

Pure; called by `slips.make_slip`. Time pay has a line for each post and rate, piece pay one for
the month: of the piece earnings of each day, in proportion to the minutes of the day.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from inmates.slip_earnings import BY_MONTH
from inmates.slip_lines import Rules, SlipLine, earned_line
from inmates.supplements import HOUR, SUPPLEMENTS, piece_supplement, time_supplement


def supplement_lines(person: Any, inputs: Any, rules: Rules) -> list[SlipLine]:
    """Nights first, then overtime, then days off; a supplement of nought has no line."""
    lines = []
    for code in SUPPLEMENTS:
        lines += [
            *_of_time(code, person, inputs, rules),
            *_of_pieces(code, person, inputs, rules),
        ]
    return [line for line in lines if line.amount]


def _of_time(code: str, person: Any, inputs: Any, rules: Rules) -> Iterator[SlipLine]:
    """Of each post and rate; that there is a rate, the ordinary lines have asked before."""
    share = getattr(rules.law, f"{code}_supplement")
    for work in inputs.time.get(person.id, ()):
        minutes = getattr(work.extra, code)
        if not minutes:
            continue
        norm = rules.norm_minutes(person.disability_group) if work.unit == BY_MONTH else HOUR
        earning = time_supplement(code, minutes=minutes, rate=work.rate, share=share, norm=norm)
        title = inputs.posts[work.subject_id]
        yield earned_line(earning, rules, title=title, subject=f"post:{work.subject_id}")


def _of_pieces(code: str, person: Any, inputs: Any, rules: Rules) -> Iterator[SlipLine]:
    """Of what was made in those minutes, by oneself and in teams."""
    found = inputs.piece_extra.get(person.id)
    if found is None:
        return
    share = getattr(rules.law, f"{code}_supplement")
    earned: Fraction = found.earned[code]
    yield earned_line(
        piece_supplement(code, minutes=getattr(found.minutes, code), earned=earned, share=share),
        rules,
    )
