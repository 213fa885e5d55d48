"""What is made: products in versions, their parts, papers, routing and the offers to sell them."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.models import DatedRow
from portal.kernel.money import MoneyField, RateField
from portal.kernel.periods import no_overlap, ordered_period
from workshops.enums import Audience, Licence, PaperKind, Unit
from workshops.models.places import Trade, Workshop
from workshops.triggers import FORGET_PART, INDEX_PART, INDEX_PRODUCT, INDEX_VERSION


class Product(models.Model):
    """A thing with a name and a design owner; its content is in versions."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    summary = models.CharField(max_length=300)
    audience = models.CharField(max_length=20, choices=Audience.choices)
    unit = models.CharField(max_length=15, choices=Unit.choices, default=Unit.PIECE)
    # The file name, without ending, of our own drawing in static/img/.
    drawing = models.SlugField(max_length=40)
    design_owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    licence = models.CharField(max_length=20, choices=Licence.choices)
    royalty_share = RateField(default=0)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(licence__in=Licence.values), name="product_licence_known"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="product_audience_known"
            ),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="product_unit_known"),
            models.CheckConstraint(
                condition=Q(royalty_share__gte=0, royalty_share__lt=1),
                name="product_royalty_is_share",
            ),
        ]
        triggers = [INDEX_PRODUCT]


class DesignPermission(DatedRow):
    """The owner of a design lets an operator make and sell it for a period."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="permissions")
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            ordered_period("designpermission_period"),
            no_overlap("designpermission_no_overlap", "product", "operator"),
        ]


class ProductVersion(models.Model):
    """What exactly is made under a product's name; an order keeps its version."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    description = models.TextField()
    materials = models.CharField(max_length=300)
    dimensions = models.CharField(max_length=200)
    age_from = models.PositiveSmallIntegerField(null=True)
    approved_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="productversion_unique"),
        ]
        triggers = [INDEX_VERSION]


class BillOfMaterialsLine(models.Model):
    """One kind of part in a version, with how many are in one product."""

    version = models.ForeignKey(ProductVersion, on_delete=models.CASCADE, related_name="parts")
    sequence = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    material = models.CharField(max_length=120)
    size = models.CharField(max_length=80, blank=True)
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "sequence"], name="bomline_sequence"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="bomline_quantity_positive"),
        ]
        triggers = [INDEX_PART, FORGET_PART]


class ProductPaper(models.Model):
    """A conformity paper of a version; expired, it blocks offering the product (law.md §8)."""

    version = models.ForeignKey(ProductVersion, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=15, choices=PaperKind.choices)
    regulation = models.CharField(max_length=60)
    number = models.CharField(max_length=60)
    issued_by = models.CharField(max_length=200)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="paper_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=models.F("issued_on")),
                name="paper_period",
            ),
        ]


class RequestedPart(models.Model):
    """A thing made once to a customer's drawing; its routing is what the chosen bid named."""

    # In the customer's own words: it is a name of the customer's, not ours to translate.
    title = models.CharField(max_length=160)
    unit = models.CharField(max_length=15, choices=Unit.choices, default=Unit.PIECE)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="requestedpart_has_title"),
            models.CheckConstraint(
                condition=Q(unit__in=Unit.values), name="requestedpart_unit_known"
            ),
        ]


class Operation(models.Model):
    """One step of the routing of a version or of a requested part: who does it, and for what.

    A version has a norm and a planned rate for each step. A requested part has neither until
    they are measured and agreed: nothing may read the absence as zero.
    """

    version = models.ForeignKey(
        ProductVersion, on_delete=models.CASCADE, null=True, related_name="routing"
    )
    part = models.ForeignKey(
        RequestedPart, on_delete=models.CASCADE, null=True, related_name="routing"
    )
    sequence = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    norm_minutes = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    people_needed = models.PositiveSmallIntegerField(default=1)
    # The planned rate behind the price; what is paid is the dated rate in force (PayRate).
    piece_rate = MoneyField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "sequence"], name="operation_sequence"),
            models.UniqueConstraint(fields=["part", "sequence"], name="operation_sequence_of_part"),
            models.CheckConstraint(
                condition=Q(version__isnull=False, part=None) | Q(version=None, part__isnull=False),
                name="operation_of_version_or_part",
            ),
            models.CheckConstraint(
                # A comparison with NULL lets a CHECK pass: what may be empty is named.
                condition=Q(people_needed__gt=0)
                & (Q(norm_minutes__isnull=False, norm_minutes__gt=0) | Q(version=None))
                & (Q(piece_rate__isnull=False, piece_rate__gt=0) | Q(version=None))
                & (Q(norm_minutes=None) | Q(norm_minutes__gt=0))
                & (Q(piece_rate=None) | Q(piece_rate__gt=0)),
                name="operation_norms_positive",
            ),
        ]

    @property
    def subject(self) -> "Product | RequestedPart":
        """What the step belongs to; whoever shows many of them joins both."""
        return self.part if self.version_id is None else self.version.product


class ProductOffer(DatedRow):
    """A version made and sold at one workshop for a price; VAT is inside it or is not due."""

    version = models.ForeignKey(ProductVersion, on_delete=models.PROTECT, related_name="offers")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="offers")
    price = MoneyField(_("price"), validators=[MinValueValidator(0)])
    max_quantity = models.PositiveIntegerField(default=500)

    class Meta:
        constraints = [
            ordered_period("offer_period"),
            no_overlap("offer_no_overlap", "version", "workshop"),
            models.CheckConstraint(condition=Q(price__gt=0), name="offer_price_positive"),
        ]
