"""Institutions, workshops with dated operators, posts, machines and production areas."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.accounts.models import Organisation
from portal.demo.organisations import LONG_AGO
from portal.demo.population import PostPlan
from portal.demo.sources import in_languages, read_data
from portal.kernel.periods import Month
from workshops.models import (
    Equipment,
    Institution,
    Post,
    ProductionSpace,
    Trade,
    Workshop,
    WorkshopOperator,
)


@dataclass
class Places:
    """What was made, by the codes of places.json; institutions in its order."""

    institutions: list[Institution] = field(default_factory=list)
    trades: dict[str, Trade] = field(default_factory=dict)
    workshops: dict[str, Workshop] = field(default_factory=dict)
    posts: dict[tuple[str, str], Post] = field(default_factory=dict)
    operators: dict[str, list[tuple[date, Organisation]]] = field(default_factory=dict)

    def operator_on(self, workshop: str, day: date) -> Organisation:
        """Who operated the workshop on a day."""
        return [who for begin, who in self.operators[workshop] if begin <= day][-1]


def handed_over_on(workshop: dict, today: date) -> date | None:
    """The day a workshop got its present operator, if it had another one before."""
    months = workshop.get("handed_over_months_ago")
    return Month.of(today).plus(-months).first_day if months else None


def post_plans(today: date) -> list[PostPlan]:
    """Every post with its share of people, for the simulation; touches no database."""
    data = read_data("places")
    numbers = [row["number"] for row in data["institutions"]]
    return [
        PostPlan(
            key=(workshop["code"], trade),
            institution=numbers.index(workshop["institution"]),
            trade=trade,
            pay_form=pay_form,
            weight=weight,
            handed_over_on=handed_over_on(workshop, today),
        )
        for workshop in data["workshops"]
        for trade, pay_form, weight in data["kinds"][workshop["kind"]]["posts"]
    ]


def make_places(
    organisations: dict[str, Organisation], seats: dict[tuple[str, str], int], today: date
) -> Places:
    """The places; a post has the seats its people need."""
    data = read_data("places")
    places = Places()
    for number, row in enumerate(data["institutions"]):
        places.institutions.append(
            Institution.objects.create(
                organisation=organisations[row["organisation"]],
                department=organisations["department"],
                number=row["number"],
                security=row["security"],
                sort_order=number,
            )
        )
    for row in data["trades"]:
        places.trades[row["code"]] = Trade.objects.create(
            code=row["code"], **in_languages("name", row)
        )
    by_number = {institution.number: institution for institution in places.institutions}
    for row in data["workshops"]:
        _make_workshop(row, data["kinds"][row["kind"]], by_number, places, seats)
        _make_operators(row, organisations, places, today)
    _make_spaces(data["spaces"], by_number)
    return places


def _make_workshop(
    row: dict,
    kind: dict,
    institutions: dict[str, Institution],
    places: Places,
    seats: dict[tuple[str, str], int],
) -> None:
    code = row["code"]
    workshop = Workshop.objects.create(
        institution=institutions[row["institution"]], code=code, **in_languages("name", kind)
    )
    places.workshops[code] = workshop
    for trade, _pay_form, _weight in kind["posts"]:
        made = places.trades[trade]
        places.posts[code, trade] = Post.objects.create(
            workshop=workshop,
            trade=made,
            seats=seats.get((code, trade), 0) + 2,
            **{f"name_{code}": getattr(made, f"name_{code}") for code in ("ru", "kk", "en")},
        )
    for number, (name, year, condition) in enumerate(kind["equipment"], start=1):
        Equipment.objects.create(
            workshop=workshop,
            name=name,
            inventory_number=f"ДЕМО-{code}-{number:02d}",
            made_in_year=year,
            condition=condition,
        )


def _make_operators(
    row: dict, organisations: dict[str, Organisation], places: Places, today: date
) -> None:
    changed = handed_over_on(row, today)
    periods = [(LONG_AGO, None, row["operator"])]
    if changed:
        periods = [(LONG_AGO, changed, row["formerly"]), (changed, None, row["operator"])]
    for number, (begin, end, code) in enumerate(periods, start=1):
        WorkshopOperator.objects.create(
            workshop=places.workshops[row["code"]],
            operator=organisations[code],
            effective_from=begin,
            effective_to=end,
            basis=f"Договор ДЕМО-{row['code']}/{number} от {begin:%d.%m.%Y}",
        )
    places.operators[row["code"]] = [(begin, organisations[code]) for begin, _end, code in periods]


def _make_spaces(rows: list[dict], institutions: dict[str, Institution]) -> None:
    for row in rows:
        ProductionSpace.objects.create(
            institution=institutions[row["institution"]],
            **in_languages("name", row),
            **in_languages("summary", row.get("summary")),
            code=row.get("code"),
            kind=row.get("kind", "hall"),
            has_crane=row.get("crane", False),
            has_gate=row.get("gate", False),
            area_m2=Decimal(row["area"]),
            power_kw=row["power"],
            height_m=Decimal(row["height"]),
            is_heated=row["heated"],
            condition=row["condition"],
            is_idle=row["idle"],
        )
