"""The paper of a placement in the registry: a contract of three parties, or an order.

Called by the page that prints it. At a business outside the system the administration, the
organisation and the person sign (Penal Execution Code 119(3)); at the institution and its state
enterprise the administration orders.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inmates.models import Placement
from inmates.rules import can_place_inmate
from inmates.selectors.placements import is_outside, paper_facts, placement_with_place
from portal.documents.kinds import enter_kind
from portal.documents.models import IssuedDocument
from portal.documents.services import issue_document
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row

CONTRACT = enter_kind(
    "labour_contract",
    _("Contract of three parties on work"),
    _("The administration, the organisation and one person agree on work and its terms."),
)
ORDER = enter_kind(
    "placement_order",
    _("Order of placement at work"),
    _("The administration places one person at work on the terms named."),
)


@transaction.atomic
def issue_placement_paper(*, actor: Any, placement_id: int, at: datetime) -> IssuedDocument:
    """The paper of the placement has a number and a check code, and they are valid.

    Refused: for whoever is no labour officer of the institution. Twice gives the same document;
    other terms supersede it. Nothing happens after commit.
    """
    lock_row(Placement, placement_id)
    placement = placement_with_place(placement_id)
    institution = placement.post.workshop.institution
    can_place_inmate(actor, institution.organisation_id, day_of(at)).require()
    kind = CONTRACT if is_outside(placement) else ORDER
    facts = paper_facts(placement)
    return issue_document(
        actor=actor,
        kind=kind.code,
        subject=placement,
        facts={
            "person": placement.inmate_id,
            "post": placement.post_id,
            "employer": placement.employer_id,
            "payer": placement.payer_id,
            "pay_form": placement.pay_form,
            "daily_minutes": placement.daily_minutes or 0,
            "is_full_time": placement.is_full_time,
            "basis": placement.basis,
            "begin": placement.effective_from.isoformat(),
            "end": placement.effective_to.isoformat() if placement.effective_to else "",
            "rate": str(facts.rate),
            "consent": facts.consent,
        },
        issuer_id=institution.organisation_id,
        at=at,
    )
