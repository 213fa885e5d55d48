"""Who may do what with people, work and pay: each rule against each member of the cast."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from inmates.rules import (
    PARAMETER_PAGES,
    PAYROLL_ACTS,
    PAYROLL_PAGES,
    can_place_inmate,
    can_read_identity,
    can_record_work,
    can_start_payroll_run,
)
from portal.accounts.models import RoleGrant
from portal.kernel.errors import Forbidden
from tests.people import TODAY, Cast, a_user

EVERYBODY = {
    "buyer", "operator", "accountant", "head", "analyst", "master", "labour_officer",
    "administrator", "stranger",
}  # fmt: skip
OF_THE_PAYER = [(can_start_payroll_run, {"accountant"}), (can_read_identity, {"accountant"})]
OF_THE_PLACE = [
    (can_place_inmate, {"labour_officer"}),
    (can_record_work, {"labour_officer", "master"}),
]
OF_PAGES = [
    (PAYROLL_PAGES, {"accountant", "head"}),
    (PAYROLL_ACTS, {"accountant"}),
    (PARAMETER_PAGES, {"accountant", "head", "administrator"}),
]
REASONS = [
    lambda cast, user: can_start_payroll_run(user, cast.enterprise.pk, cast.colony.pk, TODAY),
    lambda cast, user: can_read_identity(user, cast.enterprise.pk, cast.colony.pk, TODAY),
    lambda cast, user: can_place_inmate(user, cast.colony.pk, TODAY),
    lambda cast, user: can_record_work(user, cast.colony.pk, TODAY),
]


@pytest.mark.parametrize(("rule", "allowed"), OF_THE_PAYER)
def test_rules_of_a_payer(cast: Cast, rule, allowed: set[str]) -> None:
    place = cast.colony.pk
    yes = {who for who in EVERYBODY if rule(cast.users[who], cast.enterprise.pk, place, TODAY)}
    assert yes == allowed
    other = {who for who in EVERYBODY if rule(cast.users[who], cast.entrepreneur.pk, place, TODAY)}
    assert other == set(), "the accountant of one payer is nobody at another"


@pytest.mark.parametrize(("rule", "allowed"), OF_THE_PLACE)
def test_rules_of_a_place(cast: Cast, rule, allowed: set[str]) -> None:
    assert {who for who in EVERYBODY if rule(cast.users[who], cast.colony.pk, TODAY)} == allowed
    assert not any(rule(cast.users[who], cast.department.pk, TODAY) for who in EVERYBODY)


@pytest.mark.parametrize(("rule", "allowed"), OF_PAGES)
def test_rules_of_pages(cast: Cast, rule, allowed: set[str]) -> None:
    assert {who for who in EVERYBODY if rule(cast.users[who], TODAY)} == allowed
    assert not rule(AnonymousUser(), TODAY)


@pytest.mark.parametrize("rule", [rule for rule, _allowed in OF_THE_PAYER])
def test_a_grant_for_one_place_ends_there(cast: Cast, rule) -> None:
    user = a_user("limited@example.kz", cast.enterprise)
    RoleGrant.objects.create(
        membership=user.memberships.get(), role="accountant", scope=cast.colony,
        effective_from=date(2026, 1, 1),
    )  # fmt: skip
    assert rule(user, cast.enterprise.pk, cast.colony.pk, TODAY)
    assert not rule(user, cast.enterprise.pk, cast.department.pk, TODAY)


@pytest.mark.parametrize("rule", [rule for rule, _allowed in OF_THE_PAYER])
def test_a_right_holds_from_its_first_day_until_before_its_last(cast: Cast, rule) -> None:
    user = a_user("dated@example.kz", cast.enterprise)
    RoleGrant.objects.create(
        membership=user.memberships.get(), role="accountant",
        effective_from=date(2026, 3, 1), effective_to=date(2026, 4, 1),
    )  # fmt: skip
    days = {date(2026, 2, 28): False, date(2026, 3, 1): True, date(2026, 3, 31): True,
            date(2026, 4, 1): False}  # fmt: skip
    for day, expected in days.items():
        assert bool(rule(user, cast.enterprise.pk, cast.colony.pk, day)) is expected


@pytest.mark.parametrize("ask", REASONS)
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_refusal_says_why_in_the_readers_language(cast: Cast, ask, language: str) -> None:
    verdict = ask(cast, cast.stranger)
    with translation.override("en"):
        english = str(verdict.reason)
    with translation.override(language):
        reason = str(verdict.reason)
        with pytest.raises(Forbidden) as refusal:
            verdict.require()
        assert str(refusal.value) == reason
    assert reason.endswith(".")
    assert (reason == english) is (language == "en")
