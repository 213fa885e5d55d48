"""`python -m tests.benchmarks`: the floors, what the portal needs, and which bars hold.

--only NAME (again and again), --quick (tiny sizes: proves that it runs, measures nothing), --full
(the promised sizes where the ordinary ones are smaller: hours and tens of gigabytes),
--markdown FILE (the same tables into a file), --strict (exit code 1 where a bar does not hold).
"""

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

# Modules of this folder, in the order they run; each registers one benchmark.
BENCHMARKS = (
    "pages",
    "statements",
    "ordering",
    "payroll",
    "second",
    "corrections",
    "papers",
    "slips",
    "registers",
    "employment",
    "month",
    "facts",
)


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=BENCHMARKS, metavar="NAME")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true")
    size.add_argument("--full", action="store_true")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--strict", action="store_true")
    return parser.parse_args(given)


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def measure(names: tuple[str, ...], *, is_quick: bool, is_full: bool = False) -> tuple[str, bool]:
    """The tables of the named benchmarks, and whether every bar that can be measured holds."""
    from tests.benchmarks.databases import copied_database, migrated_database
    from tests.benchmarks.harness import REGISTRY, Bench
    from tests.benchmarks.tables import report

    for name in names:
        importlib.import_module(f"tests.benchmarks.{name}")
    benches = {}
    with migrated_database() as template:
        for name in names:
            chosen = REGISTRY[name]
            begun = time.monotonic()
            say(f"{chosen.title}…")
            bench = benches[chosen.title] = Bench(is_quick=is_quick, is_full=is_full)
            with copied_database(template, name):
                chosen.run(bench)
            say(f"  {time.monotonic() - begun:.0f} s")
        text = report(benches)
    all_hold = all(bar.holds is not False for bench in benches.values() for bar in bench.bars)
    return text, all_hold


def main() -> int:
    options = arguments()
    from portal import embedded

    embedded.hold_for_process()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    import django

    django.setup()
    names = tuple(options.only or BENCHMARKS)
    text, all_hold = measure(names, is_quick=options.quick, is_full=options.full)
    sys.stdout.write(text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    return 1 if options.strict and not all_hold else 0


if __name__ == "__main__":
    sys.exit(main())
