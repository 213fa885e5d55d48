"""Orders as a Django app."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from orders import receivers  # noqa: F401, PLC0415 - connects the news of work orders
        from orders.services import papers  # noqa: F401, PLC0415 - enters the kinds of documents
