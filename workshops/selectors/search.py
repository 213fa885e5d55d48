"""Finding products and workshops by what somebody typed; open to everybody.

First the full text (Russian endings, the beginning of a word in any language); only where it finds
nothing, likeness: slips of the hand, the other keyboard, the other alphabet.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from portal.kernel.matching import ALIKE, Asked, beginning_of
from portal.kernel.periods import period_q
from workshops.models import BillOfMaterialsLine, Workshop, WorkshopOperator
from workshops.selectors.catalogue import CatalogueCard, cards_of

MOST_PRODUCTS = 24
MOST_WORKSHOPS = 12

# Versions that are approved; whether one is the newest of its product goes with it.
EXACT = """
WITH asked AS (
  SELECT plainto_tsquery('russian', %(text)s) || plainto_tsquery('simple', %(text)s)
         || to_tsquery('simple', %(beginnings)s) AS query
), approved AS (
  SELECT v.id, v.product_id,
         v.number = max(v.number) OVER (PARTITION BY v.product_id) AS is_newest
  FROM workshops_productversion v WHERE v.approved_on <= %(on)s
)
SELECT a.id, a.product_id, a.is_newest, ts_rank(s.document, asked.query) AS rank
FROM asked, workshops_productsearch s JOIN approved a ON a.id = s.version_id
WHERE s.document @@ asked.query
ORDER BY rank DESC, a.product_id LIMIT %(limit)s
"""
# Each word of a variant is looked for; a variant is as good as its worst word.
ALIKE_PRODUCTS = """
WITH asked AS (
  SELECT * FROM unnest(%(variants)s::int[], %(words)s::text[]) AS a(variant, word)
), approved AS (
  SELECT v.id, v.product_id,
         v.number = max(v.number) OVER (PARTITION BY v.product_id) AS is_newest
  FROM workshops_productversion v WHERE v.approved_on <= %(on)s
), scored AS (
  SELECT s.version_id, a.variant, min(word_similarity(a.word, s.words)) AS score
  FROM workshops_productsearch s CROSS JOIN asked a GROUP BY 1, 2
)
SELECT a.id, a.product_id, a.is_newest, max(scored.score) AS rank
FROM scored JOIN approved a ON a.id = scored.version_id
WHERE scored.score >= %(alike)s
GROUP BY 1, 2, 3 ORDER BY rank DESC, a.product_id LIMIT %(limit)s
"""
PLACES = """
WITH asked AS (
  SELECT * FROM unnest(%(variants)s::int[], %(words)s::text[]) AS a(variant, word)
), place AS (
  SELECT w.id, search_fold(concat_ws(' ', w.name_ru, w.name_kk, w.name_en, o.name_ru, o.name_kk,
                                     o.name_en, trades.names)) AS words
  FROM workshops_workshop w
  JOIN workshops_institution i ON i.id = w.institution_id
  JOIN accounts_organisation o ON o.id = i.organisation_id
  CROSS JOIN LATERAL (
    SELECT string_agg(concat_ws(' ', t.name_ru, t.name_kk, t.name_en), ' ') AS names
    FROM workshops_post p JOIN workshops_trade t ON t.id = p.trade_id WHERE p.workshop_id = w.id
  ) trades
), scored AS (
  SELECT place.id, a.variant,
         min(CASE WHEN a.word ~ '^[0-9]+$' THEN (place.words ~ ('\\m' || a.word || '\\M'))::int
                  ELSE word_similarity(a.word, place.words) END) AS score
  FROM place CROSS JOIN asked a GROUP BY 1, 2
)
SELECT id, max(score) AS rank FROM scored WHERE score >= %(alike)s
GROUP BY id ORDER BY rank DESC, id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product with its card, and the names of the parts of the version that is shown."""

    card: CatalogueCard
    parts: list[str]


@dataclass(frozen=True, slots=True)
class FoundWorkshop:
    """A workshop and who runs it on the day."""

    workshop: Workshop
    operator: Any


def products_found(asked: Asked, on: date) -> tuple[list[FoundProduct], bool]:
    """The products that the words name, best first, and whether they are only alike.

    A match counts in the version that is shown, or sold, and in no other.
    """
    rows, is_alike = _exact(asked, on), False
    if not rows and asked.words:
        rows, is_alike = _alike(asked, on), True
    cards = cards_of([product_id for _version, product_id, _is_newest, _rank in rows], on)
    shown = {}
    for version_id, product_id, is_newest, _rank in rows:
        card = cards[product_id]
        is_shown = card.offer.offer.version_id == version_id if card.offer else is_newest
        if is_shown:
            shown[version_id] = card
    parts = _parts_of(list(shown))
    found = [FoundProduct(card, parts.get(version_id, [])) for version_id, card in shown.items()]
    return found, is_alike and bool(found)


def workshops_found(asked: Asked, on: date) -> list[FoundWorkshop]:
    """The workshops whose name, institution or trade the words name, best first."""
    if not asked.words:
        return []
    ids = [row[0] for row in _rows(PLACES, _likeness(asked, MOST_WORKSHOPS))]
    operators = WorkshopOperator.objects.filter(period_q(on), workshop_id__in=ids)
    running = {row.workshop_id: row.operator for row in operators.select_related("operator")}
    workshops = Workshop.objects.select_related("institution__organisation").in_bulk(ids)
    return [FoundWorkshop(workshops[pk], running.get(pk)) for pk in ids]


def _exact(asked: Asked, on: date) -> list[Any]:
    if not asked.words:
        return []
    # The words are letters and digits alone, so the quotes cannot be closed from inside.
    beginnings = " & ".join(f"'{beginning_of(word)}':*" for word in asked.words)
    values = {"text": " ".join(asked.words), "beginnings": beginnings}
    return _rows(EXACT, values | {"on": on, "limit": MOST_PRODUCTS})


def _alike(asked: Asked, on: date) -> list[Any]:
    return _rows(ALIKE_PRODUCTS, _likeness(asked, MOST_PRODUCTS) | {"on": on})


def _likeness(asked: Asked, limit: int) -> dict[str, Any]:
    pairs = [(number, word) for number, words in enumerate(asked.variants) for word in words]
    return {
        "variants": [number for number, _word in pairs],
        "words": [word for _number, word in pairs],
        "alike": ALIKE,
        "limit": limit,
    }


def _rows(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _parts_of(version_ids: list[int]) -> dict[int, list[str]]:
    parts: dict[int, list[str]] = {}
    lines = BillOfMaterialsLine.objects.filter(version_id__in=version_ids)
    for line in lines.order_by("version_id", "sequence"):
        parts.setdefault(line.version_id, []).append(line.name)
    return parts
