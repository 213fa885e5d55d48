"""The catalogue and the work orders."""

from django.urls import path

from workshops.views import catalogue, work_orders

app_name = "workshops"
urlpatterns = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<slug:code>/", catalogue.product, name="product"),
    path("workshops/work-orders/", work_orders.work_orders, name="work_orders"),
    path("workshops/work-orders/<int:work_order_id>/", work_orders.work_order, name="work_order"),
]
