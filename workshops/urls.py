"""The catalogue, the work orders and the areas on offer."""

from django.urls import path

from workshops.views import catalogue, papers, spaces, work_orders

app_name = "workshops"
urlpatterns = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<slug:code>/", catalogue.product, name="product"),
    path("workshops/work-orders/", work_orders.work_orders, name="work_orders"),
    path("workshops/work-orders/<int:work_order_id>/", work_orders.work_order, name="work_order"),
    path(
        "workshops/work-orders/<int:work_order_id>/cards/",
        work_orders.make_cards,
        name="make_cards",
    ),
    path(
        "workshops/work-orders/<int:work_order_id>/sheet.pdf",
        papers.work_order_sheet,
        name="work_order_sheet",
    ),
    path(
        "workshops/work-orders/<int:work_order_id>/cards.pdf",
        papers.batch_cards,
        name="batch_cards",
    ),
    path("spaces/", spaces.spaces, name="spaces"),
    path("spaces/<slug:code>/", spaces.space, name="space"),
    path("institution/spaces/", spaces.kept_spaces, name="kept_spaces"),
    path("institution/spaces/<int:space_id>/confirm/", spaces.confirm, name="confirm_space"),
    path("institution/spaces/<int:space_id>/off/", spaces.take_off, name="take_space_off"),
]
