"""The catalogue, the work orders and the areas on offer."""

from django.urls import path

from workshops.views import catalogue, spaces, work_orders

app_name = "workshops"
urlpatterns = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<slug:code>/", catalogue.product, name="product"),
    path("workshops/work-orders/", work_orders.work_orders, name="work_orders"),
    path("workshops/work-orders/<int:work_order_id>/", work_orders.work_order, name="work_order"),
    path("spaces/", spaces.spaces, name="spaces"),
    path("spaces/<slug:code>/", spaces.space, name="space"),
    path("institution/spaces/", spaces.kept_spaces, name="kept_spaces"),
    path("institution/spaces/<int:space_id>/confirm/", spaces.confirm, name="confirm_space"),
    path("institution/spaces/<int:space_id>/off/", spaces.take_off, name="take_space_off"),
]
