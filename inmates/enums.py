"""Words with a fixed set of values in the world of people, work and pay."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pension(models.TextChoices):
    """Whether a person draws a pension; it decides which contributions are due (law.md §2)."""

    NONE = "none", _("No pension")
    AGE = "age", _("Pension by age")
    SERVICE = "service", _("Pension for service")


class PaperLanguage(models.TextChoices):
    """The language in which a person is given papers: the two of the state."""

    RUSSIAN = "ru", _("Russian")
    KAZAKH = "kk", _("Kazakh")


class VisitEnd(models.TextChoices):
    """How a person's visit at a reading terminal ended."""

    LEFT = "left", _("The person left")
    IDLE = "idle", _("Idle too long")
    REPLACED = "replaced", _("Signed in again")
    CLOSED = "closed", _("Terminal or PIN closed")


class Ability(models.TextChoices):
    """Whether a person is able to work; unknown is a state of its own (law.md §5)."""

    ABLE = "able", _("Able-bodied")
    UNABLE = "unable", _("Not able-bodied")
    UNKNOWN = "unknown", _("Not known")


class ConsentKind(models.TextChoices):
    """The two consents, never mixed (law.md §9)."""

    PRIVATE_WORK = "private_work", _("Work for a private employer")
    PERSONAL_DATA = "personal_data", _("Processing of personal data")


class OfferAnswer(models.TextChoices):
    """What became of a place that was offered; no answer carries a reason. See states.py."""

    WAITING = "waiting", _("No answer yet")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    TAKEN_BACK = "taken_back", _("Taken back by the institution")


class PayForm(models.TextChoices):
    """How a placement is paid."""

    TIME = "time", _("By time")
    PIECE = "piece", _("By piece")


class RateUnit(models.TextChoices):
    """What a rate of pay is for: at a post an hour or a month, of an operation its pieces."""

    HOUR = "hour", _("an hour")
    MONTH = "month", _("a month")
    PIECE = "piece", _("for pieces")


class WritKind(models.TextChoices):
    """What a writ of execution claims."""

    ALIMONY = "alimony", _("Alimony")
    CLAIM = "claim", _("Claim")


class RunKind(models.TextChoices):
    """Kinds of payroll runs; `month` is always the month the wages are for, not that of payment.

    A correction goes with the regular run of a later month; the others stand alone.
    """

    REGULAR = "regular", _("Regular")
    CORRECTION = "correction", _("Differences of an earlier month")
    RELEASE = "release", _("Final pay at release")
    BONUS = "bonus", _("Bonus outside the month's pay")
    ERROR = "error", _("Mending of an error")
    REVERSAL = "reversal", _("Reversal of a run")


# Started by a person for people named one by one, with a reason.
OFF_CYCLE_RUNS = (RunKind.RELEASE, RunKind.BONUS, RunKind.ERROR)


class RunStatus(models.TextChoices):
    """States of a payroll run; the table is in states.py."""

    DRAFT = "draft", _("Not calculated")
    CALCULATING = "calculating", _("Being calculated")
    CALCULATED = "calculated", _("Calculated")
    INCOMPLETE = "incomplete", _("Not complete: see the list of what is missing")
    POSTING = "posting", _("Approved, being posted")
    APPROVED = "approved", _("Approved and posted")
    PAID = "paid", _("Paid out")


# Of these nothing is changed any more, neither a slip nor what it was made from.
CLOSED_RUNS = (RunStatus.POSTING, RunStatus.APPROVED, RunStatus.PAID)
# Whose payslips are final: they get a number. Before that they print as drafts.
FINAL_RUNS = (RunStatus.APPROVED, RunStatus.PAID)
DRAFT_RUNS = (RunStatus.CALCULATED, RunStatus.INCOMPLETE)
# Of these everybody has the slip that is theirs: it may be printed.
PRINTED_RUNS = (RunStatus.CALCULATED, *CLOSED_RUNS)


class TimesheetStatus(models.TextChoices):
    """States of a workshop's timesheet of a month; the table is in states.py."""

    OPEN = "open", _("Being entered")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    LOCKED = "locked", _("Locked")


class LineKind(models.TextChoices):
    """What a payslip line is."""

    EARNING = "earning", _("Earned")
    WITHHELD = "withheld", _("Withheld")
    WRIT = "writ", _("Withheld by writ")
    EMPLOYER = "employer", _("Paid by the employer")
    SETTLEMENT = "settlement", _("Settled with this payment")


class ReasonGroup(models.TextChoices):
    """Where a reason is used: a day of attendance, or a time without work.

    A mark is a letter the timesheet writes by itself, for its legend: nobody chooses it.
    """

    ATTENDANCE = "attendance", _("Absence on a day")
    MARK = "mark", _("Marks of the timesheet")
    NOT_WORKING = "not_working", _("Not in paid work")
    UNABLE = "unable", _("Not able-bodied")
    RELEASE = "release", _("Left custody")


class AbsencePay(models.TextChoices):
    """How an absence is paid by average wage; the arithmetic is in average.py (law.md §2a.4)."""

    LEAVE = "leave", _("Annual leave: average wage")
    SICK = "sick", _("Sick pay: average wage up to a limit a month")
    IDLE = "idle", _("Idle time: a share of average wage")
    AVERAGE_PAY = "average_pay", _("Average wage")


class ClearanceKind(models.TextChoices):
    """What a person needs before an operation; of medicine only that they are admitted."""

    BRIEFING = "briefing", _("Safety briefing")
    PROTECTIVE_EQUIPMENT = "protective_equipment", _("Protective equipment")
    MEDICAL = "medical", _("Medical admission")


class AccidentKind(models.TextChoices):
    """What has to be notified by the next working day (Penal Execution Code 119(10))."""

    LIGHT = "light", _("Accident, light")
    SEVERE = "severe", _("Accident, severe")
    GROUP = "group", _("Accident, several people")
    FATAL = "fatal", _("Accident, fatal")
    DISPUTE = "dispute", _("Collective labour dispute")


class AccidentStatus(models.TextChoices):
    """States of an accident; the table is in states.py."""

    REPORTED = "reported", _("Notices to be sent")
    NOTIFIED = "notified", _("Notices sent, being looked into")
    CLOSED = "closed", _("Closed")


class NoticeAddressee(models.TextChoices):
    """Who is told of an accident in writing."""

    INSPECTION = "inspection", _("Labour inspection")
    PROSECUTOR = "prosecutor", _("Prosecutor")


class ApprenticeshipStatus(models.TextChoices):
    """States of an apprenticeship; the table is in states.py."""

    IN_TRAINING = "in_training", _("In training")
    COMPLETED = "completed", _("Completed")
    DISCONTINUED = "discontinued", _("Discontinued")


class ImportStatus(models.TextChoices):
    """States of a spreadsheet of people; the table is in states.py."""

    CHECKED = "checked", _("Read, not written")
    APPLIED = "applied", _("Written")
    DROPPED = "dropped", _("Dropped")


class Availability(models.TextChoices):
    """Whether a person could have been given work on a day."""

    AVAILABLE = "available", _("Available")
    UNAVAILABLE = "unavailable", _("Not available")
    UNKNOWN = "unknown", _("Not known")


class Employment(models.TextChoices):
    """Whether a paid placement was in force on a day, leave, sickness and days off included."""

    EMPLOYED = "employed", _("In paid work")
    NOT_EMPLOYED = "not_employed", _("Not in paid work")
    UNKNOWN = "unknown", _("Not known")


class EmployerKind(models.TextChoices):
    """Who employs a person on a day: the state, the institution itself or somebody private."""

    STATE = "state", _("State employer")
    INSTITUTION = "institution", _("The institution itself")
    PRIVATE = "private", _("Private employer")


class Worked(models.TextChoices):
    """What the timesheet says of a day in employment; the value is its letter in a stored fact."""

    WORKED = "W", _("Worked: paid minutes above 0")
    PRESENT = "P", _("No paid minutes, though available")
    AWAY = "A", _("No paid minutes: kept from working")
    UNKNOWN = "U", _("Not known: the timesheet is due and missing")
    NOT_DUE = "N", _("No timesheet is due and none came")


class FactStatus(models.TextChoices):
    """States of the facts of an institution and month; the table is in states.py."""

    PROVISIONAL = "provisional", _("Provisional")
    FINAL = "final", _("Final")


class FactCause(models.TextChoices):
    """What was written down or changed after the facts of its days were made."""

    STAY = "stay", _("Arrival, transfer or departure")
    STATE = "state", _("Ability or reason without work")
    PLACEMENT = "placement", _("Placement")
    ATTENDANCE = "attendance", _("Timesheet")


class AccountKind(models.TextChoices):
    """The chart of a payer's accounts; whose each one is, is said by its subject."""

    WAGES_EXPENSE = "wages_expense", _("Expense: wages")
    CONTRIBUTIONS_EXPENSE = "contributions_expense", _("Expense: contributions of the employer")
    WAGES_PAYABLE = "wages_payable", _("Wages payable")
    CASH_CONTROL = "cash_control", _("Cash control account")
    PENSION_FUND = "pension_fund", _("Pension fund")
    HEALTH_FUND = "health_fund", _("Health insurance fund")
    SOCIAL_FUND = "social_fund", _("Social insurance fund")
    TAX = "tax", _("Taxes to the budget")
    CREDITOR = "creditor", _("Creditors by writs of execution")
    BAILIFF_FEE = "bailiff_fee", _("Fees of bailiffs")
    BANK = "bank", _("Bank account of the payer")


class EntryPurpose(models.TextChoices):
    """Why an entry stands in the books; a payslip is posted once for each."""

    WAGES = "wages", _("Wages and contributions of the month")
    PAYMENT = "payment", _("Payment of wages")
    TRANSFER = "transfer", _("Transfer by a register")


class BackdatedCause(models.TextChoices):
    """What of a month whose wages are approved was changed."""

    ATTENDANCE = "attendance", _("Timesheet")
    OUTPUT = "output", _("Output")
    TEAM = "team", _("Output of a team")
    EXTRA_PAY = "extra_pay", _("One-off payment")
    RATE = "rate", _("Rate of pay")
    PLACEMENT = "placement", _("Placement")
    PERSON = "person", _("Facts about the person")
    APPRENTICESHIP = "apprenticeship", _("Apprenticeship")
    APPLICATION = "application", _("Application for the basic deduction")
    WRIT = "writ", _("Writ of execution")
    PARAMETER = "parameter", _("Parameter of the law")
    KIND = "kind", _("Kind of earnings")
    CALENDAR = "calendar", _("Production calendar")
    REGIME = "regime", _("Tax regime of the payer")
    OTHER_PAY = "other_pay", _("Other wages of the same person")


class RegisterCode(models.TextChoices):
    """Of what a payment register is: a payment of the law, writs, or the wages themselves."""

    OPV = "opv", _("Pension contributions (OPV)")
    OPVR = "opvr", _("Pension contributions of the employer (OPVR)")
    SO = "so", _("Social insurance (SO)")
    VOSMS = "vosms", _("Health contributions (VOSMS)")
    OOSMS = "oosms", _("Health contributions of the employer (OOSMS)")
    IPN = "ipn", _("Income tax (IPN)")
    SOCIAL_TAX = "social_tax", _("Social tax")
    WRITS = "writs", _("By writs of execution")
    BAILIFF_FEE = "bailiff_fee", _("Fees of bailiffs")
    ACCOUNTS = "accounts", _("Wages to cash control accounts")


class StatementProblem(models.TextChoices):
    """Why a line of a bank's statement is no transfer of a register."""

    AMOUNT = "amount", _("Another sum than the payment order")
    SEVERAL = "several", _("Fits several payment orders")
    NO_ORDER = "no_order", _("No register with this payment")
    KNOWN = "known", _("Entered already")
    FUTURE = "future", _("A day that has not come")
    EARLY = "early", _("A day before these wages were posted")
    OTHER_REGISTER = (
        "other_register",
        _("The purpose names another register: is it this payment all the same?"),
    )
