"""The strict reading of the auditor's file: every fault names its case and its key."""

import copy
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates.pay_cases import PayCasesRefused, read_pay_cases, result_as_json
from inmates.pay_values import PayCase, Worker, Writ
from tests.inmates.pay_builders import pay

CASE = {
    "id": "october",
    "period": "2026-10",
    "worker": {
        "category": "convict",
        "born_on": "1990-05-17",
        "pension": "none",
        "disability_group": None,
    },
    "employer": {"regime": "general"},
    "gross": "85000.00",
    "ytd_taxable": "1.00",
    "basic_deduction": True,
    "unused_deduction": "2.00",
    "month_of_hire_or_dismissal": False,
    "writs": [
        {"id": "child", "queue": 1, "kind": "alimony", "share": "1/3"},
        {"id": "child-2", "queue": 1, "kind": "alimony", "amount": "5000.50"},
        {"id": "debt", "queue": 4, "kind": "claim", "remaining": "900000.00"},
    ],
}
ABSENT = object()


def changed(path, value):
    """The case with the value at a dotted path replaced, or taken away."""
    case = copy.deepcopy(CASE)
    *way, last = path
    place = case
    for step in way:
        place = place[step]
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return case


def read(*cases):
    return read_pay_cases(json.dumps(cases).encode())


def faults_of(content):
    with pytest.raises(PayCasesRefused) as refused:
        read_pay_cases(content if isinstance(content, bytes) else json.dumps(content).encode())
    return refused.value.faults


def test_case_is_read_whole():
    (named,) = read(CASE)

    assert named.id == "october"
    assert named.case == PayCase(
        period=date(2026, 10, 1),
        worker=Worker("convict", date(1990, 5, 17), "none", None),
        regime="general",
        gross=Decimal("85000.00"),
        ytd_taxable=Decimal("1.00"),
        basic_deduction=True,
        unused_deduction=Decimal("2.00"),
        month_of_hire_or_dismissal=False,
        writs=(
            Writ("child", 1, "alimony", share=Fraction(1, 3)),
            Writ("child-2", 1, "alimony", amount=Decimal("5000.50")),
            Writ("debt", 4, "claim", remaining=Decimal("900000.00")),
        ),
    )


def test_source_and_expected_are_ignored():
    assert read({**CASE, "source": 1, "expected": {"opv": []}}) == read(CASE)


def test_a_list_without_cases_is_fine():
    assert read_pay_cases(b"[]") == []


def test_a_file_with_a_byte_order_mark_is_read():
    assert read_pay_cases(b"\xef\xbb\xbf" + json.dumps([CASE]).encode()) == read(CASE)


@pytest.mark.parametrize("group", [None, 1, 2, 3])
def test_disability_groups(group):
    (named,) = read(changed(["worker", "disability_group"], group))

    assert named.case.worker.disability_group == group


@pytest.mark.parametrize("share", ["1/1", "2/8", "1/4", "999/1000"])
def test_shares(share):
    (named,) = read(changed(["writs", 0, "share"], share))

    assert named.case.writs[0].share == Fraction(share)


@given(st.integers(0, 10**40), st.integers(0, 99))
def test_any_sum_is_read_exactly(tenge, tiyn):
    text = f"{tenge}.{tiyn:02d}"

    (named,) = read(changed(["gross"], text))

    assert named.case.gross == Fraction(tenge * 100 + tiyn, 100)


BAD_MONEY = ["85000", "85000.0", "85000.000", "-1.00", "+1.00", "1,00", " 1.00", "1.00\n", "٣.٠٠"]
BAD_MONEY += ["", "NaN", "1e3", ".00", "1_0.00", 85000, 85000.5, None, True, [], {}]
MONEY_PATHS = [
    ["gross"],
    ["ytd_taxable"],
    ["unused_deduction"],
    ["writs", 1, "amount"],
    ["writs", 2, "remaining"],
]


def dotted(path):
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")


@pytest.mark.parametrize("value", BAD_MONEY)
@pytest.mark.parametrize("path", MONEY_PATHS, ids=dotted)
def test_a_sum_written_otherwise_is_refused(path, value):
    (fault,) = faults_of([changed(path, value)])

    assert (fault.case, fault.key) == ("october", dotted(path))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["period"], "2026-13"),
        (["period"], "2026-00"),
        (["period"], "0000-01"),
        (["period"], "2026-1"),
        (["period"], "2026-10-01"),
        (["period"], "2026-10\n"),
        (["period"], 202610),
        (["period"], None),
        (["worker"], "convict"),
        (["worker"], None),
        (["worker", "category"], "inmate"),
        (["worker", "category"], None),
        (["worker", "born_on"], "1990-02-30"),
        (["worker", "born_on"], "17.05.1990"),
        (["worker", "born_on"], "19900517"),
        (["worker", "born_on"], 19900517),
        (["worker", "pension"], None),
        (["worker", "pension"], "early"),
        (["worker", "disability_group"], 0),
        (["worker", "disability_group"], 4),
        (["worker", "disability_group"], "1"),
        (["worker", "disability_group"], 1.0),
        (["worker", "disability_group"], True),
        (["employer"], []),
        (["employer", "regime"], "patent"),
        (["employer", "regime"], ["general"]),
        (["basic_deduction"], "true"),
        (["basic_deduction"], 1),
        (["basic_deduction"], None),
        (["month_of_hire_or_dismissal"], 0),
        (["writs"], {}),
        (["writs"], None),
        (["writs", 0], "alimony"),
        (["writs", 0, "id"], 7),
        (["writs", 0, "id"], ""),
        (["writs", 0, "queue"], 2),
        (["writs", 0, "queue"], 0),
        (["writs", 0, "queue"], 6),
        (["writs", 0, "queue"], "1"),
        (["writs", 0, "queue"], True),
        (["writs", 0, "queue"], 1.0),
        (["writs", 0, "kind"], "fine"),
        (["writs", 0, "share"], "3/2"),
        (["writs", 0, "share"], "1/0"),
        (["writs", 0, "share"], "0/0"),
        (["writs", 0, "share"], "0/4"),
        (["writs", 0, "share"], "-1/4"),
        (["writs", 0, "share"], "0.25"),
        (["writs", 0, "share"], "1 / 4"),
        (["writs", 0, "share"], 0.25),
        (["writs", 0, "share"], "9" * 5000 + "/" + "9" * 5000),
    ],
)
def test_a_value_of_another_kind_is_refused(path, value):
    (fault,) = faults_of([changed(path, value)])

    assert (fault.case, fault.key) == ("october", dotted(path))
    assert str(fault).startswith(f"case october, key {dotted(path)}: ")


ALL_KEYS = [[key] for key in CASE if key != "id"]
ALL_KEYS += [["worker", key] for key in CASE["worker"]] + [["employer", "regime"]]
ALL_KEYS += [["writs", 0, key] for key in ("id", "queue", "kind", "share")]
ALL_KEYS += [["writs", 2, "remaining"]]


@pytest.mark.parametrize("path", ALL_KEYS, ids=dotted)
def test_a_missing_key_is_refused(path):
    (fault,) = faults_of([changed(path, ABSENT)])

    assert (fault.case, fault.key) == ("october", dotted(path))


@pytest.mark.parametrize("way", [[], ["worker"], ["employer"], ["writs", 0], ["writs", 2]])
def test_an_unknown_key_is_refused(way):
    (fault,) = faults_of([changed([*way, "bonus"], "1.00")])

    assert fault.key == dotted([*way, "bonus"])


@pytest.mark.parametrize(
    ("writ", "key"),
    [
        ({"kind": "alimony", "share": "1/4", "amount": "1.00"}, "amount"),
        ({"kind": "alimony"}, "share"),
        ({"kind": "alimony", "share": "1/4", "remaining": "1.00"}, "remaining"),
        ({"kind": "claim", "remaining": "1.00", "share": "1/4"}, "share"),
        ({"kind": "claim", "remaining": "1.00", "amount": "1.00"}, "amount"),
        ({"kind": "claim", "amount": "1.00"}, "amount"),
    ],
)
def test_a_writ_with_the_wrong_demand_is_refused(writ, key):
    (fault,) = faults_of([changed(["writs"], [{"id": "a", "queue": 1, **writ}])])

    assert fault.key == f"writs[0].{key}"


def test_a_repeated_writ_is_refused():
    (fault,) = faults_of([changed(["writs", 1, "id"], "child")])

    assert (fault.case, fault.key) == ("october", "writs[1].id")


def test_a_repeated_case_is_refused():
    (fault,) = faults_of([CASE, CASE])

    assert (fault.case, fault.key) == ("october", "id")


@pytest.mark.parametrize("name", [None, 7, "", [], True])
def test_a_case_without_a_name_is_told_by_its_place(name):
    (fault,) = faults_of([CASE, changed(["id"], name)])

    assert (fault.case, fault.key) == ("number 2", "id")


def test_a_case_without_an_id_is_told_by_its_place():
    (fault,) = faults_of([changed(["id"], ABSENT)])

    assert (fault.case, fault.key) == ("number 1", "id")


@pytest.mark.parametrize("case", [None, 1, "case", []])
def test_a_case_that_is_no_object_is_refused(case):
    (fault,) = faults_of([case])

    assert fault.case == "number 1"


def test_each_bad_case_is_told_once():
    bad = [{**CASE, "id": name, "gross": 1, "period": "never"} for name in ("a", "b")]

    assert [fault.case for fault in faults_of([bad[0], CASE, bad[1]])] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('"gross": "85000.00"', "gross"),
        ('"regime": "general"', "employer.regime"),
        ('"pension": "none"', "worker.pension"),
        ('"share": "1/3"', "writs[0].share"),
        ('"id": "october"', "id"),
    ],
)
def test_a_key_written_twice_is_refused(text, key):
    content = json.dumps([CASE]).replace(text, f"{text}, {text}").encode()

    (fault,) = faults_of(content)

    assert (fault.case, fault.key) == ("october", key)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[",
        b"{}",
        b"null",
        b'"cases"',
        b"[{]",
        b"[NaN]",
        b"[Infinity]",
        b"\xff\xfe\xff",
        b"[" * 100000,
        b"[" + b"9" * 5000 + b"]",
    ],
)
def test_what_is_not_a_list_of_cases_is_refused(content):
    (fault,) = faults_of(content)

    assert str(fault)


def test_result_has_the_keys_of_the_interface():
    (named,) = read(CASE)

    result = result_as_json("october", pay("85000.00", writs=named.case.writs))

    assert list(result) == [
        "id",
        "opv",
        "vosms",
        "ipn",
        "net",
        "employer",
        "writs",
        "to_account",
    ]
    assert list(result["employer"]) == ["so", "oosms", "opvr", "social_tax"]
    assert [writ["id"] for writ in result["writs"]] == ["child", "child-2", "debt"]
    assert result["vosms"] == "0.00"
    assert result["writs"][1] == {"id": "child-2", "withheld": "5000.50"}
