"""Both calculations side by side: every line, every sum of a payslip, each by its key.

The rate is part of the key of an earning; of the others it explains the line, no more.
"""

# The lines of the payslips and ours, told apart by `side`.
BOTH = """
CREATE TEMP TABLE second_both ON COMMIT DROP AS
SELECT 1 AS side, s.inmate_id, l.kind, l.code, l.subject,
  CASE WHEN l.kind = 'earning' THEN l.rate END AS rate, l.amount
FROM inmates_payslip s
JOIN inmates_payslipline l ON l.payslip_id = s.id
WHERE s.run_id = %(run)s
UNION ALL
SELECT 1, s.inmate_id, 'demanded', l.code, l.subject, NULL, l.demanded
FROM inmates_payslip s
JOIN inmates_payslipline l ON l.payslip_id = s.id AND l.kind = 'writ'
WHERE s.run_id = %(run)s
UNION ALL
SELECT 2, l.inmate_id, l.kind, l.code, l.subject, l.rate, l.amount
FROM second_line l
WHERE NOT EXISTS (SELECT FROM second_gap g WHERE g.inmate_id = l.inmate_id)
"""

# Keys on which the sides differ in number, sum or sum of squares; nearly always there is none.
SUSPECT = """
CREATE TEMP TABLE second_suspect ON COMMIT DROP AS
SELECT inmate_id, kind, code, subject, rate
FROM second_both
GROUP BY inmate_id, kind, code, subject, rate
HAVING COUNT(*) FILTER (WHERE side = 1) <> COUNT(*) FILTER (WHERE side = 2)
  OR COUNT(amount) < COUNT(*)
  OR SUM(amount) FILTER (WHERE side = 1) <> SUM(amount) FILTER (WHERE side = 2)
  OR SUM(amount * amount) FILTER (WHERE side = 1) <> SUM(amount * amount) FILTER (WHERE side = 2)
"""

FORGET = "DELETE FROM inmates_payrolldifference WHERE run_id = %(run)s"

# Lines both sides have are taken away in pairs; what is left over is put beside each other.
LINES = """
INSERT INTO inmates_payrolldifference
  (run_id, inmate_id, kind, code, subject, rate, occurrence, first, second)
WITH lines AS (
  SELECT b.*, ROW_NUMBER() OVER (
    PARTITION BY b.side, b.inmate_id, b.kind, b.code, b.subject, b.rate, b.amount
  ) AS copy
  FROM second_both b
  JOIN second_suspect s ON s.inmate_id = b.inmate_id AND s.kind = b.kind AND s.code = b.code
    AND s.subject = b.subject AND s.rate IS NOT DISTINCT FROM b.rate
), alone AS (
  SELECT l.*, ROW_NUMBER() OVER (
    PARTITION BY side, inmate_id, kind, code, subject, rate ORDER BY amount, copy
  ) AS occurrence
  FROM lines l
  WHERE amount IS NULL OR NOT EXISTS (
    SELECT FROM lines o WHERE o.side <> l.side AND o.inmate_id = l.inmate_id AND o.kind = l.kind
      AND o.code = l.code AND o.subject = l.subject AND o.rate IS NOT DISTINCT FROM l.rate
      AND o.amount = l.amount AND o.copy = l.copy
  )
)
SELECT %(run)s, inmate_id, kind, code, subject, rate, occurrence,
  MAX(amount) FILTER (WHERE side = 1), MAX(amount) FILTER (WHERE side = 2)
FROM alone
GROUP BY inmate_id, kind, code, subject, rate, occurrence
"""

# Payslips one by one: their sums, their days and minutes; and whom only one side has.
TOTALS = """
INSERT INTO inmates_payrolldifference
  (run_id, inmate_id, kind, code, subject, rate, occurrence, first, second)
WITH withheld AS (
  SELECT inmate_id, SUM(amount) AS amount FROM second_demand GROUP BY inmate_id
), ours AS (
  SELECT y.*, COALESCE(k.days, 0) AS days, COALESCE(k.minutes, 0) AS minutes,
    COALESCE(t.amount, 0) AS withheld
  FROM second_pay y
  LEFT JOIN second_worked k USING (inmate_id)
  LEFT JOIN withheld t USING (inmate_id)
), theirs AS (
  SELECT * FROM inmates_payslip WHERE run_id = %(run)s
)
SELECT %(run)s, inmate_id, 'total', c.code, '', NULL, 1, c.first, c.second
FROM theirs s
FULL JOIN ours o USING (inmate_id)
CROSS JOIN LATERAL (VALUES
  ('gross', s.gross, o.gross),
  ('opv', s.opv, o.opv),
  ('vosms', s.vosms, o.vosms),
  ('ipn', s.ipn, o.ipn),
  ('net', s.net, o.net),
  ('attachable', s.attachable, o.attachable),
  ('withheld', s.withheld_by_writs, o.withheld),
  ('to_account', s.to_account, o.net - o.withheld),
  ('so', s.so, o.so),
  ('oosms', s.oosms, o.oosms),
  ('opvr', s.opvr, o.opvr),
  ('social_tax', s.social_tax, o.social_tax),
  ('taxable', s.taxable, o.taxable),
  ('has_basic_deduction', s.has_basic_deduction::int, o.has_application::int),
  ('days_worked', s.days_worked, o.days),
  ('minutes_worked', s.minutes_worked, o.minutes)
) c (code, first, second)
WHERE c.first IS DISTINCT FROM c.second
  AND NOT EXISTS (SELECT FROM second_gap g WHERE g.inmate_id = COALESCE(s.inmate_id, o.inmate_id))
"""

# Whom this side cannot compute, while there is a payslip: the reason instead of each line.
PEOPLE = """
INSERT INTO inmates_payrolldifference
  (run_id, inmate_id, kind, code, subject, rate, occurrence, first, second)
SELECT DISTINCT %(run)s, s.inmate_id, 'person', g.code, '', NULL::numeric, 1, s.gross, NULL::numeric
FROM inmates_payslip s
JOIN second_gap g ON g.inmate_id = s.inmate_id
WHERE s.run_id = %(run)s
"""

COUNT = "SELECT COUNT(*) FROM inmates_payrolldifference WHERE run_id = %(run)s"
