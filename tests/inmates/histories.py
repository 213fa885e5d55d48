"""Approved months of the past for the tests of average pay: what was earned, in how many days."""

from datetime import date
from decimal import Decimal
from typing import Any

from inmates.models import Attendance, Inmate, PayrollRun, Payslip, PayslipLine, Placement, Reason
from portal.kernel.periods import Month
from tests.people import NOW, Cast, a_reason

SEPTEMBER = Month(2026, 9)


def a_history(
    cast: Cast,
    inmate: Inmate,
    earned: str = "84000.00",
    days: int = 20,
    month: Month = SEPTEMBER,
    **fields: Any,
) -> Payslip:
    """A payslip of an approved run of the cast's payer with one line for the time worked.

    `code` is that of the line, `status` that of the run, `arguments` of the explanation.
    """
    code, arguments = fields.pop("code", "time"), fields.pop("arguments", {})
    status = fields.pop("status", "posting")
    values = {"payer": cast.enterprise, "institution": cast.institution}
    run, _is_new = PayrollRun.objects.get_or_create(
        month=month.first_day,
        **(values | fields),
        defaults={
            "started_by": cast.accountant, "created_at": NOW, "calculated_at": NOW,
            "status": "calculated", "checked_at": NOW, "difference_count": 0,
        },
    )  # fmt: skip
    PayrollRun.objects.filter(pk=run.pk).exclude(status="calculated").update(status="calculated")
    amount, none = Decimal(earned), Decimal("0.00")
    slip = Payslip.objects.create(
        run=run, inmate=inmate, days_worked=days, minutes_worked=days * 480, gross=amount,
        opv=none, vosms=none, ipn=none, net=amount, withheld_by_writs=none, to_account=amount,
        so=none, oosms=none, opvr=none, social_tax=none, taxable=none, attachable=amount,
    )  # fmt: skip
    PayslipLine.objects.create(
        payslip=slip, sequence=1, kind="earning", code=code, amount=amount,
        explanation="earning.time", arguments=arguments,
    )  # fmt: skip
    PayrollRun.objects.filter(pk=run.pk).update(
        status=status, approved_by=cast.head, approved_at=NOW
    )
    return slip


def paid_reason(kind: str) -> Reason:
    """The reason of a paid absence of this kind; a second asking gives the same one."""
    letters = {"leave": "О", "sick": "Б", "idle": "ПМ", "average_pay": "М"}
    found = Reason.objects.filter(code=f"paid-{kind}").first()
    return found or a_reason(
        f"paid-{kind}", letter=letters[kind], is_paid=True, pay_kind=kind,
        name_ru={"leave": "Отпуск", "sick": "Болезнь", "idle": "Простой"}.get(kind, "Осмотр"),
    )  # fmt: skip


def absent(placement: Placement, kind: str, *days: int, month: Month | None = None) -> None:
    """Away on these days of the month for a paid reason of the kind."""
    reason = paid_reason(kind)
    first: date = (month or SEPTEMBER.next()).first_day
    Attendance.objects.bulk_create(
        Attendance(
            placement=placement, worked_on=first.replace(day=day), minutes=0, reason=reason,
            recorded_at=NOW,
        )
        for day in days
    )  # fmt: skip
