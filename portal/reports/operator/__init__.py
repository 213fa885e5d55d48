"""The operator's one page over all institutions in which its workshops are.

`selectors` counts, `due` says by when something is due to whom (pure), `presenters` writes it.
"""
