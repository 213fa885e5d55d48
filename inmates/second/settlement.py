"""What of an overpayment is settled with the payslips of a run and of its corrections.

Nobody pays back: a payslip below nought pays nothing and is owed; what is owed is taken from
differences above nought, and then from the wage of the month up to a limit (Labour Code 115; УИК
122). Corrections are settled together with the run they go with, in the order of their months.
"""

# What the person owes the payer by everything approved, this run and its corrections left out.
OWED = """
CREATE TEMP TABLE second_owed ON COMMIT DROP AS
SELECT s.inmate_id, SUM(s.settlement) AS owed
FROM second_run r
JOIN inmates_payrollrun n ON n.payer_id = r.payer_id
  AND n.status IN ('posting', 'approved', 'paid')
  AND COALESCE(n.settled_with_id, n.id) <> r.head_id
JOIN inmates_payslip s ON s.run_id = n.id AND s.settlement <> 0
GROUP BY s.inmate_id
"""

# The payslips settled one after another: those of the corrections; of a reversal its own too, as
# the last. What lies below nought is owed at once, whatever its month. The mirror of wages that
# were never paid only takes back what was settled with them.
FAMILY = """
CREATE TEMP TABLE second_family ON COMMIT DROP AS
WITH slip AS (
  SELECT s.id AS payslip_id, s.inmate_id, n.month AS place, s.to_account, n.reverses_id
  FROM second_run r
  JOIN inmates_payrollrun n ON n.settled_with_id = r.id
  JOIN inmates_payslip s ON s.run_id = n.id
  UNION ALL
  SELECT NULL, o.inmate_id, 'infinity'::date, o.to_account, r.reverses_id
  FROM second_run r
  CROSS JOIN second_ours o
  WHERE r.kind = 'reversal' AND r.settled_with_id IS NULL
), debt AS (
  SELECT s.inmate_id, COALESCE(MAX(d.owed), 0) + SUM(greatest(0, -s.to_account)) AS owed
  FROM slip s
  LEFT JOIN second_owed d USING (inmate_id)
  GROUP BY s.inmate_id
)
SELECT s.payslip_id, s.inmate_id,
  CASE
    WHEN n.status <> 'paid' THEN -m.settlement
    WHEN s.to_account < 0 THEN -s.to_account
    ELSE -greatest(0, least(s.to_account, d.owed - COALESCE(
      SUM(greatest(0, s.to_account)) OVER (
        PARTITION BY s.inmate_id ORDER BY s.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ), 0)))
  END AS settlement
FROM slip s
JOIN debt d USING (inmate_id)
LEFT JOIN inmates_payrollrun n ON n.id = s.reverses_id
LEFT JOIN inmates_payslip m ON m.run_id = n.id AND m.inmate_id = s.inmate_id
"""

# Our own payslips: what is still owed is taken up to the share of what may be attached, less what
# writs have taken, never more than is paid; the limit is cut down to tiyn. Of a correction nothing
# is said here: it is settled with the run it goes with, and looked at with that.
PAID = """
CREATE TEMP TABLE second_paid ON COMMIT DROP AS
SELECT o.inmate_id, x.owed,
  CASE
    WHEN r.settled_with_id IS NOT NULL THEN NULL
    WHEN r.kind = 'reversal' THEN x.mirrored
    WHEN o.to_account < 0 THEN -o.to_account
    WHEN r.kind <> 'regular' OR x.owed <= 0 THEN 0
    WHEN v.recovery_share IS NOT NULL THEN -least(x.owed, o.to_account,
      floor(100 * greatest(0, v.recovery_share * o.attachable - o.withheld)) / 100)
  END AS settlement
FROM second_run r
CROSS JOIN second_rule v
CROSS JOIN second_ours o
LEFT JOIN second_owed d USING (inmate_id)
LEFT JOIN (
  SELECT inmate_id, SUM(settlement) AS settled,
    SUM(settlement) FILTER (WHERE payslip_id IS NULL) AS mirrored
  FROM second_family
  GROUP BY inmate_id
) f USING (inmate_id)
CROSS JOIN LATERAL (
  SELECT COALESCE(d.owed, 0) + COALESCE(f.settled, 0) AS owed, f.mirrored
) x
"""

# The limit is a parameter of the law like the others; who owes nothing does not need it.
GAPS_OF_SETTLEMENT = """
INSERT INTO second_gap
SELECT p.inmate_id, 'parameter_missing'
FROM second_run r
CROSS JOIN second_paid p
WHERE r.settled_with_id IS NULL AND p.settlement IS NULL
"""

SETTLEMENT_LINES = """
INSERT INTO second_line
SELECT p.inmate_id, 'settlement', 'overpayment_recovered', '', NULL::numeric, -p.settlement
FROM second_run r
CROSS JOIN second_paid p
WHERE r.kind = 'regular' AND p.settlement < 0
"""
