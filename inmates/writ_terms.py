"""What a writ of execution asks for, as plain values, and how they are written into its row.

Pure; a form makes the terms, `services.writs` stores them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class WritTerms:
    """A share or a sum of alimony, or a debt; to whom it goes; the bailiff, fee and order."""

    kind: str
    queue: int
    payee: str
    share: tuple[int, int] | None = None
    amount: Decimal | None = None
    debt: Decimal | None = None
    payee_account: str = ""
    bailiff: str = ""
    bailiff_account: str = ""
    fee: Decimal | None = None
    order_number: str = ""
    ordered_on: date | None = None
    received_on: date | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of `WritOfExecution` and their values."""
        numerator, denominator = self.share or (None, None)
        return {
            "kind": self.kind,
            "queue": self.queue,
            "payee": self.payee.strip(),
            "share_numerator": numerator,
            "share_denominator": denominator,
            "amount": self.amount,
            "debt": self.debt,
            "payee_account": self.payee_account,
            "bailiff": self.bailiff.strip(),
            "bailiff_account": self.bailiff_account,
            "fee": self.fee,
            "order_number": self.order_number.strip(),
            "ordered_on": self.ordered_on,
            "received_on": self.received_on,
        }
