"""People (identity apart), placements, work done, rates, writs and payroll."""

from inmates.models.accidents import Accident, AccidentNotice, AccidentPerson
from inmates.models.apprenticeship import Apprenticeship
from inmates.models.backdated import BackdatedChange
from inmates.models.bank import BankStatement, StatementDifference, Transfer, TransferReversal
from inmates.models.confirmed_days import DaysConfirmed
from inmates.models.consents import Consent, ConsentScan, ConsentText, DataConsentTerms
from inmates.models.custody import CustodyStay, PlannedRelease, Qualification
from inmates.models.differences import PayrollDifference
from inmates.models.extra_pay import ExtraPay
from inmates.models.facts import FactDirty, FactHorizon, FactPeriod, LabourFact
from inmates.models.imports import PeopleImport
from inmates.models.leaving_papers import BailiffNotice, LeavingStep, WageCertificate
from inmates.models.ledger import CashControlAccount, JournalEntry, LedgerAccount, Posting
from inmates.models.parameter_desk import ParameterEffect, ParameterProposal
from inmates.models.pay import (
    PayParameter,
    PayRate,
    TaxApplication,
    WritOfExecution,
    WritSuspension,
)
from inmates.models.pay_directories import CalendarDay, EarningKind
from inmates.models.payroll import PayrollProblem, PayrollRun, Payslip, PayslipLine, RunPerson
from inmates.models.people import Inmate, InmateIdentity, LabourState
from inmates.models.places import PlaceOffer, QueueOverride
from inmates.models.prints import PayslipPrint
from inmates.models.questions import QuestionLook, WageQuestion
from inmates.models.reasons import Reason
from inmates.models.registers import (
    PaymentCode,
    PaymentOrder,
    PaymentRegister,
    RegisterRow,
    RegisterRun,
)
from inmates.models.safety import Clearance, ClearanceRequirement
from inmates.models.shift import ShiftChange
from inmates.models.teams import TeamEntry, TeamShare
from inmates.models.terminals import Terminal, TerminalPin, TerminalVisit
from inmates.models.timesheet import Timesheet
from inmates.models.work import Attendance, Placement, WorkEntry

__all__ = [
    "Accident",
    "AccidentNotice",
    "AccidentPerson",
    "Apprenticeship",
    "Attendance",
    "BackdatedChange",
    "BailiffNotice",
    "BankStatement",
    "CalendarDay",
    "CashControlAccount",
    "Clearance",
    "ClearanceRequirement",
    "Consent",
    "ConsentScan",
    "ConsentText",
    "CustodyStay",
    "DataConsentTerms",
    "DaysConfirmed",
    "EarningKind",
    "ExtraPay",
    "FactDirty",
    "FactHorizon",
    "FactPeriod",
    "Inmate",
    "InmateIdentity",
    "JournalEntry",
    "LabourFact",
    "LabourState",
    "LeavingStep",
    "LedgerAccount",
    "ParameterEffect",
    "ParameterProposal",
    "PayParameter",
    "PayRate",
    "PaymentCode",
    "PaymentOrder",
    "PaymentRegister",
    "PayrollDifference",
    "PayrollProblem",
    "PayrollRun",
    "Payslip",
    "PayslipLine",
    "PayslipPrint",
    "PeopleImport",
    "PlaceOffer",
    "Placement",
    "PlannedRelease",
    "Posting",
    "Qualification",
    "QuestionLook",
    "QueueOverride",
    "Reason",
    "RegisterRow",
    "RegisterRun",
    "RunPerson",
    "ShiftChange",
    "StatementDifference",
    "TaxApplication",
    "TeamEntry",
    "TeamShare",
    "Terminal",
    "TerminalPin",
    "TerminalVisit",
    "Timesheet",
    "Transfer",
    "TransferReversal",
    "WageCertificate",
    "WageQuestion",
    "WorkEntry",
    "WritOfExecution",
    "WritSuspension",
]
