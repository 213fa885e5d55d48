"""The words of the health checks: what is looked at, in which state it is, what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel.text import number


class State(TextChoices):
    """How a part is; the code is a row of portal/front/statuses.py as well."""

    OK = "ok", gettext_lazy("Works")
    WARN = "warn", gettext_lazy("Look at it")
    DOWN = "down", gettext_lazy("Down")


# In the order in which one would look for a fault: what others need comes first.
LABELS: dict[str, str | Promise] = {
    "database": gettext_lazy("Database"),
    "migrations": gettext_lazy("Tables of the database"),
    "extensions": gettext_lazy("Extensions of the database"),
    "alphabet": gettext_lazy("Alphabet of the database"),
    "broker": gettext_lazy("Redis: queue"),
    "cache": gettext_lazy("Redis: cache"),
    "worker": gettext_lazy("Worker"),
    "beat": gettext_lazy("Beat (schedule)"),
    "jobs": gettext_lazy("Jobs"),
    "disk": gettext_lazy("Files and disk"),
    "fonts": gettext_lazy("Font for printing"),
    "translations": gettext_lazy("Translations"),
    "static": gettext_lazy("Styles and scripts"),
    "clock": gettext_lazy("Clock"),
    "mail": gettext_lazy("Mail"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: its state, what was measured, and a sentence on what to do unless it works."""

    code: str
    state: State
    value: str
    advice: str = ""

    @property
    def label(self) -> str:
        return str(LABELS[self.code])


def not_measured(code: str, cause: str) -> Finding:
    """Nobody can tell: another part is down, and that one has to be mended first."""
    return Finding(
        code,
        State.WARN,
        _("not measured"),
        _("First mend: %(part)s.") % {"part": LABELS[cause]},
    )


def overall(findings: Iterable[Finding]) -> State:
    """The worst of all states."""
    states = {finding.state for finding in findings}
    return next((one for one in (State.DOWN, State.WARN) if one in states), State.OK)


def one_place(value: float) -> str:
    """The number as the reader writes it, with one digit behind the comma."""
    return number(Decimal(f"{value:.1f}"), 1)


def milliseconds(seconds: float) -> str:
    """How long an answer took, as text."""
    return _("answers in %(count)s ms") % {"count": int(seconds * 1000)}
