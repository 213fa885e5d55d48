"""Sums of an order. Pure: prices and quantities in, sums out; tenge with two places (law.md §6).

Each line is rounded, then added; a total is the sum of its printed lines.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.kernel.money import ZERO, vat_inside


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A quantity at a price; `vat_rate` is None where VAT is not due."""

    unit_price: Decimal
    quantity: int
    vat_rate: Decimal | None

    @property
    def total(self) -> Decimal:
        return line_total(self.unit_price, self.quantity)

    @property
    def vat(self) -> Decimal:
        """VAT inside the line's total, half up to tiyn."""
        return vat_inside(self.total, self.vat_rate) if self.vat_rate is not None else ZERO


@dataclass(frozen=True, slots=True)
class Sums:
    """A total and the VAT inside it."""

    total: Decimal = ZERO
    vat: Decimal = ZERO

    def plus(self, total: Decimal, vat: Decimal) -> "Sums":
        return Sums(self.total + total, self.vat + vat)


def line_total(unit_price: Decimal, quantity: int) -> Decimal:
    """Price times pieces: exact, a price has two places."""
    if quantity <= 0 or unit_price <= 0:
        raise ValueError("a line has a positive quantity and price")
    return unit_price * quantity


def sums_of(lines: Iterable[PricedLine]) -> Sums:
    """The sum of lines already rounded."""
    sums = Sums()
    for line in lines:
        sums = sums.plus(line.total, line.vat)
    return sums
