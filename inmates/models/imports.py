"""A spreadsheet of people on its way in: read, looked at, then written or dropped."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from encrypted_fields.fields import EncryptedTextField

from inmates.enums import ImportStatus
from workshops.models import Institution


class PeopleImport(models.Model):
    """One file of one institution. Its cells hold names and IINs, so they are encrypted.

    They are kept only until somebody decides: afterwards the numbers of what was written stay.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    content = EncryptedTextField(null=True)
    rows = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10, choices=ImportStatus.choices, default=ImportStatus.CHECKED
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    people = models.PositiveIntegerField(default=0)
    placements = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ImportStatus.values), name="peopleimport_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ImportStatus.CHECKED) | Q(content=None),
                name="peopleimport_forgets_what_is_decided",
            ),
        ]
        indexes = [models.Index(fields=["institution", "-uploaded_at"], name="peopleimport_newest")]
