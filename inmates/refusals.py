"""Why a month cannot be computed, as sentences: raised by `parameters`, caught by the services.

Uncaught, they still end in a readable page (`portal.kernel.errors`).
"""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError

TWO_ROWS = _("two rows are in force.")


class ParameterMissing(PortalError):
    """No row of `code` is in force on the day `on`."""

    message = _(
        "The parameter %(code)s has no value for %(day)s. Add it with its start date and source."
    )

    def __init__(self, code: str, on: date) -> None:
        super().__init__(code=code, day=on.isoformat())
        self.code = code
        self.on = on


class ParameterUnusable(PortalError):
    """The row of `code` in force on `on` cannot be used: it overlaps another or is malformed."""

    message = _("The parameter %(code)s cannot be used on %(day)s: %(problem)s")

    def __init__(self, code: str, on: date, problem: str | Promise) -> None:
        super().__init__(code=code, day=on.isoformat(), problem=problem)
        self.code = code
        self.on = on
