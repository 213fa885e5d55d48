"""Where things are made and by whom the workshop is run."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.models import DatedRow
from portal.kernel.periods import no_overlap, ordered_period
from workshops.enums import Condition, Security


class Institution(models.Model):
    """The colony's profile on top of its organisation: the host of workshops."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="institution"
    )
    number = models.CharField(_("number"), max_length=10, unique=True)
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    security = models.CharField(max_length=10, choices=Security.choices)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(security__in=Security.values), name="institution_security_known"
            )
        ]


class Trade(models.Model):
    """A trade that posts and operations ask for: joiner, painter, welder."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=80)


class Workshop(models.Model):
    """A workshop inside an institution; who runs it is dated (`WorkshopOperator`)."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="workshops")
    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=120)


class WorkshopOperator(DatedRow):
    """Who operates a workshop in a period: seller, invoice issuer, bidder, usually employer."""

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="operators")
    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="operated_workshops"
    )
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            ordered_period("workshopoperator_period"),
            no_overlap(
                "workshopoperator_no_overlap",
                "workshop",
                message=_("The workshop already has an operator in this period."),
            ),
        ]


class Post(models.Model):
    """A workplace of a trade in a workshop, with as many seats as people can work at once."""

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(max_length=120)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seats__gt=0), name="post_has_seats"),
        ]


class Equipment(models.Model):
    """A machine in a workshop."""

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="equipment")
    name = models.CharField(max_length=120)
    inventory_number = models.CharField(max_length=30, unique=True)
    made_in_year = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=15, choices=Condition.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(condition__in=Condition.values), name="equipment_condition_known"
            ),
            models.CheckConstraint(
                condition=Q(made_in_year__gte=1930, made_in_year__lte=2100),
                name="equipment_year_plausible",
            ),
        ]
