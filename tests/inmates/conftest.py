from tests.inmates.consents import papers  # noqa: F401 - a fixture of consents and places
from tests.inmates.months import no_broker, pay  # noqa: F401 - fixtures of payroll tests
from tests.inmates.shifts import floor, master, on_friday  # noqa: F401 - fixtures of shift tests
from tests.worker import own_messages, start_worker  # noqa: F401 - fixtures of payroll tests
