"""Nobody in the institution, at a payer or in the portal's own care learns of a question.

Proved four ways: by every role at every address of questions; by asking and answering between two
readings of every other page, which must not differ; by the words of the source; by the tables.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse

from inmates.models import Inmate, Payslip, QuestionLook, WageQuestion
from inmates.questions.answers import ask_name, print_letter, read_name
from inmates.questions.rules import can_answer_question
from inmates.questions.selectors import questions_answered_by
from inmates.questions.services import give_name, note_answer_read, withdraw_question
from inmates.questions.urls import urlpatterns
from portal.accounts.enums import FIRST_SIGNATURE, NEVER_OVERSEEING, Role
from portal.accounts.models import FirstSignature, Membership, RoleGrant, User
from portal.accounts.selectors import overseeing_grants
from portal.kernel.access import OUT_OF_SIGHT
from portal.kernel.models import AuditEvent, Submission, TaskRun
from tests.access_table import EVERYBODY, SIGNED_IN, TABLE
from tests.inmates.questions.world import (
    ANSWER,
    LATER,
    NAME,
    WORDS,
    answered,
    asked,
    by_code,
    taken,
    without_tokens,
)
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_user

DESK = [one.name for one in urlpatterns if str(one.pattern).startswith("questions/desk/")]
POSTS = {"question_take", "question_ask_name", "question_answer", "question_name",
         "question_letter"}  # fmt: skip
# Whoever makes wages, employs, oversees people or keeps the portal; in each place they may be at.
OUTSIDERS = [role for role in Role.values if role != Role.QUESTION_OFFICER]


def everybody(cast: Cast) -> dict[str, User]:
    """Every role at the colony, at the payer, at a private employer and at the department."""
    people = {name: cast.users[name] for name in (*OUTSIDERS, "stranger")}
    for place in ("colony", "enterprise", "entrepreneur", "department"):
        for role in (Role.ADMINISTRATOR, Role.ACCOUNTANT, Role.HEAD, Role.LABOUR_OFFICER):
            user = a_user(f"{role}-{place}@example.kz", getattr(cast, place), role)
            people[f"{role} of the {place}"] = user
    deputy = a_user("deputy@example.kz", cast.enterprise)
    FirstSignature.objects.create(
        organisation=cast.enterprise, holder=deputy, basis="приказ", effective_from=LONG_AGO
    )
    return people | {"deputy": deputy}


def addresses(question: WageQuestion) -> Iterator[tuple[str, str]]:
    """Every address of the desk, with the question."""
    for name in DESK:
        needs_one = name not in ("questions", "question_enter")
        yield name, reverse(f"inmates:{name}", args=[question.pk] if needs_one else [])


# --- by role ------------------------------------------------------------------------------------


def test_the_desk_does_not_exist_for_anybody_else(client: Client, cast, person, slip):
    """404, in the very words of an address that leads nowhere, for every role at every place."""
    question = asked(person, cast.department, slip_id=slip.pk)
    people = everybody(cast)
    assert len(people) > 25
    for who, user in people.items():
        client.force_login(user)
        nowhere = client.get("/questions/desk-that-never-was/")
        for (_name, address), method in product(addresses(question), ("get", "post", "put")):
            response = getattr(client, method)(address)
            assert response.status_code == 404, f"{who} at {address} by {method}"
            same = without_tokens(nowhere.content).replace("/questions/desk-that-never-was/", "")
            assert without_tokens(response.content).replace(address, "") == same, (who, address)
    assert WageQuestion.objects.get(pk=question.pk).status == "sent"
    assert not QuestionLook.objects.exists()


def test_a_visitor_is_asked_who_they_are(client: Client, cast, person):
    all_of_it = addresses(asked(person, cast.department))
    for (_name, address), method in product(all_of_it, ("get", "post", "put")):
        response = getattr(client, method)(address)
        assert response.status_code == 302, f"{address} by {method}"
        assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("role", sorted({*NEVER_OVERSEEING} - {FIRST_SIGNATURE}))
@pytest.mark.parametrize("place", ["colony", "department", "kindergarten"])
def test_an_officer_with_a_part_in_the_wages_is_none(cast, person, role, place):
    """Whatever else they hold, and wherever: nobody looks over their own work."""
    question = asked(person, cast.department)
    officer = cast.question_officer
    assert can_answer_question(officer, question, TODAY)
    organisation = getattr(cast, place)
    member, _is_new = Membership.objects.get_or_create(
        user=officer, organisation=organisation, defaults={"effective_from": LONG_AGO}
    )
    RoleGrant.objects.create(membership=member, role=role, effective_from=LONG_AGO)
    fresh = User.objects.get(pk=officer.pk)
    assert overseeing_grants(fresh, TODAY) == ()
    assert can_answer_question(fresh, question, TODAY) == OUT_OF_SIGHT
    assert not questions_answered_by(fresh, TODAY).exists()


def test_who_signs_first_for_a_payer_is_no_officer(client: Client, cast, person):
    question = asked(person, cast.department)
    FirstSignature.objects.create(
        organisation=cast.enterprise, holder=cast.question_officer, basis="приказ",
        effective_from=LONG_AGO,
    )  # fmt: skip
    client.force_login(cast.question_officer)
    assert client.get(reverse("inmates:question", args=[question.pk])).status_code == 404


@pytest.mark.parametrize("place", ["colony", "enterprise", "entrepreneur", "kindergarten"])
def test_the_role_at_an_institution_or_an_employer_is_worth_nothing(client, cast, person, place):
    """An administrator who grants it to the wrong place opens nothing."""
    question = asked(person, cast.department)
    user = a_user("wrong@example.kz", getattr(cast, place), Role.QUESTION_OFFICER)
    client.force_login(user)
    for name, address in addresses(question):
        response = (client.post if name in POSTS else client.get)(address)
        assert response.status_code == 404, address


def test_the_role_ends_with_its_day(client: Client, cast, person):
    question = asked(person, cast.department)
    RoleGrant.objects.filter(membership__user=cast.question_officer).update(effective_to=TODAY)
    client.force_login(cast.question_officer)
    assert client.get(reverse("inmates:question", args=[question.pk])).status_code == 404


def test_another_office_sees_nothing(client: Client, cast, person):
    question = asked(person, cast.department)
    client.force_login(cast.users["prosecutor"])
    listed = client.get(reverse("inmates:questions")).content.decode()
    assert question.number not in listed
    for name, address in addresses(question):
        if name not in ("questions", "question_enter"):
            response = (client.post if name in POSTS else client.get)(address)
            assert response.status_code == 404, address


# --- every other page ---------------------------------------------------------------------------


def everything_that_can_be_asked(cast: Cast, others: Any, person: Inmate, slip: Payslip) -> None:
    """Questions in every state, by every way, with the name read and letters printed."""
    officer = cast.question_officer
    asked(person, cast.department, slip_id=slip.pk, line_sequence=3)
    back = asked(person, others["prosecutor"])
    withdraw_question(inmate_id=person.pk, question_id=back.pk, at=LATER)
    one = taken(officer, asked(person, cast.department, answer_way="letter"))
    ask_name(actor=officer, question_id=one.pk, reason=WORDS, at=NOW)
    give_name(inmate_id=person.pk, question_id=one.pk, at=NOW)
    read_name(actor=officer, question_id=one.pk, at=NOW)
    answered_one = answered(officer, asked(person, cast.department, is_named=True))
    note_answer_read(inmate_id=person.pk, question_id=answered_one.pk, at=LATER)
    lettered = answered(officer, asked(person, cast.department, answer_way="letter"))
    print_letter(actor=officer, question_id=lettered.pk, at=LATER)
    by_code(slip)
    by_code(slip)
    # Late by now.
    asked(person, cast.department, at=NOW - timedelta(days=60))


def pages(cast: Cast, slip: Payslip, person: Inmate) -> list[tuple[str, str, list[str]]]:
    """Name, address and roles of every page that is read, with the objects of the question."""
    known = {
        "slip_id": slip.pk, "run_id": slip.run_id, "number": person.personnel_number,
        "payer_id": slip.run.payer_id, "institution_id": slip.run.institution_id,
        "month": "2026-10", "code": "wood-16", "employer_id": cast.enterprise.pk,
        "account_id": 0,
    }  # fmt: skip
    found = []
    for name, row in TABLE.items():
        if row.method != "get" or row.is_hidden or name.startswith(("account_", "mfa_")):
            continue
        if isinstance(row.who, str) and row.who not in (EVERYBODY, SIGNED_IN):
            continue
        kwargs = {key: known.get(key, value) for key, value in row.kwargs.items()}
        everywhere = {EVERYBODY: [Role.ADMINISTRATOR], SIGNED_IN: OUTSIDERS}
        roles = everywhere.get(row.who) or sorted(row.who)
        roles = [role for role in roles if role != Role.QUESTION_OFFICER]
        found.append((name, reverse(name, kwargs=kwargs), roles))
    return found


# Their bodies tell the time of the asking: of these only the kind of answer is compared.
TEXTS = re.compile(r"^text/|json|xml(;|$)|javascript|csv")
MOVING = {"front:health_live", "front:health_ready", "front:health"}


def readings(client: Client, cast: Cast, asked_for: Any) -> dict[tuple[str, str], str]:
    """What each role reads at each address: pages and texts word by word, others by their kind."""
    read = {}
    for role in OUTSIDERS:
        client.force_login(cast.users[role])
        for name, address, roles in asked_for:
            if role not in roles:
                continue
            response = client.get(address)
            kind = response.headers.get("Content-Type", "")
            body = f"{response.status_code} {kind} {response.headers.get('Location', '')}"
            if kind.startswith("text/html") and name not in MOVING:
                body += without_tokens(response.content)
            elif TEXTS.search(kind) and name not in MOVING:
                # Byte for byte, but for the token of the moment.
                body += re.sub(rb'("token": ")\w+', rb"\1", response.getvalue()).hex()
            read[role, name] = body
    return read


def test_no_page_differs_after_questions_were_asked_and_answered(
    client: Client, cast, others, person, slip
):
    """Lists, counts, logs, searches, boards, exports: the same to every role, before and after."""
    asked_for = pages(cast, slip, person)
    before = readings(client, cast, asked_for)
    everything_that_can_be_asked(cast, others, person, slip)
    after = readings(client, cast, asked_for)
    differing = [key for key, body in before.items() if after[key] != body]
    assert [key for key in differing if key[1] not in LOGS] == []
    assert len(before) > 150
    told = "".join(after.values())
    for word in (WORDS, ANSWER):
        assert word not in told


# What tells of looks tells of those of this very test: read apart, below.
LOGS = {"inmates:looks"}


def test_the_log_of_looks_tells_nothing(client: Client, cast, others, person, slip):
    head = a_user("h16@example.kz", cast.colony, Role.HEAD)
    for user in (head, cast.administrator):
        client.force_login(user)
        address = reverse("inmates:looks")
        before = without_tokens(client.get(address).content)
        by_number = client.get(address, {"person": person.personnel_number}).content
        everything_that_can_be_asked(cast, others, person, slip)
        assert without_tokens(client.get(address).content) == before
        again = client.get(address, {"person": person.personnel_number}).content
        assert without_tokens(again) == without_tokens(by_number)
        assert "questions@example.kz" not in before


@pytest.mark.parametrize("typed", ["Вопрос", "2026-00001", "1648", "ночные", NAME])
def test_the_search_finds_no_question(client: Client, cast, person, typed):
    client.force_login(cast.administrator)
    before = without_tokens(client.get(reverse("front:search"), {"q": typed}).content)
    asked(person, cast.department)
    assert without_tokens(client.get(reverse("front:search"), {"q": typed}).content) == before


def test_the_check_of_papers_knows_no_letter(client: Client, cast, person):
    question = answered(cast.question_officer, asked(person, cast.department, answer_way="letter"))
    print_letter(actor=cast.question_officer, question_id=question.pk, at=LATER)
    for code in (question.number, str(question.key)):
        page = client.get(reverse("front:verify_document", args=[code])).content.decode()
        assert NAME not in page
        assert ANSWER not in page


def test_nothing_is_left_where_others_look(cast, others, person, slip):
    """No event of the audit, no job of the queue, no letter of e-mail, no kept form."""
    from django.core import mail

    counts = [model.objects.count() for model in (AuditEvent, TaskRun, Submission)]
    everything_that_can_be_asked(cast, others, person, slip)
    assert [model.objects.count() for model in (AuditEvent, TaskRun, Submission)] == counts
    assert mail.outbox == []


# --- by the source and the tables ---------------------------------------------------------------

ROOT = Path(settings.BASE_DIR)
NAMES = re.compile(r"WageQuestion|QuestionLook|wagequestion|questionlook|models\.questions")
# The models and their list; the demo makes some; nothing else may even name them.
MAY_NAME = {"inmates/models/__init__.py", "inmates/models/questions.py"}


def test_no_other_module_names_the_tables():
    files = [
        path
        for folder in ("portal", "workshops", "orders", "inmates")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts and path.parent.name != "questions"
        and path.parent.parent.name != "questions"
    ]  # fmt: skip
    named = {
        str(path.relative_to(ROOT))
        for path in files
        if NAMES.search(path.read_text(encoding="utf-8"))
    }
    assert named - MAY_NAME <= {"portal/demo/questions.py"}


def test_no_template_elsewhere_leads_to_the_desk():
    led = {
        str(path.relative_to(ROOT / "templates"))
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if re.search(
            r"inmates:question(s|_(?!s?_?outside|figures)\w+)?['\" ]", path.read_text("utf-8")
        )
        and "inmates/questions" not in str(path)
    }
    assert led == set()


def test_no_other_table_points_at_a_question():
    ours = (WageQuestion, QuestionLook)
    pointing = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model not in ours
        for field in model._meta.get_fields()
        if getattr(field, "related_model", None) in ours
    }
    assert pointing == set()


def test_a_person_has_no_list_of_questions_to_count():
    """No way back from the person, the payslip, the place or the office to what was asked."""
    for field in WageQuestion._meta.get_fields():
        if field.many_to_one and field.related_model is not WageQuestion:
            assert field.remote_field.hidden, field.name


def test_every_address_of_the_desk_is_hidden_in_the_table():
    assert {name for name, row in TABLE.items() if row.is_hidden} == {
        f"inmates:{name}" for name in DESK
    }
