"""Two consents, never mixed: what is kept, what is never written, what the database refuses."""

import ast
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from inmates.consent_refusals import (
    ConsentInForce,
    EmployerNotPrivate,
    NotHeldHere,
    TermsMissing,
    TextMissing,
    WithdrawalAhead,
)
from inmates.models import (
    Attendance,
    Consent,
    ConsentText,
    CustodyStay,
    DataConsentTerms,
    Inmate,
    LabourState,
    PayParameter,
    Placement,
    Reason,
)
from inmates.selectors.consents import consents_of, other_place_workdays, text_in_force
from inmates.services.consent_texts import SHIPPED_TEXTS, load_consent_texts
from inmates.services.consents import withdraw_consent
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from portal.kernel.models import AuditEvent
from tests.inmates.consents import (
    JANUARY,
    YESTERDAY,
    at_private_work,
    signed,
    terms_of,
    to_data,
    withdrawn,
)
from tests.inmates.months import attended
from tests.inmates.second_place import second_place
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_placement, a_user, an_inmate

TOMORROW = TODAY + timedelta(days=1)


def refused(constraint: str, act: Any) -> None:
    with pytest.raises(ConstraintRefused) as refusal, readable_refusals(), transaction.atomic():
        act()
    assert refusal.value.constraint == constraint
    assert str(refusal.value)


# --- the wordings -----------------------------------------------------------------------------
def test_shipped_wordings_are_entered_once(db: None) -> None:
    shipped = json.loads(SHIPPED_TEXTS.read_bytes())["rows"]
    assert load_consent_texts() == len(shipped) == 2
    assert load_consent_texts() == 0
    assert {text.kind for text in ConsentText.objects.all()} == {"private_work", "personal_data"}


def test_the_command_says_how_many(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_consent_texts")
    assert capsys.readouterr().out == "2 wordings of consents entered\n"


def test_a_wording_is_never_changed(papers: Cast) -> None:
    with pytest.raises(DatabaseError, match="consenttext"), transaction.atomic():
        ConsentText.objects.update(text_ru="другое")
    with pytest.raises(DatabaseError, match="consenttext"), transaction.atomic():
        ConsentText.objects.all().delete()


def test_the_wording_of_the_day_is_kept_and_a_later_one_changes_nothing(papers: Cast) -> None:
    first = signed(papers, an_inmate(papers))
    newer = ConsentText.objects.create(
        kind="private_work", version=2, effective_from=date(2026, 6, 1), text_ru="новый",
        text_kk="жаңа", source="приказ № 1",
    )  # fmt: skip
    second = signed(papers, an_inmate(papers, "2"), given_on=TODAY, language="kk")
    first.refresh_from_db()
    assert (first.text.version, first.language) == (1, "ru")
    assert (second.text, second.text.in_language(second.language)) == (newer, "жаңа")


def test_without_a_wording_nothing_is_signed(cast: Cast) -> None:
    with pytest.raises(TextMissing, match=r"01\.01\.2026"):
        signed(cast, an_inmate(cast))
    with pytest.raises(TextMissing):
        text_in_force("private_work", TODAY)


def test_wordings_say_the_rights_in_both_languages(papers: Cast) -> None:
    """Each states that it may be withdrawn and that the other consent is not touched."""
    for text in ConsentText.objects.all():
        assert "отозвать согласие в любой день" in text.text_ru
        assert "кері қайтарып" in text.text_kk
        assert text.text_ru.count("\n") == text.text_kk.count("\n")
    work = ConsentText.objects.get(kind="private_work")
    assert "не записываются как отказ от труда" in work.text_ru
    assert "еңбектен бас тарту ретінде жазылмайды" in work.text_kk


# --- giving -----------------------------------------------------------------------------------
def test_a_consent_keeps_wording_language_and_number_and_is_audited(papers: Cast) -> None:
    consent = signed(papers, an_inmate(papers))
    assert (consent.document_number, consent.language, consent.text.version) == ("С-17", "ru", 1)
    event = AuditEvent.objects.get(action="consent_given")
    assert (event.actor, event.subject_id) == (papers.labour_officer, consent.pk)


def test_only_the_officer_where_the_person_is_held_keeps_consents(papers: Cast) -> None:
    institution, _post = second_place(papers)
    elsewhere = a_user("officer22@example.kz", institution.organisation, "labour_officer")
    inmate = an_inmate(papers)
    for actor in (elsewhere, papers.head, papers.accountant, papers.master, papers.administrator):
        with pytest.raises(Forbidden):
            signed(papers, inmate, actor=actor)
    assert not Consent.objects.exists()


def test_a_consent_of_nobody_held_is_refused(papers: Cast) -> None:
    inmate = an_inmate(papers)
    CustodyStay.objects.update(effective_to=YESTERDAY)
    with pytest.raises(NotHeldHere, match=r"22\.11\.2026"):
        signed(papers, inmate)


def test_the_state_enterprise_needs_no_consent(papers: Cast) -> None:
    with pytest.raises(EmployerNotPrivate, match="Тест"):
        signed(papers, an_inmate(papers), employer=papers.enterprise)


def test_a_second_consent_while_the_first_holds_is_refused(papers: Cast) -> None:
    inmate = an_inmate(papers)
    first = signed(papers, inmate)
    with pytest.raises(ConsentInForce, match="С-17"):
        signed(papers, inmate, document_number="С-18")
    withdraw_consent(actor=papers.labour_officer, consent_id=first.pk, on=TODAY, at=NOW)
    signed(papers, inmate, document_number="С-18", given_on=TODAY)
    assert Consent.objects.count() == 2


def test_a_consent_to_data_may_follow_one_whose_term_is_over(papers: Cast) -> None:
    inmate = an_inmate(papers)
    to_data(papers, inmate, terms=terms_of(papers, valid_until=YESTERDAY))
    with pytest.raises(ConsentInForce):
        to_data(papers, inmate, given_on=YESTERDAY)
    to_data(papers, inmate, given_on=TODAY, document_number="ПД-18")


def test_the_page_of_many_consents_asks_as_often_as_that_of_one(
    papers: Cast, django_assert_num_queries: Any
) -> None:
    one, _consent = withdrawn(papers)
    other = an_inmate(papers, "2")
    for _number in range(3):
        consent = signed(papers, other)
        withdraw_consent(actor=papers.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)
    for inmate in (one, other):
        with django_assert_num_queries(3):
            for consent in consents_of(inmate):
                assert consent.text.version == 1
                assert not list(consent.scans.all()) + list(consent.offers.all())


# --- the eight elements -----------------------------------------------------------------------
def test_a_consent_to_data_keeps_the_eight_elements_as_signed(papers: Cast) -> None:
    consent = to_data(papers, an_inmate(papers))
    papers.colony.name_ru = "Переименовано"
    papers.colony.save()
    terms = DataConsentTerms.objects.get(consent=consent)
    assert terms.operator_name == "Учреждение № 16 (тест)"
    assert terms.operator_bin == papers.colony.bin
    assert terms.valid_until == date(2029, 12, 31)
    assert (terms.third_parties, terms.cross_border, terms.published_in) == ("казначейство", "", "")
    assert terms.data_list.startswith("имя")
    assert terms.consent.inmate.personnel_number == "1648"


def test_a_consent_to_data_without_its_elements_is_refused(papers: Cast) -> None:
    with pytest.raises(TermsMissing):
        to_data(papers, an_inmate(papers), terms=None)


def test_elements_belong_to_a_consent_to_data_alone(papers: Cast) -> None:
    refused(
        "terms_of_data_consent",
        lambda: signed(papers, an_inmate(papers), terms=terms_of(papers)),
    )


def test_elements_without_a_list_of_data_are_refused(papers: Cast) -> None:
    inmate = an_inmate(papers)
    refused(
        "dataconsent_lists_data",
        lambda: to_data(papers, inmate, terms=terms_of(papers, data_list="")),
    )


def test_elements_are_never_changed(papers: Cast) -> None:
    to_data(papers, an_inmate(papers))
    with pytest.raises(DatabaseError, match="dataconsentterms"), transaction.atomic():
        DataConsentTerms.objects.update(other="и ещё")


# --- what was signed stays --------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        "document_number = 'С-99'",
        "given_on = '2026-01-02'",
        "text_id = NULL, language = ''",
        "language = 'kk'",
        "kind = 'personal_data', employer_id = NULL",
    ],
)
def test_what_was_signed_is_never_changed(papers: Cast, change: str) -> None:
    signed(papers, an_inmate(papers))
    refused("consent_is_written", lambda: sql(f"UPDATE inmates_consent SET {change}"))  # noqa: S608 - our own words


@pytest.mark.parametrize("change", ["withdrawn_on = NULL", "withdrawn_on = '2026-05-05'"])
def test_a_withdrawal_is_never_taken_back_or_moved(papers: Cast, change: str) -> None:
    consent = signed(papers, an_inmate(papers))
    withdraw_consent(actor=papers.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)
    refused("consent_is_written", lambda: sql(f"UPDATE inmates_consent SET {change}"))  # noqa: S608 - our own words


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# --- never mixed ------------------------------------------------------------------------------
def test_withdrawing_data_processing_never_ends_private_work(papers: Cast) -> None:
    inmate, work = at_private_work(papers)
    data = to_data(papers, inmate)
    withdraw_consent(actor=papers.labour_officer, consent_id=data.pk, on=TODAY, at=NOW)
    work.refresh_from_db()
    data.refresh_from_db()
    assert work.withdrawn_on is None
    assert Placement.objects.get().effective_to is None
    assert (data.withdrawn_on, data.place_due_by) == (TODAY, None)


def test_withdrawing_private_work_never_ends_data_processing(papers: Cast) -> None:
    inmate, work = at_private_work(papers)
    data = to_data(papers, inmate)
    withdraw_consent(actor=papers.labour_officer, consent_id=work.pk, on=TODAY, at=NOW)
    data.refresh_from_db()
    assert data.withdrawn_on is None
    assert Placement.objects.get().effective_to == TODAY


def test_giving_one_gives_nothing_of_the_other(papers: Cast) -> None:
    """A consent to data processing opens no private placement."""
    inmate = an_inmate(papers)
    to_data(papers, inmate)
    refused(
        "private_placement_needs_consent",
        lambda: a_placement(papers, inmate, employer=papers.entrepreneur),
    )


# --- withdrawing ------------------------------------------------------------------------------
def test_a_lost_place_is_due_again_in_three_working_days(papers: Cast) -> None:
    """Withdrawn on Friday the 20th: Monday, Tuesday, Wednesday."""
    _inmate, consent = withdrawn(papers, on=date(2026, 11, 20))
    assert consent.place_due_by == date(2026, 11, 25)


def test_the_clock_is_a_dated_parameter(papers: Cast) -> None:
    PayParameter.objects.filter(code="other_place_workdays").update(effective_to=date(2026, 11, 1))
    PayParameter.objects.create(
        code="other_place_workdays", value=1, unit="working days", source="приказ № 7",
        confidence="decision of the portal", effective_from=date(2026, 11, 1),
    )  # fmt: skip
    assert (other_place_workdays(date(2026, 10, 31)), other_place_workdays(TODAY)) == (3, 1)
    _inmate, consent = withdrawn(papers, on=date(2026, 11, 20))
    assert consent.place_due_by == date(2026, 11, 23)


def test_a_missing_parameter_never_stops_a_withdrawal(papers: Cast) -> None:
    PayParameter.objects.filter(code="other_place_workdays").delete()
    _inmate, consent = withdrawn(papers)
    assert (consent.withdrawn_on, consent.place_due_by) == (YESTERDAY, YESTERDAY)


def test_without_a_lost_place_none_is_due(papers: Cast) -> None:
    consent = signed(papers, an_inmate(papers))
    back = withdraw_consent(actor=papers.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)
    assert back.place_due_by is None


def test_a_place_that_has_not_begun_is_lost_as_well(papers: Cast) -> None:
    inmate = an_inmate(papers)
    consent = signed(papers, inmate)
    a_placement(papers, inmate, employer=papers.entrepreneur, effective_from=date(2026, 12, 1))
    back = withdraw_consent(actor=papers.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)
    assert not Placement.objects.exists()
    assert back.place_due_by is not None


def test_a_withdrawal_holds_at_once_and_is_not_put_off(papers: Cast) -> None:
    consent = signed(papers, an_inmate(papers))
    values = {"actor": papers.labour_officer, "consent_id": consent.pk, "at": NOW}
    with pytest.raises(WithdrawalAhead):
        withdraw_consent(on=TOMORROW + timedelta(days=1), **values)
    assert withdraw_consent(on=TOMORROW, **values).withdrawn_on == TOMORROW


# --- never a refusal of work ------------------------------------------------------------------
def test_after_a_withdrawal_only_the_placement_has_ended(papers: Cast) -> None:
    inmate, consent = at_private_work(papers)
    attended(Placement.objects.get(), [JANUARY, JANUARY + timedelta(days=1)])
    before = _everything_known(inmate)
    withdraw_consent(actor=papers.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)
    after = _everything_known(inmate)
    assert before.pop("placements") != after.pop("placements")
    assert before == after
    assert Placement.objects.get().effective_to == TODAY


def _everything_known(inmate: Inmate) -> dict[str, Any]:
    return {
        "person": list(Inmate.objects.filter(pk=inmate.pk).values()),
        "states": list(LabourState.objects.filter(inmate=inmate).order_by("id").values()),
        "stays": list(CustodyStay.objects.filter(inmate=inmate).order_by("id").values()),
        "days": list(Attendance.objects.order_by("id").values()),
        "reasons": list(Reason.objects.order_by("id").values()),
        "placements": list(Placement.objects.order_by("id").values()),
    }


def test_no_reason_of_the_directory_speaks_of_consents_or_private_work() -> None:
    """The shipped directory, row by row: there is no such reason to choose."""
    folder = Path(settings.BASE_DIR) / "inmates" / "data"
    groups = json.loads((folder / "reasons.json").read_bytes()).values()
    rows = [row for group in groups if isinstance(group, list) for row in group]
    assert rows
    words = ("consent", "private", "соглас", "частн", "келісім", "жеке", "отозв", "withdraw")
    for row in rows:
        told = json.dumps(row, ensure_ascii=False).lower()
        assert not [word for word in words if word in told], row


def test_no_service_of_consents_or_places_writes_a_labour_state() -> None:
    """Neither names the state, the reasons or the attendance of a person."""
    folder = Path(settings.BASE_DIR) / "inmates" / "services"
    for name in ("consents", "scans", "places", "consent_texts"):
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                  for alias in node.names}  # fmt: skip
        assert not names & {"LabourState", "Reason", "Attendance"}, name


def test_the_log_of_a_withdrawal_calls_it_by_its_name(papers: Cast) -> None:
    withdrawn(papers)
    event = AuditEvent.objects.get(action="consent_withdrawn")
    assert event.details == {}
    assert not AuditEvent.objects.filter(action__icontains="refus").exists()


def test_whoever_withdraws_stays_in_their_state_from_long_ago(papers: Cast) -> None:
    inmate, _consent = withdrawn(papers)
    state = LabourState.objects.get(inmate=inmate)
    assert (state.effective_from, state.effective_to, state.reason) == (LONG_AGO, None, None)
