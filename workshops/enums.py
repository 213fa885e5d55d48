"""Words with a fixed set of values in the world of places, products and work orders."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Security(models.TextChoices):
    """The security level of an institution; pay rules differ for minimum security."""

    MINIMUM = "minimum", _("Minimum security")
    MEDIUM = "medium", _("Medium security")
    MAXIMUM = "maximum", _("Maximum security")
    FULL = "full", _("Full security")


class Condition(models.TextChoices):
    """The state of a machine or a room."""

    GOOD = "good", _("Good")
    WORN = "worn", _("Worn")
    OUT_OF_ORDER = "out_of_order", _("Out of order")


class SpaceKind(models.TextChoices):
    """What a production area is; the public advert is named after it, never after its place."""

    HALL = "hall", _("Production hall")
    FLOOR = "floor", _("Production floor")
    HANGAR = "hangar", _("Hangar")
    ROOM = "room", _("Workshop room")


class Licence(models.TextChoices):
    """Who may sell a design."""

    OPEN = "open", _("Open: any workshop may sell it")
    BY_PERMISSION = "by_permission", _("By permission of the owner")
    OWNER_ONLY = "owner_only", _("Only the owner sells it")


class Audience(models.TextChoices):
    """For whom a product is made, first of all."""

    KINDERGARTEN = "kindergarten", _("Kindergarten")
    SCHOOL = "school", _("School")
    CITY = "city", _("City")


class Unit(models.TextChoices):
    """Units of quantity."""

    PIECE = "piece", _("pcs")
    SET = "set", _("set")
    PAIR = "pair", _("pair")
    METRE = "metre", _("m")
    SQUARE_METRE = "square_metre", _("m²")
    KILOGRAM = "kilogram", _("kg")


class PaperKind(models.TextChoices):
    """Kinds of conformity papers (law.md §8)."""

    CERTIFICATE = "certificate", _("Certificate of conformity")
    DECLARATION = "declaration", _("Declaration of conformity")
    PASSPORT = "passport", _("Product passport")


class WorkOrderStatus(models.TextChoices):
    """States of a work order; the table is in states.py."""

    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class FloorReasonGroup(models.TextChoices):
    """What a reason of the floor explains."""

    DOWNTIME = "downtime", _("Downtime")
    DEFECT = "defect", _("Defect")


class Cause(models.TextChoices):
    """By whom or by what work was held up; a promise kept late is judged by it."""

    EQUIPMENT = "equipment", _("Equipment")
    ENERGY = "energy", _("Energy supply")
    MATERIAL = "material", _("Material")
    CUSTOMER = "customer", _("Customer")
    REGIME = "regime", _("Regime of the institution")
    ORGANISATION = "organisation", _("Organisation of work")
    WORKMANSHIP = "workmanship", _("Workmanship")
    OTHER = "other", pgettext_lazy("cause", "Other")


class DefectOutcome(models.TextChoices):
    """What becomes of a piece that failed."""

    SCRAP = "scrap", _("Scrap")
    REWORK = "rework", _("Rework")


class MaterialUnit(models.TextChoices):
    """Units in which material is issued."""

    PIECE = "piece", _("pcs")
    METRE = "metre", _("m")
    SQUARE_METRE = "square_metre", _("m²")
    CUBIC_METRE = "cubic_metre", _("m³")
    KILOGRAM = "kilogram", _("kg")
    LITRE = "litre", _("l")
    SHEET = "sheet", pgettext_lazy("unit", "sheets")
