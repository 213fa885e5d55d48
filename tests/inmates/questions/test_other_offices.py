"""What one office may know of another, who answers at all, and what is sent twice at once."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import WageQuestion
from inmates.questions.answers import answer_question, enter_letter
from inmates.questions.codes import code_of
from inmates.questions.forms import LetterForm
from inmates.questions.refusals import NobodyToAsk
from inmates.questions.selectors import addressees_of, kinds_that_answer
from inmates.questions.services import ask_by_code
from portal.accounts.enums import FIRST_SIGNATURE, NEVER_OVERSEEING
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.models import FirstSignature, Membership, RoleGrant, User
from portal.accounts.selectors import overseeing_grants, overseers
from tests.inmates.questions.world import (
    ANSWER,
    LATER,
    answered,
    asked,
    by_code,
    taken,
    wanted,
)
from tests.people import LONG_AGO, TODAY, Cast, a_user


def page_of(client: Client, question: WageQuestion) -> str:
    return client.get(reverse("inmates:question", args=[question.pk])).content.decode()


# --- one code at two offices --------------------------------------------------------------------


def test_an_office_learns_of_no_question_to_another(client: Client, cast: Cast, others, slip):
    first, second = by_code(slip, Kind.PROSECUTOR), by_code(slip, Kind.DEPARTMENT)
    third = by_code(slip, Kind.PROSECUTOR)
    assert second.follows == third.follows == first
    client.force_login(cast.question_officer)
    page = page_of(client, second)
    for question in (first, third):
        assert reverse("inmates:question", args=[question.pk]) not in page
    for told in ("уже использован", "с использованным кодом", "Пришло с тем же кодом"):
        assert told not in page
        assert told not in client.get(reverse("inmates:questions")).content.decode()
    client.force_login(cast.users["prosecutor"])
    page = page_of(client, first)
    assert reverse("inmates:question", args=[third.pk]) in page
    assert reverse("inmates:question", args=[second.pk]) not in page
    assert reverse("inmates:question", args=[first.pk]) in page_of(client, third)


# --- who answers --------------------------------------------------------------------------------


def with_a_part_in_wages(cast: Cast, role: str, user: User) -> None:
    if role == FIRST_SIGNATURE:
        FirstSignature.objects.create(
            organisation=cast.enterprise, holder=user, basis="приказ", effective_from=LONG_AGO
        )
        return
    member = Membership.objects.create(
        user=user, organisation=cast.kindergarten, effective_from=LONG_AGO
    )
    RoleGrant.objects.create(membership=member, role=role, effective_from=LONG_AGO)


@pytest.mark.parametrize("role", sorted(NEVER_OVERSEEING))
def test_an_office_whose_only_officer_may_not_answer_is_offered_to_nobody(
    client: Client, cast: Cast, others, person, slip, role
):
    with_a_part_in_wages(cast, role, cast.question_officer)
    assert cast.department not in addressees_of(cast.institution, TODAY)
    assert Kind.DEPARTMENT not in kinds_that_answer(TODAY)
    assert set(addressees_of(cast.institution, TODAY)) == set(others.values())
    with pytest.raises(NobodyToAsk):
        asked(person, cast.department)
    with pytest.raises(NobodyToAsk):
        by_code(slip)
    assert cast.question_officer.pk not in overseers(TODAY).values_list(
        "membership__user", flat=True
    )
    # No row of the menu leads where they find nothing.
    client.force_login(cast.question_officer)
    page = client.get(reverse("front:start")).content.decode()
    assert reverse("inmates:questions") not in page


def test_a_second_officer_keeps_the_office_open(client: Client, cast: Cast, others):
    with_a_part_in_wages(cast, "accountant", cast.question_officer)
    second = a_user("second@example.kz", cast.department, "question_officer")
    assert cast.department in addressees_of(cast.institution, TODAY)
    client.force_login(second)
    assert reverse("inmates:questions") in client.get(reverse("front:start")).content.decode()


def test_all_officers_at_once_are_those_told_one_by_one(cast: Cast, others):
    with_a_part_in_wages(cast, "master", cast.users["prosecutor"])
    found = set(overseers(TODAY).values_list("membership__user", flat=True))
    users = User.objects.filter(is_active=True)
    assert found == {user.pk for user in users if overseeing_grants(user, TODAY)}
    User.objects.filter(pk=cast.question_officer.pk).update(is_active=False)
    assert cast.question_officer.pk not in overseers(TODAY).values_list(
        "membership__user", flat=True
    )
    assert not overseers(date(2000, 1, 1)).exists()


# --- an answer that comes too late --------------------------------------------------------------


@pytest.mark.parametrize("status", ["sent", "answered"])
def test_an_answer_that_was_refused_is_not_lost(client: Client, cast: Cast, person, status):
    question = asked(person, cast.department)
    if status == "answered":
        answered(cast.question_officer, question)
    client.force_login(cast.question_officer)
    late = "Два часа работы над этим ответом"
    refused = client.post(reverse("inmates:question_answer", args=[question.pk]), {"answer": late})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert late in page
    assert "Ваш ответ не отправлен" in page
    assert "form-errors" in page
    assert (ANSWER in page) is (status == "answered")


def test_an_answer_that_may_be_mended_stays_in_its_form(client: Client, cast: Cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    client.force_login(cast.question_officer)
    page = client.post(reverse("inmates:question_answer", args=[question.pk]), {"answer": ""})
    assert "Ваш ответ не отправлен" not in page.content.decode()
    assert page.content.decode().count('name="answer"') == 1


# --- a form that is sent twice ------------------------------------------------------------------


def test_a_form_sent_twice_is_one_question_by_either_way(cast: Cast, others, slip):
    words = wanted(cast.department, addressee_kind="department")
    common = {"code": code_of(slip.pk), "submission": UUID(int=7), "wanted": words, "at": LATER}
    first = ask_by_code(**common)
    assert ask_by_code(**common) == first
    assert enter_letter(actor=cast.question_officer, **common) == first
    assert WageQuestion.objects.get() == first


# --- what a browser keeps -----------------------------------------------------------------------


def test_no_page_of_the_desk_is_kept_by_the_browser(client: Client, cast: Cast, others, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    client.force_login(cast.question_officer)
    answers: list[Any] = [
        client.get(reverse("inmates:questions")),
        client.get(reverse("inmates:question_enter")),
        client.post(reverse("inmates:question_enter"), {}),
        client.get(reverse("inmates:question", args=[question.pk])),
    ]
    acts = [reverse(f"inmates:question_{act}", args=[question.pk]) for act in ("answer", "take")]
    answers += [client.post(address, {}) for address in acts]
    assert {one.status_code for one in answers} == {200, 302, 422}
    for one in answers:
        assert "no-store" in one["Cache-Control"]


def test_the_way_of_an_entered_letter_is_chosen_and_not_guessed(cast: Cast):
    form = LetterForm(offices=[cast.department], cancel_url="/")
    assert not form["answer_way"].value()
    assert "checked" not in str(form["answer_way"])


def test_an_answer_needs_its_own_words(cast: Cast, person):
    question = taken(cast.question_officer, asked(person, cast.department))
    done = answer_question(
        actor=cast.question_officer, question_id=question.pk, answer=f" {ANSWER} ", at=LATER
    )
    assert done.answer == ANSWER
