"""A month of work that can be paid, and who may change the law of it."""

import pytest

from portal.accounts.enums import Role
from portal.accounts.models import User
from tests.inmates.months import a_worker, a_writ, no_broker, pay  # noqa: F401 - fixtures of these tests
from tests.people import Cast, a_user


@pytest.fixture
def cast(pay: Cast) -> Cast:  # noqa: F811 - the fixture
    """20 days at 600,00 an hour with alimony of a quarter; ten days of another person."""
    a_writ(a_worker(pay), "A-1", share_numerator=1, share_denominator=4)
    a_worker(pay, "1649", days=10)
    return pay


@pytest.fixture
def second(cast: Cast) -> User:
    """The other administrator."""
    return a_user("admin2@example.kz", cast.department, Role.ADMINISTRATOR)
