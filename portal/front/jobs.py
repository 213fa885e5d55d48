"""How the page of jobs shows a run, its filters and what may be done with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from portal.kernel.access import Verdict
from portal.kernel.jobs import may_be_retried, may_be_sent_again, task_label
from portal.kernel.models import TaskRun, TaskStatus

Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A run with its words; the verdicts say which of the two acts is offered."""

    run: TaskRun
    label: str
    who: str
    lasted: str
    retry: Verdict
    send: Verdict


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: its link keeps the other filter."""

    label: str
    count: int
    query: str
    is_chosen: bool


def job_row(run: TaskRun, at: datetime) -> JobRow:
    return JobRow(
        run=run,
        label=task_label(run.name),
        who=str(run.created_by) if run.created_by else _("the portal itself"),
        lasted=lasted(run, at),
        retry=may_be_retried(run),
        send=may_be_sent_again(run, at),
    )


def lasted(run: TaskRun, at: datetime) -> str:
    """How long it took, or takes so far; nothing before it begins."""
    if run.started_at is None:
        return ""
    seconds = max(int(((run.finished_at or at) - run.started_at).total_seconds()), 0)
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": seconds}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": seconds // 60, "seconds": seconds % 60}


def known(value: str, values: Iterable[str]) -> str:
    """The value of a filter if it is one; an address that was typed wrong filters nothing."""
    return value if value in set(values) else ""


def status_choices(counts: Counts, status: str, name: str) -> list[Choice]:
    """All, and each status, with how many runs of the chosen work there are."""

    def count(wanted: str) -> int:
        return sum(
            number
            for (task, state), number in counts.items()
            if name in ("", task) and wanted in ("", state)
        )

    labels = [("", _("All")), *((code, str(label)) for code, label in TaskStatus.choices)]
    return [
        Choice(label, count(code), _query(status=code, name=name), code == status)
        for code, label in labels
    ]


def name_choices(counts: Counts) -> list[tuple[str, str]]:
    """The works that have runs, by their words."""
    names = {name for name, _status in counts}
    return sorted(((name, task_label(name)) for name in names), key=lambda one: one[1])


def _query(**values: str) -> str:
    return "?" + urlencode({key: value for key, value in values.items() if value})
