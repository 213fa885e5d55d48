"""Which office pages show a name to whom: reviewed by people, held against the portal by a test.

Everywhere else people stand by their numbers. A row is an address and the persons of the cast who
read a name there; each such look is in the audit trail. A page that begins to show a name fails
the test until it has its row here.
"""

# The labour officer and the master work with people they must call by name; the payer's accountant
# reads the name of a payslip, of a writ and of a timesheet; a private employer's payroll sees its
# own workers.
SHOWS_NAMES: dict[str, frozenset[str]] = {
    "inmates:shift": frozenset({"master", "labour_officer"}),
    "inmates:shift_output": frozenset({"master", "labour_officer"}),
    "inmates:month": frozenset({"master", "labour_officer"}),
    "inmates:timesheet": frozenset({"accountant", "private_accountant"}),
    "inmates:payslip": frozenset({"accountant"}),
    "inmates:account_statement": frozenset({"accountant"}),
    "inmates:writ": frozenset({"accountant"}),
    "inmates:workers": frozenset({"private_accountant", "private_head"}),
}
