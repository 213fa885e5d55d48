"""Pages against the smallest page that reads 20 rows: one indexed query and one template."""

from django.test import Client

from tests.benchmarks.harness import Bench, Side, benchmark


@benchmark("pages", "Pages")
def pages(bench: Bench) -> None:
    client = Client()

    def home() -> int:
        for _ in range(20):
            assert client.get("/").status_code == 200
        return 20

    times = bench.interleave(Side("home", home))
    bench.line("landing page", times["home"], unit="pages")
