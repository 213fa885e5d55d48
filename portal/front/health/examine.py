"""Runs all checks side by side, each with a limit of time, and tells causes from consequences."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from portal.front.health import database, machine, queue
from portal.front.health.findings import LABELS, Finding, State, not_measured

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Probe:
    """A function that looks at some parts; `codes` are what it must answer for."""

    codes: tuple[str, ...]
    look: Callable[[datetime], list[Finding]]
    seconds: float = 4.0


PROBES = (
    Probe(database.CODES, database.look),
    Probe(queue.CODES, queue.look, seconds=6.0),
    Probe(("disk",), machine.disk),
    Probe(("fonts",), machine.fonts),
    Probe(("translations",), machine.translations),
    Probe(("static",), machine.static_files),
    Probe(("mail",), machine.mail),
)
# If the left one is not in order, the right ones say nothing of their own.
CAUSES = (("broker", ("worker",)), ("worker", ("beat",)))


def examine(at: datetime, probes: Iterable[Probe] = PROBES) -> list[Finding]:
    """A finding for each part in the order of LABELS; it takes as long as the slowest limit."""
    language = translation.get_language() or "en"
    answers: dict[str, Finding] = {}
    running = [(probe, _begin(probe, at, language, answers)) for probe in probes]
    for probe, thread in running:
        thread.join(probe.seconds)
        # A copy of what there is: a late thread may still write, but nobody reads it then.
        for code in probe.codes:
            answers.setdefault(code, _silent(code, probe))
    return explained([answers[code] for code in LABELS if code in answers])


def _begin(
    probe: Probe, at: datetime, language: str, answers: dict[str, Finding]
) -> threading.Thread:
    def look() -> None:
        with translation.override(language):
            try:
                found = probe.look(at)
            except Exception as error:
                log.exception("health check %s", probe.codes[0])
                found = [_broken(code, error) for code in probe.codes]
        for finding in found:
            answers.setdefault(finding.code, finding)

    # A daemon: a check that hangs must keep neither the page nor the end of the command waiting.
    thread = threading.Thread(target=look, name=f"health-{probe.codes[0]}", daemon=True)
    thread.start()
    return thread


def _silent(code: str, probe: Probe) -> Finding:
    value = _("no answer within %(seconds)s s") % {"seconds": int(probe.seconds)}
    return Finding(code, State.DOWN, value, _("Look whether it hangs, and start it anew."))


def _broken(code: str, error: Exception) -> Finding:
    """The check itself failed; the kind of error, never its text, which may quote a secret."""
    advice = _("The check failed; the cause is in the log of this process.")
    return Finding(code, State.DOWN, type(error).__name__, advice)


def explained(findings: list[Finding]) -> list[Finding]:
    """The findings, with consequences of another fault told as not measured."""
    shown = {finding.code: finding for finding in findings}
    for cause, consequences in CAUSES:
        if cause not in shown or shown[cause].state == State.OK:
            continue
        for code in consequences:
            if code in shown and shown[code].state == State.DOWN:
                shown[code] = not_measured(code, cause)
    return list(shown.values())
