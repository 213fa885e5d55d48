"""Baskets, orders and their lines, and which work orders a line has caused."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from orders.enums import OrderStatus
from portal.accounts.models import Organisation
from portal.kernel.money import MoneyField
from workshops.models import ProductOffer, ProductVersion, WorkOrder


class Basket(models.Model):
    """What a visitor has chosen; known by a key in the session, no account needed."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="baskets"
    )
    changed_at = models.DateTimeField()


class BasketLine(models.Model):
    """A quantity of one offer; the price is that of the moment the order is sent."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    offer = models.ForeignKey(ProductOffer, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["basket", "offer"], name="basketline_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="basketline_positive"),
        ]


class Order(models.Model):
    """One buyer's order from one seller (the operator of the workshops that make it)."""

    number = models.CharField(_("number"), max_length=20)
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=15, choices=OrderStatus.choices, default=OrderStatus.SENT)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField()
    # Whoever submits the same form twice gets the same orders, not two.
    submission = models.UUIDField()
    contact_name = models.CharField(_("contact person"), max_length=150)
    contact_phone = models.CharField(_("phone"), max_length=40)
    delivery_address = models.CharField(_("delivery address"), max_length=300)
    comment = models.TextField(_("comment"), blank=True)
    total = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="order_number_of_seller"),
            models.UniqueConstraint(
                fields=["submission", "seller"],
                name="order_sent_once",
                violation_error_message=_("This order is sent already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values), name="order_status_known"
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="order_total_positive"),
            models.CheckConstraint(
                condition=~Q(buyer=F("seller")),
                name="order_two_parties",
                violation_error_message=_("An organisation cannot order from itself."),
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-placed_at"], name="order_buyer"),
            models.Index(fields=["seller", "status"], name="order_seller"),
        ]


class OrderLine(models.Model):
    """A product in an order with the version, name and price frozen when it was sent.

    The rate of VAT is not frozen: it is the one of the day of shipment (law.md §6).
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    sequence = models.PositiveSmallIntegerField()
    offer = models.ForeignKey(ProductOffer, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="+")
    title_ru = models.CharField(max_length=200)
    title_kk = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_price = MoneyField()
    is_vat_inside = models.BooleanField()
    total = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="orderline_sequence"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gt=0), name="orderline_positive"
            ),
            models.CheckConstraint(
                condition=Q(total=F("unit_price") * F("quantity")), name="orderline_total"
            ),
        ]

    @property
    def title(self) -> str:
        """The frozen name in the reader's language."""
        return str(getattr(self, f"title_{get_language() or 'ru'}"[:8], self.title_ru))


class OrderLineWork(models.Model):
    """Which work orders an order line has caused."""

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="works")
    work_order = models.OneToOneField(
        WorkOrder, on_delete=models.PROTECT, related_name="order_line_work"
    )
