"""Pages against the smallest page that reads 20 rows: one indexed query and one template.

In process through the whole handler first, for ratios and statements; then served by gunicorn,
for what eight connections see.
"""

from dataclasses import dataclass
from statistics import median

from django.conf import settings

from orders.views.session import COUNT, KEY
from tests.benchmarks import visitor
from tests.benchmarks.counting import CountingCursor
from tests.benchmarks.harness import Bar, Bench, Side, benchmark, pace
from tests.benchmarks.reference import ROWS, make_articles
from tests.benchmarks.served import gunicorn, load, percentile
from tests.benchmarks.shop import a_basket_of, fill_catalogue, more_orders, order_from
from tests.people import a_cast

FLOORS = {
    "hello, the usual middleware": "/reference/hello/",
    "reference page: one indexed query, template of 20 rows": "/reference/",
    "the same page from the cache": "/reference/kept/",
}
HELLO, REFERENCE, KEPT = FLOORS
LIST = "catalogue of 20, a visitor with a basket"
LIST_SIGNED_IN = "catalogue of 20, a buyer who is signed in"
LIST_ANEW = "catalogue of 20, made anew after a change"
LIST_KEPT = "catalogue of 20, a visitor without a session"
PRODUCT, PRODUCT_ANEW = "product page, a visitor", "product page, made anew after a change"
BASKET, ORDER = "basket of 5", "order page of 20 lines, its buyer"
MANY = 100
KEEP_SECONDS = 300


@dataclass(frozen=True)
class Asked:
    """A page and who asks for it; not `is_kept`: as after a change, when it is made anew."""

    path: str
    cookie: str = ""
    is_kept: bool = True


@benchmark("pages", "Pages")
def pages(bench: Bench) -> None:
    make_articles()
    cast = a_cast()
    offers = fill_catalogue(cast, ROWS - 1)
    order = order_from(cast, a_basket_of(offers))
    basket = a_basket_of(offers[:5])
    chooser = visitor.session_cookie(**{KEY: str(basket.key), COUNT: 5})
    buyer, operator = visitor.session_cookie(cast.buyer), visitor.session_cookie(cast.operator)
    asked = {name: Asked(path) for name, path in FLOORS.items()} | {
        LIST: Asked("/catalogue/", chooser),
        LIST_SIGNED_IN: Asked("/catalogue/", buyer),
        LIST_ANEW: Asked("/catalogue/", chooser, is_kept=False),
        LIST_KEPT: Asked("/catalogue/"),
        PRODUCT: Asked("/catalogue/thing-3/"),
        PRODUCT_ANEW: Asked("/catalogue/thing-3/", is_kept=False),
        BASKET: Asked("/basket/", chooser),
        ORDER: Asked(f"/orders/{order.pk}/", buyer),
    }
    _in_process(bench, asked)
    _served(bench, asked)
    lists = [asked[LIST_ANEW], Asked("/orders/", buyer), Asked("/operator/orders/", operator)]
    more_orders(order, ROWS - 1)
    few = [_statements(one) for one in lists]
    fill_catalogue(cast, MANY - ROWS)
    more_orders(order, MANY - ROWS)
    many = [_statements(one) for one in lists]
    bench.bar(
        Bar(
            "statements of a list page, the most of three lists",
            max(many),
            at_most=6,
            goal=4,
            unit="",
        )
    )
    grown = max(after - before for before, after in zip(few, many, strict=True))
    bench.bar(Bar("statements more at 100 rows than at 20", grown, at_most=0, unit=""))


def _in_process(bench: Bench, asked: dict[str, Asked]) -> None:
    times = bench.interleave(*(_side(bench, name, one) for name, one in asked.items()))
    for name, timing in times.items():
        if name in FLOORS:
            bench.floor(name, timing, unit="pages", each=True)
        else:
            floor = times[KEPT if name in (LIST_KEPT, PRODUCT) else REFERENCE]
            bench.line(name, timing, unit="pages", each=True, against=floor)
    bench.bar(
        Bar("catalogue list of 20 against the reference page", pace(times[LIST], times[REFERENCE]),
            at_least=0.5, goal=1.0)
    )  # fmt: skip
    bench.bar(
        Bar("anonymous catalogue with our caching against the cached page",
            pace(times[LIST_KEPT], times[KEPT]), at_least=0.4, goal=0.8)
    )  # fmt: skip


def _side(bench: Bench, name: str, asked: Asked) -> Side:
    count = bench.size(full=100, quick=2)

    def ask() -> int:
        settings.KEEP_PAGES_SECONDS = KEEP_SECONDS if asked.is_kept else 0
        for _ in range(count):
            visitor.get(asked.path, asked.cookie)
        return count

    return Side(name, ask)


def _statements(asked: Asked) -> int:
    """The statements of one page, once what every page needs is known."""
    _side(Bench(is_quick=True), "", asked).work()
    before = CountingCursor.statements
    visitor.get(asked.path, asked.cookie)
    return CountingCursor.statements - before


def _served(bench: Bench, asked: dict[str, Asked]) -> None:
    count = bench.size(full=400, quick=8)
    seconds: dict[str, list[list[float]]] = {name: [] for name in (REFERENCE, LIST, LIST_KEPT)}
    with gunicorn(asked[REFERENCE].path) as port:

        def side(name: str) -> Side:
            def ask() -> int:
                seconds[name].append(load(port, asked[name].path, asked[name].cookie, count))
                return count

            return Side(name, ask)

        times = bench.interleave(*(side(name) for name in seconds))
    for name, rounds in seconds.items():
        middle, slow = (
            median(percentile(one, share) for one in rounds[1:]) for share in (0.5, 0.99)
        )
        what = f"served, 8 connections: {name} (p50 {middle * 1000:.1f}, p99 {slow * 1000:.1f} ms)"
        if name == REFERENCE:
            bench.floor(what, times[name], unit="pages", each=True)
        else:
            bench.line(what, times[name], unit="pages", each=True, against=times[REFERENCE])
    spread = median(percentile(one, 0.99) / percentile(one, 0.5) for one in seconds[LIST][1:])
    bench.bar(Bar("p99 against p50 at 8 connections, catalogue", spread, at_most=2, goal=1.5))
