"""Papers after the pay run: their words, machines, clocks and refusals; values alone, no rows."""
