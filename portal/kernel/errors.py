"""Refusals that a person can read, and the way from a database constraint to such a sentence.

Services raise `PortalError`s; views catch them to show the form again with what was typed. What a
view does not catch, `ReadableErrorMiddleware` turns into a page instead of a 500.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.db import DatabaseError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PortalError(Exception):
    """What was refused and what to do, as a translated sentence."""

    status = 409
    message: str | Promise = _("This cannot be done now.")

    def __init__(self, message: str | Promise | None = None, **details: Any) -> None:
        self.details = details
        self.message = message if message is not None else self.message
        super().__init__(message)

    def __str__(self) -> str:
        text = str(self.message)
        return text % self.details if self.details else text


class Forbidden(PortalError):
    """In sight, but this person may not do it; the sentence says why."""

    status = 403
    message = _("You may not do this.")


class ConstraintRefused(PortalError):
    """The database refused a row; `constraint` is the name of the constraint or trigger."""

    def __init__(self, message: str | Promise, constraint: str) -> None:
        super().__init__(message)
        self.constraint = constraint


# Sentences of constraints that live in triggers; apps add theirs while loading their models.
TRIGGER_SENTENCES: dict[str, str | Promise] = {}


@cache
def _constraint_sentences() -> dict[str, str | Promise]:
    sentences: dict[str, str | Promise] = {
        constraint.name: constraint.violation_error_message or ""
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }
    return sentences | TRIGGER_SENTENCES


def refusal_of(error: DatabaseError) -> ConstraintRefused | None:
    """The readable refusal behind a database error, or None where there is no sentence for it."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    sentence = _constraint_sentences().get(name)
    return ConstraintRefused(sentence, name) if sentence else None


@contextmanager
def readable_refusals() -> Iterator[None]:
    """Raise `ConstraintRefused` for every constraint that has a sentence; other errors pass."""
    try:
        yield
    except (IntegrityError, DatabaseError) as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


class ReadableErrorMiddleware:
    """Shows an uncaught refusal as a page with its sentence and status; a wrong method too."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        if response.status_code == 405 and not response.content:
            # Django's own answer is an empty page: whoever reloads a form's address sees nothing.
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DatabaseError):
            error = refusal_of(error) or error
        if not isinstance(error, PortalError):
            return None
        template = "403.html" if error.status == 403 else "refused.html"
        return render(request, template, {"reason": str(error)}, status=error.status)
