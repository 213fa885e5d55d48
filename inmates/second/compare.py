"""Both calculations side by side: every line, every sum of a payslip, each by its key.

The rate is part of the key of an earning; of the others it explains the line, no more. Who has
approved payslips of the month has here what is more or less than they say, key by key: a line of
nought is no line there.
"""

# The sums of our payslips. Who has earned nothing now, and something on earlier payslips of the
# month, has those below nought; who is in neither has none.
OURS = """
CREATE TEMP TABLE second_ours ON COMMIT DROP AS
WITH withheld AS (
  SELECT inmate_id, SUM(amount) AS amount FROM second_demand GROUP BY inmate_id
), now AS (
  SELECT y.*, COALESCE(k.days, 0) AS days, COALESCE(k.minutes, 0) AS minutes,
    COALESCE(t.amount, 0) AS withheld
  FROM second_pay y
  LEFT JOIN second_worked k USING (inmate_id)
  LEFT JOIN withheld t USING (inmate_id)
), was AS (
  SELECT inmate_id, SUM(s.gross) AS gross, SUM(s.opv) AS opv, SUM(s.vosms) AS vosms,
    SUM(s.ipn) AS ipn, SUM(s.net) AS net, SUM(s.attachable) AS attachable,
    SUM(s.withheld_by_writs) AS withheld, SUM(s.to_account) AS to_account, SUM(s.so) AS so,
    SUM(s.oosms) AS oosms, SUM(s.opvr) AS opvr, SUM(s.social_tax) AS social_tax,
    SUM(s.taxable) AS taxable, SUM(s.deduction_used) AS deduction_used,
    SUM(s.days_worked) AS days, SUM(s.minutes_worked) AS minutes
  FROM second_earlier
  JOIN inmates_payslip s USING (id, inmate_id, run_id)
  GROUP BY inmate_id
)
SELECT inmate_id, w.inmate_id IS NOT NULL AS is_difference, n.has_application,
  COALESCE(n.gross, 0) - COALESCE(w.gross, 0) AS gross,
  COALESCE(n.opv, 0) - COALESCE(w.opv, 0) AS opv,
  COALESCE(n.vosms, 0) - COALESCE(w.vosms, 0) AS vosms,
  COALESCE(n.ipn, 0) - COALESCE(w.ipn, 0) AS ipn,
  COALESCE(n.net, 0) - COALESCE(w.net, 0) AS net,
  COALESCE(n.attachable, 0) - COALESCE(w.attachable, 0) AS attachable,
  COALESCE(n.withheld, 0) - COALESCE(w.withheld, 0) AS withheld,
  COALESCE(n.net - n.withheld, 0) - COALESCE(w.to_account, 0) AS to_account,
  COALESCE(n.so, 0) - COALESCE(w.so, 0) AS so,
  COALESCE(n.oosms, 0) - COALESCE(w.oosms, 0) AS oosms,
  COALESCE(n.opvr, 0) - COALESCE(w.opvr, 0) AS opvr,
  COALESCE(n.social_tax, 0) - COALESCE(w.social_tax, 0) AS social_tax,
  COALESCE(n.taxable, 0) - COALESCE(w.taxable, 0) AS taxable,
  COALESCE(n.deduction_used, 0) - COALESCE(w.deduction_used, 0) AS deduction_used,
  COALESCE(n.days, 0) - COALESCE(w.days, 0) AS days,
  COALESCE(n.minutes, 0) - COALESCE(w.minutes, 0) AS minutes
FROM now n
FULL JOIN was w USING (inmate_id)
WHERE NOT EXISTS (SELECT FROM second_gap g WHERE g.inmate_id = COALESCE(n.inmate_id, w.inmate_id))
"""

# The lines of the payslips and ours, told apart by `side`. What is settled with a payment is no
# pay of the month: it is never subtracted.
BOTH = """
CREATE TEMP TABLE second_both ON COMMIT DROP AS
WITH theirs AS (
  SELECT s.inmate_id, x.kind, l.code, l.subject,
    CASE WHEN x.kind = 'earning' THEN l.rate END AS rate, x.amount
  FROM inmates_payslip s
  JOIN inmates_payslipline l ON l.payslip_id = s.id
  CROSS JOIN LATERAL (VALUES (l.kind, l.amount), ('demanded', l.demanded)) x (kind, amount)
  WHERE s.run_id = %(run)s AND (x.kind <> 'demanded' OR l.kind = 'writ')
), earlier AS (
  SELECT e.inmate_id, x.kind, l.code, l.subject,
    CASE WHEN x.kind = 'earning' THEN l.rate END AS rate, x.amount,
    -- A reversal mirrors line by line; a difference is made key by key.
    CASE WHEN r.kind = 'reversal' THEN l.id END AS mirrored
  FROM second_run r
  CROSS JOIN second_earlier e
  JOIN inmates_payslipline l ON l.payslip_id = e.id AND l.kind <> 'settlement'
  CROSS JOIN LATERAL (VALUES (l.kind, l.amount), ('demanded', l.demanded)) x (kind, amount)
  WHERE x.kind <> 'demanded' OR l.kind = 'writ'
), ours AS (
  SELECT l.*, l.kind <> 'settlement' AND l.inmate_id IN (SELECT inmate_id FROM second_first)
    AS is_subtracted_from
  FROM second_line l
), difference AS (
  SELECT inmate_id, kind, code, subject, rate, SUM(amount) AS amount
  FROM (
    SELECT inmate_id, kind, code, subject, rate, amount, NULL::bigint AS mirrored
    FROM ours WHERE is_subtracted_from
    UNION ALL
    SELECT inmate_id, kind, code, subject, rate, -amount, mirrored FROM earlier
  ) of_key
  GROUP BY inmate_id, kind, code, subject, rate, mirrored
  HAVING SUM(amount) <> 0
)
SELECT 1 AS side, t.*
FROM theirs t
WHERE NOT (COALESCE(t.amount, 0) = 0
  AND (t.kind = 'settlement' OR t.inmate_id IN (SELECT inmate_id FROM second_first)))
UNION ALL
SELECT 2, o.*
FROM (
  SELECT inmate_id, kind, code, subject, rate, amount FROM ours WHERE NOT is_subtracted_from
  UNION ALL
  SELECT * FROM difference
) o
WHERE NOT EXISTS (SELECT FROM second_gap g WHERE g.inmate_id = o.inmate_id)
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

# Payslips one by one: their sums, their days and minutes; and whom only one side has. A difference
# that changes nothing is no payslip.
TOTALS = """
INSERT INTO inmates_payrolldifference
  (run_id, inmate_id, kind, code, subject, rate, occurrence, first, second)
WITH theirs AS (
  SELECT * FROM inmates_payslip WHERE run_id = %(run)s
)
SELECT %(run)s, inmate_id, 'total', c.code, '', NULL, 1, c.first, c.second
FROM theirs s
FULL JOIN second_ours o USING (inmate_id)
LEFT JOIN second_paid p USING (inmate_id)
CROSS JOIN LATERAL (VALUES
  ('gross', s.gross, o.gross),
  ('opv', s.opv, o.opv),
  ('vosms', s.vosms, o.vosms),
  ('ipn', s.ipn, o.ipn),
  ('net', s.net, o.net),
  ('attachable', s.attachable, o.attachable),
  ('withheld', s.withheld_by_writs, o.withheld),
  ('to_account', s.to_account, o.to_account),
  ('so', s.so, o.so),
  ('oosms', s.oosms, o.oosms),
  ('opvr', s.opvr, o.opvr),
  ('social_tax', s.social_tax, o.social_tax),
  ('taxable', s.taxable, o.taxable),
  ('deduction_used', s.deduction_used, o.deduction_used),
  ('settlement', s.settlement,
    CASE WHEN s.id IS NOT NULL THEN COALESCE(p.settlement, s.settlement) END),
  ('is_difference', s.is_difference::int,
    CASE WHEN s.id IS NULL THEN NULL ELSE COALESCE(o.is_difference, false)::int END),
  ('has_basic_deduction', s.has_basic_deduction::int,
    CASE WHEN o.is_difference AND (s.id IS NULL OR o.has_application IS NULL)
      THEN s.has_basic_deduction ELSE o.has_application END::int),
  ('days_worked', s.days_worked, o.days),
  ('minutes_worked', s.minutes_worked, o.minutes)
) c (code, first, second)
WHERE CASE WHEN o.is_difference THEN COALESCE(c.first, 0) <> COALESCE(c.second, 0)
    ELSE c.first IS DISTINCT FROM c.second END
  AND NOT EXISTS (SELECT FROM second_gap g WHERE g.inmate_id = COALESCE(s.inmate_id, o.inmate_id))
"""

# What is settled on the payslips of corrections is known when all of them are there.
SETTLEMENTS = """
INSERT INTO inmates_payrolldifference
  (run_id, inmate_id, kind, code, subject, rate, occurrence, first, second)
SELECT %(run)s, s.inmate_id, 'total', 'settlement', 'run:' || s.run_id, NULL::numeric, 1,
  s.settlement, f.settlement
FROM second_family f
JOIN inmates_payslip s ON s.id = f.payslip_id
WHERE s.settlement <> f.settlement
"""

# Whom this side cannot compute, while there is a payslip or was one: the reason instead of each
# line.
PEOPLE = """
INSERT INTO inmates_payrolldifference
  (run_id, inmate_id, kind, code, subject, rate, occurrence, first, second)
SELECT DISTINCT %(run)s, g.inmate_id, 'person', g.code, '', NULL::numeric, 1, s.gross, NULL::numeric
FROM second_gap g
LEFT JOIN inmates_payslip s ON s.inmate_id = g.inmate_id AND s.run_id = %(run)s
WHERE s.id IS NOT NULL OR g.inmate_id IN (SELECT inmate_id FROM second_first)
"""

COUNT = "SELECT COUNT(*) FROM inmates_payrolldifference WHERE run_id = %(run)s"
