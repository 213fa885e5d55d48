"""The SQL by which the books are proved: each statement gives differences and nothing else.

Read by `selectors.books`. It starts from the columns of the payslips, where the posting starts
from their lines: the two have no statement in common. A row of an answer is run, payslip, account,
what, the sum it should be and the sum it is.
"""

LINES_ARE_SLIPS = """
WITH summed AS (
  SELECT l.payslip_id,
    sum(l.amount) FILTER (WHERE l.kind = 'earning') AS gross,
    sum(l.amount) FILTER (WHERE l.kind = 'writ') AS writs,
    sum(l.amount) FILTER (WHERE l.kind = 'withheld' AND l.code = 'opv') AS opv,
    sum(l.amount) FILTER (WHERE l.kind = 'withheld' AND l.code = 'vosms') AS vosms,
    sum(l.amount) FILTER (WHERE l.kind = 'withheld' AND l.code = 'ipn') AS ipn,
    sum(l.amount) FILTER (WHERE l.kind = 'employer' AND l.code = 'so') AS so,
    sum(l.amount) FILTER (WHERE l.kind = 'employer' AND l.code = 'oosms') AS oosms,
    sum(l.amount) FILTER (WHERE l.kind = 'employer' AND l.code = 'opvr') AS opvr,
    sum(l.amount) FILTER (WHERE l.kind = 'employer' AND l.code = 'social_tax') AS social_tax,
    sum(l.amount) FILTER (WHERE l.kind IN ('withheld', 'employer')) AS payments
  FROM inmates_payslipline l JOIN inmates_payslip s ON s.id = l.payslip_id
  WHERE s.run_id = ANY(%(runs)s)
  GROUP BY l.payslip_id
)
SELECT s.run_id, s.id, NULL::bigint, x.what, x.of_slip, coalesce(x.of_lines, 0)
FROM inmates_payslip s LEFT JOIN summed m ON m.payslip_id = s.id
CROSS JOIN LATERAL (VALUES
  ('gross', s.gross, m.gross),
  ('opv', s.opv, m.opv),
  ('vosms', s.vosms, m.vosms),
  ('ipn', s.ipn, m.ipn),
  ('net', s.net, s.gross - s.opv - s.vosms - s.ipn),
  ('withheld_by_writs', s.withheld_by_writs, m.writs),
  ('to_account', s.to_account, s.net - s.withheld_by_writs),
  ('so', s.so, m.so),
  ('oosms', s.oosms, m.oosms),
  ('opvr', s.opvr, m.opvr),
  ('social_tax', s.social_tax, m.social_tax),
  ('payments',
    s.opv + s.vosms + s.ipn + s.so + s.oosms + s.opvr + s.social_tax, m.payments)
) AS x (what, of_slip, of_lines)
WHERE s.run_id = ANY(%(runs)s) AND x.of_slip <> coalesce(x.of_lines, 0)
"""

# What each payslip of a posted run must have done to the books, by kind of account. A sum below
# nought, on a difference, stands on the other side.
_EXPECTED = """
SELECT run_id, payslip_id, purpose, kind, fund, writ_id, sum(debit) AS debit, sum(credit) AS credit
FROM (
  SELECT s.run_id, s.id AS payslip_id, x.purpose, x.kind, x.fund, 0::bigint AS writ_id,
    CASE WHEN x.is_debit = (x.amount > 0) THEN abs(x.amount) ELSE 0 END AS debit,
    CASE WHEN x.is_debit = (x.amount > 0) THEN 0 ELSE abs(x.amount) END AS credit
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  CROSS JOIN LATERAL (VALUES
    ('wages', 'wages_expense', '', true, s.gross),
    ('wages', 'contributions_expense', '', true, s.so),
    ('wages', 'contributions_expense', '', true, s.oosms),
    ('wages', 'contributions_expense', '', true, s.opvr),
    ('wages', 'contributions_expense', '', true, s.social_tax),
    ('wages', 'wages_payable', '', false, s.gross),
    ('wages', 'wages_payable', '', true, s.opv),
    ('wages', 'wages_payable', '', true, s.vosms),
    ('wages', 'wages_payable', '', true, s.ipn),
    ('wages', 'pension_fund', 'opv', false, s.opv),
    ('wages', 'pension_fund', 'opvr', false, s.opvr),
    ('wages', 'health_fund', 'vosms', false, s.vosms),
    ('wages', 'health_fund', 'oosms', false, s.oosms),
    ('wages', 'social_fund', 'so', false, s.so),
    ('wages', 'tax', 'ipn', false, s.ipn),
    ('wages', 'tax', 'social_tax', false, s.social_tax),
    ('payment', 'wages_payable', '', true, greatest(0, s.to_account + s.settlement)),
    ('payment', 'cash_control', '', false, greatest(0, s.to_account + s.settlement))
  ) AS x (purpose, kind, fund, is_debit, amount)
  WHERE s.run_id = ANY(%(runs)s) AND r.status IN ('approved', 'paid')
    AND x.amount <> 0 AND (x.purpose = 'wages' OR r.status = 'paid')
  UNION ALL
  SELECT s.run_id, s.id, 'wages', x.kind, '', x.writ_id,
    CASE WHEN x.is_debit = (l.amount > 0) THEN abs(l.amount) ELSE 0 END,
    CASE WHEN x.is_debit = (l.amount > 0) THEN 0 ELSE abs(l.amount) END
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  JOIN inmates_payslipline l ON l.payslip_id = s.id
  CROSS JOIN LATERAL (VALUES
    ('wages_payable', 0::bigint, true),
    (CASE l.code WHEN 'bailiff_fee' THEN 'bailiff_fee' ELSE 'creditor' END, l.writ_id, false)
  ) AS x (kind, writ_id, is_debit)
  WHERE s.run_id = ANY(%(runs)s) AND r.status IN ('approved', 'paid')
    AND l.kind = 'writ' AND l.amount <> 0
) AS moved
GROUP BY run_id, payslip_id, purpose, kind, fund, writ_id
"""
_POSTED = """
SELECT e.run_id, e.payslip_id, e.purpose, a.kind, a.code AS fund,
  coalesce(a.writ_id, 0) AS writ_id, sum(p.debit) AS debit, sum(p.credit) AS credit,
  min(a.id) AS account_id
FROM inmates_journalentry e
JOIN inmates_posting p ON p.entry_id = e.id
JOIN inmates_ledgeraccount a ON a.id = p.account_id
WHERE e.run_id = ANY(%(runs)s)
GROUP BY e.run_id, e.payslip_id, e.purpose, a.kind, a.code, coalesce(a.writ_id, 0)
"""
POSTINGS_ARE_SLIPS = f"""
SELECT coalesce(x.run_id, b.run_id), coalesce(x.payslip_id, b.payslip_id), b.account_id,
  coalesce(x.purpose, b.purpose) || ': ' || concat_ws(' ', coalesce(x.kind, b.kind),
    nullif(coalesce(x.fund, b.fund), '')) || CASE side.is_debit WHEN true THEN ', debit'
    ELSE ', credit' END,
  CASE side.is_debit WHEN true THEN coalesce(x.debit, 0) ELSE coalesce(x.credit, 0) END,
  CASE side.is_debit WHEN true THEN coalesce(b.debit, 0) ELSE coalesce(b.credit, 0) END
FROM ({_EXPECTED}) AS x
FULL JOIN ({_POSTED}) AS b USING (run_id, payslip_id, purpose, kind, fund, writ_id)
CROSS JOIN (VALUES (true), (false)) AS side (is_debit)
WHERE CASE side.is_debit WHEN true THEN coalesce(x.debit, 0) <> coalesce(b.debit, 0)
  ELSE coalesce(x.credit, 0) <> coalesce(b.credit, 0) END
"""  # noqa: S608 - constants of this file

# An account of another person, place or payer than the payslip's.
ACCOUNTS_ARE_OF_THE_SLIP = """
SELECT DISTINCT e.run_id, e.payslip_id, a.id, 'account of somebody else', NULL::numeric,
  sum(p.debit - p.credit)
FROM inmates_journalentry e
JOIN inmates_payrollrun r ON r.id = e.run_id
JOIN inmates_payslip s ON s.id = e.payslip_id
JOIN inmates_posting p ON p.entry_id = e.id
JOIN inmates_ledgeraccount a ON a.id = p.account_id
LEFT JOIN inmates_writofexecution w ON w.id = a.writ_id
WHERE e.run_id = ANY(%(runs)s) AND (
  a.payer_id <> r.payer_id OR a.inmate_id <> s.inmate_id OR w.inmate_id <> s.inmate_id
  OR a.institution_id <> r.institution_id)
GROUP BY e.run_id, e.payslip_id, a.id
"""
ENTRIES_ARE_OF_THE_RUN = """
SELECT e.run_id, e.payslip_id, NULL::bigint, x.what, NULL::numeric, NULL::numeric
FROM inmates_journalentry e
JOIN inmates_payrollrun r ON r.id = e.run_id
LEFT JOIN inmates_payrollrun h ON h.id = r.settled_with_id
JOIN inmates_payslip s ON s.id = e.payslip_id
CROSS JOIN LATERAL (VALUES
  ('entry of a run that is not posted', r.status NOT IN ('approved', 'paid')),
  ('entry under another run than its payslip', s.run_id <> e.run_id),
  ('entry in the books of another payer', r.payer_id <> e.payer_id),
  ('entry on another day than its run',
    e."on" IS DISTINCT FROM CASE WHEN e.purpose = 'payment' THEN r.paid_on
      WHEN r.kind = 'regular' THEN (r.month + interval '1 month - 1 day')::date
      WHEN r.kind = 'correction' THEN (h.month + interval '1 month - 1 day')::date
      ELSE (e.posted_at AT TIME ZONE 'Asia/Almaty')::date END),
  ('entry by another document than its run',
    e.document <> CASE e.purpose WHEN 'payment' THEN r.paid_document ELSE r.number END)
) AS x (what, is_so)
WHERE e.run_id = ANY(%(runs)s) AND x.is_so
"""
ENTRIES_BALANCE = """
SELECT e.run_id, e.payslip_id, NULL::bigint, 'entry out of balance', sum(p.debit), sum(p.credit)
FROM inmates_journalentry e LEFT JOIN inmates_posting p ON p.entry_id = e.id
WHERE e.run_id = ANY(%(runs)s)
GROUP BY e.id HAVING coalesce(sum(p.debit) <> sum(p.credit), true)
"""
# Every amount leaves one account for another under one code: a statement tells it by that code.
CODES_BALANCE = """
SELECT e.run_id, e.payslip_id, min(p.account_id), 'postings under the code ' || p.code,
  sum(p.debit), sum(p.credit)
FROM inmates_journalentry e
JOIN inmates_posting p ON p.entry_id = e.id
JOIN inmates_ledgeraccount a ON a.id = p.account_id
WHERE e.run_id = ANY(%(runs)s)
GROUP BY e.id, p.code
HAVING sum(p.debit) <> sum(p.credit) OR bool_or(a.code NOT IN ('', p.code))
  OR bool_or((a.kind = 'bailiff_fee') <> (p.code = 'bailiff_fee')
    AND a.kind IN ('bailiff_fee', 'creditor'))
"""
# Who was paid has an account at the institution's treasury.
ACCOUNTS_ARE_OPEN = """
SELECT e.run_id, e.payslip_id, a.id, 'no cash control account', NULL::numeric,
  sum(p.credit)
FROM inmates_journalentry e
JOIN inmates_posting p ON p.entry_id = e.id
JOIN inmates_ledgeraccount a ON a.id = p.account_id AND a.kind = 'cash_control'
WHERE e.run_id = ANY(%(runs)s)
  AND NOT EXISTS (SELECT FROM inmates_cashcontrolaccount c WHERE c.inmate_id = a.inmate_id)
GROUP BY e.run_id, e.payslip_id, a.id
"""
NUMBERS_ARE_GIVEN = """
SELECT s.run_id, s.id, NULL::bigint, 'payslip without its number', NULL::numeric, NULL::numeric
FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
WHERE s.run_id = ANY(%(runs)s) AND r.status IN ('approved', 'paid')
  AND NOT (starts_with(s.number, r.number || '/') AND r.number <> '')
"""

# The totals of the run, as the page and the sheet of the month print them, against the books.
TOTALS_OF_POSTINGS = """
SELECT e.run_id,
  coalesce(sum(p.debit - p.credit) FILTER (WHERE a.kind = 'wages_expense'), 0),
  coalesce(sum(p.credit - p.debit) FILTER (WHERE a.code IN ('opv', 'vosms', 'ipn')), 0),
  coalesce(sum(p.credit - p.debit) FILTER (WHERE a.kind IN ('creditor', 'bailiff_fee')), 0),
  coalesce(sum(p.credit - p.debit)
    FILTER (WHERE a.kind = 'wages_payable' AND e.purpose = 'wages'), 0),
  coalesce(sum(p.debit - p.credit) FILTER (WHERE a.kind = 'contributions_expense'), 0)
FROM inmates_journalentry e
JOIN inmates_posting p ON p.entry_id = e.id
JOIN inmates_ledgeraccount a ON a.id = p.account_id
WHERE e.run_id = ANY(%(runs)s)
GROUP BY e.run_id
"""

# What every account must show by the payslips: its credits less its debits. What was settled was
# not paid: it stays on the person's account against what is owed there.
BALANCES_OF_SLIPS = """
WITH slip AS (
  SELECT r.payer_id, r.institution_id, s.*,
    CASE r.status WHEN 'paid' THEN greatest(0, s.to_account + s.settlement) ELSE 0 END AS paid
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE r.status IN ('approved', 'paid') AND r.payer_id = %(payer)s
)
SELECT 'wages_expense', '', institution_id, -sum(gross) FROM slip GROUP BY institution_id
UNION ALL
SELECT 'contributions_expense', '', institution_id, -sum(so + oosms + opvr + social_tax)
FROM slip GROUP BY institution_id
UNION ALL
SELECT 'wages_payable', '', inmate_id, sum(to_account - paid) FROM slip GROUP BY inmate_id
UNION ALL
SELECT 'cash_control', '', inmate_id, sum(paid) FROM slip GROUP BY inmate_id
UNION ALL
SELECT x.kind, x.fund, 0, sum(x.amount) FROM slip CROSS JOIN LATERAL (VALUES
  ('pension_fund', 'opv', opv), ('pension_fund', 'opvr', opvr), ('health_fund', 'vosms', vosms),
  ('health_fund', 'oosms', oosms), ('social_fund', 'so', so), ('tax', 'ipn', ipn),
  ('tax', 'social_tax', social_tax)) AS x (kind, fund, amount)
GROUP BY x.kind, x.fund
UNION ALL
SELECT CASE WHEN l.code = 'bailiff_fee' THEN 'bailiff_fee' ELSE 'creditor' END, '', l.writ_id,
  sum(l.amount)
FROM slip JOIN inmates_payslipline l ON l.payslip_id = slip.id AND l.kind = 'writ'
GROUP BY 1, l.writ_id
"""
