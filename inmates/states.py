"""The machines of a payroll run and of a timesheet as tables."""

from inmates.enums import AccidentStatus as Accident
from inmates.enums import ApprenticeshipStatus as Training
from inmates.enums import FactStatus as Facts
from inmates.enums import ImportStatus as Import
from inmates.enums import OfferAnswer
from inmates.enums import RunStatus as Status
from inmates.enums import TimesheetStatus as Sheet
from portal.kernel.states import Machine

PAYROLL_RUN = Machine(
    {
        (Status.DRAFT, "start"): Status.CALCULATING,
        (Status.CALCULATED, "start"): Status.CALCULATING,
        (Status.INCOMPLETE, "start"): Status.CALCULATING,
        (Status.CALCULATING, "complete"): Status.CALCULATED,
        (Status.CALCULATING, "stop_incomplete"): Status.INCOMPLETE,
        # By the first signature, with a reason: it is calculated anew before it is approved.
        (Status.CALCULATED, "return"): Status.INCOMPLETE,
        (Status.CALCULATED, "approve"): Status.POSTING,
        # The check that precedes the posting found the month changed since it was calculated.
        (Status.POSTING, "refuse"): Status.CALCULATED,
        (Status.POSTING, "post"): Status.APPROVED,
        (Status.APPROVED, "pay"): Status.PAID,
    }
)

# A month without a row is open. `return` and `reopen` carry a reason.
TIMESHEET = Machine(
    {
        (Sheet.OPEN, "submit"): Sheet.SUBMITTED,
        (Sheet.RETURNED, "submit"): Sheet.SUBMITTED,
        (Sheet.SUBMITTED, "return"): Sheet.RETURNED,
        (Sheet.SUBMITTED, "lock"): Sheet.LOCKED,
        (Sheet.LOCKED, "reopen"): Sheet.RETURNED,
    }
)

PEOPLE_IMPORT = Machine(
    {
        (Import.CHECKED, "apply"): Import.APPLIED,
        (Import.CHECKED, "drop"): Import.DROPPED,
    }
)

# A statement of the bank goes the same way.
BANK_STATEMENT = PEOPLE_IMPORT

# An accepted offer may still fall through without the person's fault: the place is taken back.
PLACE_OFFER = Machine(
    {
        (OfferAnswer.WAITING, "accept"): OfferAnswer.ACCEPTED,
        (OfferAnswer.WAITING, "decline"): OfferAnswer.DECLINED,
        (OfferAnswer.WAITING, "take_back"): OfferAnswer.TAKEN_BACK,
        (OfferAnswer.ACCEPTED, "take_back"): OfferAnswer.TAKEN_BACK,
    },
    field="answer",
)

# `reopen` carries a reason: figures were published by these facts.
FACT_PERIOD = Machine(
    {
        (Facts.PROVISIONAL, "finalise"): Facts.FINAL,
        (Facts.FINAL, "reopen"): Facts.PROVISIONAL,
    }
)

# The second of the two notices moves it on.
ACCIDENT = Machine(
    {
        (Accident.REPORTED, "notify"): Accident.NOTIFIED,
        (Accident.NOTIFIED, "close"): Accident.CLOSED,
    }
)

APPRENTICESHIP = Machine(
    {
        (Training.IN_TRAINING, "complete"): Training.COMPLETED,
        (Training.IN_TRAINING, "discontinue"): Training.DISCONTINUED,
    }
)
