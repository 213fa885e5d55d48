"""Questions about wages in every state, and enough of past quarters for the public figures."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid5

from inmates.models import Inmate, Payslip, WageQuestion
from inmates.questions.answers import answer_question, ask_name, take_question
from inmates.questions.codes import code_of
from inmates.questions.figures import finished_quarters
from inmates.questions.selectors import final_slips, institution_of
from inmates.questions.services import Wanted, ask_by_code, ask_wage_question
from portal.accounts.models import User
from portal.demo.orders import NAMESPACE, moment
from portal.demo.sources import read_data
from portal.kernel.workdays import add_workdays, is_workday

ONE_DAY = timedelta(days=1)
OFFICERS = {
    "department": "questions",
    "prosecutor": "prosecutor",
    "labour_inspection": "inspection",
}
PAST_ANSWER = "Проверили расчёт по табелю и нарядам; пояснение к каждой строке — в приложении."


def make_questions(users: dict[str, User], today: date) -> None:
    """Nothing where no wages are approved yet: nobody can ask about a draft."""
    data = read_data("questions")
    slips = _slips(len(data["rows"]), today)
    _make_past([slip.inmate for slip in slips], data["past"], users["questions"], today)
    slip = None
    for number, row in enumerate(data["rows"][: len(slips)]):
        slip = slip if row.get("same_as_before") and slip else slips[number]
        at = moment(_workdays_before(today, row["workdays_ago"]), 11, number)
        question = _ask(number, row, slip, at)
        _work_on(question, row, users[OFFICERS[row["to"]]], today)


def _slips(count: int, today: date) -> list[Payslip]:
    """Approved payslips of different people who are still where they earned them."""
    found: list[Payslip] = []
    for slip in final_slips().order_by("-run__month", "inmate__personnel_number")[: count * 4]:
        held_at = institution_of(slip.inmate, today)
        is_there = held_at is not None and held_at.pk == slip.run.institution_id
        if is_there and len(found) < count:
            found.append(slip)
    return found


def _workdays_before(today: date, count: int) -> date:
    day = today
    while count:
        day -= ONE_DAY
        count -= is_workday(day)
    return day


def _ask(number: int, row: dict[str, Any], slip: Payslip, at: datetime) -> WageQuestion:
    wanted = Wanted(
        topic=row["topic"],
        addressee_kind=row["to"],
        text=row["text"],
        answer_way=row.get("answer_way", "terminal"),
        language=row.get("language", "ru"),
        is_named=row.get("is_named", False),
        slip_id=slip.pk,
        line_sequence=row.get("line"),
    )
    submission = uuid5(NAMESPACE, f"wage question {number}")
    if row.get("by_code"):
        return ask_by_code(code=code_of(slip.pk), submission=submission, wanted=wanted, at=at)
    return ask_wage_question(inmate_id=slip.inmate_id, submission=submission, wanted=wanted, at=at)


def _work_on(question: WageQuestion, row: dict[str, Any], officer: User, today: date) -> None:
    """Taken, the name asked for, answered: as far as the row says."""
    if "taken" not in row:
        return
    begin = add_workdays(question.asked_at.date(), row["taken"])
    take_question(actor=officer, question_id=question.pk, at=moment(begin, 15))
    if "name_reason" in row:
        ask_name(
            actor=officer, question_id=question.pk, reason=row["name_reason"],
            at=moment(begin, 16),
        )  # fmt: skip
    if "answer" in row:
        day = min(add_workdays(begin, 3), today)
        answer_question(
            actor=officer, question_id=question.pk, answer=row["answer"], at=moment(day, 17)
        )


def _make_past(
    people: list[Inmate], rows: list[dict[str, Any]], officer: User, today: date
) -> None:
    """One day after another through the last quarter that is over, from those who were there."""
    if not people:
        return
    (quarter,) = finished_quarters(today, 1)
    there = [one for one in people if institution_of(one, quarter.first_day)]
    number = 0
    for row in rows if there else []:
        for _one in range(row["count"]):
            day = quarter.first_day + number * 2 * ONE_DAY
            question = ask_wage_question(
                inmate_id=there[number % len(there)].pk,
                submission=uuid5(NAMESPACE, f"past question {number}"),
                wanted=Wanted(topic=row["topic"], addressee_kind="department"),
                at=moment(day, 10),
            )
            take_question(actor=officer, question_id=question.pk, at=moment(day, 12))
            answered_on = min(add_workdays(day, row["days"]), quarter.next.first_day - ONE_DAY)
            answer_question(
                actor=officer, question_id=question.pk, answer=PAST_ANSWER,
                at=moment(answered_on, 16),
            )  # fmt: skip
            number += 1
