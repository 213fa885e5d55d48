"""Pages of questions about wages: the terminal, the public side, the desk of the offices."""
