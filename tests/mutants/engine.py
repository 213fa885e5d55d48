"""Which modules are the engine, which tests guard them, and which changes mean the same.

An entry of SAME is a change after which the engine computes the same for every month there can
be: (module, text of the line, what becomes what) with the reason. One that is not met any more
is reported, so that the list does not outlive the code.
"""

ENGINE = (
    "inmates.shipped_parameters",  # each figure of the law
    "inmates.payroll",
    "inmates.contributions",
    "inmates.taxes",
    "inmates.withholding",
    "inmates.earnings",
    "inmates.apprentices",
    "inmates.supplements",
    "inmates.minimum_wage",
    "inmates.earning_kinds",
    "inmates.earning_law",
    "inmates.average",
    "inmates.absences",
    "inmates.team_split",
    "inmates.slip_earnings",
    "inmates.slip_supplements",
    "inmates.slip_writs",
)
# Without a database: these run for each change. Who survives them meets the golden slips too.
QUICK = (
    "tests/inmates/test_payroll.py",
    "tests/inmates/test_withholding.py",
    "tests/inmates/test_pay_cases.py",
    "tests/inmates/test_earnings.py",
    "tests/inmates/test_apprentices.py",
    "tests/inmates/test_earning_lines.py",
    "tests/inmates/test_average.py",
    "tests/inmates/test_team_split.py",
    "tests/inmates/test_shared_cap.py",
    "tests/inmates/test_joint_limits.py",
)
THOROUGH = ("tests/inmates/golden", "tests/inmates/test_withholding_stories.py")
SAME: dict[tuple[str, str, str], str] = {}
