"""Golden slips: stories of one month with every figure in them (stories/*.toml).

`story` reads them, `world` puts their facts into the database, `test_golden_slips` calculates the
month as a worker does and compares line by line.
"""
