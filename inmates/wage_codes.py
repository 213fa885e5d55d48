"""The codes of the law of earnings, as a list that nothing of the engine is needed to read.

The triggers that mark closed months name them; a test holds them against the readers.
"""

EARNING_LAW_CODES = (
    "full_shift_minutes",
    "week_hours",
    "reduced_week_hours",
    "night_supplement",
    "overtime_supplement",
    "holiday_supplement",
    "minimum_wage_top_up",
    "average_monthly_hours",
    "annual_leave_days",
    "idle_pay_share",
    "sick_pay_cap_mrp",
    "overpayment_recovery_share",
)
