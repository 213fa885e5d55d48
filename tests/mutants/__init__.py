"""A mutation check of the wage engine: each rate, limit and comparison is changed once.

`make mutants` (or `python -m tests.mutants [module …]`) says which change no test notices.
"""
