"""The items of the two navigations. A row whose view does not exist is left out.

Add a row when a view exists: the label, the url name, and the roles that see it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import FIRST_SIGNATURE, Role

Text = str | Promise
EVERYBODY = frozenset(Role.values)
WORK = _("Workshop")
PAY = _("Wages")
FIGURES = _("Figures")
ORDERS = _("Orders")
SPACE = _("Space")
PORTAL = _("Portal")
TO_DO = _("What one can do here")
ABOUT = _("About the portal")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a menu: the group is the muted word above it."""

    label: Text
    url_name: str
    roles: frozenset[str] = EVERYBODY
    group: Text = ""
    icon: str = ""
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A row with its address, ready to be shown."""

    label: Text
    url: str
    icon: str = ""
    hint: Text = ""
    is_here: bool = False
    count: int = 0


@dataclass(slots=True)
class Group:
    """Neighbouring items under one muted word."""

    label: Text
    items: list[Item] = field(default_factory=list)


PUBLIC_ROWS = (
    Row(_("Catalogue"), "workshops:catalogue"),
    Row(_("Areas"), "workshops:spaces"),
    Row(_("Basket"), "orders:basket", icon="cart"),
)
FOOTER_ROWS = (
    Row(_("Catalogue"), "workshops:catalogue", group=TO_DO),
    Row(_("Post a production request"), "orders:request_new", group=TO_DO),
    Row(_("Production areas"), "workshops:spaces", group=TO_DO),
    Row(_("Pay calculator"), "front:pay_calculator", group=TO_DO),
    Row(_("Document check"), "front:verify", group=TO_DO),
    Row(_("A question about wages"), "inmates:questions_outside", group=TO_DO),
    Row(_("Contacts"), "front:contacts", group=ABOUT),
    Row(_("Accessibility"), "front:accessibility", group=ABOUT),
    Row(_("What the portal keeps"), "front:privacy", group=ABOUT),
)
OFFICE_ROWS = (
    Row(_("Overview"), "front:start", hint=_("Your organisations and what waits for you")),
    Row(_("All institutions"), "reports:operator", frozenset({Role.OPERATOR}), ORDERS,
        hint=_("Orders, people present, wages, and what is due to whom")),
    Row(_("My orders"), "orders:order_list", frozenset({Role.BUYER}), ORDERS,
        hint=_("Sent orders, their state and what comes next")),
    Row(_("Production requests"), "orders:request_list", frozenset({Role.BUYER}), ORDERS,
        hint=_("Your own drawing and quantity: workshops name their price")),
    Row(_("Orders received"), "orders:received", frozenset({Role.OPERATOR}), ORDERS,
        hint=_("Confirm or decline what customers sent")),
    Row(_("Requests"), "orders:received_requests", frozenset({Role.OPERATOR}), ORDERS,
        hint=_("Name your price for what customers want made")),
    Row(_("Work orders"), "workshops:work_orders", frozenset({Role.OPERATOR, Role.MASTER}), WORK,
        hint=_("What is to be made, by when")),
    Row(_("Shift"), "inmates:shifts", frozenset({Role.MASTER, Role.LABOUR_OFFICER}), WORK,
        hint=_("Who is here today, who made what")),
    Row(_("Reasons"), "inmates:reasons",
        frozenset({Role.MASTER, Role.LABOUR_OFFICER, Role.ACCOUNTANT, Role.HEAD, Role.ANALYST,
                   Role.ADMINISTRATOR}), WORK,
        hint=_("Why somebody is absent or not in work, and what each reason means for pay")),
    Row(_("People"), "inmates:people", frozenset({Role.LABOUR_OFFICER, Role.HEAD}), WORK,
        hint=_("Who is held, who works where, and why the others do not")),
    Row(_("Places"), "inmates:places", frozenset({Role.LABOUR_OFFICER, Role.HEAD}), WORK,
        hint=_("The queue for paid work, its points, and who is owed another place")),
    Row(_("Safety"), "inmates:safety",
        frozenset({Role.MASTER, Role.LABOUR_OFFICER, Role.HEAD}), WORK,
        hint=_("Briefings, equipment, admission: who may not work, whose papers run out")),
    Row(_("Accidents"), "inmates:accidents", frozenset({Role.LABOUR_OFFICER, Role.HEAD}), WORK,
        hint=_("What happened, and the notices due by the next working day")),
    Row(_("Apprenticeships"), "inmates:apprenticeships",
        frozenset({Role.LABOUR_OFFICER, Role.HEAD}), WORK,
        hint=_("Who learns a trade from whom, and how many hours are done")),
    Row(_("Leaving soon"), "inmates:leaving",
        frozenset({Role.LABOUR_OFFICER, Role.HEAD, Role.ACCOUNTANT}), WORK,
        hint=_("Who is released within three months, and which papers are ready")),
    Row(_("Visits asked for"), "orders:visits_received",
        frozenset({Role.LABOUR_OFFICER, Role.HEAD}), SPACE,
        hint=_("Businesses that ask to see an area, and the days left to answer")),
    Row(_("Our areas"), "workshops:kept_spaces",
        frozenset({Role.LABOUR_OFFICER, Role.HEAD}), SPACE,
        hint=_("Idle areas and until when each is on the public list")),
    Row(_("Visits to areas"), "orders:visits_overseen", frozenset({Role.ANALYST}), SPACE,
        hint=_("What businesses asked, who answers, what is late")),
    Row(_("My visits"), "orders:own_visits", frozenset({Role.BUYER}), SPACE,
        hint=_("Areas you asked to see, and the answers")),
    Row(_("Timesheets"), "inmates:timesheets", frozenset({Role.ACCOUNTANT}), PAY,
        hint=_("Check the month of each workshop, return it or lock it")),
    Row(_("Payroll"), "inmates:payroll_runs",
        frozenset({Role.ACCOUNTANT, Role.HEAD, FIRST_SIGNATURE}), PAY,
        hint=_("Close the month step by step: what is ready, what stops it, whose turn it is")),
    Row(_("Writs of execution"), "inmates:writs", frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("Whose wage is attached by what, and what is left of it")),
    Row(_("Rates of pay"), "inmates:pay_rates", frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("What an hour, a month or a piece is paid, and since when")),
    Row(_("Basic deduction"), "inmates:tax_applications",
        frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("Who has applied for it, and who is taxed without it")),
    Row(_("Extra pay"), "inmates:extra_pay", frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("Bonuses and other one-off payments of a month")),
    Row(_("Late changes"), "inmates:backdated_changes",
        frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("What the next wages pay or take back of earlier months, whose change it was")),
    Row(_("Registers of payments"), "inmates:payment_registers",
        frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("Contributions, taxes, writs and accounts: what is to be transferred to whom")),
    Row(_("Requisites of payments"), "inmates:requisites", frozenset({Role.ADMINISTRATOR}), PAY,
        hint=_("To whom contributions and taxes are transferred, and from which day")),
    Row(_("Bank statements"), "inmates:bank_statements", frozenset({Role.ACCOUNTANT}), PAY,
        hint=_("Which transfers the bank has carried out, and what does not agree")),
    Row(_("Books of wages"), "inmates:accounts", frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("What was earned, withheld, owed and paid: statements of every account")),
    Row(_("Wages in total"), "inmates:wage_totals", frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("A quarter or a year by person and by month, and what was paid when")),
    Row(_("Form 200.00"), "inmates:form_200", frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("Figures of a quarter that help to fill in the form")),
    Row(_("Certificates of wages"), "inmates:wage_certificates",
        frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("What one person earned, at their own or an authority's request")),
    Row(_("Notices to bailiffs"), "inmates:bailiff_notices",
        frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("Whom a bailiff has to be told of within three days")),
    Row(_("First signature"), "accounts:signature", frozenset({Role.HEAD}), PAY,
        hint=_("Who approves the wages today, and a deputy by order")),
    Row(_("Our workers"), "inmates:workers", frozenset({Role.ACCOUNTANT, Role.HEAD}), PAY,
        hint=_("A private employer's people: hours, pay, absences paid or not")),
    Row(_("Questions about wages"), "inmates:questions", frozenset({Role.QUESTION_OFFICER}), PAY,
        hint=_("What people ask outside their institution, and the days left to answer")),
    Row(_("Pay parameters"), "inmates:pay_parameters",
        frozenset({Role.ACCOUNTANT, Role.HEAD, Role.ADMINISTRATOR}), PAY,
        hint=_("The figures of the law, their dates and sources")),
    Row(_("Proposed values"), "inmates:parameter_proposals", frozenset({Role.ADMINISTRATOR}), PAY,
        hint=_("Values of the law that wait for a second administrator")),
    Row(_("Kinds of earnings"), "inmates:earning_kinds",
        frozenset({Role.ACCOUNTANT, Role.HEAD, Role.ADMINISTRATOR}), PAY,
        hint=_("What each counts for: contributions, taxes, writs, average wage")),
    Row(_("Employment"), "reports:employment", frozenset({Role.ANALYST}), FIGURES,
        hint=_("Who is in paid work, and of whom that is a share")),
    Row(_("Consents and the queue"), "reports:consents", frozenset({Role.ANALYST}), FIGURES,
        hint=_("Who withdrew from private work, who was placed out of order")),
    Row(_("Months of facts"), "reports:fact_periods", frozenset({Role.ANALYST}), FIGURES,
        hint=_("Which months are final, what is not known, what came late")),
    Row(_("Reports"), "reports:stored_list", frozenset({Role.ANALYST}), FIGURES,
        hint=_("Stored workbooks to download")),
    Row(_("Reading terminals"), "inmates:terminals",
        frozenset({Role.LABOUR_OFFICER, Role.ADMINISTRATOR}), PORTAL,
        hint=_("Devices on which people read their own wages")),
    Row(_("Who looked"), "inmates:looks", frozenset({Role.HEAD, Role.ADMINISTRATOR}), PORTAL,
        hint=_("Every look at a name or an IIN")),
    Row(_("Health of the portal"), "front:health", frozenset({Role.ADMINISTRATOR}), PORTAL,
        hint=_("Which part is down and what to do")),
    Row(_("Jobs"), "front:jobs", frozenset({Role.ADMINISTRATOR}), PORTAL,
        hint=_("Background work: state, failure, retry")),
)  # fmt: skip


def address(url_name: str) -> str:
    """The address of a view without arguments, or nothing while there is no such view."""
    return _address(url_name, get_urlconf(), get_script_prefix())


@cache
def _address(url_name: str, urlconf: str | None, _prefix: str) -> str:
    """Worked out once: a page has some twenty of them, and they stay what they are."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def items_of(rows: Iterable[Row], roles: Collection[str], path: str) -> list[tuple[Text, Item]]:
    """The rows these roles see, with their groups; the longest leading to `path` is here."""
    seen = [
        (row.group, Item(row.label, url, row.icon, row.hint))
        for row in rows
        if (row.roles is EVERYBODY or row.roles & set(roles)) and (url := address(row.url_name))
    ]
    leading = [item.url for _group, item in seen if path.startswith(item.url)]
    here = max(leading, key=len, default="")
    return [(group, replace(item, is_here=item.url == here)) for group, item in seen]


def public_menu(path: str, basket_count: int) -> list[Item]:
    """The items of the public header."""
    return [
        replace(item, count=basket_count) if item.icon == "cart" else item
        for _group, item in items_of(PUBLIC_ROWS, (), path)
    ]


def footer_menu(path: str) -> list[Group]:
    """The groups of the public footer."""
    return _grouped(FOOTER_ROWS, (), path)


def office_menu(roles: Collection[str], path: str) -> list[Group]:
    """The groups of the office's side bar, in the order of the table."""
    return _grouped(OFFICE_ROWS, roles, path)


def _grouped(rows: Iterable[Row], roles: Collection[str], path: str) -> list[Group]:
    groups: list[Group] = []
    for label, item in items_of(rows, roles, path):
        if not groups or groups[-1].label != label:
            groups.append(Group(label))
        groups[-1].items.append(item)
    return groups
