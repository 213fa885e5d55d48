"""The mutation check itself: what it changes, and that a changed engine is what the tests meet."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.__main__ import Mutant, mutants_of
from tests.mutants.changes import Change, changed, changes_of
from tests.mutants.engine import ENGINE, QUICK, SAME
from tests.mutants.figures import MODULE, another, changes_of_figures
from tests.mutants.nursery import _is_failure

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = """
LIMIT = Decimal("0.10")

def tax(base, rows):
    if base <= 50 and not rows:
        return min(base, rows[0]) * LIMIT
    return base if base in rows else round_tenge(base + 1)
"""


def run_changed(number: int, **names: object) -> dict:
    space: dict = {"Decimal": float, "round_tenge": round, "floor_tenge": int, **names}
    exec(compile(changed(SAMPLE, number), "sample", "exec"), space)  # noqa: S102 - our own sample
    return space


def number_of(what: str) -> int:
    (found,) = [one.number for one in changes_of(SAMPLE) if one.what == what]
    return found


def test_each_rate_limit_and_comparison_is_changed_once() -> None:
    found = sorted(one.what for one in changes_of(SAMPLE))
    assert found == sorted(
        [
            "0.10 → 0.10 + 1",
            "LtE → Lt",
            "And → Or",
            "not x → x",
            "50 → 51",
            "min → max",
            "Mult → Add",
            "In → NotIn",
            "round_tenge → floor_tenge",
            "Add → Sub",
            "1 → 2",
        ]
    )


def test_a_change_names_its_line() -> None:
    change = changes_of(SAMPLE)[number_of("LtE → Lt")]
    assert (change.line, change.text) == (5, "if base <= 50 and not rows:")


@pytest.mark.parametrize(
    ("what", "base", "expected"),
    [("LtE → Lt", 50, 51), ("50 → 51", 51, 5.1), ("Mult → Add", 3, 3.1)],
)
def test_one_thing_is_changed_and_the_rest_is_as_it_was(what, base, expected) -> None:
    class Rows(list):
        def __bool__(self) -> bool:
            return False

    assert run_changed(number_of(what))["tax"](base, Rows([99])) == pytest.approx(expected)


def test_a_double_negation_stands_for_a_removed_one() -> None:
    tax = run_changed(number_of("not x → x"))["tax"]
    assert tax(10, [20]) == pytest.approx(1.0)


def test_there_is_no_change_after_the_last() -> None:
    with pytest.raises(IndexError):
        changed(SAMPLE, len(changes_of(SAMPLE)))


@pytest.mark.parametrize(
    ("figure", "other"),
    [
        (True, False),
        (50, 51),
        ("0.10", "0.11"),
        ("85000", "85001"),
        ("0.09", "0.00"),
        ("1975-01-01", "1975-01-02"),
        ("1/4", None),
        ("tenge", None),
        (None, None),
    ],
)
def test_a_figure_becomes_the_nearest_other(figure, other) -> None:
    assert another(figure) == other


def test_every_rate_of_2026_is_among_the_figures() -> None:
    rows = {one.text for one in changes_of_figures()}
    rates = ("opv_rate", "opvr_rate", "so_rate", "vosms_rate", "oosms_rate", "social_tax_rate")
    assert {f"{code} from 2026-01-01" for code in (*rates, "ipn_brackets", "mzp", "mrp")} <= rows


def test_each_module_of_the_engine_has_something_to_change() -> None:
    assert all(mutants_of([module]) for module in ENGINE)


def test_the_tests_that_guard_the_engine_exist() -> None:
    assert all((ROOT / path).is_file() for path in QUICK)


def test_every_change_that_means_the_same_has_its_reason() -> None:
    assert all(len(reason) > 20 and module in ENGINE for (module, *_), reason in SAME.items())


def in_a_process(code: str, mutant: str = "") -> str:
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"MUTANT": mutant},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def in_a_changed_process(mutant: str, code: str) -> str:
    return in_a_process(f"import tests.mutants.plugin\n{code}", mutant)


def test_a_process_meets_the_changed_module() -> None:
    (mutant,) = [
        one
        for one in mutants_of(["inmates.taxes"])
        if one.change.text == "own_used = min(own + ZERO, income)"
        or (one.change.what == "min → max" and "own_used" in one.change.text)
    ][:1]
    code = "import inspect, inmates.taxes as t\nprint(t.__file__.endswith('taxes.py'))"
    assert in_a_changed_process(f"inmates.taxes:{mutant.change.number}", code) == "True"


def test_a_process_meets_the_changed_figure() -> None:
    (number,) = [
        one.number
        for one in changes_of_figures()
        if (one.text, one.what) == ("mzp from 2026-01-01", "85000 → 85001")
    ]
    code = (
        "from inmates.shipped_parameters import read_shipped_parameters as read\n"
        "print([r['value'] for r in read() if r['code'] == 'mzp'][-1])"
    )
    assert in_a_changed_process(f"{MODULE}:{number}", code) == "85001"
    assert in_a_changed_process("", code) == "85000"


def a_mutant(what: str, text: str, module: str = "inmates.earnings") -> Mutant:
    found = [
        one for one in mutants_of([module]) if (one.change.what, one.change.text) == (what, text)
    ]
    assert found, f"{text} is not in {module}"
    return found[0]


EARNINGS = ("tests/inmates/test_earnings.py",)
MINUS = ("Or → And", "if quantity < 0 or rate < 0:")
# In a process of its own: this one has imported the engine already.
RUN = """
from tests.mutants.nursery import Order, are_noticed, make_ready
make_ready(["inmates.earnings"])
orders = [(Order(mutant, tests), {most}) for mutant, tests in {orders}]
print(are_noticed(orders, 2))
"""


def outcomes(*orders: tuple[str, tuple[str, ...]], most: int | None = None) -> str:
    return in_a_process(RUN.format(orders=list(orders), most=most))


def test_a_real_change_is_noticed_and_none_is_not() -> None:
    number = a_mutant(*MINUS).change.number
    blind = ("tests/inmates/test_queueing.py",)
    mutant = f"inmates.earnings:{number}"
    assert outcomes((mutant, EARNINGS), ("", EARNINGS), (mutant, blind)) == "[True, False, False]"


def test_a_change_that_never_ends_is_noticed() -> None:
    """What takes more than its processor seconds: here everything takes more than one."""
    long = ("tests/inmates/test_payroll.py", "tests/inmates/test_pay_cases.py")
    assert outcomes(("", long), most=1) == "[True]"
    assert outcomes(("", long), most=600) == "[False]"


@pytest.mark.parametrize(("code", "is_noticed"), [(0, False), (1, True), (2, True), (4, True)])
def test_a_change_that_breaks_an_import_is_noticed(code: int, is_noticed: bool) -> None:
    """Of a test (2) or of the first conftest (4); waitpid gives the code in the upper byte."""
    assert _is_failure(code << 8) is is_noticed


def test_tests_that_could_not_run_are_no_answer() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        _is_failure(3 << 8)


def test_the_engine_must_not_be_imported_before_it_is_changed() -> None:
    code = "import inmates.earnings\nfrom tests.mutants.nursery import make_ready\n"
    with pytest.raises(subprocess.CalledProcessError) as failed:
        in_a_process(f"{code}make_ready(['inmates.earnings'])")
    assert "imported before it could be changed: inmates.earnings" in failed.value.stderr


def test_starting_django_imports_nothing_of_the_engine() -> None:
    code = (
        "from tests.mutants.engine import ENGINE\n"
        "from tests.mutants.nursery import make_ready\n"
        "make_ready(list(ENGINE))\nprint('ready')"
    )
    assert in_a_process(code) == "ready"


def test_a_mutant_says_where_and_what() -> None:
    mutant = Mutant("inmates.taxes", Change(3, 17, "if a < b:", "Lt → LtE"))
    assert str(mutant) == "inmates.taxes:17  Lt → LtE\n    if a < b:"
