from tests.inmates.months import no_broker, pay  # noqa: F401 - fixtures of the landing page's tests
