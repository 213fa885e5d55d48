"""What stops the calculation as sentences: what is missing, whose turn, where it is mended."""

from collections.abc import Collection, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from inmates.enums import TimesheetStatus
from inmates.selectors.leavers import CHANGED_SINCE, NOT_CONFIRMED
from inmates.selectors.pay_blockers import Blocker
from portal.accounts.enums import Role
from portal.kernel.periods import Month
from portal.kernel.text import date_short, month_name, number

SENTENCES = {
    "timesheet": gettext_lazy("The timesheet of “%(title)s” is not locked: %(status)s"),
    "past_timesheet": gettext_lazy(
        "The timesheet of “%(title)s” for %(sheet_month)s was opened again and is not locked"
    ),
    "rate_post": gettext_lazy("No rate of “%(title)s” for %(day)s"),
    "rate_operation": gettext_lazy("No piece rate of “%(title)s” for %(day)s"),
    "contract": gettext_lazy(
        "№ %(key)s is placed from %(day)s without the number of a contract or an order"
    ),
    "consent": gettext_lazy(
        "№ %(key)s is placed with a private employer from %(day)s without a consent in force"
    ),
    NOT_CONFIRMED: gettext_lazy(
        "The days of № %(key)s in “%(title)s” up to %(day)s are confirmed by nobody"
    ),
    CHANGED_SINCE: gettext_lazy(
        "The days of № %(key)s in “%(title)s” were changed after they were confirmed"
    ),
    "calendar": gettext_lazy("The production calendar of %(month)s is not complete"),
    "kinds": gettext_lazy("No kind of earnings is in force on %(day)s"),
    "regime": gettext_lazy("The tax regime of the payer is not known on %(day)s"),
}
# Whose turn it is, and the role that may open the page where it is mended.
TURNS = {
    "timesheet": (gettext_lazy("the accountant"), Role.ACCOUNTANT),
    "past_timesheet": (gettext_lazy("the accountant"), Role.ACCOUNTANT),
    "rate_post": (gettext_lazy("the accountant"), Role.ACCOUNTANT),
    "rate_operation": (gettext_lazy("the accountant"), Role.ACCOUNTANT),
    "contract": (gettext_lazy("the labour officer"), Role.LABOUR_OFFICER),
    "consent": (gettext_lazy("the labour officer"), Role.LABOUR_OFFICER),
    NOT_CONFIRMED: (gettext_lazy("the master"), Role.MASTER),
    CHANGED_SINCE: (gettext_lazy("the master"), Role.MASTER),
    "parameter": (gettext_lazy("the administrator"), Role.ACCOUNTANT),
    "calendar": (gettext_lazy("the administrator"), Role.ADMINISTRATOR),
    "kinds": (gettext_lazy("the administrator"), Role.ADMINISTRATOR),
    "regime": (gettext_lazy("the administrator"), Role.ADMINISTRATOR),
}
SHEETS = {
    TimesheetStatus.OPEN: pgettext_lazy("of a timesheet", "still being entered"),
    TimesheetStatus.RETURNED: pgettext_lazy("of a timesheet", "returned to the master"),
    TimesheetStatus.SUBMITTED: pgettext_lazy("of a timesheet", "submitted, to be checked"),
}


def blocker_rows(
    blockers: Iterable[Blocker], payer_id: int, month: Month, roles: Collection[str]
) -> list[dict[str, Any]]:
    """A line for each thing that is missing; the link only for whoever may open the page."""
    return [
        {
            "text": sentence_of(one, month),
            "note": _people(one),
            "turn": str(turn_of(one)),
            "url": _address(one, payer_id, month) if _may_open(one, roles) else "",
        }
        for one in blockers
    ]


def sentence_of(blocker: Blocker, month: Month) -> str:
    """What is missing, in the reader's language."""
    if blocker.sentence:
        return blocker.sentence
    words = {
        "title": title_of(blocker.title),
        "key": blocker.key,
        "status": SHEETS.get(TimesheetStatus(blocker.status), "") if blocker.status else "",
        "day": date_short(blocker.day) if blocker.day else "",
        "month": month_name(month),
        "sheet_month": month_name(blocker.day) if blocker.day else "",
    }
    return str(SENTENCES[blocker.code]) % words


def turn_of(blocker: Blocker) -> Any:
    """Who mends it; a timesheet that is not submitted is the master's."""
    sheets = ("timesheet", "past_timesheet")
    if blocker.code in sheets and blocker.status != TimesheetStatus.SUBMITTED:
        return gettext_lazy("the master")
    return TURNS[blocker.code][0]


def title_of(title: dict[str, str] | None) -> str:
    """A name in the reader's language."""
    names = title or {}
    return names.get(get_language() or "ru") or names.get("ru", "")


def _people(blocker: Blocker) -> str:
    if blocker.code not in ("rate_post", "rate_operation"):
        return ""
    return _("people concerned: %(count)s") % {"count": number(blocker.people)}


def _may_open(blocker: Blocker, roles: Collection[str]) -> bool:
    return TURNS[blocker.code][1] in roles


def _address(blocker: Blocker, payer_id: int, month: Month) -> str:
    """The page on which it is mended."""
    if blocker.code == "timesheet":
        return reverse("inmates:timesheet", args=[blocker.key, str(month)])
    if blocker.code == "past_timesheet" and blocker.day:
        return reverse("inmates:timesheet", args=[blocker.key, str(Month.of(blocker.day))])
    if blocker.code in ("rate_post", "rate_operation"):
        kind = blocker.code.removeprefix("rate_")
        return f"{reverse('inmates:pay_rate_enter')}?payer={payer_id}&{kind}={blocker.key}"
    if blocker.code in ("contract", "consent"):
        return reverse("inmates:person", args=[blocker.key])
    if blocker.code == "parameter":
        return reverse("inmates:pay_parameters")
    return ""
