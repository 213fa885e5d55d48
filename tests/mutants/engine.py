"""Which modules are the engine, which tests guard them, and which changes mean the same.

An entry of SAME is a change after which the engine computes the same for every month there can
be: (module, text of the line, what becomes what) with the reason. One that is not met any more
is reported, so that the list does not outlive the code.
"""

HERE = "tests/inmates/"
TAXES = (f"{HERE}test_payroll.py", f"{HERE}test_pay_cases.py", f"{HERE}test_joint_limits.py")
WRITS = (f"{HERE}test_withholding.py", f"{HERE}test_shared_cap.py")
EARNED = (f"{HERE}test_earning_lines.py",)
# Each module with the tests that are nearest to it, all without a database. Who survives these
# meets those of all modules, and then the golden slips.
ENGINE: dict[str, tuple[str, ...]] = {
    "inmates.shipped_parameters": TAXES,  # each figure of the law
    "inmates.payroll": TAXES + WRITS,
    "inmates.contributions": TAXES,
    "inmates.taxes": TAXES,
    "inmates.withholding": WRITS,
    "inmates.earnings": (f"{HERE}test_earnings.py", *EARNED),
    "inmates.apprentices": (f"{HERE}test_apprentices.py", *EARNED),
    "inmates.supplements": EARNED,
    "inmates.minimum_wage": EARNED,
    "inmates.earning_kinds": EARNED,
    "inmates.earning_law": EARNED,
    "inmates.average": (f"{HERE}test_average.py",),
    "inmates.absences": (f"{HERE}test_average.py",),
    "inmates.team_split": (f"{HERE}test_team_split.py",),
    "inmates.slip_earnings": EARNED,
    "inmates.slip_supplements": EARNED,
    "inmates.slip_writs": WRITS,
}
QUICK = tuple(sorted({path for nearest in ENGINE.values() for path in nearest}))
THOROUGH = ("tests/inmates/golden", "tests/inmates/test_withholding_stories.py")
SAME: dict[tuple[str, str, str], str] = {}
