"""The six products: versions, parts, papers, routing, permissions and offers."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from portal.accounts.models import Organisation
from portal.demo.places import Places
from portal.demo.sources import in_languages, read_data
from workshops.models import (
    BillOfMaterialsLine,
    DesignPermission,
    Operation,
    Product,
    ProductOffer,
    ProductPaper,
    ProductVersion,
)

LABORATORY = "Орган по подтверждению соответствия (демо)"
APPROVED_DAYS_AGO = 420
# No order of the demo is older (data/orders.json, and the days off before it).
OLDEST_ORDER = timedelta(days=90)


@dataclass
class Catalogue:
    """What was made, by the codes of products.json."""

    versions: dict[str, ProductVersion] = field(default_factory=dict)
    operations: dict[tuple[str, int], Operation] = field(default_factory=dict)
    offers: dict[tuple[str, str], ProductOffer] = field(default_factory=dict)


def make_products(organisations: dict[str, Organisation], places: Places, today: date) -> Catalogue:
    """Every product with one version, on sale at its workshops."""
    catalogue = Catalogue()
    for order, row in enumerate(read_data("products")["products"]):
        product = _make_product(row, order, organisations)
        version = ProductVersion.objects.create(
            product=product,
            number=1,
            **in_languages("description", row["description"]),
            **in_languages("materials", row["materials"]),
            **in_languages("dimensions", row["dimensions"]),
            age_from=row["age_from"],
            approved_on=today - timedelta(days=APPROVED_DAYS_AGO),
        )
        catalogue.versions[row["code"]] = version
        _make_parts(version, row["parts"])
        _make_papers(version, row["papers"], today)
        _make_operations(version, row, places, catalogue)
        _make_offers(version, row, places, catalogue, today)
        for code in row.get("permitted", ()):
            DesignPermission.objects.create(
                product=product,
                operator=organisations[code],
                basis=f"Лицензионный договор ДЕМО-{row['code']}",
                effective_from=date(today.year - 2, 1, 1),
            )
    return catalogue


def _make_product(row: dict, order: int, organisations: dict[str, Organisation]) -> Product:
    return Product.objects.create(
        code=row["code"],
        **in_languages("name", row["name"]),
        **in_languages("summary", row["summary"]),
        audience=row["audience"],
        unit=row["unit"],
        drawing=row["drawing"],
        design_owner=organisations[row["owner"]] if row["owner"] else None,
        licence=row["licence"],
        royalty_share=Decimal(row["royalty"]),
        sort_order=order,
    )


def _make_parts(version: ProductVersion, parts: list[list]) -> None:
    for sequence, (name, material, size, quantity) in enumerate(parts, start=1):
        BillOfMaterialsLine.objects.create(
            version=version,
            sequence=sequence,
            **in_languages("name", name),
            **in_languages("material", material),
            size=size,
            quantity=quantity,
        )


def _make_papers(version: ProductVersion, papers: list[list], today: date) -> None:
    for kind, regulation, number, days_ago, years in papers:
        issued = today - timedelta(days=days_ago)
        ends = issued + timedelta(days=365 * years) if years else None
        ProductPaper.objects.create(
            version=version,
            kind=kind,
            regulation=regulation,
            number=number,
            issued_by=LABORATORY,
            issued_on=issued,
            valid_until=ends,
        )


def _make_operations(
    version: ProductVersion, row: dict, places: Places, catalogue: Catalogue
) -> None:
    for sequence, (name, trade, minutes, rate, *_per) in enumerate(row["operations"], start=1):
        catalogue.operations[row["code"], sequence] = Operation.objects.create(
            version=version,
            sequence=sequence,
            **in_languages("name", name),
            trade=places.trades[trade],
            norm_minutes=Decimal(minutes),
            piece_rate=Decimal(rate),
        )


def _make_offers(
    version: ProductVersion, row: dict, places: Places, catalogue: Catalogue, today: date
) -> None:
    """Last year's price and, by succession, this year's: the one of every order of the demo."""
    this_year = date((today - OLDEST_ORDER).year, 1, 1)
    for workshop, before, now, most in row["offers"]:
        common = {
            "version": version,
            "workshop": places.workshops[workshop],
            "max_quantity": most,
        }
        ProductOffer.objects.create(
            **common,
            price=Decimal(before),
            effective_from=date(this_year.year - 1, 1, 1),
            effective_to=this_year,
        )
        catalogue.offers[row["code"], workshop] = ProductOffer.objects.create(
            **common, price=Decimal(now), effective_from=this_year
        )
