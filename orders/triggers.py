"""Guards of production requests that a plain constraint cannot express (django-pgtrigger).

Each raises a check violation that carries a constraint name; its sentence is registered below.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "request_frozen": _(
        "A published request is not changed: bids rest on it. "
        "Withdraw it with a reason and post a new one."
    ),
    "drawing_of_draft": _("Drawings are changed only while the request is a draft."),
    "invitation_stays": _("An invitation cannot be taken back once the request is published."),
    "bid_of_invited": _(
        "A bid can be given only by an invited workshop, while the request waits for bids."
    ),
    "bid_frozen": _("A bid is not changed: give a new one, it replaces this one."),
    "award_of_live_bid": _("Only a bid of this request that still holds can be chosen."),
}


def _refuse(name: str) -> str:
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


REQUEST_FROZEN = pgtrigger.Trigger(
    name="request_frozen",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf(
        "customer_id", "title", "description", "quantity", "unit",
        "wanted_by", "answers_by", "has_own_material", "own_material",
    ),
    func=f"IF OLD.status <> 'draft' THEN {_refuse('request_frozen')} END IF; RETURN NEW;",
)  # fmt: skip

# The shared lock makes a file that is being added wait for a publication, and the reverse.
DRAWING_OF_DRAFT = pgtrigger.Trigger(
    name="drawing_of_draft",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=f"""
    PERFORM 1 FROM orders_productionrequest r
    WHERE r.id = COALESCE(NEW.request_id, OLD.request_id) AND r.status = 'draft' FOR SHARE;
    IF NOT FOUND OR TG_OP = 'UPDATE' THEN {_refuse("drawing_of_draft")} END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """,
)

INVITATION_STAYS = pgtrigger.Trigger(
    name="invitation_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func=f"""
    PERFORM 1 FROM orders_productionrequest r
    WHERE r.id = OLD.request_id AND r.status = 'draft' FOR SHARE;
    IF NOT FOUND OR TG_OP = 'UPDATE' THEN {_refuse("invitation_stays")} END IF;
    RETURN OLD;
    """,
)

BID_OF_INVITED = pgtrigger.Trigger(
    name="bid_of_invited",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"""
    PERFORM 1 FROM orders_productionrequest r
    JOIN orders_invitation i ON i.request_id = r.id AND i.workshop_id = NEW.workshop_id
    WHERE r.id = NEW.request_id AND r.status = 'published' AND r.customer_id <> NEW.bidder_id
      AND NEW.minimum_batch <= r.quantity
    FOR SHARE;
    IF NOT FOUND THEN {_refuse("bid_of_invited")} END IF;
    RETURN NEW;
    """,
)

BID_FROZEN = pgtrigger.Trigger(
    name="bid_frozen",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf(
        "request_id", "workshop_id", "bidder_id", "unit_price", "is_vat_inside",
        "ready_on", "minimum_batch", "comment", "submitted_at", "submitted_by_id",
    )
    | pgtrigger.Delete,
    func=_refuse("bid_frozen"),
)  # fmt: skip

STAGE_FROZEN = pgtrigger.Trigger(
    name="stage_frozen",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func=_refuse("bid_frozen"),
)

# What was agreed is what was offered: the price of the bid, times the quantity of the request.
AWARD_OF_LIVE_BID = pgtrigger.Trigger(
    name="award_of_live_bid",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"""
    PERFORM 1 FROM orders_bid b
    JOIN orders_productionrequest r ON r.id = b.request_id
    WHERE b.id = NEW.bid_id AND r.id = NEW.request_id AND b.status IN ('submitted', 'won')
      AND b.unit_price = NEW.unit_price AND b.is_vat_inside = NEW.is_vat_inside
      AND r.quantity = NEW.quantity;
    IF NOT FOUND THEN {_refuse("award_of_live_bid")} END IF;
    RETURN NEW;
    """,
)
