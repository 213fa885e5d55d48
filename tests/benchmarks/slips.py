"""The payslips of everybody: one archive of 1 000 and of 20 000 slips, as the job makes it.

Every slip has names, sums and words of its own: what the setter remembers of the slip before is of
no use to the next. `python -m tests.benchmarks.slips RUN` makes one archive and tells the most
memory it took, in a process of its own.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from decimal import Decimal
from typing import Any

from tests.benchmarks.harness import Bar, Bench, Side, Timing, benchmark

CHUNK = 1_000
GIBIBYTE = 1024**3
NAMES = ("Ахметов", "Сейтқали", "Иванов", "Өтегенов", "Касымова", "Ли", "Жұмабаева", "Ким")
TRADES = ("столяр", "швея", "слесарь", "токарь", "ағаш ұстасы", "тігінші")


class Quiet:
    """Nobody watches this worker."""

    def report(self, *, done: int, total: int, failed: int = 0) -> None:
        pass

    def hold(self) -> None:
        pass


def a_run(cast: Any, count: int) -> Any:
    """A calculated run of so many people, each with lines and a name unlike the others'."""
    from inmates.models import Inmate, InmateIdentity, PayrollRun, Payslip
    from tests.inmates.months import calculated
    from tests.inmates.printed import named_worker

    number = f"{count}"
    named_worker(cast, number, NAMES[0])
    run = calculated(cast)
    model = run.payslips.prefetch_related("lines").get(inmate__personnel_number=number)
    chance = random.Random(count)  # noqa: S311 - sums to print, no secret
    for start in range(run.payslips.count(), count, CHUNK):
        places = range(start, min(start + CHUNK, count))
        people = Inmate.objects.bulk_create(
            Inmate(
                personnel_number=f"{count}-{place:05d}",
                born_on=model.inmate.born_on,
                language=("ru", "kk")[place % 2],
            )
            for place in places
        )
        InmateIdentity.objects.bulk_create(
            InmateIdentity(inmate=one, full_name=f"{chance.choice(NAMES)} {one.pk} Тестұлы")
            for one in people
        )
        slips = Payslip.objects.bulk_create(_slip(model, one, chance) for one in people)
        _lines(model, slips, chance)
    return PayrollRun.objects.get(pk=run.pk)


def _slip(model: Any, inmate: Any, chance: random.Random) -> Any:
    from inmates.models import Payslip

    skipped = ("id", "inmate_id", "gross", "opv", "net", "attachable", "to_account")
    values = _values(model, skipped)
    gross = Decimal(chance.randint(9_000_000, 19_999_999)) / 100
    opv = (gross / 10).quantize(Decimal("0.01"))
    net = gross - opv - model.vosms - model.ipn
    return Payslip(
        inmate=inmate, gross=gross, opv=opv, net=net, attachable=net,
        to_account=net - model.withheld_by_writs, **values,
    )  # fmt: skip


def _lines(model: Any, slips: list[Any], chance: random.Random) -> None:
    from inmates.models import PayslipLine

    def line(one: Any, slip: Any) -> Any:
        values = _values(one, ("id", "payslip_id", "amount", "arguments", "title"))
        sums = {
            name: f"{chance.randint(10_000, 200_000)}.{chance.randint(10, 99)}"
            if name in ("base", "income", "deduction", "so")
            else value
            for name, value in one.arguments.items()
        }
        trade = f"{chance.choice(TRADES)} {chance.randint(2, 6)}"
        return PayslipLine(
            payslip=slip,
            amount=Decimal(chance.randint(100_000, 20_000_000)) / 100,
            arguments=sums,
            title=dict.fromkeys(one.title, trade),
            **values,
        )

    models = list(model.lines.all())
    PayslipLine.objects.bulk_create(
        [line(one, slip) for slip in slips for one in models], batch_size=2_000
    )


def _values(row: Any, skipped: tuple[str, ...]) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in skipped
    }


def archive(run: Any) -> int:
    """Ordered and made as the worker makes it; how many slips."""
    from django.db import transaction

    from inmates.models import PayslipPrint
    from inmates.services.payslip_prints import drop_print, make_archive
    from tests.people import NOW

    with transaction.atomic():
        drop_print(run)
        PayslipPrint.objects.create(run=run, asked_by_id=run.started_by_id, asked_at=NOW)
    make_archive(run_id=run.pk, progress=Quiet(), at=NOW)
    row = PayslipPrint.objects.get(run=run)
    if not row.path:
        raise AssertionError("no archive")
    return row.slips


def memory_of(run: Any) -> int:
    """The most memory of a process that makes the archive and nothing else, in bytes."""
    done = subprocess.run(  # noqa: S603 - this interpreter and this module
        [sys.executable, "-m", "tests.benchmarks.slips", str(run.pk)],
        capture_output=True, check=True, text=True, env=os.environ,
    )  # fmt: skip
    return int(json.loads(done.stdout.splitlines()[-1])["bytes"])


@benchmark("slips", "Payslips of everybody, four to a sheet")
def slips(bench: Bench) -> None:
    from django.conf import settings

    from portal.kernel import queue
    from tests.inmates.months import make_pay

    few, many = bench.size(full=1_000, quick=5), bench.size(full=20_000, quick=9)
    queue.send = lambda _run_id: True  # type: ignore[assignment]  # no worker listens here
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = os.environ["MEDIA_ROOT"] = folder
        cast = make_pay()
        run = a_run(cast, few)
        times = bench.interleave(Side("small", lambda: archive(run)), rounds=3)["small"]
        bench.line(f"archive of {few} payslips", times, unit="slips")
        other = _another(cast, many)
        memory = memory_of(other)
        large = bench.interleave(Side("large", lambda: archive(other)), rounds=3)["large"]
        bench.line(f"archive of {many} payslips", large, unit="slips")
        _bars(bench, times, large, memory)


def _another(cast: Any, count: int) -> Any:
    """The larger run, at the same place: the smaller one has been measured."""
    from inmates.models import PayrollRun, PayslipPrint
    from tests.inmates.months import OCTOBER

    PayslipPrint.objects.all().delete()
    PayrollRun.objects.filter(month=OCTOBER.first_day).delete()
    return a_run(cast, count)


def _bars(bench: Bench, small: Timing, large: Timing, memory: int) -> None:
    for timing, name in ((small, "one file"), (large, "all files")):
        bench.bar(
            Bar(f"payslips on paper a second, {name}", timing.per_second,
                at_least=700, goal=1200, unit="",
                note="reads, words, faces, PDF, seal; an absolute figure: an aim, not a gate")
        )  # fmt: skip
    files = max(-(-large.rows // CHUNK) - 1, 1)
    bench.bar(
        Bar("statements of each further file", (large.statements - small.statements) / files,
            at_most=10, unit="")
    )  # fmt: skip
    bench.bar(
        Bar("memory of the job at the most, GiB", memory / GIBIBYTE, at_most=1.0, unit="",
            note="of a process of its own")
    )  # fmt: skip


def main() -> int:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    django.setup()
    from inmates.models import PayrollRun

    archive(PayrollRun.objects.get(pk=int(sys.argv[1])))
    # The setter runs beside the job, a file at a time: both count.
    sides = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = sum(resource.getrusage(side).ru_maxrss for side in sides) * 1024
    sys.stdout.write(json.dumps({"bytes": peak}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
