"""The second calculation of a payroll run: the same law, written apart from the Python engine.

Set-based SQL over the stored inputs, into tables that live for one check. It shares no code with
the engine (a contract of .importlinter holds that) and no rows with it but the inputs: what a
payslip says is read in the comparison alone. Called by `services.second_check`.
"""
