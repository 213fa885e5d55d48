"""The fixtures of questions: one day for all, a person with a payslip, offices that answer."""

from typing import Any

import pytest
from django.core.cache import cache

from inmates.models import Inmate, Payslip
from inmates.services.parameters import load_pay_parameters
from portal.accounts.models import Organisation
from portal.kernel import clock
from tests.inmates.questions.world import a_final_slip, a_person, offices
from tests.people import NOW, TODAY, Cast


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    # Of another test's visitor, from the same address of the network.
    cache.clear()


@pytest.fixture
def others(cast: Cast) -> dict[str, Organisation]:
    load_pay_parameters()
    return offices(cast)


@pytest.fixture
def person(cast: Cast, others: dict[str, Any]) -> Inmate:
    return a_person(cast)


@pytest.fixture
def slip(cast: Cast, person: Inmate) -> Payslip:
    return a_final_slip(cast, person)
