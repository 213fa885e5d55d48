"""A mutation check of the wage engine: each rate, limit and comparison is changed once.

`make mutants` (or `python -m tests.mutants [module …]`) says which change no test notices.
"""

import os

# Before anything of the portal is imported: its package names the settings of production.
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings_test"
