"""The auditor's command as it is called: what it prints, where, and with which exit code."""

import copy
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

EXAMPLES = Path(__file__).parent / "data" / "pay_examples.json"
CASES = json.loads(EXAMPLES.read_bytes())


def calculate_pay(path):
    output = StringIO()
    call_command("calculate_pay", str(path), stdout=output)
    return json.loads(output.getvalue())


def refusal_of(tmp_path, cases):
    path = tmp_path / "cases.json"
    path.write_text(cases if isinstance(cases, str) else json.dumps(cases), encoding="utf-8")
    output = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("calculate_pay", str(path), stdout=output)
    assert output.getvalue() == ""
    assert refused.value.returncode == 2
    return str(refused.value)


def one(**changes):
    return [copy.deepcopy(CASES[0]) | changes]


def test_every_example_is_answered_in_order():
    results = calculate_pay(EXAMPLES)

    assert [result["id"] for result in results] == [case["id"] for case in CASES]
    for result, case in zip(results, CASES, strict=True):
        assert case["expected"].items() <= result.items()


def test_no_cases_give_an_empty_list(tmp_path):
    path = tmp_path / "none.json"
    path.write_text("[]")

    assert calculate_pay(path) == []


@pytest.mark.parametrize("period", ["2023-12", "2027-01", "9999-12", "0001-01"])
def test_a_month_without_parameters_is_refused(tmp_path, period):
    message = refusal_of(tmp_path, one(period=period))

    assert CASES[0]["id"] in message
    assert "period" in message


def test_one_bad_case_stops_all(tmp_path):
    message = refusal_of(tmp_path, [CASES[1], *one(gross=85000)])

    assert f"case {CASES[0]['id']}, key gross" in message


def test_each_bad_case_is_named(tmp_path):
    bad = [{**CASES[0], "id": name, "period": "2023-01"} for name in ("first", "second")]

    message = refusal_of(tmp_path, bad)

    assert message.index("case first, key period") < message.index("case second, key period")


@pytest.mark.parametrize("content", ["", "[", "{}", "[NaN]"])
def test_a_file_that_is_no_list_is_refused(tmp_path, content):
    assert "cases.json" in refusal_of(tmp_path, content)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("calculate_pay", str(tmp_path / "nothing.json"), stdout=StringIO())

    assert refused.value.returncode == 2
    assert "nothing.json" in str(refused.value)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("calculate_pay", str(tmp_path), stdout=StringIO())

    assert refused.value.returncode == 2


def test_a_name_in_any_script_comes_back(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(one(id="қазан № 1 \ud800")))

    (result,) = calculate_pay(path)

    assert result["id"] == "қазан № 1 \ud800"


def test_a_trillion_comes_back_in_full(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(one(period="2026-10", gross="123456789012345678901234567890.12")))

    (result,) = calculate_pay(path)

    assert result["net"].endswith(".12")
    assert len(result["net"]) == len("104938270660493827066049382706.12")


# The real thing: a process of its own, with no database and no Redis to be reached.


def run(*arguments):
    nowhere = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "only-for-this-test",
        "FIELD_KEY": "only-for-this-test",
        "IDENTITY_HMAC_KEY": "only-for-this-test",
        "PYTHONWARNINGS": "error",
    }
    return subprocess.run(  # noqa: S603 - our own command with our own arguments
        [sys.executable, "manage.py", "calculate_pay", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, **nowhere, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_needs_neither_database_nor_redis():
    done = run(str(EXAMPLES))

    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)) == len(CASES)


def test_a_fault_ends_with_exit_code_two_and_no_output(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(one(gross="85000")))

    done = run(str(path))

    assert (done.returncode, done.stdout) == (2, "")
    assert CASES[0]["id"] in done.stderr
    assert "gross" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_call_without_a_file_ends_with_exit_code_two():
    done = run()

    assert (done.returncode, done.stdout) == (2, "")
