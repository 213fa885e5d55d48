"""The audit trail is written once and never changed."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction

from portal.kernel import audit
from portal.kernel.models import AuditEvent
from tests.people import NOW


def test_an_event_names_actor_action_and_subject(cast):
    event = audit.record(
        actor=cast.accountant, action="payslip.read", at=NOW, subject=cast.offer, lines=7
    )
    kept = AuditEvent.objects.get()
    assert kept == event
    assert (kept.actor, kept.action, kept.at) == (cast.accountant, "payslip.read", NOW)
    assert (kept.subject_type, kept.subject_id) == ("workshops.productoffer", cast.offer.pk)
    assert kept.details == {"lines": 7}


def test_a_visitor_is_nobody(db):
    audit.record(actor=AnonymousUser(), action="document.verify", at=NOW)
    assert AuditEvent.objects.get().actor is None


def test_events_cannot_be_changed_or_removed(cast):
    audit.record(actor=cast.accountant, action="payslip.read", at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.update(action="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.all().delete()
    assert AuditEvent.objects.get().action == "payslip.read"
