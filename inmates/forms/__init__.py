"""Forms of the accountant and the master: they clean and type, and never save."""
