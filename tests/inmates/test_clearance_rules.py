"""What a trade asks for and what a person lacks: the pure part, as examples and as properties."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from inmates.clearances import Ending, Held, Lack, Need, end_after, ending, lacking

JOINER, PAINTER = 1, 2
BEGAN = date(2026, 1, 1)
TODAY = date(2026, 11, 23)
ALL = Need("briefing", None, BEGAN)
MEDICAL = Need("medical", PAINTER, BEGAN)


def lacks(*held: Held, trade: int = PAINTER, day: date = TODAY, needs=(ALL, MEDICAL)) -> list[Lack]:
    return list(lacking(needs, held, trade_id=trade, day=day))


def test_who_has_nothing_lacks_everything_the_trade_asks_for() -> None:
    assert lacks() == [
        Lack("briefing", BEGAN, has_run_out=False),
        Lack("medical", BEGAN, has_run_out=False),
    ]
    assert lacks(trade=JOINER) == [Lack("briefing", BEGAN, has_run_out=False)]


def test_a_trade_that_asks_for_nothing_blocks_nobody() -> None:
    assert lacks(needs=()) == []
    assert lacks(needs=(MEDICAL,), trade=JOINER) == []


def test_a_clearance_for_all_trades_serves_each() -> None:
    assert lacks(Held("briefing", None, BEGAN), Held("medical", None, BEGAN)) == []


def test_a_clearance_of_another_trade_serves_nothing() -> None:
    lack = lacks(Held("briefing", None, BEGAN), Held("medical", JOINER, BEGAN))
    assert lack == [Lack("medical", BEGAN, has_run_out=False)]


def test_the_last_day_counts_and_the_day_after_does_not() -> None:
    until = Held("briefing", None, BEGAN, TODAY)
    assert lacks(until, needs=(ALL,), day=TODAY - timedelta(days=1)) == []
    assert lacks(until, needs=(ALL,)) == [Lack("briefing", TODAY, has_run_out=True)]


def test_what_has_run_out_is_missing_since_its_end_and_not_since_the_first_time() -> None:
    first = Held("briefing", None, BEGAN, date(2026, 6, 1))
    second = Held("briefing", None, date(2026, 6, 1), date(2026, 11, 1))
    assert lacks(first, second, needs=(ALL,)) == [
        Lack("briefing", date(2026, 11, 1), has_run_out=True)
    ]


def test_a_clearance_that_begins_later_does_not_serve_an_earlier_day() -> None:
    later = Held("briefing", None, TODAY + timedelta(days=1))
    assert lacks(later, needs=(ALL,)) == [Lack("briefing", BEGAN, has_run_out=False)]


def test_a_requirement_is_asked_for_in_its_own_days_only() -> None:
    begins = Need("briefing", None, TODAY, TODAY + timedelta(days=2))
    assert lacks(needs=(begins,), day=TODAY - timedelta(days=1)) == []
    assert lacks(needs=(begins,)) == [Lack("briefing", TODAY, has_run_out=False)]
    assert lacks(needs=(begins,), day=TODAY + timedelta(days=2)) == []


def test_a_lack_is_never_older_than_the_requirement() -> None:
    begins = Need("briefing", None, TODAY)
    old = Held("briefing", None, date(2020, 1, 1), date(2020, 6, 1))
    assert lacks(old, needs=(begins,)) == [Lack("briefing", TODAY, has_run_out=True)]


def test_one_kind_asked_for_twice_is_one_lack() -> None:
    both = (ALL, Need("briefing", PAINTER, date(2026, 3, 1)))
    assert lacks(needs=both) == [Lack("briefing", BEGAN, has_run_out=False)]


def test_what_ends_in_the_coming_days_is_named_with_its_day() -> None:
    soon = TODAY + timedelta(days=5)
    held = [Held("briefing", None, BEGAN, soon)]
    fortnight = TODAY + timedelta(days=14)
    assert ending([ALL], held, trade_id=JOINER, day=TODAY, until=fortnight) == (
        Ending("briefing", soon),
    )
    before = soon - timedelta(days=1)
    assert ending([ALL], held, trade_id=JOINER, day=TODAY, until=before) == ()


def test_what_is_renewed_without_a_gap_does_not_end() -> None:
    soon = TODAY + timedelta(days=5)
    held = [Held("briefing", None, BEGAN, soon), Held("briefing", None, soon)]
    fortnight = TODAY + timedelta(days=14)
    assert ending([ALL], held, trade_id=JOINER, day=TODAY, until=fortnight) == ()


def test_what_is_lacking_already_does_not_end_once_more() -> None:
    held = [Held("briefing", JOINER, TODAY + timedelta(days=1), TODAY + timedelta(days=3))]
    fortnight = TODAY + timedelta(days=14)
    assert ending([ALL], held, trade_id=JOINER, day=TODAY, until=fortnight) == ()


def test_the_proposed_end_follows_from_the_days_it_holds() -> None:
    assert end_after(TODAY, 180) == date(2027, 5, 22)
    assert end_after(TODAY, None) is None


KINDS = ["briefing", "medical"]
days = st.dates(date(2026, 10, 1), date(2026, 12, 31))
trades = st.sampled_from([None, JOINER, PAINTER])


@st.composite
def rows(draw: st.DrawFn, make: type) -> object:
    begin = draw(days)
    end = draw(st.none() | st.integers(1, 60).map(lambda count: begin + timedelta(days=count)))
    return make(draw(st.sampled_from(KINDS)), draw(trades), begin, end)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(rows(Need), max_size=5), st.lists(rows(Held), max_size=6),
    st.sampled_from([JOINER, PAINTER]), days,
)  # fmt: skip
def test_a_lack_is_what_is_asked_for_and_by_nothing_given(needs, held, trade, day) -> None:
    """The definition once more, day by day and without its sentences."""

    def holds(row) -> bool:
        begun = row.effective_from <= day
        return begun and (row.effective_to is None or day < row.effective_to)

    wanted = {row.kind for row in needs if row.trade_id in (None, trade) and holds(row)}
    given_kinds = {row.kind for row in held if row.trade_id in (None, trade) and holds(row)}
    found = lacking(needs, held, trade_id=trade, day=day)
    assert {lack.kind for lack in found} == wanted - given_kinds
    assert all(lack.since <= day for lack in found)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(rows(Need), max_size=4), st.lists(rows(Held), max_size=5), rows(Held),
    st.sampled_from([JOINER, PAINTER]), days,
)  # fmt: skip
def test_one_clearance_more_never_blocks(needs, held, more, trade, day) -> None:
    def kinds(rows_held) -> set[str]:
        return {one.kind for one in lacking(needs, rows_held, trade_id=trade, day=day)}

    assert kinds([*held, more]) <= kinds(held)
