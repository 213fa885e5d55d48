"""The code stands on an approved payslip, on the page of one and on the sheet of four."""

from datetime import date

import pytest
from django.utils import translation

from inmates.presenters.payslip import slip_document, slip_notes
from inmates.presenters.payslip_panel import panel_of
from inmates.presenters.question_note import question_notes
from inmates.questions.codes import slip_id_of
from inmates.selectors.payroll import slip_lines, year_to_date
from tests.inmates.questions.world import a_final_slip, a_run, a_slip


@pytest.mark.parametrize(("language", "words"), [("ru", "Не согласны?"), ("kk", "Келіспейсіз бе?")])
def test_an_approved_payslip_says_how_to_disagree(slip, language, words):
    with translation.override(language):
        (note,) = question_notes(slip)
    assert words in note["text"]
    assert "/questions" in note["text"]
    assert slip_id_of(note["value"]) == slip.pk


def test_a_draft_has_no_code(cast, person):
    """A month that is calculated again has other payslips: their codes would lead nowhere."""
    draft = a_slip(a_run(cast), person)
    assert question_notes(draft) == []
    assert "questions" not in str(slip_notes(draft, year_to_date(draft)))


def test_both_papers_carry_the_same_code(slip):
    lines, year = slip_lines(slip), year_to_date(slip)
    with translation.override("ru"):
        page = slip_document(slip, lines, full_name="Тест", places=["Цех"], year=year)
        panel = panel_of(slip, lines, full_name="Тест", places=["Цех"], year=year)
    assert slip_id_of(page["notes"][-1]["value"]) == slip.pk
    assert panel["notes"][-1][-1] == page["notes"][-1]["value"]


def test_each_month_has_a_code_of_its_own(cast, person, slip):
    other = a_final_slip(cast, person, date(2026, 9, 1))
    assert question_notes(slip) != question_notes(other)
