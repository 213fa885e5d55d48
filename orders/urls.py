"""The basket, the buyer's orders and the orders received."""

from django.urls import path

from orders.views import (
    awards,
    basket,
    bids,
    buyer,
    checkout,
    documents,
    drafts,
    requests,
    seller,
    space_office,
    spaces,
)

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
    path("spaces/<slug:code>/ask/", spaces.ask, name="space_ask"),
    path("visits/", spaces.own_applications, name="own_visits"),
    path("visits/<uuid:key>/", spaces.application, name="space_application"),
    path("visits/<uuid:key>/withdraw/", spaces.withdraw, name="space_withdraw"),
    path("institution/visits/", space_office.received, name="visits_received"),
    path(
        "institution/visits/<int:application_id>/", space_office.received_one, name="visit_received"
    ),
    path("institution/visits/<int:application_id>/agree/", space_office.agree, name="visit_agree"),
    path(
        "institution/visits/<int:application_id>/decline/",
        space_office.decline,
        name="visit_decline",
    ),
    path(
        "institution/visits/<int:application_id>/hand-over/",
        space_office.hand_over,
        name="visit_hand_over",
    ),
    path("department/visits/", space_office.overseen, name="visits_overseen"),
    path(
        "department/visits/<int:application_id>/", space_office.overseen_one, name="visit_overseen"
    ),
    path("requests/", requests.request_list, name="request_list"),
    path("requests/new/", requests.request_new, name="request_new"),
    path("requests/<int:request_id>/", requests.request_page, name="request"),
    path("requests/<int:request_id>/change/", requests.request_change, name="request_change"),
    path("requests/<int:request_id>/publish/", requests.request_publish, name="request_publish"),
    path("requests/<int:request_id>/withdraw/", requests.request_withdraw, name="request_withdraw"),
    path("requests/<int:request_id>/workshops/", drafts.request_invite, name="request_invite"),
    path("requests/<int:request_id>/drawings/", drafts.drawing_add, name="drawing_add"),
    path(
        "requests/<int:request_id>/drawings/<int:drawing_id>/remove/",
        drafts.drawing_remove,
        name="drawing_remove",
    ),
    path("requests/<int:request_id>/bids/<int:bid_id>/award/", awards.award, name="award"),
    path("drawings/<int:drawing_id>/", drafts.drawing, name="drawing"),
    path("operator/requests/", bids.received_requests, name="received_requests"),
    path("operator/requests/<int:request_id>/", bids.received_request, name="received_request"),
    path("operator/requests/<int:request_id>/workshops/<int:workshop_id>/", bids.bid, name="bid"),
    path("operator/bids/<int:bid_id>/withdraw/", bids.bid_withdraw, name="bid_withdraw"),
]
