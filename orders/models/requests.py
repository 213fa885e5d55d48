"""A customer's production request, its drawings, the workshops invited, their bids, the award."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.enums import BidStatus, RequestStatus
from orders.triggers import (
    AWARD_OF_LIVE_BID,
    BID_FROZEN,
    BID_OF_INVITED,
    DRAWING_OF_DRAFT,
    INVITATION_STAYS,
    REQUEST_FROZEN,
    STAGE_FROZEN,
)
from portal.accounts.models import Organisation
from portal.kernel.models import append_only
from portal.kernel.money import MoneyField
from portal.kernel.uploads import FileKind
from workshops.enums import Unit
from workshops.models import Trade, WorkOrder, Workshop

MOST_DRAWINGS = 10
MOST_STAGES = 6


class ProductionRequest(models.Model):
    """What a customer wants made, how many and by when; frozen once it is published."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    customer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    description = models.TextField()
    quantity = models.PositiveIntegerField(_("quantity"))
    unit = models.CharField(max_length=15, choices=Unit.choices, default=Unit.PIECE)
    wanted_by = models.DateField()
    # The last day on which a workshop may answer.
    answers_by = models.DateField()
    has_own_material = models.BooleanField(default=False)
    own_material = models.CharField(max_length=500, blank=True)
    trades = models.ManyToManyField(Trade, related_name="+")
    status = models.CharField(
        max_length=15, choices=RequestStatus.choices, default=RequestStatus.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values), name="request_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(description=""), name="request_says_what"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="request_quantity_positive",
                violation_error_message=_("The quantity is at least 1."),
            ),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="request_unit_known"),
            models.CheckConstraint(
                condition=Q(answers_by__lt=F("wanted_by")),
                name="request_answers_before_wanted",
                violation_error_message=_(
                    "Workshops answer before the day you need the goods. Change one of the dates."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(has_own_material=True) & ~Q(own_material=""))
                | Q(has_own_material=False, own_material=""),
                name="request_names_own_material",
                violation_error_message=_("Say which material is yours, and how much of it."),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=False)
                | Q(status__in=[RequestStatus.DRAFT, RequestStatus.WITHDRAWN]),
                name="request_published_at",
            ),
        ]
        indexes = [models.Index(fields=["customer", "-created_at"], name="request_customer")]
        triggers = [REQUEST_FROZEN]


def drawing_path(drawing: "Drawing", _name: str) -> str:
    """A name that nobody can guess; the customer's own name stays text in the row."""
    return f"drawings/{uuid.uuid4().hex}.{drawing.kind}"


class Drawing(models.Model):
    """A checked file of a request; what is kept of a picture is drawn anew, without its EXIF."""

    request = models.ForeignKey(
        ProductionRequest, on_delete=models.PROTECT, related_name="drawings"
    )
    # A place of ten: so the database itself holds the limit.
    sequence = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=drawing_path, max_length=100)
    kind = models.CharField(max_length=5, choices=FileKind.choices)
    original_name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "sequence"], name="drawing_place"),
            models.UniqueConstraint(
                fields=["request", "sha256"],
                name="drawing_once",
                violation_error_message=_("This file is attached already."),
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=1, sequence__lte=MOST_DRAWINGS),
                name="drawing_one_of_ten",
                violation_error_message=_("There are ten drawings already. Remove one first."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FileKind.values), name="drawing_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0) & ~Q(original_name=""),
                name="drawing_is_described",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=FileKind.PDF, pages__isnull=False, pages__gt=0, width=None, height=None
                )
                | (
                    ~Q(kind=FileKind.PDF)
                    & Q(
                        pages=None,
                        width__isnull=False,
                        width__gt=0,
                        height__isnull=False,
                        height__gt=0,
                    )
                ),
                name="drawing_pages_or_pixels",
            ),
        ]
        triggers = [DRAWING_OF_DRAFT]


class Invitation(models.Model):
    """A workshop is asked for a bid; whoever operates it on the day may answer."""

    request = models.ForeignKey(
        ProductionRequest, on_delete=models.PROTECT, related_name="invitations"
    )
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "workshop"], name="invitation_once"),
        ]
        indexes = [models.Index(fields=["workshop"], name="invitation_workshop")]
        triggers = [INVITATION_STAYS]


class Bid(models.Model):
    """What an operator asks for making the whole request at one workshop; never edited."""

    request = models.ForeignKey(ProductionRequest, on_delete=models.PROTECT, related_name="bids")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="+")
    bidder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit_price = MoneyField()
    # By the bidder's tax status on the day of the bid: VAT is inside the price or is not due.
    is_vat_inside = models.BooleanField()
    ready_on = models.DateField()
    minimum_batch = models.PositiveIntegerField(default=1)
    comment = models.TextField(blank=True)
    status = models.CharField(max_length=15, choices=BidStatus.choices, default=BidStatus.SUBMITTED)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "workshop"],
                condition=Q(status__in=[BidStatus.SUBMITTED, BidStatus.WON]),
                name="bid_one_live",
                violation_error_message=_("This workshop has given a bid already."),
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status=BidStatus.WON),
                name="bid_one_winner",
                violation_error_message=_("Another bid is chosen already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=BidStatus.values), name="bid_status_known"
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gt=0, minimum_batch__gt=0), name="bid_positive"
            ),
        ]
        triggers = [BID_OF_INVITED, BID_FROZEN]


class BidStage(models.Model):
    """A step of the work a bid names: welding, painting, assembly; becomes an operation."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="stages")
    sequence = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "sequence"], name="bidstage_sequence"),
            models.CheckConstraint(
                condition=Q(sequence__gte=1, sequence__lte=MOST_STAGES) & ~Q(name=""),
                name="bidstage_named",
            ),
        ]
        triggers = [STAGE_FROZEN]


class Award(models.Model):
    """The bid the customer has chosen, with the sums frozen, and the work order it caused."""

    request = models.OneToOneField(
        ProductionRequest, on_delete=models.PROTECT, related_name="award"
    )
    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="award")
    work_order = models.OneToOneField(WorkOrder, on_delete=models.PROTECT, related_name="award")
    quantity = models.PositiveIntegerField()
    unit_price = MoneyField()
    is_vat_inside = models.BooleanField()
    total = MoneyField()
    awarded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gt=0), name="award_positive"
            ),
            models.CheckConstraint(
                condition=Q(total=F("unit_price") * F("quantity")), name="award_total"
            ),
        ]
        triggers = [AWARD_OF_LIVE_BID, append_only("award_append_only")]
