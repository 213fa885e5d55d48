"""Users, organisations and who may do what where and when."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import OrganisationKind, Role, TaxRegime
from portal.kernel.collation import sort_key_kk, sort_key_ru
from portal.kernel.identifiers import check_iban, check_iin_or_bin
from portal.kernel.models import DatedRow
from portal.kernel.money import RateField
from portal.kernel.periods import no_overlap, ordered_period


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail is the name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with an account, known by e-mail. Never an inmate's identity."""

    email = models.EmailField(
        _("e-mail"),
        unique=True,
        error_messages={"unique": _("There is already an account with this e-mail.")},
    )
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    language = models.CharField(max_length=2, default="ru")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lowercase"),
        ]

    def get_full_name(self) -> str:
        """The name, or the e-mail where none is given."""
        return self.full_name or self.email

    def __str__(self) -> str:
        return self.get_full_name()


class Organisation(models.Model):
    """Everything with a BIN, or an individual entrepreneur with an IIN."""

    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(_("name"), max_length=200)
    bin = models.CharField(_("BIN or IIN"), max_length=12, validators=[check_iin_or_bin])
    region = models.CharField(_("region"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    iban = models.CharField(_("account (IBAN)"), max_length=20, blank=True, validators=[check_iban])
    bank = models.CharField(_("bank"), max_length=120, blank=True)
    bik = models.CharField(_("BIC"), max_length=8, blank=True)
    kbe = models.CharField(_("beneficiary code"), max_length=2, blank=True)
    sort_ru = models.CharField(max_length=400, editable=False)
    sort_kk = models.CharField(max_length=400, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bin"],
                name="organisation_bin_unique",
                violation_error_message=_("An organisation with this BIN or IIN is registered."),
            ),
            models.CheckConstraint(
                condition=Q(bin__regex=r"^\d{12}$"),
                name="organisation_bin_digits",
                violation_error_message=_("A BIN or an IIN has 12 digits."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["kind"], name="organisation_kind")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_ru = sort_key_ru(self.name_ru or self.name)  # type: ignore[attr-defined]  # modeltranslation
        self.sort_kk = sort_key_kk(self.name_kk or self.name_ru or self.name)  # type: ignore[attr-defined]  # modeltranslation
        super().save(*args, **kwargs)


class OrganisationTaxStatus(DatedRow):
    """Whether an organisation pays VAT and by which regime it pays social tax, by date."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="tax_statuses"
    )
    is_vat_payer = models.BooleanField(_("pays VAT"), default=False)
    vat_certificate = models.CharField(_("VAT certificate"), max_length=40, blank=True)
    regime = models.CharField(max_length=10, choices=TaxRegime.choices, default=TaxRegime.GENERAL)

    class Meta:
        constraints = [
            ordered_period("taxstatus_period"),
            no_overlap("taxstatus_no_overlap", "organisation"),
            models.CheckConstraint(
                condition=Q(regime__in=TaxRegime.values), name="taxstatus_regime_known"
            ),
        ]


class VatRate(DatedRow):
    """The rate of value added tax by date of turnover, with its source (law.md §6)."""

    rate = RateField()
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=60)

    class Meta:
        constraints = [
            ordered_period("vatrate_period"),
            no_overlap("vatrate_no_overlap"),
        ]


class Membership(DatedRow):
    """A person belongs to an organisation for a period."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    position = models.CharField(_("position"), max_length=120, blank=True)

    class Meta:
        constraints = [
            ordered_period("membership_period"),
            no_overlap("membership_no_overlap", "user", "organisation"),
        ]


class RoleGrant(DatedRow):
    """A role of a member, for a period, at all the organisation's places or at one of them."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    # The institution's organisation to which the role is limited; null means everywhere.
    scope = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            ordered_period("rolegrant_period"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="rolegrant_role_known"),
            no_overlap("rolegrant_no_overlap", "membership", "role", condition=Q(scope=None)),
            no_overlap("rolegrant_scoped_no_overlap", "membership", "role", "scope"),
        ]


class FirstSignature(DatedRow):
    """Who holds the first signature of an organisation: its head or, by order, a deputy."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="first_signatures"
    )
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(_("basis"), max_length=200)
    # Who handed it over to a deputy and when; null for the head's own.
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ordered_period("firstsignature_period"),
            no_overlap("firstsignature_no_overlap", "organisation"),
        ]
