"""No name and no question to whoever holds a power that is not theirs to read by.

A PIN that an officer of the institution printed, a code that anybody may hold, a paper quoted in
a line of the payslip: each by every role, in every way a question is asked and answered.
"""

import io
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from inmates.explanations import SENTENCES
from inmates.models import CustodyStay, Inmate, Payslip, PayslipLine, QuestionLook, WageQuestion
from inmates.questions.answers import (
    answer_question,
    ask_name,
    enter_letter,
    print_letter,
    read_name,
)
from inmates.questions.codes import code_of
from inmates.questions.enums import AnswerWay, QuestionChannel
from inmates.questions.presenters import HIDDEN, discreet, timeline, without_papers
from inmates.questions.refusals import NameKept, NobodyAtTerminal, NoLetterWanted
from inmates.questions.selectors import is_shown_at_terminal, questions_of
from inmates.questions.services import (
    ask_by_code,
    ask_wage_question,
    give_name,
    keep_name,
    note_answer_read,
    withdraw_question,
)
from inmates.questions.views.terminal import ACTS
from inmates.services.terminal_pins import make_letter_pin
from portal.kernel.errors import PortalError
from portal.kernel.locks import Gone
from tests.inmates.desk import a_second_colony
from tests.inmates.questions import world
from tests.inmates.questions.test_apart import everybody
from tests.inmates.questions.world import (
    ANSWER,
    LATER,
    NAME,
    WORDS,
    a_final_slip,
    answered,
    asked,
    by_code,
    taken,
    wanted,
)
from tests.inmates.terminals.devices import PIN, a_pin, a_terminal, device, typed
from tests.people import NOW, TODAY, Cast

LIST = reverse("inmates:terminal_questions")
ORDER = "приказ № 31-К от 02.10.2026"
EARLIER = NOW - timedelta(days=30)


def one(question: WageQuestion) -> str:
    return reverse("inmates:terminal_question", args=[question.pk])


def by_letter(cast: Cast, person: Inmate, pin: str, place: str) -> Client:
    """Whoever holds the letter: signed in as the person, with a PIN of their own choice."""
    browser = device(a_terminal(cast, place)[1])
    assert typed(browser, person.personnel_number, pin, language="ru").status_code == 302
    chosen = browser.post(reverse("inmates:terminal_pin"), {"pin": PIN, "again": PIN})
    assert chosen["Location"] == reverse("inmates:terminal_pay")
    return browser


def in_every_state(cast: Cast, person: Inmate, slip: Payslip) -> list[WageQuestion]:
    """Asked before the letter: waiting, name asked, answered, taken back, from outside."""
    office, officer = cast.department, cast.question_officer
    name_asked = taken(officer, asked(person, office, EARLIER, slip_id=slip.pk))
    ask_name(actor=officer, question_id=name_asked.pk, reason=WORDS, at=NOW)
    back = asked(person, office, EARLIER, is_named=True)
    withdraw_question(inmate_id=person.pk, question_id=back.pk, at=EARLIER)
    return [
        asked(person, office, EARLIER),
        name_asked,
        back,
        answered(officer, asked(person, office, EARLIER, answer_way="letter")),
        answered(officer, by_code(slip, at=EARLIER)),
    ]


# --- a PIN that somebody else printed -----------------------------------------------------------


def test_whoever_prints_a_pin_reads_no_question_of_before(cast: Cast, person, slip):
    """Every role at every place that may print one signs in with it, and finds nothing."""
    before = in_every_state(cast, person, slip)
    assert questions_of(person).count() == len(before)
    statuses = {row.pk: WageQuestion.objects.get(pk=row.pk).status for row in before}
    printed = []
    for number, (who, user) in enumerate(everybody(cast).items()):
        try:
            pin = make_letter_pin(actor=user, inmate_id=person.pk, at=NOW)
        except PortalError:
            continue
        printed.append(who)
        browser = by_letter(cast, person, pin, f"Отряд {number}")
        listed = browser.get(LIST).content.decode()
        assert "Вы ещё ничего не спрашивали" in listed
        for row in before:
            assert row.number not in listed
            assert browser.get(one(row)).status_code == 404
            for act in ACTS:
                address = reverse("inmates:terminal_question_act", args=[row.pk, act])
                assert browser.post(address).status_code == 404
        told = browser.get(reverse("inmates:terminal_looks")).content.decode()
        assert cast.department.name not in told
    assert "labour_officer" in printed
    assert {row.pk: WageQuestion.objects.get(pk=row.pk).status for row in before} == statuses
    assert not WageQuestion.objects.filter(read_at__isnull=False).exists()


def test_what_is_asked_after_the_letter_is_read_until_the_next_one(cast: Cast, person):
    make_letter_pin(actor=cast.labour_officer, inmate_id=person.pk, at=NOW)
    question = asked(person, cast.department, LATER)
    a_pin_of_ones_own(person)
    assert questions_of(person).get() == question
    make_letter_pin(actor=cast.labour_officer, inmate_id=person.pk, at=LATER)
    assert not questions_of(person).exists()


def a_pin_of_ones_own(person: Inmate) -> None:
    """Chosen at a terminal: it hides nothing."""
    person.pins.filter(replaced_at=None).update(replaced_at=LATER)
    a_pin(person)


@pytest.mark.parametrize("act", [withdraw_question, give_name, keep_name, note_answer_read])
def test_no_act_on_a_question_of_before(cast: Cast, person, act):
    question = asked(person, cast.department, EARLIER)
    make_letter_pin(actor=cast.labour_officer, inmate_id=person.pk, at=NOW)
    with pytest.raises(Gone):
        act(inmate_id=person.pk, question_id=question.pk, at=LATER)


def test_the_limit_of_questions_tells_nothing_of_those_before(cast: Cast, person):
    for _number in range(10):
        asked(person, cast.department, EARLIER)
    make_letter_pin(actor=cast.labour_officer, inmate_id=person.pk, at=NOW)
    assert asked(person, cast.department, LATER).status == "sent"


def test_an_answer_of_before_goes_by_letter(cast: Cast, person):
    question = answered(cast.question_officer, asked(person, cast.department, EARLIER))
    with pytest.raises(NoLetterWanted):
        print_letter(actor=cast.question_officer, question_id=question.pk, at=LATER)
    make_letter_pin(actor=cast.labour_officer, inmate_id=person.pk, at=NOW)
    letter = print_letter(actor=cast.question_officer, question_id=question.pk, at=LATER)
    assert (letter.full_name, letter.place) == ("", cast.institution)


def test_nobody_is_asked_for_a_name_where_only_another_would_be_asked(cast: Cast, person):
    question = taken(cast.question_officer, asked(person, cast.department, EARLIER))
    make_letter_pin(actor=cast.labour_officer, inmate_id=person.pk, at=NOW)
    with pytest.raises(NobodyAtTerminal):
        ask_name(actor=cast.question_officer, question_id=question.pk, reason=WORDS, at=LATER)
    assert WageQuestion.objects.get(pk=question.pk).name_reason is None


def test_what_comes_from_outside_and_is_answered_outside_is_on_no_terminal(cast: Cast, slip):
    values = wanted(cast.department, answer_way="letter", addressee_kind="department")
    sent = ask_by_code(code=code_of(slip.pk), submission=UUID(int=1), wanted=values, at=NOW)
    assert not is_shown_at_terminal(sent, TODAY)
    assert is_shown_at_terminal(by_code(slip), TODAY)


# --- a code that anybody may hold ---------------------------------------------------------------


def every_way(cast: Cast, person: Inmate, slip: Payslip) -> list[WageQuestion]:
    """Answered questions of every channel and way, of which none gave the name."""
    made = []
    for number, (channel, way) in enumerate(
        product(QuestionChannel.values, AnswerWay.values), start=1
    ):
        values = wanted(cast.department, answer_way=way, addressee_kind="department")
        common = {"submission": UUID(int=number), "wanted": values, "at": NOW}
        if channel == QuestionChannel.TERMINAL:
            question = ask_wage_question(inmate_id=person.pk, **common)
        elif channel == QuestionChannel.PUBLIC:
            question = ask_by_code(code=code_of(slip.pk), **common)
        else:
            question = enter_letter(actor=cast.question_officer, code=code_of(slip.pk), **common)
        assert question.channel == channel
        made.append(answered(cast.question_officer, question))
    return made


def test_no_officer_learns_a_name_that_was_not_given(client: Client, cast: Cast, person, slip):
    """On no page, in no letter, be the code theirs, found or guessed."""
    made = every_way(cast, person, slip)
    client.force_login(cast.question_officer)
    pages = [client.get(reverse("inmates:questions"))]
    letters = 0
    for question in made:
        with pytest.raises(NameKept):
            read_name(actor=cast.question_officer, question_id=question.pk, at=LATER)
        pages.append(client.get(reverse("inmates:question", args=[question.pk])))
        address = reverse("inmates:question_name", args=[question.pk])
        assert client.post(address).status_code == 404
        answer = client.post(reverse("inmates:question_letter", args=[question.pk]))
        if answer["Content-Type"] == "application/pdf":
            letters += 1
            words = pdf_text(answer.content)
            assert NAME not in words
            assert person.personnel_number in words
            assert cast.colony.name in words
    assert letters == 3
    assert QuestionLook.objects.filter(purpose="letter").count() == letters
    for page in pages:
        assert page.status_code == 200
        assert NAME not in page.content.decode()


def pdf_text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_no_role_but_the_officers_prints_a_letter(client: Client, cast: Cast, others, person, slip):
    made = every_way(cast, person, slip)
    people = everybody(cast) | {name: cast.users[name] for name in ("prosecutor", "inspection")}
    for who, user in people.items():
        client.force_login(user)
        for question in made:
            answer = client.post(reverse("inmates:question_letter", args=[question.pk]))
            assert answer.status_code == 404, who
            assert NAME not in answer.content.decode()
    assert not QuestionLook.objects.exists()


def test_the_history_says_what_a_letter_told(cast: Cast, person):
    officer = cast.question_officer
    question = taken(officer, asked(person, cast.department, answer_way="letter"))
    ask_name(actor=officer, question_id=question.pk, reason=WORDS, at=NOW)
    give_name(inmate_id=person.pk, question_id=question.pk, at=LATER)
    answer_question(actor=officer, question_id=question.pk, answer=ANSWER, at=LATER)
    QuestionLook.objects.create(question=question, actor=officer, purpose="letter", at=NOW)
    letter = print_letter(actor=officer, question_id=question.pk, at=LATER)
    assert letter.full_name == NAME
    for is_desk in (True, False):
        rows = timeline(letter.question, is_desk=is_desk)
        told = [row["reason"] for row in rows if row["text"] == "Письмо напечатано"]
        assert sorted(told) == ["На имя и номер", "На номер, без имени"]


# --- who is held no more ------------------------------------------------------------------------


def test_who_has_left_gets_every_answer_on_paper(client: Client, cast: Cast, person, slip):
    """And the letter never goes to the institution, which would learn that there is one."""
    made = every_way(cast, person, slip)
    CustodyStay.objects.filter(inmate=person).update(effective_to=TODAY)
    client.force_login(cast.question_officer)
    for question in made:
        page = client.get(reverse("inmates:question", args=[question.pk])).content.decode()
        assert "отдайте письмо" in page
        answer = client.post(reverse("inmates:question_letter", args=[question.pk]))
        outside = pdf_text(answer.content)
        assert ANSWER in outside
        assert cast.colony.name not in outside
        assert NAME not in outside


def test_a_letter_follows_whoever_was_moved(cast: Cast, person):
    question = answered(
        cast.question_officer, asked(person, cast.department, EARLIER, answer_way="letter")
    )
    CustodyStay.objects.filter(inmate=person).update(effective_to=TODAY)
    elsewhere = a_second_colony(cast)
    CustodyStay.objects.create(inmate=person, institution=elsewhere, effective_from=TODAY)
    letter = print_letter(actor=cast.question_officer, question_id=question.pk, at=LATER)
    assert letter.place == elsewhere


# --- papers quoted in a payslip -----------------------------------------------------------------

QUOTING = sorted(name for name, words in SENTENCES.items() if "%(basis)s" in str(words))


def test_two_sentences_quote_a_paper():
    """A new one that quotes something else of a person has to be hidden too."""
    assert QUOTING == ["extra.document", "writ.suspended"]


def test_a_paper_is_hidden_wherever_an_explanation_keeps_it():
    deep = {"basis": ORDER, "then": [["x", {"amount": "1", "then": [["y", {"basis": ORDER}]]}]]}
    told = without_papers(deep)
    assert ORDER not in str(told)
    assert str(told).count(HIDDEN) == 2
    assert ORDER in deep["basis"], "what is stored stays"
    assert told["then"][0][1]["amount"] == "1"


def test_a_line_shown_without_a_name_quotes_no_paper():
    for name in QUOTING:
        line = PayslipLine(explanation=name, arguments={"basis": ORDER, "since": "2026-10-01"})
        assert ORDER not in str(discreet(line).arguments)


def quoting(slip: Payslip) -> None:
    """The lines of the payslip go by papers: the first outright, the last behind another reason."""
    paper = {"basis": ORDER, "since": "2026-10-01"}
    following = {"then": [["extra.document", paper]]}
    PayslipLine.objects.filter(payslip=slip, sequence=1).update(
        explanation="extra.document", arguments=paper
    )
    PayslipLine.objects.filter(payslip=slip, sequence=3).update(
        explanation="writ.suspended", arguments=paper | following
    )


def a_quoting_slip(cast: Cast, person: Inmate, monkeypatch: pytest.MonkeyPatch) -> Payslip:
    with monkeypatch.context() as patched:
        close = world.close
        patched.setattr(
            world, "close", lambda cast, run: (quoting(run.payslips.get()), close(cast, run))
        )
        return a_final_slip(cast, person)


@pytest.mark.parametrize(("is_named", "count"), [(False, 0), (True, 3)])
def test_the_desk_reads_papers_only_with_the_name(
    client: Client, cast: Cast, person, monkeypatch, is_named, count
):
    slip = a_quoting_slip(cast, person, monkeypatch)
    client.force_login(cast.question_officer)
    for line in (None, 1, 3):
        question = asked(
            person, cast.department, slip_id=slip.pk, line_sequence=line, is_named=is_named
        )
        page = client.get(reverse("inmates:question", args=[question.pk])).content.decode()
        assert page.count(ORDER) == count
        assert (HIDDEN in page) is not is_named or line == 3


def test_no_word_of_a_question_lies_open_in_the_table(cast: Cast, person):
    """Why a name is asked for tells of the question: sealed as the question and the answer are."""
    question = taken(cast.question_officer, asked(person, cast.department))
    ask_name(actor=cast.question_officer, question_id=question.pk, reason=ORDER, at=NOW)
    answer_question(actor=cast.question_officer, question_id=question.pk, answer=ANSWER, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT q::text FROM inmates_wagequestion q WHERE id = %s", [question.pk])
        (row,) = cursor.fetchone()
    for words in (WORDS, ANSWER, ORDER):
        assert words not in row
    assert WageQuestion.objects.get(pk=question.pk).name_reason == ORDER
