"""Offices outside the institution, a person with an approved payslip, questions; all invented."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from inmates.enums import LineKind, RunStatus
from inmates.models import (
    Inmate,
    PayrollRun,
    Payslip,
    PayslipLine,
    WageQuestion,
    WritOfExecution,
)
from inmates.questions.answers import answer_question, take_question
from inmates.questions.codes import code_of
from inmates.questions.services import Wanted, ask_by_code, ask_wage_question
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from tests.inmates.months import FIRST, a_writ, an_identity
from tests.people import NOW, Cast, a_placement, a_user, an_inmate, an_organisation

NAME = "Неузнаваев Тест Тестович"
WORDS = "Ночные часы за двенадцатое не посчитаны"
ANSWER = "Проверили табель: двенадцатого учтены восемь ночных часов"
LATER = NOW + timedelta(hours=2)


def offices(cast: Cast) -> dict[str, Organisation]:
    """A prosecutor's office and a labour inspection, each with an officer among the users."""
    made = {
        "prosecutor": an_organisation(Kind.PROSECUTOR, "Прокуратура (тест)", 41),
        "inspection": an_organisation(Kind.LABOUR_INSPECTION, "Инспекция труда (тест)", 42),
    }
    for name, office in made.items():
        cast.users[name] = a_user(f"{name}@example.kz", office, Role.QUESTION_OFFICER)
    return made


def a_person(cast: Cast, number: str = "1648", **fields: Any) -> Inmate:
    """Somebody at work, with a name that stands nowhere else."""
    inmate = an_inmate(cast, number, **fields)
    an_identity(inmate, full_name=NAME, iin=None)
    a_placement(cast, inmate)
    return inmate


def a_run(cast: Cast, month: date = FIRST, **fields: Any) -> PayrollRun:
    values = {
        "payer": cast.enterprise, "institution": cast.institution, "month": month,
        "status": RunStatus.CALCULATED, "created_at": NOW, "calculated_at": NOW,
        "started_by": cast.accountant, "checked_at": NOW, "difference_count": 0,
    }  # fmt: skip
    return PayrollRun.objects.create(**(values | fields))


def a_slip(run: PayrollRun, inmate: Inmate, gross: str = "96000.00") -> Payslip:
    """A payslip with an earning, a contribution and a writ."""
    zero = Decimal("0.00")
    earned, opv, writ = Decimal(gross), Decimal("9600.00"), Decimal("6400.00")
    net = earned - opv
    slip = Payslip.objects.create(
        run=run, inmate=inmate, days_worked=20, minutes_worked=9600, gross=earned, opv=opv,
        vosms=zero, ipn=zero, net=net, attachable=net, withheld_by_writs=writ,
        to_account=net - writ, so=zero, oosms=zero, opvr=zero, social_tax=zero, taxable=zero,
    )  # fmt: skip
    the_writ = WritOfExecution.objects.filter(inmate=inmate).first() or a_writ(
        inmate, f"ИЛ-77{inmate.personnel_number}", kind="claim", queue=5,
        debt=Decimal("50000.00"),
    )  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"kind": LineKind.EARNING, "code": "bonus", "subject": "extra:1", "amount": earned,
         "title": {"ru": "Премия", "kk": "Сыйлықақы", "en": "Bonus"}},
        {"kind": LineKind.WITHHELD, "code": "opv", "amount": opv},
        {"kind": LineKind.WRIT, "code": "claim", "subject": f"writ:{the_writ.pk}",
         "amount": writ, "writ": the_writ, "base": Decimal("50000.00")},
    ]  # fmt: skip
    PayslipLine.objects.bulk_create(
        PayslipLine(payslip=slip, sequence=place, explanation="no_income", **row)
        for place, row in enumerate(rows, start=1)
    )
    return slip


def close(cast: Cast, run: PayrollRun) -> None:
    """The run is approved: its payslips stay."""
    PayrollRun.objects.filter(pk=run.pk).update(
        status=RunStatus.APPROVED, approved_by=cast.head, approved_at=NOW, posted_at=NOW,
        number=f"2026-{run.pk:05d}",
    )  # fmt: skip


def a_final_slip(cast: Cast, inmate: Inmate, month: date = FIRST) -> Payslip:
    """The person's approved payslip of a month, alone in its run."""
    run = a_run(cast, month)
    slip = a_slip(run, inmate)
    close(cast, run)
    return Payslip.objects.get(pk=slip.pk)


def wanted(office: Organisation, **fields: Any) -> Wanted:
    values: dict[str, Any] = {"topic": "supplement", "addressee_id": office.pk, "text": WORDS}
    return Wanted(**(values | fields))


def asked(inmate: Inmate, office: Organisation, at: datetime = NOW, **fields: Any) -> WageQuestion:
    """A question asked at a terminal."""
    return ask_wage_question(
        inmate_id=inmate.pk, submission=uuid4(), wanted=wanted(office, **fields), at=at
    )


def by_code(slip: Payslip, kind: str = Kind.DEPARTMENT, at: datetime = NOW) -> WageQuestion:
    """A question asked from outside with the code of the payslip."""
    words = Wanted(topic="supplement", addressee_kind=kind, text=WORDS)
    return ask_by_code(code=code_of(slip.pk), submission=uuid4(), wanted=words, at=at)


def taken(officer: Any, question: WageQuestion, at: datetime = NOW) -> WageQuestion:
    return take_question(actor=officer, question_id=question.pk, at=at)


def answered(officer: Any, question: WageQuestion, at: datetime = LATER) -> WageQuestion:
    """Taken and answered by the officer."""
    taken(officer, question)
    return answer_question(actor=officer, question_id=question.pk, answer=ANSWER, at=at)


def without_tokens(content: bytes) -> str:
    """A page as it is, but for what differs each time it is asked for."""
    page = content.decode()
    page = re.sub(r'("X-CSRFToken": "|name="csrfmiddlewaretoken" value=")\w+', r"\1", page)
    page = re.sub(r"&quot;X-CSRFToken&quot;: &quot;\w+", "", page)
    page = re.sub(r"X-CSRFToken[^>]*", "", page)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "uuid", page)
