"""Money: the only place that rounds.

Every sum is a Decimal in tenge (KZT) with two places (tiyn). Pure but for `MoneyField`
and `RateField`, which refuse what a plain DecimalField would silently repair.
"""

from collections.abc import Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

TIYN = Decimal("0.01")
TENGE = Decimal("1")
ZERO = Decimal("0.00")
NBSP = "\N{NO-BREAK SPACE}"
# No sum is too long for it: the precision of the caller's context must not get in the way.
UNLIMITED = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def _quantize(amount: Decimal | Fraction, quantum: Decimal, rounding: str) -> Decimal:
    """Round to a multiple of 1 or 0.01, written with two places; a zero has no sign."""
    if isinstance(amount, Decimal):
        if not amount.is_finite():
            raise ValueError("money is a finite number")
        return amount.quantize(quantum, rounding, UNLIMITED).quantize(TIYN, None, UNLIMITED) or ZERO
    if isinstance(amount, float):
        raise TypeError("money is never a float")
    exact = Fraction(amount) / Fraction(quantum)
    whole, rest = divmod(abs(exact.numerator), exact.denominator)
    if rounding == ROUND_HALF_UP and rest * 2 >= exact.denominator:
        whole += 1
    signed = -whole if exact < 0 else whole
    return Decimal(signed * int(quantum / TIYN)).scaleb(-2, UNLIMITED)


def round_tiyn(amount: Decimal | Fraction) -> Decimal:
    """The amount in tenge rounded half up (away from zero) to tiyn."""
    return _quantize(amount, TIYN, ROUND_HALF_UP)


def round_tenge(amount: Decimal | Fraction) -> Decimal:
    """The amount rounded half up to whole tenge, written with two places."""
    return _quantize(amount, TENGE, ROUND_HALF_UP)


def is_in_tiyn(amount: Decimal) -> bool:
    """The amount has no part finer than tiyn."""
    return round_tiyn(amount) == amount


def floor_tenge(amount: Decimal | Fraction) -> Decimal:
    """The amount cut down (towards zero) to whole tenge, written with two places."""
    return _quantize(amount, TENGE, ROUND_DOWN)


def floor_tiyn(amount: Decimal | Fraction) -> Decimal:
    """The amount in tenge cut down (towards zero) to tiyn."""
    return _quantize(amount, TIYN, ROUND_DOWN)


def proportional_sum(rate: Decimal, quantity: int, per: int) -> Decimal:
    """`rate` × `quantity` ÷ `per`, computed exactly and rounded once, half up to tiyn.

    In whole numbers, which is many times faster than in fractions. Nothing is negative.
    """
    numerator, denominator = rate.as_integer_ratio()
    whole, rest = divmod(numerator * quantity * 100, denominator * per)
    if rest * 2 >= denominator * per:
        whole += 1
    return Decimal(whole).scaleb(-2, UNLIMITED)


def vat_inside(total: Decimal, rate: Decimal) -> Decimal:
    """The VAT contained in `total` at `rate` (0.16 for 16 %), half up to tiyn.

    law.md §2a.8: line × rate ÷ (1 + rate).
    """
    return round_tiyn(Fraction(total) * Fraction(rate) / (1 + Fraction(rate)))


def split_by_largest_remainder(
    total: Decimal, weights: Sequence[Decimal | int | Fraction], quantum: Decimal = TENGE
) -> list[Decimal]:
    """Split `total` in proportion to `weights` so that the parts sum to it exactly.

    `total` is a multiple of `quantum`; no weight is negative and their sum is positive. What
    rounding down leaves goes one quantum each to the largest remainders, a tie to the earlier.
    """
    shares = [Fraction(weight) for weight in weights]
    whole = sum(shares, Fraction(0))
    if whole <= 0 or min(shares) < 0:
        raise ValueError("weights must not be negative and must sum to more than zero")
    units = Fraction(total) / Fraction(quantum)
    if units.denominator != 1 or units < 0:
        raise ValueError("the total must be a whole number of quanta and not negative")
    exact = [units * share / whole for share in shares]
    parts = [value.numerator // value.denominator for value in exact]
    left = int(units) - sum(parts)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[:left]:
        parts[i] += 1
    return [_quantize(part * Fraction(quantum), TIYN, ROUND_DOWN) for part in parts]


def format_money(amount: Decimal, sign: str = "") -> str:
    """The amount as documents print it in all three languages: 85 000,00 (documents.md §1.9).

    No-break spaces part the thousands; `sign` ("₸") follows after another one.
    """
    whole, _dot, cents = f"{abs(round_tiyn(amount)):.2f}".partition(".")
    groups = f"{int(whole):,}".replace(",", NBSP)
    minus = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{minus}{groups},{cents}" + (f"{NBSP}{sign}" if sign else "")


class ExactDecimalField(models.DecimalField):
    """A decimal column that refuses a float or more places than it keeps."""

    description = _("An exact decimal number")

    def to_python(self, value: Any) -> Decimal | None:
        self.refuse_inexact(value)
        return super().to_python(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if not hasattr(value, "resolve_expression"):
            self.refuse_inexact(value)
        return super().get_db_prep_save(value, connection)

    def refuse_inexact(self, value: Any) -> None:
        """Raise ValidationError for a float, for what is no number, for a place too many."""
        if isinstance(value, float):
            raise ValidationError(_("A sum is never a floating-point number."), code="float")
        if isinstance(value, Decimal):
            if not value.is_finite():
                raise ValidationError(_("Enter a number."), code="invalid")
            if value != 0 and -int(value.normalize().as_tuple().exponent) > self.decimal_places:
                raise ValidationError(
                    _("No more than %(places)s decimal places."),
                    code="places",
                    params={"places": self.decimal_places},
                )


class MoneyField(ExactDecimalField):
    """A sum in tenge: numeric(14,2)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = 14
        kwargs["decimal_places"] = 2
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs


class RateField(ExactDecimalField):
    """A rate or a share: numeric(12,4)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = 12
        kwargs["decimal_places"] = 4
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs
