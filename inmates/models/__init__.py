"""People (identity apart), placements, work done, rates, writs and payroll."""

from inmates.models.consents import Consent
from inmates.models.pay import PayParameter, PayRate, TaxApplication, WritOfExecution
from inmates.models.payroll import PayrollProblem, PayrollRun, Payslip, PayslipLine
from inmates.models.people import CustodyStay, Inmate, InmateIdentity, LabourState, Reason
from inmates.models.shift import ShiftChange
from inmates.models.work import Attendance, Placement, WorkEntry

__all__ = [
    "Attendance",
    "Consent",
    "CustodyStay",
    "Inmate",
    "InmateIdentity",
    "LabourState",
    "PayParameter",
    "PayRate",
    "PayrollProblem",
    "PayrollRun",
    "Payslip",
    "PayslipLine",
    "Placement",
    "Reason",
    "ShiftChange",
    "TaxApplication",
    "WorkEntry",
    "WritOfExecution",
]
