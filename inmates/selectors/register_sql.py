"""The SQL of payment registers: what payslips say is due, held against what the books say.

Read by `selectors.registers`. The sums of a register start from the columns of the payslips; the
ledger was written from their lines, so the two agree only where both are right.
"""

from django.db import connection

from inmates.enums import RegisterCode

# One row: person, writ (or null), month, sum. `{column}` is a column of the payslip.
_OF_SLIPS = """
SELECT s.inmate_id, NULL::bigint AS writ_id, r.month AS period, sum({column}) AS amount
FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
WHERE s.run_id = ANY(%(runs)s)
GROUP BY s.inmate_id, r.month
"""
_OF_WRITS = """
SELECT s.inmate_id, l.writ_id, r.month AS period, sum(l.amount) AS amount
FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
JOIN inmates_payslipline l ON l.payslip_id = s.id
WHERE s.run_id = ANY(%(runs)s) AND l.kind = 'writ' AND (l.code = 'bailiff_fee') = {is_fee}
GROUP BY s.inmate_id, l.writ_id, r.month
"""
COLUMNS = {
    RegisterCode.OPV: "s.opv",
    RegisterCode.OPVR: "s.opvr",
    RegisterCode.SO: "s.so",
    RegisterCode.VOSMS: "s.vosms",
    RegisterCode.OOSMS: "s.oosms",
    RegisterCode.IPN: "s.ipn",
    RegisterCode.SOCIAL_TAX: "s.social_tax",
    RegisterCode.ACCOUNTS: "greatest(0, s.to_account + s.settlement)",
}
OF_SLIPS = {code: _OF_SLIPS.format(column=column) for code, column in COLUMNS.items()} | {
    RegisterCode.WRITS: _OF_WRITS.format(is_fee="false"),
    RegisterCode.BAILIFF_FEE: _OF_WRITS.format(is_fee="true"),
}
# Which accounts of the ledger hold what a register is of.
KINDS = {
    RegisterCode.WRITS: "a.kind = 'creditor'",
    RegisterCode.BAILIFF_FEE: "a.kind = 'bailiff_fee'",
    RegisterCode.ACCOUNTS: "a.kind = 'cash_control'",
}
_BOOKED = """
SELECT s.inmate_id, a.writ_id, r.month AS period, sum(p.credit - p.debit) AS amount
FROM inmates_payrollrun r
JOIN inmates_journalentry e ON e.run_id = r.id
JOIN inmates_payslip s ON s.id = e.payslip_id
JOIN inmates_posting p ON p.entry_id = e.id
JOIN inmates_ledgeraccount a ON a.id = p.account_id
WHERE r.id = ANY(%(runs)s) AND {accounts}
GROUP BY s.inmate_id, a.writ_id, r.month
"""
DIFFERENCES = """
SELECT i.personnel_number, sum(x.of_slip), sum(x.booked)
FROM (
  SELECT inmate_id, writ_id, period, amount AS of_slip, 0 AS booked FROM ({of_slips}) AS a
  UNION ALL
  SELECT inmate_id, writ_id, period, 0, amount FROM ({booked}) AS b) AS x
JOIN inmates_inmate i ON i.id = x.inmate_id
GROUP BY i.personnel_number, x.writ_id, x.period
HAVING sum(x.of_slip) <> sum(x.booked)
ORDER BY i.personnel_number
"""
# What waits, by code: from the books of the runs that no register of the code has yet. A person's
# month that a reversal brought to nothing waits for nothing.
WAITING = """
SELECT n.code, count(DISTINCT n.inmate_id), sum(n.amount), min(n.month), max(n.month)
FROM (
SELECT w.code, w.inmate_id, w.writ_id, w.month, sum(w.amount) AS amount
FROM (
  SELECT e.run_id, s.inmate_id, a.writ_id, r.month, p.credit - p.debit AS amount,
    CASE a.kind WHEN 'creditor' THEN 'writs' WHEN 'bailiff_fee' THEN 'bailiff_fee'
      WHEN 'cash_control' THEN 'accounts' ELSE a.code END AS code
  FROM inmates_payrollrun r
  JOIN inmates_journalentry e ON e.run_id = r.id
  JOIN inmates_payslip s ON s.id = e.payslip_id
  JOIN inmates_posting p ON p.entry_id = e.id
  JOIN inmates_ledgeraccount a ON a.id = p.account_id
    AND (a.code <> '' OR a.kind IN ('creditor', 'bailiff_fee', 'cash_control'))
  WHERE r.payer_id = %(payer)s AND r.institution_id = %(institution)s AND r.month <= %(month)s
    AND r.status IN ('approved', 'paid')) AS w
WHERE NOT EXISTS (
  SELECT FROM inmates_registerrun x WHERE x.run_id = w.run_id AND x.code = w.code)
GROUP BY w.code, w.inmate_id, w.writ_id, w.month HAVING sum(w.amount) <> 0) AS n
GROUP BY n.code
"""
# What the last registers carried over, by code: of whom, how much in all, and what could be paid
# of it now: of those whose IIN is known, and of everybody.
CARRIED = """
SELECT n.code, count(DISTINCT n.inmate_id), sum(n.net),
  coalesce(sum(n.net) FILTER (WHERE n.net > 0 AND n.is_known), 0),
  coalesce(sum(n.net) FILTER (WHERE n.net > 0), 0)
FROM (
SELECT g.code, w.inmate_id, w.writ_id, sum(w.carried) AS net,
  bool_or(i.iin_hmac IS NOT NULL) AS is_known
FROM inmates_registerrow w
JOIN inmates_paymentregister g ON g.id = w.register_id
LEFT JOIN inmates_inmateidentity i ON i.inmate_id = w.inmate_id
WHERE g.payer_id = %(payer)s AND g.institution_id = %(institution)s AND w.carried <> 0
  AND NOT EXISTS (SELECT FROM inmates_paymentregister f WHERE f.previous_id = g.id)
GROUP BY g.code, w.inmate_id, w.writ_id) AS n
GROUP BY n.code
"""


def rows_of_slips(runs: list[int], code: str) -> list[tuple]:
    """Person, writ, month and sum, nought left out; one statement."""
    statement = OF_SLIPS[RegisterCode(code)]
    return [row for row in _rows(statement, runs=runs) if row[3]]


def differing(runs: list[int], code: str) -> list[tuple]:
    """Personnel number, sum of the payslips and sum of the books where they differ."""
    accounts = KINDS.get(RegisterCode(code), "a.code = %(code)s")
    statement = DIFFERENCES.format(
        of_slips=OF_SLIPS[RegisterCode(code)], booked=_BOOKED.format(accounts=accounts)
    )
    return _rows(statement, runs=runs, code=code)


def waiting_rows(payer_id: int, institution_id: int, month: object) -> list[tuple]:
    """Code, people, sum, first and last month of what is in no register; one statement."""
    return _rows(WAITING, payer=payer_id, institution=institution_id, month=month)


def carried_sums(payer_id: int, institution_id: int) -> list[tuple]:
    """Code, people, sum, and what of it could be paid now with an IIN and without; one statement.

    Months of a person and writ are netted as a register nets them.
    """
    return _rows(CARRIED, payer=payer_id, institution=institution_id)


def _rows(statement: str, **values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
