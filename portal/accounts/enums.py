"""Kinds of organisations, their legal forms, tax regimes and the roles people hold in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation is; everything with a BIN (or an ИП's IIN) is one organisation."""

    INSTITUTION = "institution", _("Penal institution")
    DEPARTMENT = "department", _("Department of the penal system")
    STATE_ENTERPRISE = "state_enterprise", _("State enterprise")
    COMPANY = "company", _("Company")
    ENTREPRENEUR = "entrepreneur", _("Individual entrepreneur")
    KINDERGARTEN = "kindergarten", _("Kindergarten")
    SCHOOL = "school", _("School")
    EDUCATION_CENTRE = "education_centre", _("Centre of supplementary education")
    AKIMAT = "akimat", _("City or district administration")
    OTHER = "other", _("Other organisation")


# A placement with one of these employers needs the person's consent (ILO Convention 29).
PRIVATE_KINDS = (OrganisationKind.COMPANY, OrganisationKind.ENTREPRENEUR, OrganisationKind.OTHER)

# Whoever registers through the portal is a customer; the others are entered by the administrator.
CUSTOMER_KINDS = (
    OrganisationKind.KINDERGARTEN,
    OrganisationKind.SCHOOL,
    OrganisationKind.EDUCATION_CENTRE,
    OrganisationKind.AKIMAT,
    OrganisationKind.COMPANY,
    OrganisationKind.ENTREPRENEUR,
    OrganisationKind.OTHER,
)


class TaxRegime(models.TextChoices):
    """How an employer pays social tax."""

    GENERAL = "general", _("General regime")
    SIMPLIFIED = "simplified", _("Simplified regime")


class Role(models.TextChoices):
    """What a person may do in an organisation, for a period."""

    BUYER = "buyer", _("Buyer")
    OPERATOR = "operator", _("Workshop operator")
    MASTER = "master", _("Production master")
    LABOUR_OFFICER = "labour_officer", _("Labour officer")
    ACCOUNTANT = "accountant", _("Accountant")
    HEAD = "head", _("Head (first signature)")
    ANALYST = "analyst", _("Department analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


# Stands among the roles of a person (selectors.grants_of) while they hold the first signature of
# an organisation; given by order (deputies.appoint_deputy), never as a role.
FIRST_SIGNATURE = "first_signature"
