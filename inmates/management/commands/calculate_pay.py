"""`manage.py calculate_pay CASES.json`: the auditor's check of the wage arithmetic.

Prints a JSON list of results. Reads the parameters shipped with the project and touches neither
PostgreSQL nor Redis. Any fault in the file: the case and the key on stderr, exit 2, no output.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from inmates.parameters import (
    ParameterMissing,
    PayParameters,
    last_day_of_month,
    parameters_in_force,
)
from inmates.pay_cases import (
    CaseFault,
    NamedCase,
    PayCasesRefused,
    read_pay_cases,
    result_as_json,
)
from inmates.payroll import calculate
from inmates.shipped_parameters import read_shipped_parameters


class Command(BaseCommand):
    help = "Calculate the pay cases of a JSON file with the parameters shipped with the project."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", metavar="CASES.json", type=Path)

    @no_translations
    def handle(self, *args: Any, cases: Path, **options: Any) -> None:
        try:
            results = _results(read_pay_cases(cases.read_bytes()))
        except OSError as wrong:
            raise CommandError(f"{cases}: {wrong.strerror}", returncode=2) from wrong
        except PayCasesRefused as refused:
            raise CommandError(f"{cases}: {refused}", returncode=2) from refused
        self.stdout.write(json.dumps(results, indent=1))


def _results(cases: list[NamedCase]) -> list[dict[str, Any]]:
    """All results, or a refusal naming each case whose month has no parameters."""
    rows = read_shipped_parameters()
    months: dict[Any, PayParameters] = {}
    faults: list[CaseFault] = []
    results = []
    for named in cases:
        period = named.case.period
        try:
            if period not in months:
                months[period] = parameters_in_force(rows, last_day_of_month(period))
        except ParameterMissing as missing:
            faults.append(CaseFault(named.id, "period", str(missing)))
            continue
        results.append(result_as_json(named.id, calculate(named.case, months[period])))
    if faults:
        raise PayCasesRefused(faults)
    return results
