"""A placement taken back by a withdrawal stays visible: in the history, with its contract."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import Inmate, Placement
from inmates.presenters.person import history_rows
from inmates.selectors.person import person_record
from inmates.services.consents import withdraw_consent
from inmates.services.parameters import load_pay_parameters
from inmates.services.placement_papers import issue_placement_paper
from portal.documents.models import IssuedDocument
from portal.kernel.models import AuditEvent, StateChange
from portal.kernel.text import NBSP
from tests.people import NOW, TODAY, Cast, a_consent, a_placement, an_inmate


@pytest.fixture
def person(cast: Cast) -> Inmate:
    """Placed at a private employer from today on."""
    load_pay_parameters()
    inmate = an_inmate(cast)
    a_consent(inmate, cast.entrepreneur)
    a_placement(cast, inmate, employer=cast.entrepreneur, effective_from=TODAY)
    return inmate


def withdraw(cast: Cast, inmate: Inmate) -> None:
    consent = inmate.consents.get()
    withdraw_consent(actor=cast.labour_officer, consent_id=consent.pk, on=TODAY, at=NOW)


def test_a_contract_printed_the_same_day_is_withdrawn_and_stays_in_the_history(
    cast: Cast, person: Inmate
) -> None:
    paper = issue_placement_paper(
        actor=cast.labour_officer, placement_id=Placement.objects.get().pk, at=NOW
    )
    withdraw(cast, person)
    assert not Placement.objects.exists()
    (row,) = person_record(person, TODAY).taken_back
    assert (row.begin, row.on, row.contracts) == (TODAY, TODAY, [paper.number])
    assert IssuedDocument.objects.get().status == "withdrawn"
    assert StateChange.objects.filter(subject_id=paper.pk, action="withdraw").get().reason
    event = AuditEvent.objects.get(action="placement_taken_back")
    assert (event.actor, event.subject_id) == (cast.labour_officer, person.pk)
    told = next(
        one for one in history_rows(person_record(person, TODAY)) if paper.number in one["why"]
    )
    assert cast.entrepreneur.name in told["what"]


def test_the_page_of_the_person_tells_it(client: Client, cast: Cast, person: Inmate) -> None:
    withdraw(cast, person)
    client.force_login(cast.labour_officer)
    page = client.get(reverse("inmates:person", args=[person.personnel_number]))
    text = page.content.decode().replace(NBSP, " ")
    assert "Отменённое трудоустройство: Столяр" in text
    assert "согласие отозвано 22.11.2026" in text
    assert "договор" not in text.split("согласие отозвано 22.11.2026")[1].split("</td>")[0]


def test_a_placement_that_had_begun_is_ended_and_not_taken_back(cast: Cast) -> None:
    inmate = an_inmate(cast)
    a_consent(inmate, cast.entrepreneur)
    before = TODAY - timedelta(days=1)
    a_placement(cast, inmate, employer=cast.entrepreneur, effective_from=before)
    withdraw(cast, inmate)
    assert Placement.objects.get().effective_to == TODAY
    assert person_record(inmate, TODAY).taken_back == []


def test_it_is_no_look_at_an_identity_and_one_query_where_nothing_was_taken_back(
    cast: Cast, person: Inmate
) -> None:
    with CaptureQueriesContext(connection) as asked:
        person_record(person, TODAY)
    audits = [one for one in asked.captured_queries if "kernel_auditevent" in one["sql"]]
    assert len(audits) == 1
    withdraw(cast, person)
    assert not AuditEvent.objects.filter(action__startswith="identit").exists()
