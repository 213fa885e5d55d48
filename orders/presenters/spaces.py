"""What the pages of applications for space show: the clock, facts for each side, the timeline."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.enums import SpaceApplicationStatus as Status
from orders.models import SpaceApplication
from orders.selectors.spaces import Answering, owners_of
from portal.kernel import text
from portal.kernel.states import history_of
from portal.kernel.workdays import workdays_between
from workshops.presenters.spaces import space_title

Rows = list[dict[str, Any]]
NEWS = {
    "send": gettext_lazy("The application is sent"),
    "agree": gettext_lazy("The visit is agreed"),
    "decline": gettext_lazy("The institution declined"),
    "withdraw": gettext_lazy("The applicant withdrew"),
    "run_out": gettext_lazy("The last day for the answer has passed"),
}
BY_APPLICANT = {"send", "withdraw"}


def clock_of(application: SpaceApplication, on: date) -> dict[str, str]:
    """The clock in words with its tone: how many working days are left, or how many days over."""
    if application.status != Status.SENT:
        return {"tone": "quiet", "words": ""}
    due = application.answer_due_on
    if on > due:
        over = (on - due).days
        words = ngettext("%(days)s day late", "%(days)s days late", over)
        return {"tone": "bad", "words": words % {"days": text.number(over)}}
    left = workdays_between(on, due)
    if on == due or not left:
        return {"tone": "warn", "words": _("today is the last day")}
    words = ngettext("%(days)s working day left", "%(days)s working days left", left)
    return {"tone": "info", "words": words % {"days": text.number(left)}}


def application_rows(
    applications: Iterable[SpaceApplication], on: date, url_name: str
) -> list[dict[str, Any]]:
    """Rows of a list with the clock of each; `url_name` opens one by its id."""
    return [
        {
            "application": one,
            "url": reverse(url_name, args=[one.pk]),
            "title": space_title(one.space),
            "clock": clock_of(one, on),
            "is_late": one.status == Status.SENT and one.answer_due_on < on,
        }
        for one in applications
    ]


def own_rows(applications: Iterable[SpaceApplication], on: date) -> list[dict[str, Any]]:
    """Rows of the applicant's own list, opened by their keys."""
    return [
        {
            "application": one,
            "url": reverse("orders:space_application", args=[one.key]),
            "title": space_title(one.space),
            "clock": clock_of(one, on),
        }
        for one in applications
    ]


def applicant_context(application: SpaceApplication, on: date) -> dict[str, Any]:
    """The page of whoever asked."""
    return _context(application, on) | {
        "crumbs": [
            {"label": _("Space for business"), "url": reverse("workshops:spaces")},
            {"label": _("Your application")},
        ],
        "lead": _turn_of_applicant(application),
        "facts": [*_answer_facts(application), *_asked_facts(application)],
        "rows": timeline(application, with_reasons_of_owners=False),
        "may_withdraw": application.status in (Status.SENT, Status.AGREED),
    }


def office_context(
    application: SpaceApplication, on: date, *, list_url: str, list_label: str, has_contacts: bool
) -> dict[str, Any]:
    """The page of the institution, or without contacts that of the department."""
    contacts = [
        {"label": _("Phone"), "value": application.contact_phone,
         "url": f"tel:{_dialled(application.contact_phone)}"},
        {"label": _("E-mail"), "value": application.contact_email,
         "url": f"mailto:{application.contact_email}"},
    ]  # fmt: skip
    facts = [*_asked_facts(application), *(contacts if has_contacts else [])]
    return _context(application, on) | {
        "crumbs": [{"label": list_label, "url": list_url}, {"label": application.number}],
        "lead": _lead_of_office(application, on),
        "facts": [*_answer_facts(application), *facts],
        "rows": timeline(application, with_reasons_of_owners=True),
    }


def _context(application: SpaceApplication, on: date) -> dict[str, Any]:
    return {
        "application": application,
        "title": _("Application %(number)s") % {"number": application.number},
        "clock": clock_of(application, on),
        "space_title": space_title(application.space),
        "space": application.space,
    }


def _turn_of_applicant(application: SpaceApplication) -> str:
    due = text.date_short(application.answer_due_on)
    match application.status:
        case Status.AGREED if application.visit_on:
            day = text.date_short(application.visit_on)
            return _("The institution waits for you on %(day)s.") % {"day": day}
        case Status.DECLINED:
            return _("There will be no visit; the reason is below.")
        case Status.WITHDRAWN:
            return _("You have withdrawn the application. Nothing more will happen.")
    return _("The institution answers by %(day)s, that day included.") % {"day": due}


def _lead_of_office(application: SpaceApplication, on: date) -> str:
    if application.status != Status.SENT:
        return ""
    due = _("Answer by %(day)s") % {"day": text.date_short(application.answer_due_on)}
    return f"{due} · {clock_of(application, on)['words']}"


def _answer_facts(application: SpaceApplication) -> Rows:
    last = owners_of(application)[-1]
    due = text.date_short(application.answer_due_on)
    facts = [
        {"label": _("Area"), "value": space_title(application.space),
         "url": reverse("workshops:space", args=[application.space.code])},
        {"label": _("Institution"), "value": application.space.institution.organisation.name},
        {"label": _("Who answers"), "value": last.owner.get_full_name(),
         "note": last.get_role_display()},
        {"label": _("Answer by"), "value": due, "note": _("five working days, that day included")},
    ]  # fmt: skip
    if application.visit_on:
        visit = text.date_short(application.visit_on)
        facts.insert(0, {"label": _("Day of the visit"), "value": visit})
    return facts


def _asked_facts(application: SpaceApplication) -> Rows:
    number = _("BIN or IIN %(number)s") % {"number": application.bin} if application.bin else ""
    facts = [
        {"label": _("Applicant"), "value": application.company, "note": number},
        {"label": _("Contact person"), "value": application.contact_name},
        {"label": _("Activity"), "value": application.activity},
        {"label": _("Jobs wanted"), "value": text.number(application.jobs)},
    ]
    if application.message:
        facts.append({"label": _("Message"), "value": application.message})
    return facts


def _dialled(phone: str) -> str:
    """A telephone number as a link dials it."""
    return "".join(char for char in phone if char.isdigit() or char == "+")


def timeline(application: SpaceApplication, *, with_reasons_of_owners: bool) -> Rows:
    """What happened, oldest first: moves and changes of owner; officials by name."""
    place = application.space.institution.organisation.name
    rows: Rows = []
    for change in history_of(application):
        who = application.company if change.action in BY_APPLICANT else place
        rows.append(
            {
                "at": change.at,
                "text": NEWS.get(change.action, change.action),
                "tone": "bad" if change.action == "run_out" else "",
                "status": change.to_status,
                "who": "" if change.action == "run_out" else who,
                "reason": change.reason,
            }
        )
    rows += [
        {
            "at": given.at,
            "text": _("%(name)s answers from now on") % {"name": given.owner.get_full_name()},
            "tone": "info",
            "who": given.get_role_display(),
            "reason": given.reason if with_reasons_of_owners else "",
        }
        for given in owners_of(application)[1:]
    ]
    return sorted(rows, key=lambda row: row["at"])


def answering_rows(answering: Iterable[Answering]) -> Rows:
    """How each institution answers, for the department's table."""
    return [
        {
            "name": one.institution.organisation.name,
            "waiting": text.number(one.waiting),
            "overdue": text.number(one.overdue),
            "is_late": one.overdue > 0,
            "answered": text.number(one.answered),
            "mean": text.number(one.mean_days) if one.mean_days is not None else text.DASH,
        }
        for one in answering
    ]
