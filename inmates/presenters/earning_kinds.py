"""The directory of kinds of earnings as its page shows it: what each counts for, and why."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inmates.models import EarningKind
from inmates.presenters.parameter_words import CONFIDENCES
from inmates.presenters.parameters import SURE
from portal.kernel.periods import Period

FLAGS = (
    "in_opv", "in_so", "in_osms", "in_ipn", "in_social_tax", "is_attachable", "in_average",
    "in_minimum_wage",
)  # fmt: skip


def kind_rows(kinds: Iterable[EarningKind], on: date) -> list[dict[str, Any]]:
    """Rows in the order of the payslip; one that is not in force on the day says so."""
    heads = kind_heads()
    return [
        {
            "code": kind.code,
            "name": kind.name,
            "by_hand": kind.is_manual,
            "marks": [
                {"head": head, "is_in": getattr(kind, flag)}
                for head, flag in zip(heads, FLAGS, strict=True)
            ],
            "from": kind.effective_from,
            "to": kind.effective_to,
            "is_in_force": Period(kind.effective_from, kind.effective_to).contains(on),
            "source": kind.source,
            "confidence": _confidence(kind.confidence),
            "tone": "ok" if set(_parts(kind.confidence)) <= SURE else "warn",
        }
        for kind in kinds
    ]


def kind_heads() -> list[str]:
    """The heads of the columns of marks."""
    return [
        _("OPV, OPVR"),
        _("SO"),
        _("VOSMS, OOSMS"),
        _("IPN"),
        _("Social tax"),
        _("Writs"),
        _("Average wage"),
        _("Minimum wage"),
    ]


def _parts(confidence: str) -> list[str]:
    return re.split(r" [+/] ", confidence)


def _confidence(confidence: str) -> str:
    return ", ".join(str(CONFIDENCES.get(part, part)) for part in _parts(confidence))
