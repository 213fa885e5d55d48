"""Statements of the bank on their way in, and the transfers they, or an accountant, tell of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from inmates.enums import ImportStatus, StatementProblem
from inmates.models.ledger import JournalEntry
from inmates.models.registers import PaymentOrder
from inmates.register_triggers import REVERSAL_IS_MIRRORED, TRANSFER_IS_POSTED
from portal.accounts.models import Organisation
from portal.kernel.models import append_only
from portal.kernel.money import MoneyField


class BankStatement(models.Model):
    """One file of one payer's bank. Payees and purposes may name people: it is encrypted.

    Its lines are kept only until somebody decides; of what did not agree, the figures stay.
    """

    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = EncryptedTextField(null=True)
    account = models.CharField(max_length=20, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    lines = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10, choices=ImportStatus.choices, default=ImportStatus.CHECKED
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    transferred = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ImportStatus.values), name="bankstatement_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ImportStatus.CHECKED) | Q(content=None),
                name="bankstatement_forgets_what_is_decided",
            ),
            models.UniqueConstraint(
                fields=["payer", "sha256"],
                condition=~Q(status=ImportStatus.DROPPED),
                name="bankstatement_once",
                violation_error_message=_("This very file was received already: open it below."),
            ),
        ]
        indexes = [models.Index(fields=["payer", "-uploaded_at"], name="bankstatement_newest")]


class StatementDifference(models.Model):
    """A line of a statement that agreed with no payment order; figures only, no names."""

    statement = models.ForeignKey(
        BankStatement, on_delete=models.PROTECT, related_name="differences"
    )
    row = models.PositiveIntegerField()
    on = models.DateField()
    document = models.CharField(max_length=40, blank=True)
    knp = models.CharField(max_length=3, blank=True)
    amount = MoneyField()
    problem = models.CharField(max_length=20, choices=StatementProblem.choices)
    # The order it comes nearest to, where there is one.
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "row"], name="statementdifference_once_a_row"
            ),
            models.CheckConstraint(
                condition=Q(problem__in=StatementProblem.values),
                name="statementdifference_problem_known",
            ),
        ]
        triggers = [append_only("statementdifference_append_only")]


class Transfer(models.Model):
    """A payment order was carried out by the bank, on a day, by a document.

    One that was entered wrongly is taken back by a `TransferReversal`; then the order may have
    another one, with the next `sequence`.
    """

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="transfers")
    sequence = models.PositiveSmallIntegerField(default=1)
    transferred_on = models.DateField()
    document = models.CharField(max_length=40)
    # Null where an accountant entered it from the paper.
    statement = models.ForeignKey(
        BankStatement, on_delete=models.PROTECT, null=True, related_name="transfers"
    )
    # Null for wages alone: their payment is posted already.
    entry = models.OneToOneField(
        JournalEntry, on_delete=models.PROTECT, null=True, related_name="transfer"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(document=""), name="transfer_has_document"),
            models.UniqueConstraint(
                fields=["order", "sequence"],
                name="transfer_once",
                violation_error_message=_("The transfer of this payment order is entered already."),
            ),
        ]
        triggers = [append_only("transfer_append_only"), TRANSFER_IS_POSTED]


class TransferReversal(models.Model):
    """A transfer was entered wrongly: its entry is mirrored, and the order is open again."""

    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="reversal")
    reason = models.CharField(_("reason"), max_length=200)
    # Null for wages alone, as the transfer's is.
    entry = models.OneToOneField(
        JournalEntry, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="transferreversal_has_reason")
        ]
        triggers = [append_only("transferreversal_append_only"), REVERSAL_IS_MIRRORED]
