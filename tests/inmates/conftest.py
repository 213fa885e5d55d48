from tests.inmates.months import no_broker, pay  # noqa: F401 - fixtures of payroll tests
