"""The basket, the buyer's orders and the orders received."""

from django.urls import path

from orders.views import basket, buyer, checkout, documents, seller

app_name = "orders"
urlpatterns = [
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.add, name="basket_add"),
    path("basket/<int:line_id>/change/", basket.change, name="basket_change"),
    path("basket/<int:line_id>/remove/", basket.remove, name="basket_remove"),
    path("orders/", buyer.order_list, name="order_list"),
    path("orders/new/", checkout.send, name="send"),
    path("orders/<int:order_id>/", buyer.order, name="order"),
    path("orders/<int:order_id>/withdraw/", buyer.withdraw, name="withdraw"),
    path("orders/<int:order_id>/confirmation.pdf", documents.confirmation, name="confirmation"),
    path("operator/orders/", seller.received, name="received"),
    path("operator/orders/<int:order_id>/", seller.received_order, name="received_order"),
    path(
        "operator/orders/<int:order_id>/confirmation.pdf",
        documents.received_confirmation,
        name="received_confirmation",
    ),
    path("operator/orders/<int:order_id>/confirm/", seller.confirm, name="confirm"),
    path("operator/orders/<int:order_id>/decline/", seller.decline, name="decline"),
]
