"""The SQL by which months of several runs are proved: differences, what is owed, reversals.

Read by `selectors.books`, like book_sql: a row of an answer is run, payslip, account, what, the sum
it should be and the sum it is. Nothing here computes wages; only that what stands adds up.
"""

# A difference points at a payslip of the same person, payer, place and month; a mirror at the one
# it takes back.
DIFFERENCES_POINT = """
SELECT s.run_id, s.id, NULL::bigint, x.what, NULL::numeric, NULL::numeric
FROM inmates_payslip s
JOIN inmates_payrollrun r ON r.id = s.run_id AND r.status IN ('approved', 'paid')
LEFT JOIN inmates_payslip c ON c.id = s.corrects_id
LEFT JOIN inmates_payrollrun o ON o.id = c.run_id
CROSS JOIN LATERAL (VALUES
  ('difference that points at no payslip of its month', s.is_difference AND NOT coalesce(
    c.inmate_id = s.inmate_id AND o.id <> r.id AND o.payer_id = r.payer_id
      AND o.institution_id = r.institution_id AND o.month = r.month
      AND o.status IN ('approved', 'paid'), false)),
  ('mirror of another run than its own', r.kind = 'reversal'
    AND c.run_id IS DISTINCT FROM r.reverses_id)
) AS x (what, is_so)
WHERE s.run_id = ANY(%(runs)s) AND x.is_so
"""
# A line of a difference points at one of the same person and key; one that points at nothing is of
# something the month had not.
LINES_POINT = """
WITH line AS (
  SELECT s.run_id, s.id AS payslip_id, s.inmate_id, r.payer_id, r.institution_id, r.month,
    r.posted_at, l.corrects_id, l.kind, l.code, l.subject,
    CASE WHEN l.kind = 'earning' THEN l.rate END AS rate
  FROM inmates_payslip s
  JOIN inmates_payrollrun r ON r.id = s.run_id AND r.status IN ('approved', 'paid')
  JOIN inmates_payslipline l ON l.payslip_id = s.id AND l.kind <> 'settlement'
  WHERE s.run_id = ANY(%(runs)s) AND s.is_difference
), past AS (
  SELECT r.id AS run_id, r.payer_id, r.institution_id, r.month, r.posted_at, s.inmate_id,
    l.id, l.kind, l.code, l.subject, CASE WHEN l.kind = 'earning' THEN l.rate END AS rate
  FROM inmates_payrollrun r
  JOIN inmates_payslip s ON s.run_id = r.id
  JOIN inmates_payslipline l ON l.payslip_id = s.id
  WHERE r.status IN ('approved', 'paid')
    AND (r.payer_id, r.institution_id, r.month) IN (
      SELECT payer_id, institution_id, month FROM line)
    AND s.inmate_id IN (SELECT inmate_id FROM line)
)
SELECT l.run_id, l.payslip_id, NULL::bigint,
  concat_ws(' ', 'line', l.code, nullif(l.subject, '')) || CASE WHEN l.corrects_id IS NULL
    THEN ' points at nothing, though the month has one'
    ELSE ' points at another line than its own' END, NULL::numeric, NULL::numeric
FROM line l
WHERE (l.corrects_id IS NOT NULL) <> EXISTS (
  SELECT FROM past p
  WHERE p.inmate_id = l.inmate_id AND p.kind = l.kind AND p.code = l.code
    AND p.subject = l.subject AND p.rate IS NOT DISTINCT FROM l.rate AND p.run_id <> l.run_id
    AND p.payer_id = l.payer_id AND p.institution_id = l.institution_id AND p.month = l.month
    AND CASE WHEN l.corrects_id IS NULL THEN p.posted_at < l.posted_at
      ELSE p.id = l.corrects_id END
)
"""
# The columns of a payslip that are added up over the months of several runs.
_SUMS = """
  ('gross', s.gross), ('opv', s.opv), ('vosms', s.vosms), ('ipn', s.ipn), ('net', s.net),
  ('attachable', s.attachable), ('withheld_by_writs', s.withheld_by_writs),
  ('to_account', s.to_account), ('so', s.so), ('oosms', s.oosms), ('opvr', s.opvr),
  ('social_tax', s.social_tax), ('taxable', s.taxable), ('deduction_used', s.deduction_used),
  ('days_worked', s.days_worked), ('minutes_worked', s.minutes_worked)
"""
# A reversal and what it reverses come to nothing: each sum of each payslip, each line by its key.
REVERSALS_MIRROR = f"""
WITH side AS (
  SELECT r.id AS reversal_id, s.run_id = r.id AS is_mirror, s.*
  FROM inmates_payrollrun r
  JOIN inmates_payslip s ON s.run_id IN (r.id, r.reverses_id)
  WHERE r.id = ANY(%(runs)s) AND r.reverses_id IS NOT NULL AND r.status IN ('approved', 'paid')
), summed AS (
  SELECT s.reversal_id, s.inmate_id, s.is_mirror, x.what, x.amount
  FROM side s CROSS JOIN LATERAL (VALUES {_SUMS}) AS x (what, amount)
  UNION ALL
  SELECT s.reversal_id, s.inmate_id, s.is_mirror,
    concat_ws(' ', 'line', l.code, nullif(l.subject, ''),
      CASE WHEN l.kind = 'earning' THEN l.rate END), l.amount
  FROM side s JOIN inmates_payslipline l ON l.payslip_id = s.id AND l.kind <> 'settlement'
)
SELECT m.reversal_id, s.id, NULL::bigint, 'reversal: ' || m.what,
  coalesce(-sum(m.amount) FILTER (WHERE NOT m.is_mirror), 0),
  coalesce(sum(m.amount) FILTER (WHERE m.is_mirror), 0)
FROM summed m
LEFT JOIN inmates_payslip s ON s.run_id = m.reversal_id AND s.inmate_id = m.inmate_id
GROUP BY m.reversal_id, m.inmate_id, s.id, m.what
HAVING sum(m.amount) <> 0
"""  # noqa: S608 - constants of this file
# What was paid is owed once it is reversed, and of what was not the settlement is taken back. What
# a mirror above nought settles is told by what is owed then.
REVERSALS_SETTLE = """
SELECT m.run_id, m.id, NULL::bigint, 'reversal: settlement', x.expected, m.settlement
FROM inmates_payrollrun r
JOIN inmates_payrollrun o ON o.id = r.reverses_id
JOIN inmates_payslip m ON m.run_id = r.id
JOIN inmates_payslip s ON s.run_id = o.id AND s.inmate_id = m.inmate_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN o.status = 'paid' THEN s.to_account ELSE -s.settlement END AS expected
) x
WHERE r.id = ANY(%(runs)s) AND r.status IN ('approved', 'paid')
  AND CASE WHEN s.to_account < 0 THEN m.settlement NOT BETWEEN s.to_account AND 0
    ELSE m.settlement <> x.expected END
"""
# So do its entries: each points at that of the same person in the run it reverses, and moves the
# same back. No other entry points at one.
ENTRIES_MIRROR = """
WITH entry AS (
  SELECT e.id, e.run_id, e.payslip_id, e.purpose, e.reverses_id, s.inmate_id,
    r.reverses_id AS of_run_id
  FROM inmates_journalentry e
  JOIN inmates_payrollrun r ON r.id = e.run_id
  JOIN inmates_payslip s ON s.id = e.payslip_id
  WHERE e.run_id = ANY(%(runs)s)
), side AS (
  SELECT n.run_id, n.payslip_id, p.account_id, p.code, p.debit, p.credit
  FROM entry n JOIN inmates_posting p ON p.entry_id = n.id
  WHERE n.reverses_id IS NOT NULL
  UNION ALL
  SELECT n.run_id, n.payslip_id, p.account_id, p.code, -p.credit, -p.debit
  FROM entry n JOIN inmates_posting p ON p.entry_id = n.reverses_id
)
SELECT run_id, payslip_id, account_id, 'reversal: postings under the code ' || code,
  sum(greatest(0, -debit) + greatest(0, -credit)), sum(greatest(0, debit) + greatest(0, credit))
FROM side
GROUP BY run_id, payslip_id, account_id, code
HAVING sum(debit) <> 0 OR sum(credit) <> 0
UNION ALL
SELECT n.run_id, n.payslip_id, NULL, 'entry that mirrors another than its own', NULL, NULL
FROM entry n
LEFT JOIN inmates_journalentry o ON o.id = n.reverses_id
LEFT JOIN inmates_payslip t ON t.id = o.payslip_id
WHERE (n.of_run_id IS NOT NULL AND n.purpose = 'wages') <> (n.reverses_id IS NOT NULL)
  OR (n.reverses_id IS NOT NULL AND (o.run_id IS DISTINCT FROM n.of_run_id
    OR o.purpose <> n.purpose OR t.inmate_id <> n.inmate_id))
"""

# Everything approved of one month, added up, is one payslip: nothing of it is below nought, and
# writs took no more than they may look at.
MONTHS_ADD_UP = f"""
WITH slip AS (
  SELECT r.payer_id, r.institution_id, r.month, s.*
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE r.payer_id = %(payer)s AND r.status IN ('approved', 'paid')
    AND (r.institution_id, r.month) IN (
      SELECT n.institution_id, n.month FROM inmates_payrollrun n
      WHERE n.payer_id = %(payer)s AND n.kind <> 'regular' AND n.status IN ('approved', 'paid'))
), summed AS (
  SELECT s.institution_id, s.month, s.inmate_id, max(s.run_id) AS run_id, max(s.id) AS id,
    x.what, sum(x.amount) AS amount
  FROM slip s CROSS JOIN LATERAL (VALUES {_SUMS},
    ('net above what writs may look at', s.net - s.attachable),
    ('attachable above what writs took', s.attachable - s.withheld_by_writs)
  ) AS x (what, amount)
  GROUP BY s.institution_id, s.month, s.inmate_id, x.what
  UNION ALL
  SELECT s.institution_id, s.month, s.inmate_id, max(s.run_id), max(s.id),
    concat_ws(' ', 'line', l.code, nullif(l.subject, '')), sum(l.amount)
  FROM slip s JOIN inmates_payslipline l ON l.payslip_id = s.id AND l.kind <> 'settlement'
  GROUP BY s.institution_id, s.month, s.inmate_id, l.kind, l.code, l.subject,
    CASE WHEN l.kind = 'earning' THEN l.rate END
)
SELECT run_id, id, NULL::bigint, 'sum of the month below nought: ' || what, 0::numeric, amount
FROM summed WHERE amount < 0
"""  # noqa: S608 - constants of this file
# Of a month a person has one payslip that is no difference: the first.
ONE_FIRST_SLIP = """
SELECT max(r.id), max(s.id), NULL::bigint, 'payslips of a month that are no difference',
  1::numeric, count(*)::numeric
FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
WHERE r.payer_id = %(payer)s AND r.status IN ('approved', 'paid') AND NOT s.is_difference
GROUP BY r.institution_id, r.month, s.inmate_id
HAVING count(*) > 1
"""
# Of the people of some runs: whoever has settled more, by everything approved, than they owed.
SETTLED_TOO_MUCH = """
SELECT s.inmate_id
FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
WHERE r.payer_id = %(payer)s AND r.status IN ('approved', 'paid')
  AND s.inmate_id IN (SELECT n.inmate_id FROM inmates_payslip n WHERE n.run_id = ANY(%(runs)s))
GROUP BY s.inmate_id HAVING sum(s.settlement) < 0
"""
# What a person owes is never below nought: no more was settled than was paid too much. And it is
# what stands on their account when everything approved is paid.
DEBTS_ARE_SETTLED = """
WITH owed AS (
  SELECT s.inmate_id, sum(s.settlement) AS amount,
    -- The mirror of wages that were never paid takes the payment back with it.
    coalesce(sum(s.to_account + s.settlement) FILTER (WHERE r.status = 'approved'), 0)
      + coalesce(sum(least(0, s.to_account + s.settlement))
        FILTER (WHERE r.status = 'paid' AND o.status <> 'paid'), 0) AS unpaid
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  LEFT JOIN inmates_payrollrun o ON o.id = r.reverses_id
  WHERE r.payer_id = %(payer)s AND r.status IN ('approved', 'paid')
  GROUP BY s.inmate_id
), balance AS (
  SELECT a.inmate_id, min(a.id) AS account_id, sum(p.credit - p.debit) AS amount
  FROM inmates_ledgeraccount a JOIN inmates_posting p ON p.account_id = a.id
  WHERE a.payer_id = %(payer)s AND a.kind = 'wages_payable'
  GROUP BY a.inmate_id
)
SELECT NULL::bigint, NULL::bigint, b.account_id, x.what, x.expected, x.found
FROM owed o LEFT JOIN balance b USING (inmate_id)
CROSS JOIN LATERAL (VALUES
  ('more settled than was owed', 0::numeric, o.amount, o.amount < 0),
  ('owed after all payments', o.amount, o.unpaid - coalesce(b.amount, 0),
    o.amount <> o.unpaid - coalesce(b.amount, 0))
) AS x (what, expected, found, is_so)
WHERE x.is_so
"""
# Corrections are approved and paid with their run, and a run is reversed once and paid no more.
RUNS_GO_TOGETHER = """
SELECT r.id, NULL::bigint, NULL::bigint, x.what, NULL::numeric, NULL::numeric
FROM inmates_payrollrun r
LEFT JOIN inmates_payrollrun h ON h.id = r.settled_with_id
LEFT JOIN inmates_payrollrun m ON m.reverses_id = r.id
LEFT JOIN inmates_payrollrun o ON o.id = r.reverses_id
CROSS JOIN LATERAL (VALUES
  ('differences approved or paid without the run they go with', h.status <> r.status
    AND (h.status IN ('approved', 'paid') OR r.status IN ('approved', 'paid'))),
  ('differences that go with a run of no later month', r.kind = 'correction'
    AND (h.month <= r.month OR h.payer_id <> r.payer_id OR h.institution_id <> r.institution_id)),
  ('reversed without a reversal', r.is_reversed
    AND coalesce(m.status NOT IN ('approved', 'paid'), true)),
  ('reversal of a run that is not reversed', r.status IN ('approved', 'paid')
    AND NOT o.is_reversed),
  ('reversal in another place than its run', (o.payer_id, o.institution_id, o.month)
    <> (r.payer_id, r.institution_id, r.month)),
  ('differences stand on reversed wages', r.is_reversed AND EXISTS (
    SELECT FROM inmates_payrollrun n
    JOIN inmates_payslip l ON l.run_id = n.id AND l.is_difference
    JOIN inmates_payslip s ON s.run_id = r.id AND s.inmate_id = l.inmate_id
    WHERE (n.payer_id, n.institution_id, n.month) = (r.payer_id, r.institution_id, r.month)
      AND n.kind <> 'reversal' AND n.status IN ('approved', 'paid') AND NOT n.is_reversed
      AND n.posted_at > r.posted_at AND n.posted_at < m.posted_at)),
  ('paid after it was reversed', r.is_reversed AND EXISTS (
    SELECT FROM inmates_journalentry e
    WHERE e.run_id = r.id AND e.purpose = 'payment' AND e.posted_at > m.posted_at))
) AS x (what, is_so)
WHERE r.payer_id = %(payer)s AND x.is_so
"""
