"""Kinds of organisations, their legal forms, tax regimes and the roles people hold in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation is; everything with a BIN (or an ИП's IIN) is one organisation."""

    INSTITUTION = "institution", _("Penal institution")
    DEPARTMENT = "department", _("Department of the penal system")
    PROSECUTOR = "prosecutor", _("Prosecutor's office")
    LABOUR_INSPECTION = "labour_inspection", _("Labour inspection")
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

# Offices outside the institutions to which a person may write about their wages.
OVERSEEING_KINDS = (
    OrganisationKind.DEPARTMENT,
    OrganisationKind.PROSECUTOR,
    OrganisationKind.LABOUR_INSPECTION,
)

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
    QUESTION_OFFICER = "question_officer", _("Officer for wage questions")
    ADMINISTRATOR = "administrator", _("Administrator")


# Stands among the roles of a person (selectors.grants_of) while they hold the first signature of
# an organisation; given by order (deputies.appoint_deputy), never as a role.
FIRST_SIGNATURE = "first_signature"


# Nobody who holds one of these, wherever, answers questions about wages or sees that any exist:
# they work where the wages are made, or keep the portal itself (selectors.overseeing_grants).
NEVER_OVERSEEING = frozenset(
    {
        Role.OPERATOR,
        Role.MASTER,
        Role.LABOUR_OFFICER,
        Role.ACCOUNTANT,
        Role.HEAD,
        Role.ADMINISTRATOR,
        FIRST_SIGNATURE,
    }
)
