"""The audit trail: who looked at an identity, exported something or changed a right."""

from datetime import datetime
from typing import Any

from django.db import models

from portal.kernel.models import AuditEvent
from portal.kernel.states import subject_type


def record(
    *, actor: Any, action: str, at: datetime, subject: models.Model | None = None, **details: Any
) -> AuditEvent:
    """Write one event; `details` holds ids and counts, never a name, an IIN or a sum."""
    return AuditEvent.objects.create(
        actor=actor if actor is not None and actor.is_authenticated else None,
        action=action,
        at=at,
        subject_type=subject_type(subject) if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        details=details,
    )
