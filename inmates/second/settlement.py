"""What of an overpayment is settled with the payslips of a run and of its corrections.

Nobody pays back: a payslip below nought pays nothing and is owed; what is owed is taken from
differences above nought, and then from the wage of the month up to a limit (Labour Code 115; УИК
122). Corrections are settled together with the run they go with, in the order of their months.
"""

# What the person owes the payer by everything approved, this run and its corrections left out; and
# what of it the payslips of this very month and place have left.
OWED = """
CREATE TEMP TABLE second_owed ON COMMIT DROP AS
SELECT s.inmate_id, SUM(s.settlement) AS owed,
  COALESCE(SUM(s.settlement) FILTER (
    WHERE n.institution_id = r.institution_id AND n.month = r.first_day), 0) AS of_month
FROM second_run r
JOIN inmates_payrollrun n ON n.payer_id = r.payer_id
  AND n.status IN ('posting', 'approved', 'paid')
  AND COALESCE(n.settled_with_id, n.id) <> r.head_id
JOIN inmates_payslip s ON s.run_id = n.id AND s.settlement <> 0
GROUP BY s.inmate_id
"""

# The payslips settled one after another: those of the corrections; of a reversal its own too, as
# the last. What lies below nought is owed at once, whatever its month; but the mirror of wages that
# were never paid only takes back what was settled with them. What lies above nought is taken from
# what is owed then, as far as that reaches: a difference that was withheld meanwhile is paid.
FAMILY = """
CREATE TEMP TABLE second_family ON COMMIT DROP AS
WITH member AS (
  SELECT s.id AS payslip_id, s.inmate_id, n.month AS place, s.to_account, n.reverses_id
  FROM second_run r
  JOIN inmates_payrollrun n ON n.settled_with_id = r.id
  JOIN inmates_payslip s ON s.run_id = n.id
  UNION ALL
  SELECT NULL, o.inmate_id, 'infinity'::date, o.to_account, r.reverses_id
  FROM second_run r
  CROSS JOIN second_ours o
  WHERE r.kind = 'reversal' AND r.settled_with_id IS NULL
), slip AS (
  SELECT s.*, greatest(0, s.to_account) AS due,
    CASE WHEN s.to_account > 0 THEN 0
      WHEN n.status <> 'paid' THEN -m.settlement
      ELSE -s.to_account END AS carried
  FROM member s
  LEFT JOIN inmates_payrollrun n ON n.id = s.reverses_id
  LEFT JOIN inmates_payslip m ON m.run_id = n.id AND m.inmate_id = s.inmate_id
), debt AS (
  SELECT s.inmate_id, greatest(0, COALESCE(MAX(d.owed), 0)) + SUM(s.carried) AS owed
  FROM slip s
  LEFT JOIN second_owed d USING (inmate_id)
  GROUP BY s.inmate_id
)
SELECT s.payslip_id, s.inmate_id,
  s.carried - greatest(0, least(s.due, d.owed - COALESCE(
    SUM(s.due) OVER (
      PARTITION BY s.inmate_id ORDER BY s.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0))) AS settlement
FROM slip s
JOIN debt d USING (inmate_id)
"""

# Our own payslips. Of a month that has payslips already, what those have left to be owed of it was
# its pay and is taken in full, in a run outside the order too. Of the rest the wages of a month
# take up to the share of what may be attached, less what writs have taken, never more than is paid;
# the limit is cut down to tiyn. Of a correction nothing is said here: it is settled with the run it
# goes with, and looked at with that.
PAID = """
CREATE TEMP TABLE second_paid ON COMMIT DROP AS
SELECT o.inmate_id, x.owed,
  CASE
    WHEN r.settled_with_id IS NOT NULL THEN NULL
    WHEN r.kind = 'reversal' THEN x.mirrored
    WHEN o.to_account < 0 THEN -o.to_account
    WHEN x.owed <= 0 THEN 0
    WHEN r.kind <> 'regular' THEN -t.same
    WHEN v.recovery_share IS NOT NULL THEN -t.same - least(x.owed - t.same, o.to_account - t.same,
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
CROSS JOIN LATERAL (
  SELECT CASE WHEN o.is_difference
    THEN greatest(0, least(COALESCE(d.of_month, 0), x.owed, o.to_account)) ELSE 0 END AS same
) t
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
WHERE r.kind <> 'reversal' AND p.settlement < 0
"""
