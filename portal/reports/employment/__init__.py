"""Employment by institution, for a day or a month (law.md §5).

`selectors.employment_report` answers; `measures` computes; `presenters`, `chart` and `workbook`
show. The definitions in words are in `portal.reports.indicators`.
"""
