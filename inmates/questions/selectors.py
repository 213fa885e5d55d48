"""Questions by who may see them: the person who asked, or the officers of the office asked.

There is no third way in: whoever is neither gets an empty set.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from inmates.enums import FINAL_RUNS
from inmates.models import (
    CustodyStay,
    Inmate,
    InmateIdentity,
    PayParameter,
    Payslip,
    PayslipLine,
    QuestionLook,
    TerminalPin,
    WageQuestion,
)
from inmates.questions.codes import slip_id_of
from inmates.questions.enums import BY_CODE, WAITING, AnswerWay
from inmates.questions.figures import Quarter
from portal.accounts.enums import OVERSEEING_KINDS, OrganisationKind
from portal.accounts.models import Organisation
from portal.accounts.selectors import overseeing_grants, overseers
from portal.kernel.clock import day_of
from portal.kernel.periods import period_q
from portal.kernel.workdays import workdays_between
from workshops.models import Institution

ANSWER_WORKDAYS = "wage_question_workdays"
# Where the parameter is missing: nothing may stop a question, and the clock of a law is no longer.
USUAL_WORKDAYS = 15
SLIPS_SHOWN = 12
LOOKS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the public figures count it."""

    topic: str
    asked_on: date
    answered_on: date | None
    due_on: date

    @property
    def days(self) -> int:
        """Working days from the question to the answer."""
        return workdays_between(self.asked_on, self.answered_on) if self.answered_on else 0


def answer_workdays(on: date) -> int:
    """In how many working days an answer is due."""
    value = (
        PayParameter.objects.filter(period_q(on), code=ANSWER_WORKDAYS)
        .values_list("value", flat=True)
        .first()
    )
    return int(Decimal(str(value))) if value is not None else USUAL_WORKDAYS


def parameter_in_force(on: date) -> PayParameter | None:
    """The row of the clock with its source, for the pages that tell of it."""
    return PayParameter.objects.filter(period_q(on), code=ANSWER_WORKDAYS).first()


def addressees_of(institution: Institution, on: date) -> list[Organisation]:
    """The offices that answer for the institution: its department, prosecutor, labour inspection.

    Of its region where they are told apart by one, and only where an officer answers on the day:
    a question to an empty office would be asked of nobody.
    """
    staffed = overseers(on).filter(Q(scope=None) | Q(scope=institution.organisation_id))
    region = institution.organisation.region
    near = Q(region="") | Q(region=region) if region else Q()
    offices = Organisation.objects.filter(
        Q(pk=institution.department_id)
        | (Q(kind__in=[OrganisationKind.PROSECUTOR, OrganisationKind.LABOUR_INSPECTION]) & near),
        pk__in=staffed.values("membership__organisation"),
        kind__in=OVERSEEING_KINDS,
    )
    order = list(OVERSEEING_KINDS)
    return sorted(
        offices, key=lambda one: (order.index(OrganisationKind(one.kind)), one.sort_ru, one.pk)
    )


def kinds_that_answer(on: date) -> list[str]:
    """The kinds of offices with at least one officer on the day, the department first."""
    found = set(overseers(on).values_list("membership__organisation__kind", flat=True))
    return [kind for kind in OVERSEEING_KINDS if kind in found]


def institution_of(inmate: Inmate, on: date) -> Institution | None:
    """Where the person is held on the day."""
    stay = (
        CustodyStay.objects.filter(period_q(on), inmate=inmate)
        .select_related("institution__organisation", "institution__department")
        .first()
    )
    return stay.institution if stay else None


def final_slips() -> "QuerySet[Payslip]":
    """Payslips that stay as they are: of approved and of paid runs."""
    return Payslip.objects.filter(run__status__in=FINAL_RUNS).select_related(
        "run__payer", "run__institution__organisation", "inmate"
    )


def slips_of(inmate: Inmate) -> "QuerySet[Payslip]":
    """The person's payslips one may ask about, the newest month first."""
    return final_slips().filter(inmate=inmate).order_by("-run__month", "-id")


def slip_with_code(typed: str) -> Payslip | None:
    """The payslip on which this code is printed."""
    slip_id = slip_id_of(typed)
    return final_slips().filter(pk=slip_id).first() if slip_id else None


def line_of(slip: Payslip, sequence: int) -> PayslipLine | None:
    """One line of the payslip."""
    rows = slip.lines.select_related("writ", "parameter")
    return rows.filter(sequence=sequence).first()


def lines_of(slip: Payslip) -> list[PayslipLine]:
    """All lines of the payslip in their order."""
    return list(slip.lines.select_related("writ", "parameter").order_by("sequence"))


def with_places(rows: "QuerySet[WageQuestion]") -> "QuerySet[WageQuestion]":
    """Questions with the office, the institution and the run of the payslip joined."""
    return rows.select_related(
        "addressee", "institution__organisation", "payslip__run__payer", "taken_by", "follows"
    )


def questions_of(inmate: Inmate) -> "QuerySet[WageQuestion]":
    """What a terminal shows of what the person asked, or somebody with a code; newest first.

    Nothing of before the newest letter with a PIN: whoever printed it has held a PIN that opens
    the terminal. Nothing either of what came from outside and is answered outside.
    """
    letters = TerminalPin.objects.filter(
        inmate=OuterRef("inmate"), made_by__isnull=False, made_at__gte=OuterRef("asked_at")
    )
    rows = WageQuestion.objects.filter(~Exists(letters), inmate=inmate).exclude(
        channel__in=BY_CODE, answer_way=AnswerWay.LETTER
    )
    return with_places(rows).order_by("-asked_at", "-id")


def is_shown_at_terminal(question: WageQuestion, on: date) -> bool:
    """Whether the person can read it at a terminal; where not, they are told by letter alone."""
    if institution_of(question.inmate, on) is None:
        return False
    return questions_of(question.inmate).filter(pk=question.pk).exists()


def question_with_key(key: UUID) -> WageQuestion | None:
    """The question whose page this is, asked from outside."""
    return WageQuestion.objects.filter(key=key).select_related("addressee").first()


def questions_answered_by(user: Any, on: date) -> "QuerySet[WageQuestion]":
    """Questions to the offices of an officer: what waits by its last day, then the rest."""
    seen = Q(pk__in=[])
    for grant in overseeing_grants(user, on):
        office = Q(addressee=grant.organisation_id)
        if grant.scope_id is not None:
            office &= Q(institution__organisation=grant.scope_id)
        seen |= office
    closed = Case(
        When(status__in=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    due = Case(When(status__in=WAITING, then=F("due_on")))
    return (
        with_places(WageQuestion.objects.filter(seen))
        .annotate(is_closed=closed, due=due)
        .order_by("is_closed", F("due").asc(nulls_last=True), "-asked_at", "-id")
    )


def offices_of(user: Any, on: date) -> "QuerySet[Organisation]":
    """The offices in which the user answers."""
    ids = {grant.organisation_id for grant in overseeing_grants(user, on)}
    return Organisation.objects.filter(pk__in=ids).order_by("sort_ru", "id")


def waiting_counts(user: Any, on: date) -> tuple[int, int]:
    """How many questions wait for the officer's office, and how many are over their day."""
    if not overseeing_grants(user, on):
        return 0, 0
    rows = questions_answered_by(user, on).filter(status__in=WAITING)
    dues = list(rows.order_by().values_list("due_on", flat=True))
    return len(dues), sum(due < on for due in dues)


def looks_of(question: WageQuestion) -> list[QuestionLook]:
    """Who saw the name, when and what for."""
    return list(question.looks.select_related("actor").order_by("at", "id"))


def office_looks(inmate: Inmate, since: date) -> list[QuestionLook]:
    """When an office saw who asked one of the questions that a terminal shows, newest first."""
    rows = QuestionLook.objects.filter(
        question__in=questions_of(inmate).order_by().values("pk"), at__date__gte=since
    )
    return list(rows.select_related("question__addressee").order_by("-at", "-id")[:LOOKS_SHOWN])


def added_to(question: WageQuestion, user: Any, on: date) -> list[WageQuestion]:
    """What came with the same code again, as far as the officer answers for it."""
    rows = questions_answered_by(user, on).filter(follows=question.pk)
    return list(rows.order_by("asked_at", "id"))


def first_of(question: WageQuestion, user: Any, on: date) -> WageQuestion | None:
    """The one that the code opened; None of another office too: that it exists is not told."""
    return questions_answered_by(user, on).filter(pk=question.follows_id).first()


def name_of(question: WageQuestion) -> str:
    """The name of who asked: read by `answers._name` alone, which keeps who did."""
    identity = InmateIdentity.objects.filter(inmate=question.inmate_id).first()
    return identity.full_name if identity else ""


def asked_since(quarters: Iterable[Quarter]) -> list[Asked]:
    """Questions asked in these quarters or answered in them, without anything about a person."""
    begin = min(quarter.first_day for quarter in quarters)
    rows = WageQuestion.objects.filter(
        Q(asked_at__date__gte=begin) | Q(answered_at__date__gte=begin)
    ).values_list("topic", "asked_at", "answered_at", "due_on")
    return [
        Asked(topic, day_of(asked_at), day_of(answered_at) if answered_at else None, due_on)
        for topic, asked_at, answered_at, due_on in rows
    ]
