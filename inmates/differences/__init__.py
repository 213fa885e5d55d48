"""What a month's wages are now less what its earlier payslips said, and what of it is paid.

Pure; called by the calculation of a run. `subtract` makes the difference of one person's month,
`settle` sets overpayments off against what is due.
"""
