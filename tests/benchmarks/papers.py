"""Payslips as PDF/A, a thousand pages in one file: the size of a batch, for memory's sake."""

from typing import Any

from portal.documents.render import render_pdf
from portal.kernel import clock
from tests.benchmarks.harness import Bar, Bench, Side, benchmark
from tests.documents.test_render import a_slip


@benchmark("papers", "Payslips on paper")
def papers(bench: Bench) -> None:
    count = bench.size(full=1_000, quick=3)
    data: dict[str, Any] = a_slip() | {"slips": [a_slip(number=str(n)) for n in range(count)]}
    at = clock.now()

    def print_all() -> int:
        pdf = render_pdf("payslip.typ", data, created_at=at)
        if not pdf.startswith(b"%PDF"):
            raise AssertionError("no PDF")
        return count

    times = bench.interleave(Side("typst", print_all))["typst"]
    bench.line(f"{count} payslips in one PDF/A-2b", times, unit="pages")
    bench.bar(
        Bar("payslip PDFs, pages a second", times.per_second, at_least=700, goal=1200, unit="",
            note="an absolute figure: an aim, not a gate")
    )  # fmt: skip
