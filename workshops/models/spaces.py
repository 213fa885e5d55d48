"""Production areas, their adverts, and how many people of which trade could work there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshops.enums import Condition, SpaceKind
from workshops.models.places import Institution, Trade


class ProductionSpace(models.Model):
    """A production area of an institution; an idle one is advertised while it is confirmed.

    `name` is the institution's own and tells where the area lies: it is never public. The public
    reads the kind, the measures and `summary`. `code` is the address of the advert; an area that
    was never advertised has none.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="spaces")
    name = models.CharField(_("name"), max_length=120)
    code = models.SlugField(max_length=30, unique=True, null=True)  # noqa: DJ001 - null is "never advertised", and unique
    kind = models.CharField(max_length=15, choices=SpaceKind.choices, default=SpaceKind.HALL)
    summary = models.CharField(max_length=300, blank=True)
    area_m2 = models.DecimalField(max_digits=8, decimal_places=1)
    power_kw = models.PositiveSmallIntegerField(null=True)
    height_m = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    is_heated = models.BooleanField(default=False)
    has_crane = models.BooleanField(default=False)
    has_gate = models.BooleanField(default=False)
    condition = models.CharField(max_length=15, choices=Condition.choices)
    is_idle = models.BooleanField(default=False)
    # The advert holds for 30 days from here (selectors.spaces); null: not advertised.
    confirmed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="space_area_positive"),
            models.CheckConstraint(
                condition=Q(condition__in=Condition.values), name="space_condition_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=SpaceKind.values), name="space_kind_known"),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(is_idle=True, code__isnull=False),
                name="space_advert_is_idle",
                violation_error_message=_("Only an idle area with an address is advertised."),
            ),
        ]


class LabourAvailability(models.Model):
    """How many people of a trade were free to work in an institution on a day; never who.

    Written from above through `services.record_labour_availability`. Without a trade: people
    whose trade is not known. Every counted institution has that row each day, if only with 0, so
    that "nobody" and "not counted" differ.
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="availability"
    )
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "day", "trade"],
                nulls_distinct=False,
                name="availability_once_a_day",
            ),
        ]
