"""The output of a team: pieces made together, and the share of each member.

Written by `services.team`; the wage of a share is split by `team_split`, guards: team_triggers.
"""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inmates.models.work import Placement
from inmates.month_triggers import HELD_SHARES, HELD_TEAMS
from inmates.team_triggers import (
    ENTRY_GUARDS,
    ENTRY_HAS_MEMBERS,
    SHARE_GUARDS,
    SHARE_LEAVES_MEMBERS,
    TEAM_OUTPUT,
)
from workshops.models import WorkOrderOperation


class TeamEntry(models.Model):
    """Accepted output of a team on one operation of a work order on one day.

    One operation may have several teams on a day: nothing but its members tells one from another.
    """

    work_order_operation = models.ForeignKey(
        WorkOrderOperation, on_delete=models.PROTECT, related_name="+"
    )
    worked_on = models.DateField()
    quantity = models.PositiveIntegerField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="teamentry_positive"),
        ]
        indexes = [models.Index(fields=["worked_on"], name="teamentry_day")]
        triggers = [*TEAM_OUTPUT, *ENTRY_GUARDS, ENTRY_HAS_MEMBERS, *HELD_TEAMS]


class TeamShare(models.Model):
    """One member of a team: the minutes of the day that count, and a coefficient beside them."""

    team_entry = models.ForeignKey(TeamEntry, on_delete=models.CASCADE, related_name="shares")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="team_shares")
    minutes = models.PositiveSmallIntegerField()
    coefficient = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=[MinValueValidator(Decimal("0.01"))],
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team_entry", "placement"],
                name="teamshare_once_in_a_team",
                violation_error_message=_("A member stands in a team once."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, minutes__lte=24 * 60),
                name="teamshare_minutes_of_a_day",
                violation_error_message=_("The minutes of a member are between 1 and 1440."),
            ),
            models.CheckConstraint(
                condition=Q(coefficient__gt=0),
                name="teamshare_coefficient_positive",
                violation_error_message=_("The coefficient is more than nought."),
            ),
        ]
        triggers = [*SHARE_GUARDS, SHARE_LEAVES_MEMBERS, *HELD_SHARES]
