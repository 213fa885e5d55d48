"""Guards of consents as PostgreSQL triggers: what was signed stays as it was signed.

The guard that ties a private placement to its consent stands in triggers.py.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "consent_is_written": _(
        "What was signed is never changed: withdraw this consent and enter another one."
    ),
    "terms_of_data_consent": _(
        "These details belong to a consent to the processing of personal data only."
    ),
}


def _refuse(name: str) -> str:
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


# Fires after `consent_stays`, whose sentence is more helpful while a placement rests on the row.
CONSENT_IS_WRITTEN = pgtrigger.Trigger(
    name="consent_written_once",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=f"""
    IF NEW.inmate_id <> OLD.inmate_id OR NEW.kind <> OLD.kind
       OR NEW.employer_id IS DISTINCT FROM OLD.employer_id
       OR NEW.text_id IS DISTINCT FROM OLD.text_id OR NEW.language <> OLD.language
       OR NEW.document_number <> OLD.document_number OR NEW.given_on <> OLD.given_on
       OR (OLD.withdrawn_on IS NOT NULL
           AND (NEW.withdrawn_on IS DISTINCT FROM OLD.withdrawn_on
                OR NEW.place_due_by IS DISTINCT FROM OLD.place_due_by))
    THEN {_refuse("consent_is_written")} END IF;
    RETURN NEW;
    """,
)

TERMS_OF_DATA_CONSENT = pgtrigger.Trigger(
    name="terms_of_data_consent",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"""
    IF NOT EXISTS (SELECT 1 FROM inmates_consent c
                   WHERE c.id = NEW.consent_id AND c.kind = 'personal_data')
    THEN {_refuse("terms_of_data_consent")} END IF;
    RETURN NEW;
    """,
)
