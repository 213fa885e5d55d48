"""The month board: the steps from timesheets to payment, and the list of places above it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from inmates.enums import RunStatus as Status
from inmates.enums import TimesheetStatus
from inmates.models import PayrollRun
from inmates.presenters.pay_blockers import SHEETS, title_of
from inmates.selectors.month_board import MonthFacts, SheetsOfPlace
from inmates.selectors.payroll import Place
from portal.kernel.periods import Month
from portal.kernel.text import date_short, money, month_name, number

DONE, ACT, BLOCKED, LATER, INFO = "ok", "warn", "bad", "quiet", "info"
# How many unlocked workshops are named under the step.
MOST_NAMES = 4


@dataclass(slots=True)
class Step:
    """One line of the task list: `tone` colours the state, `turn` says who acts now."""

    label: str
    tone: str
    state: str
    url: str = ""
    note: str = ""
    turn: str = ""
    is_current: bool = False


def month_steps(facts: MonthFacts) -> list[Step]:
    """The steps in their order; the first that waits for somebody is the current one."""
    steps = [
        _sheets(facts),
        _output(facts),
        _rates(facts),
        _contracts(facts),
        _law(facts),
        _applications(facts),
        _writs(facts),
        _extra(facts),
        _changes(facts),
        _calculation(facts),
        _check(facts),
        _approval(facts),
        _payment(facts),
    ]
    current = next((one for one in steps if one.tone in (ACT, BLOCKED)), None)
    if current is not None:
        current.is_current = True
    return steps


def only_runs(steps: list[Step]) -> list[Step]:
    """For who approves and does nothing else here: the lists behind the other steps are shut."""
    runs = f"{reverse('inmates:payroll_runs')}runs/"
    for step in steps:
        if not step.url.startswith(runs):
            step.url = ""
    return steps


def _sheets(facts: MonthFacts) -> Step:
    waiting = [one for one in facts.sheets if not one.is_locked]
    names = [
        f"{title_of(one.title)}: {SHEETS[TimesheetStatus(one.status)]}"
        for one in waiting[:MOST_NAMES]
    ]
    is_masters = any(one.status != TimesheetStatus.SUBMITTED for one in waiting)
    turn = _("the master") if is_masters else _("the accountant")
    return Step(
        _("Timesheets"),
        BLOCKED if waiting else DONE,
        _("locked: %(count)s of %(all)s")
        % {"count": number(len(facts.sheets) - len(waiting)), "all": number(len(facts.sheets))},
        url=f"{reverse('inmates:timesheets')}?month={facts.month}",
        note="; ".join(names) + ("…" if len(waiting) > MOST_NAMES else ""),
        turn=turn if waiting else "",
    )


def _output(facts: MonthFacts) -> Step:
    found = facts.output
    booked = found.entries + found.shares
    state = ngettext("%(count)s entry", "%(count)s entries", booked) % {"count": number(booked)}
    note = ""
    if found.without_hours:
        note = _("on days without hours: %(count)s") % {"count": number(found.without_hours)}
    return Step(
        _("Output accepted"),
        INFO if found.without_hours else DONE,
        state,
        url=f"{reverse('inmates:timesheets')}?month={facts.month}",
        note=note,
    )


def _missing(label: str, count: int, turn: str, *, done: str, url: str = "") -> Step:
    """A step that is either complete or lacks so many things."""
    state = _("missing: %(count)s") % {"count": number(count)} if count else done
    return Step(label, BLOCKED if count else DONE, state, url=url, turn=turn if count else "")


def _rates(facts: MonthFacts) -> Step:
    return _missing(
        _("Rates and piece rates"),
        len(facts.rates),
        _("the accountant"),
        done=_("complete"),
        url=reverse("inmates:pay_rates"),
    )


def _contracts(facts: MonthFacts) -> Step:
    return _missing(
        _("Contracts and consents"), len(facts.contracts), _("the labour officer"),
        done=_("complete"), url="#missing" if facts.contracts else "",
    )  # fmt: skip


def _law(facts: MonthFacts) -> Step:
    return _missing(
        _("Figures of the law, calendar, tax regime"),
        len(facts.law),
        _("the administrator"),
        done=pgettext("figures of the law", "in force"),
        url=reverse("inmates:pay_parameters"),
    )


def _applications(facts: MonthFacts) -> Step:
    of_month = f"payer={facts.payer_id}&place={facts.institution_id}&month={facts.month}"
    url = f"{reverse('inmates:tax_applications')}?{of_month}"
    if not facts.without_application:
        return Step(_("Basic deduction"), DONE, _("everybody has applied"), url=url)
    return Step(
        _("Basic deduction"),
        INFO,
        _("without an application: %(count)s of %(all)s")
        % {"count": number(facts.without_application), "all": number(facts.people)},
        url=f"{url}&show=without",
        note=_("their tax is computed without the deduction"),
    )


def _writs(facts: MonthFacts) -> Step:
    found = facts.writs
    parts = [
        _("suspended: %(count)s") % {"count": number(found.suspended)} if found.suspended else "",
        _("ended in the month: %(count)s") % {"count": number(found.ended)} if found.ended else "",
    ]
    return Step(
        _("Writs of execution"),
        DONE,
        _("in force: %(count)s") % {"count": number(found.in_force)},
        url=f"{reverse('inmates:writs')}?payer={facts.payer_id}",
        note=", ".join(part for part in parts if part),
    )


def _extra(facts: MonthFacts) -> Step:
    state = _("entered: %(count)s") % {"count": number(facts.extra)} if facts.extra else _("none")
    url = f"{reverse('inmates:extra_pay')}?month={facts.month}"
    return Step(_("Bonuses and other extra payments"), DONE, state, url=url)


def _changes(facts: MonthFacts) -> Step:
    """What of earlier months is calculated anew with this one; their sheets are locked first."""
    found, label = facts.changes, _("Changes of earlier months")
    place = f"{facts.payer_id}-{facts.institution_id}"
    url = f"{reverse('inmates:backdated_changes')}?place={place}"
    if not found.people:
        return Step(label, DONE, _("none"), url=url)
    state = _("people: %(count)s") % {"count": number(found.people)}
    since = _("since %(day)s") % {"day": date_short(found.since)} if found.since else ""
    if not found.sheets:
        return Step(label, INFO, state, url=url, note=since)
    names = ", ".join(title_of(one.title) for one in found.sheets[:MOST_NAMES])
    return Step(
        label, BLOCKED, state, url=url, turn=_("the accountant"),
        note=_("timesheets to be locked again: %(names)s") % {"names": names},
    )  # fmt: skip


def _calculation(facts: MonthFacts) -> Step:
    run, label = facts.run, _("Calculation")
    if run is None:
        if facts.blockers:
            return Step(label, LATER, _("waits for what is missing"))
        return Step(label, ACT, _("can start"), turn=_("the accountant"))
    url = reverse("inmates:payroll_run", args=[run.pk])
    shown = str(run.get_status_display())
    if run.status == Status.CALCULATING:
        return Step(label, INFO, shown, url=url)
    if run.status in (Status.DRAFT, Status.INCOMPLETE):
        return Step(label, ACT, shown, url=url, turn=_("the accountant"))
    return Step(
        label,
        DONE,
        _("payslips: %(count)s") % {"count": number(run.people)},
        url=url,
        note=_("earned %(gross)s, to the accounts %(to_account)s")
        % {"gross": money(run.gross), "to_account": money(run.to_account)},
    )


def is_calculated(run: PayrollRun | None) -> bool:
    """Whether the run has all its payslips."""
    return run is not None and run.status not in (
        Status.DRAFT, Status.CALCULATING, Status.INCOMPLETE,
    )  # fmt: skip


def _check(facts: MonthFacts) -> Step:
    run, label = facts.run, _("Second calculation")
    if run is None or not is_calculated(run) or run.checked_at is None:
        return Step(label, LATER, _("follows the calculation"))
    url = reverse("inmates:payroll_differences", args=[run.pk])
    if run.difference_count:
        return Step(
            label,
            BLOCKED,
            _("differences: %(count)s") % {"count": number(run.difference_count)},
            url=url,
            turn=_("the accountant"),
        )
    return Step(label, DONE, _("agrees to the tiyn"), url=url)


def _approval(facts: MonthFacts) -> Step:
    run, label = facts.run, _("Approval")
    if run is None or not is_calculated(run) or run.difference_count:
        return Step(label, LATER, _("by the first signature, never by whoever calculated"))
    url = reverse("inmates:payroll_run", args=[run.pk])
    if run.status == Status.CALCULATED:
        return Step(label, ACT, _("can be approved"), url=url, turn=_("the head"))
    if run.status == Status.POSTING:
        return Step(label, INFO, str(run.get_status_display()), url=url)
    who = run.approved_by.get_full_name() if run.approved_by else ""
    when = date_short(run.approved_at) if run.approved_at else ""
    return Step(label, DONE, _("approved"), url=url, note=f"{who}, {when}")


def _payment(facts: MonthFacts) -> Step:
    run, label = facts.run, _("Payment")
    if run is None or run.status not in (Status.APPROVED, Status.PAID):
        return Step(label, LATER, _("follows the approval"))
    url = reverse("inmates:payroll_run", args=[run.pk])
    if run.status == Status.APPROVED:
        return Step(label, ACT, _("can be paid"), url=url, turn=_("the accountant"))
    day = date_short(run.paid_on) if run.paid_on else ""
    return Step(label, DONE, _("paid"), url=url, note=f"{day}, {run.paid_document}".strip(", "))


def board_address(payer_id: int, institution_id: int, month: Month) -> str:
    """Where the board of a month is."""
    return reverse("inmates:payroll_board", args=[payer_id, institution_id, str(month)])


def place_rows(
    places: Iterable[Place],
    month: Month,
    runs: Mapping[tuple[int, int, Month], PayrollRun],
    sheets: Mapping[tuple[int, int], SheetsOfPlace],
) -> Iterator[dict[str, Any]]:
    """Each payer and institution in the month: its state, what comes next and whose turn it is."""
    for place in places:
        run, found = runs.get((*place.key, month)), sheets.get(place.key, SheetsOfPlace())
        if run is None and not found.due:
            continue  # nobody of this payer was placed there in the month
        act, turn = next_act(run, found)
        yield {
            "key": place.key,
            "payer": place.payer.name,
            "institution": place.institution.organisation.name,
            "url": board_address(*place.key, month),
            "run": run,
            "sheets": _("%(count)s of %(all)s")
            % {"count": number(found.locked), "all": number(found.due)},
            "are_sheets_missing": found.locked < found.due,
            "act": act,
            "turn": turn,
        }


def next_act(run: PayrollRun | None, sheets: SheetsOfPlace) -> tuple[str, str]:
    """What comes next, and whose turn it is."""
    if run is None or run.status == Status.DRAFT:
        if sheets.submitted < sheets.due:
            return _("enter and submit the timesheets"), _("the master")
        if sheets.locked < sheets.due:
            return _("check and lock the timesheets"), _("the accountant")
        return _("calculate"), _("the accountant")
    if run.status == Status.CALCULATED and run.difference_count:
        return _("look at the differences"), _("the accountant")
    return {
        Status.INCOMPLETE: (_("mend and calculate again"), _("the accountant")),
        Status.CALCULATED: (_("approve"), _("the head")),
        Status.APPROVED: (_("pay"), _("the accountant")),
    }.get(Status(run.status), ("", ""))


def month_chips(month: Month, months: Iterable[Month], url_of: Any) -> list[dict[str, Any]]:
    """The months to choose from."""
    return [
        {"label": month_name(one).capitalize(), "url": url_of(one), "is_here": one == month}
        for one in months
    ]
