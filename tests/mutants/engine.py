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
)
# Without a database: these run for each change. Who survives them meets the golden slips too.
QUICK = (
    "tests/inmates/test_payroll.py",
    "tests/inmates/test_withholding.py",
    "tests/inmates/test_withholding_stories.py",
    "tests/inmates/test_pay_cases.py",
    "tests/inmates/test_earnings.py",
    "tests/inmates/test_apprentices.py",
)
THOROUGH = ("tests/inmates/golden",)
SAME: dict[tuple[str, str, str], str] = {}
