"""People (identity apart), placements, work done, rates, writs and payroll."""

from inmates.models.accidents import Accident, AccidentNotice, AccidentPerson
from inmates.models.apprenticeship import Apprenticeship
from inmates.models.accidents import Accident, AccidentNotice, AccidentPerson
from inmates.models.apprenticeship import Apprenticeship
from inmates.models.consents import Consent
from inmates.models.pay import PayParameter, PayRate, TaxApplication, WritOfExecution
from inmates.models.payroll import PayrollProblem, PayrollRun, Payslip, PayslipLine
from inmates.models.people import CustodyStay, Inmate, InmateIdentity, LabourState
from inmates.models.reasons import Reason
from inmates.models.safety import Clearance, ClearanceRequirement
from inmates.models.safety import Clearance, ClearanceRequirement
from inmates.models.shift import ShiftChange
from inmates.models.timesheet import Timesheet
from inmates.models.work import Attendance, Placement, WorkEntry

__all__ = [
    "Accident",
    "AccidentNotice",
    "AccidentPerson",
    "Apprenticeship",
    "Accident",
    "AccidentNotice",
    "AccidentPerson",
    "Apprenticeship",
    "Attendance",
    "Clearance",
    "ClearanceRequirement",
    "Clearance",
    "ClearanceRequirement",
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
    "Timesheet",
    "WorkEntry",
    "WritOfExecution",
]
