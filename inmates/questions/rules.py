"""Who answers a question about wages, and when its office may know who asks."""

from datetime import date
from typing import Any

from inmates.models import WageQuestion
from portal.accounts.selectors import overseeing_grants
from portal.kernel.access import OUT_OF_SIGHT, YES, Verdict


def can_answer_question(user: Any, question: WageQuestion, on: date) -> Verdict:
    """An officer of the office that was asked, for the places they answer for; nobody else."""
    place_id = question.institution.organisation_id
    for grant in overseeing_grants(user, on):
        is_place = grant.scope_id is None or grant.scope_id == place_id
        if grant.organisation_id == question.addressee_id and is_place:
            return YES
    return OUT_OF_SIGHT


def may_read_name(question: WageQuestion) -> bool:
    """The person put it on the question, or gave it when it was asked for."""
    return question.is_named or question.name_given_at is not None
