"""Areas and visits of the demo: in time, late, handed over, answered; and who may see them."""

from datetime import date

import pytest
from django.db import transaction

from orders.models import SpaceApplication
from orders.selectors.spaces import overdue_q
from portal.accounts.models import User
from portal.demo import build
from portal.kernel.states import history_of
from portal.kernel.workdays import is_workday
from workshops.models import Institution, LabourAvailability, ProductionSpace
from workshops.selectors.spaces import officials_of, spaces_advertised

# A weekday, a Sunday, and a day soon after a holiday.
DAYS = [date(2026, 11, 24), date(2026, 11, 22), date(2026, 12, 18)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def today(request, django_db_setup, django_db_blocker):
    """One demo for each day, in a transaction that is taken back."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(build, "write_accounts", lambda _lines: None)
        build.build_demo(today=request.param, people=60)
        yield request.param
        transaction.set_rollback(True)


@pytest.fixture
def demo(today, db):
    return today


def test_areas_are_on_offer_and_one_advert_ran_out(demo):
    assert spaces_advertised(demo).count() == 4
    assert ProductionSpace.objects.filter(is_idle=True).count() == 5


def test_every_institution_with_an_area_has_somebody_who_answers(demo):
    places = Institution.objects.filter(spaces__is_idle=True).distinct()
    for place in places:
        assert officials_of([place.organisation_id], demo)


def test_applications_stand_in_several_states_one_of_them_late(demo):
    states = list(SpaceApplication.objects.order_by("id").values_list("status", flat=True))
    assert states == ["declined", "agreed", "sent", "sent", "sent"]
    late = SpaceApplication.objects.get(overdue_q(demo))
    assert late.company == "ИП «Тақтай» (демо)"
    assert late.ran_out_at is not None
    assert history_of(late).filter(action="run_out").count() == 1


def test_agreed_visit_lies_ahead_on_a_working_day(demo):
    visit = SpaceApplication.objects.get(status="agreed").visit_on
    assert visit > demo
    assert is_workday(visit)


def test_one_application_was_handed_over(demo):
    owners = [one.owners.count() for one in SpaceApplication.objects.order_by("id")]
    assert sorted(owners) == [1, 1, 1, 1, 2]


def test_history_of_each_goes_forward(demo):
    for application in SpaceApplication.objects.all():
        times = [change.at for change in history_of(application).order_by("id")]
        assert times == sorted(times)
        assert times[-1].date() <= demo


def test_free_people_are_counted_for_today(demo):
    assert set(LabourAvailability.objects.values_list("day", flat=True)) == {demo}
    assert LabourAvailability.objects.filter(trade=None).count() == Institution.objects.count()


def test_everything_looks_invented(demo):
    for one in SpaceApplication.objects.all():
        assert "(демо)" in one.company
        assert "(демо)" in one.contact_name
        assert one.contact_email.endswith("@demo.example")
        assert one.contact_phone.startswith("+7 000")
    assert not User.objects.exclude(full_name__contains="(демо)").exists()
