"""The smallest pages of the portal's kind, behind the same middleware: what the others are held to.

A greeting; twenty rows of one indexed query in one template (3.5 KB); the same page from the cache.
"""

from decimal import Decimal

from django.core.cache import cache
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.kernel.access import public

ROWS = 20
KEY = "reference-page"
MINUTE = 60


class Article(models.Model):
    """A row of the reference page: a table of the benchmark's own database, no migration."""

    shelf = models.IntegerField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    summary = models.CharField(max_length=300)
    price = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        app_label = "benchmarks"
        managed = False
        db_table = "bench_article"
        indexes = [models.Index(fields=["shelf", "id"], name="bench_article_shelf")]


def make_articles(shelves: int = 50) -> None:
    """The table with `shelves` times twenty rows."""
    with connection.schema_editor() as editor:
        editor.create_model(Article)
    Article.objects.bulk_create(
        Article(
            shelf=shelf,
            code=f"article-{shelf}-{number}",
            name=f"Скамья садовая {number}",
            summary="Сосна и сталь, масло, болты",
            price=Decimal(10_000 + number),
        )
        for shelf in range(shelves)
        for number in range(ROWS)
    )


def _page(request: HttpRequest) -> HttpResponse:
    rows = Article.objects.filter(shelf=7).order_by("id")[:ROWS]
    return render(request, "reference.html", {"rows": rows})


@require_safe
@public
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Сәлем!")


@require_safe
@public
def reference(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_safe
@public
def kept(request: HttpRequest) -> HttpResponse:
    """The same page from the cache."""
    body = cache.get(KEY)
    if body is None:
        body = _page(request).content
        cache.set(KEY, body, MINUTE)
    return HttpResponse(body)
