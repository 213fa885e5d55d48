"""All checks together: limits of time, causes before consequences; the command that prints it."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import translation

from portal.front.health import examine as examining
from portal.front.health.examine import PROBES, Probe, examine, explained
from portal.front.health.findings import LABELS, Finding, State, not_measured, overall
from portal.kernel import clock
from tests.front.health.conftest import NOBODY

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def fine(code: str):
    return lambda at: [Finding(code, State.OK, f"at {at:%H:%M}")]


def test_every_part_has_a_probe_and_a_label():
    codes = [code for probe in PROBES for code in probe.codes]
    assert sorted(codes) == sorted(LABELS)
    assert len(codes) == len(set(codes))


def test_the_answers_come_in_the_order_of_the_labels():
    probes = [Probe(("mail",), fine("mail")), Probe(("disk",), fine("disk"))]
    assert [(one.code, one.value) for one in examine(AT, probes)] == [
        ("disk", "at 09:00"), ("mail", "at 09:00"),
    ]  # fmt: skip


def test_a_check_that_hangs_is_left_behind():
    def hang(_at):
        time.sleep(5)
        return []

    began = time.monotonic()
    found = examine(AT, [Probe(("disk",), hang, seconds=0.2), Probe(("mail",), fine("mail"))])
    assert time.monotonic() - began < 2
    assert [one.state for one in found] == [State.DOWN, State.OK]
    assert found[0].advice


def test_a_check_that_breaks_is_a_fault_and_says_no_secret(caplog):
    def broken(_at):
        raise RuntimeError("password=hunter2")

    (found,) = examine(AT, [Probe(("disk",), broken)])
    assert (found.state, found.value) == (State.DOWN, "RuntimeError")
    assert "hunter2" not in found.advice


def test_the_findings_speak_the_readers_language():
    def speaking(_at):
        return [not_measured("beat", "worker")]

    for language, word in (("ru", "не измерено"), ("kk", "өлшенген жоқ"), ("en", "not measured")):
        with translation.override(language):
            (found,) = examine(AT, [Probe(("beat",), speaking)])
            assert found.value == word


@pytest.mark.parametrize(
    ("states", "beat"),
    [
        ({"broker": "ok", "worker": "ok", "beat": "down"}, State.DOWN),
        ({"broker": "ok", "worker": "down", "beat": "down"}, State.WARN),
        ({"broker": "ok", "worker": "down", "beat": "ok"}, State.OK),
        ({"broker": "down", "worker": "down", "beat": "down"}, State.WARN),
    ],
)
def test_a_consequence_is_told_as_such(states, beat):
    """The tick of beat is written by a worker: without one nobody can tell how beat is."""
    given = [Finding(code, State(state), "x") for code, state in states.items()]
    assert {one.code: one.state for one in explained(given)}["beat"] == beat


def test_the_worst_state_is_the_whole():
    ok, warn, down = (Finding("mail", state, "") for state in State)
    assert overall([ok, ok]) == State.OK
    assert overall([ok, warn]) == State.WARN
    assert overall([warn, down, ok]) == State.DOWN


@pytest.mark.django_db(transaction=True)
def test_everything_down_at_once_is_told_in_seconds(
    database_at, broker_at, settings, silent_port, tmp_path
):
    address = f"redis://127.0.0.1:{silent_port}/0"
    database_at(HOST="127.0.0.1", PORT=str(silent_port))
    broker_at(address)
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": address}}
    settings.MEDIA_ROOT = "/proc/nowhere"
    settings.PRINT_FONTS = str(tmp_path)
    began = time.monotonic()
    found = {one.code: one for one in examine(clock.now())}
    assert time.monotonic() - began < 9
    assert list(found) == list(LABELS)
    for code in ("database", "broker", "cache", "disk", "fonts"):
        assert found[code].state == State.DOWN, code
    for code in ("migrations", "beat", "jobs", "worker", "clock"):
        assert found[code].state == State.WARN, code
    assert all(one.advice for one in found.values() if one.state != State.OK)


@pytest.fixture
def found_by_doctor(monkeypatch):
    """What the command will find instead of looking."""

    def set_findings(*findings: Finding) -> None:
        module = "portal.demo.management.commands.doctor.examine"
        monkeypatch.setattr(module, lambda _at: list(findings))

    return set_findings


def test_doctor_prints_signs_words_values_and_advice(found_by_doctor):
    found_by_doctor(
        Finding("database", State.OK, "PostgreSQL 18"), Finding("mail", State.WARN, "x", "Set it.")
    )
    out = StringIO()
    call_command("doctor", "--language", "en", stdout=out)
    first, second, third = out.getvalue().splitlines()
    assert first.split() == ["✓", "Works", "Database", "PostgreSQL", "18"]
    assert second.startswith("●")
    assert third.strip() == "→ Set it."


def test_doctor_speaks_russian_unless_told(found_by_doctor):
    found_by_doctor(Finding("database", State.OK, "x"))
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "Работает" in out.getvalue()
    call_command("doctor", "--language", "kk", stdout=out)
    assert "Жұмыс істейді" in out.getvalue()


def test_doctor_ends_with_1_when_a_part_is_down(found_by_doctor):
    found_by_doctor(Finding("database", State.DOWN, "away", "Start it."))
    with pytest.raises(SystemExit) as end:
        call_command("doctor", "--json", stdout=StringIO())
    assert end.value.code == 1


def test_doctor_as_json(found_by_doctor):
    found_by_doctor(Finding("clock", State.WARN, "3 s", "Set it."))
    out = StringIO()
    call_command("doctor", "--json", "--language", "en", stdout=out)
    assert json.loads(out.getvalue()) == {
        "state": "warn",
        "checks": [
            {"code": "clock", "state": "warn", "label": "Clock", "value": "3 s",
             "advice": "Set it."}
        ],
    }  # fmt: skip


def test_doctor_with_nothing_there_is_quick_and_shows_no_traceback():
    """A real process with the addresses of a deployment whose servers are all away."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json", "--language", "en"],
        cwd=django_settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": f"postgres://somebody:hunter2@{NOBODY}/portal",
            "REDIS_URL": f"redis://:hunter2@{NOBODY}/0",
            "SECRET_KEY": "x", "FIELD_KEY": "x", "IDENTITY_HMAC_KEY": "x",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert time.monotonic() - began < 20
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert "hunter2" not in done.stderr + done.stdout
    states = {one["code"]: one["state"] for one in json.loads(done.stdout)["checks"]}
    assert states["database"] == states["broker"] == states["cache"] == "down"
    assert states["worker"] == states["beat"] == "warn"
    assert states["fonts"] == states["translations"] == "ok"
    assert states["mail"] == "warn"


def test_doctor_starts_no_servers():
    """It tells what it finds; a doctor that first mends would always find health."""
    text = (django_settings.BASE_DIR / "manage.py").read_text(encoding="utf-8")
    assert '"doctor",' in text[text.index("WITHOUT_SERVERS") : text.index("def main")]
    assert examining.__doc__
