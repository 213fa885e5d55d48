"""Pure parts of payment registers and bank statements: values in, values out.

Called by services.registers and services.bank; no database, no clock, no settings.
"""
