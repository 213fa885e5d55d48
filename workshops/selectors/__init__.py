"""Rows of the workshops that somebody may see: what is sold, and what is to be made."""
