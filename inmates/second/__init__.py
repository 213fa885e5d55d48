"""The second calculation of a payroll run: the same law, written apart from the Python engine.

Set-based SQL over the stored inputs, into tables that live for one check. It shares no code with
the engine (a contract of .importlinter holds that) and no rows with it but the inputs: what a
payslip says is read in the comparison alone. Called by `services.second_check`.

PostgreSQL ends a quotient at the scale of its operands (at sixteen significant digits where they
have less): three thirds of a sum are less than the sum. Dividends are therefore given forty places,
and a quotient that is compared or cut down afterwards is brought back to thirty: what the last
places have lost is a whole number again.
"""
