"""Accidents in words: the list, one of them with its notices, what is late and with whom."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inmates.enums import NoticeAddressee
from inmates.models import Accident, AccidentNotice
from inmates.selectors.accidents import LateNotices, is_late
from portal.kernel.states import history_of
from portal.kernel.text import date_long, date_short, moment


def notice_row(notice: AccidentNotice, on: date) -> dict[str, Any]:
    """One notice: to whom, until when, sent or not, and in words when it is late."""
    late = is_late(notice, on)
    if notice.sent_at is not None:
        words = _("sent %(moment)s, № %(number)s") % {
            "moment": moment(notice.sent_at), "number": notice.document_number,
        }  # fmt: skip
    else:
        words = _("to be sent by %(day)s") % {"day": date_short(notice.due_on)}
    tone = "bad" if late else "ok" if notice.sent_at else "warn"
    return {
        "pk": notice.pk,
        "addressee": notice.get_addressee_display(),
        "due": date_short(notice.due_on),
        "words": words,
        "is_late": late,
        "late": _("late") if late else "",
        "tone": tone,
        "is_sent": notice.sent_at is not None,
    }


def accident_row(accident: Accident, on: date) -> dict[str, Any]:
    """A line of the list; the circumstances stand on the accident's own page alone."""
    notices = [notice_row(one, on) for one in accident.notices.all()]
    return {
        "pk": accident.pk,
        "when": moment(accident.happened_at),
        "kind": accident.get_kind_display(),
        "place": accident.workshop.name if accident.workshop else _("outside a workshop"),
        "institution": accident.institution.organisation.name,
        "status": accident.status,
        "state": accident.get_status_display(),
        "notices": notices,
        "is_late": any(one["is_late"] and not one["is_sent"] for one in notices),
        "owner": accident.recorded_by.get_full_name(),
        "numbers": [one.inmate.personnel_number for one in accident.involved.all()],
    }


def accident_facts(accident: Accident, row: dict[str, Any]) -> list[dict[str, str]]:
    """What stands below the head of its page."""
    return [
        {"label": _("When"), "value": row["when"]},
        {"label": _("Where"), "value": row["place"], "note": row["institution"]},
        {"label": _("Personnel numbers"), "value": ", ".join(row["numbers"]) or "—"},
        {"label": _("Answers for the notices"), "value": row["owner"]},
        {"label": _("Circumstances"), "value": accident.circumstances},
    ]


def accident_history(accident: Accident) -> list[dict[str, Any]]:
    """Its timeline, the newest first."""
    moves = {"notify": _("Both notices sent"), "close": _("Closed")}
    rows = [
        {
            "at": change.at,
            "text": moves.get(change.action, change.action),
            "status": change.to_status,
            "who": change.actor.get_full_name() if change.actor else "",
            "reason": change.reason,
        }
        for change in history_of(accident)
    ]
    rows.append(
        {
            "at": accident.recorded_at,
            "text": _("Entered"),
            "status": "reported",
            "who": accident.recorded_by.get_full_name(),
        }
    )
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def late_rows(found: Iterable[LateNotices], *, linked: bool) -> list[dict[str, str]]:
    """Late notices as sentences with their owner: for the desk, and for the department's head."""
    return [
        {
            "text": _("%(place)s: %(kind)s, notice to %(addressees)s was due %(day)s")
            % {
                "place": one.accident.institution.organisation.name,
                "kind": one.accident.get_kind_display(),
                "addressees": ", ".join(one.addressees),
                "day": date_short(one.due_on),
            },
            "owner": one.owner,
            "url": reverse("inmates:accident", args=[one.accident.pk]) if linked else "",
        }
        for one in found
    ]


def notice_document(notice: AccidentNotice, language: str) -> dict[str, Any]:
    """The printed notice as plain data; the people by number, the circumstances as entered."""
    accident = notice.accident
    place = accident.institution.organisation
    to = {
        NoticeAddressee.INSPECTION: _("To the labour inspection"),
        NoticeAddressee.PROSECUTOR: _("To the prosecutor"),
    }
    numbers = [one.inmate.personnel_number for one in accident.involved.all()]
    facts = [
        (_("When"), moment(accident.happened_at)),
        (_("Where"), accident.workshop.name if accident.workshop else _("outside a workshop")),
        (_("Kind"), accident.get_kind_display()),
        (_("People involved"), str(len(numbers))),
        (_("Personnel numbers"), ", ".join(numbers) or "—"),
        (_("Circumstances"), accident.circumstances),
    ]
    return {
        "language": language,
        "title": _("Notice"),
        "draft": _("draft of the form"),
        "from": place.name,
        "to": to[NoticeAddressee(notice.addressee)],
        "number": notice.document_number or "________",
        "day": date_long(notice.sent_at) if notice.sent_at else "________",
        "labels": {
            "number": "№",
            "day": _("Date"),
            "from": pgettext("letter", "From"),
            "to": _("To"),
        },
        "opening": _(
            "Under article 119(10) of the Penal Execution Code we give notice by the next "
            "working day (%(day)s) of the following."
        )
        % {"day": date_short(notice.due_on)},
        "facts": [{"label": str(label), "value": value} for label, value in facts],
        "signs": [_("Head of the institution"), _("Labour officer")],
    }
