"""`manage.py doctor`: which part is down and what to do; exit code 1 when one is.

manage.py starts no servers for it: it tells what it finds.
"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from portal.front.health.examine import examine
from portal.front.health.findings import Finding, State, overall
from portal.kernel import clock

SIGNS = {State.OK: "✓", State.WARN: "●", State.DOWN: "▲"}


class Command(BaseCommand):
    help = "Check database, Redis, worker, beat, disk, fonts, words, clock, mail."
    # They would ask the database, which may be what is down.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--json", action="store_true", help="for machines")
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            findings = examine(clock.now())
            self.stdout.write(_as_json(findings) if options["json"] else _as_text(findings))
        if overall(findings) == State.DOWN:
            sys.exit(1)


def _as_json(findings: list[Finding]) -> str:
    checks = [
        {
            "code": one.code,
            "state": one.state.value,
            "label": one.label,
            "value": one.value,
            "advice": one.advice,
        }
        for one in findings
    ]
    report = {"state": overall(findings).value, "checks": checks}
    return json.dumps(report, ensure_ascii=False, indent=2)


def _as_text(findings: list[Finding]) -> str:
    widths = max(len(one.label) for one in findings)
    states = max(len(str(state.label)) for state in State)
    lines = []
    for one in findings:
        state = str(one.state.label).ljust(states)
        lines.append(f"{SIGNS[one.state]} {state}  {one.label.ljust(widths)}  {one.value}")
        if one.advice:
            lines.append(f"  {' ' * states}  → {one.advice}")
    return "\n".join(lines)
