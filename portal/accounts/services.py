"""How an organisation and a person's right to order for it come into being."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import CUSTOMER_KINDS, OrganisationKind, Role
from portal.accounts.models import Membership, Organisation, RoleGrant
from portal.kernel.audit import record
from portal.kernel.clock import day_of
from portal.kernel.errors import ConstraintRefused, Forbidden, PortalError, readable_refusals
from portal.kernel.identifiers import check_bin, check_iin


class AlreadyRegistered(PortalError):
    """Says that it is, never by whom."""

    message = _(
        "An organisation with this BIN or IIN is registered already. Ask a colleague who orders "
        "for it, or the administrator of the portal."
    )


class WrongIdentifier(PortalError):
    message = _("The BIN or IIN does not fit the kind of organisation.")


@transaction.atomic
def register_customer(
    *,
    actor: Any,
    kind: str,
    identifier: str,
    name_ru: str,
    name_kk: str,
    address: str,
    phone: str,
    at: datetime,
) -> Organisation:
    """The organisation exists, and the actor may order for it from today.

    Refused: a kind that only the administrator enters, a wrong BIN (IIN for an individual
    entrepreneur), one registered already. Twice is refused by the unique BIN.
    """
    if kind not in CUSTOMER_KINDS:
        raise Forbidden(_("Only customers register here. Others are entered by the administrator."))
    _check_identifier(kind, identifier)
    try:
        with transaction.atomic(), readable_refusals():
            organisation = Organisation.objects.create(
                kind=kind,
                bin=identifier,
                name_ru=name_ru,
                name_kk=name_kk or None,
                address_ru=address,
                phone=phone,
            )
    except ConstraintRefused as refusal:
        if refusal.constraint != "organisation_bin_unique":
            raise
        raise AlreadyRegistered from refusal
    today = day_of(at)
    membership = Membership.objects.create(
        user=actor, organisation=organisation, effective_from=today
    )
    RoleGrant.objects.create(membership=membership, role=Role.BUYER, effective_from=today)
    record(actor=actor, action="organisation_registered", at=at, subject=organisation)
    return organisation


def _check_identifier(kind: str, identifier: str) -> None:
    check = check_iin if kind == OrganisationKind.ENTREPRENEUR else check_bin
    try:
        check(identifier)
    except ValidationError as error:
        raise WrongIdentifier(error.messages[0]) from error
