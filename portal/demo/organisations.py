"""Organisations, their tax status and the rates of VAT; first step of the seed."""

from datetime import date
from decimal import Decimal

from inmates.shipped_parameters import read_shipped_parameters
from portal.accounts.enums import OVERSEEING_KINDS
from portal.accounts.models import Organisation, OrganisationTaxStatus, VatRate
from portal.demo.codes import demo_bin, demo_iban, demo_iin
from portal.demo.sources import in_languages, read_data

LONG_AGO = date(2019, 1, 1)
REGION = "Восточно-Казахстанская область"
BANK, BIK = "Банк (демо)", "DEMOKZKX"
# The threshold of VAT fell in 2026: the entrepreneur pays it since then.
TAX_CHANGED = date(2026, 1, 1)
VAT_PAYERS = {"enterprise": "ДЕМО-НДС-0201", "design": "ДЕМО-НДС-0401"}
SINCE_2026 = {"bereke": "ДЕМО-НДС-0301"}


def make_organisations() -> dict[str, Organisation]:
    """Every organisation of the demo by its code."""
    made = {}
    for row in read_data("organisations")["rows"]:
        serial = row["serial"]
        made[row["code"]] = Organisation.objects.create(
            kind=row["kind"],
            bin=_identifier(row),
            **in_languages("name", row),
            **in_languages("address", row.get("address")),
            region=REGION,
            phone=f"+7 000 000 {serial // 100:02d} {serial % 100:02d}",
            email=f"{row['code']}@demo.example",
            iban=demo_iban(serial),
            bank=BANK,
            bik=BIK,
            kbe=row["kbe"],
        )
    return made


def _identifier(row: dict) -> str:
    if "born" in row:
        return demo_iin(date.fromisoformat(row["born"]), row["serial"])
    return demo_bin(row["serial"])


def make_tax_statuses(organisations: dict[str, Organisation]) -> None:
    """Who pays VAT and by which regime, with one succession."""
    for code, organisation in organisations.items():
        if organisation.kind == "institution" or organisation.kind in OVERSEEING_KINDS:
            continue
        if code in SINCE_2026:
            _tax_status(organisation, LONG_AGO, TAX_CHANGED, certificate="", regime="simplified")
            _tax_status(organisation, TAX_CHANGED, None, certificate=SINCE_2026[code])
        else:
            _tax_status(organisation, LONG_AGO, None, certificate=VAT_PAYERS.get(code, ""))


def _tax_status(
    organisation: Organisation,
    begin: date,
    end: date | None,
    *,
    certificate: str,
    regime: str = "general",
) -> None:
    OrganisationTaxStatus.objects.create(
        organisation=organisation,
        is_vat_payer=bool(certificate),
        vat_certificate=certificate,
        regime=regime,
        effective_from=begin,
        effective_to=end,
    )


def make_vat_rates() -> None:
    """The rates shipped with the law's parameters, with their sources."""
    for row in read_shipped_parameters():
        if row["code"] == "vat_rate":
            ends = row["effective_to"]
            VatRate.objects.create(
                rate=Decimal(row["value"]),
                source=row["source"],
                confidence=row["confidence"],
                effective_from=date.fromisoformat(row["effective_from"]),
                effective_to=date.fromisoformat(ends) if ends else None,
            )
