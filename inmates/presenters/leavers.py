"""People who left before the end of a month, as the master's page of the month lists them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmates.selectors.leavers import Leaver
from inmates.selectors.month import MonthSheet
from portal.kernel.text import date_short, moment


def leaver_rows(leavers: Iterable[Leaver], sheet: MonthSheet) -> list[dict[str, Any]]:
    """Number, last day, who confirmed it; the address at which it is confirmed while it is not."""
    return [
        {
            "number": one.placement.inmate.personnel_number,
            "last_day": date_short(one.last_day),
            "state": _state(one),
            "url": ""
            if one.is_confirmed
            else reverse(
                "inmates:confirm_leaver",
                args=[sheet.workshop.code, str(sheet.month), one.placement.pk],
            ),
        }
        for one in leavers
    ]


def _state(one: Leaver) -> str:
    if one.confirmed is None:
        return _("not confirmed")
    if one.is_changed:
        return _("changed after it was confirmed")
    return _("confirmed by %(who)s on %(at)s") % {
        "who": one.confirmed.confirmed_by.get_full_name(),
        "at": moment(one.confirmed.confirmed_at),
    }
