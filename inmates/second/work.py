"""Time and piece pay, and the pay of a team (law.md §2a.1, §2a.5, §2a.6).

A quotient is taken at twenty places more than a tiyn needs and rounded once: numeric division
stops at a place, and that place must be far behind the one that decides.
"""

# Days with minutes worked. On a day off every minute is a holiday's, and none is overtime.
DAY = """
CREATE TEMP TABLE second_day ON COMMIT DROP AS
SELECT p.inmate_id, p.id AS placement_id, p.post_id, p.pay_form, a.worked_on, a.minutes,
  a.night_minutes AS night,
  CASE WHEN c.is_workday THEN a.overtime_minutes ELSE 0 END AS overtime,
  CASE WHEN c.is_workday THEN 0 ELSE a.minutes END AS holiday
FROM second_run r
CROSS JOIN second_placement p
JOIN inmates_attendance a ON a.placement_id = p.id
  AND a.worked_on >= r.first_day AND a.worked_on < r.next_month
JOIN inmates_calendarday c ON c.day = a.worked_on
LEFT JOIN inmates_reason q ON q.id = a.reason_id
WHERE a.minutes > 0 AND (a.reason_id IS NULL OR q.is_worked)
"""

# What days and minutes the slip counts.
WORKED = """
CREATE TEMP TABLE second_worked ON COMMIT DROP AS
SELECT inmate_id, COUNT(*) AS days, SUM(minutes) AS minutes
FROM (
  SELECT inmate_id, worked_on, SUM(minutes) AS minutes FROM second_day GROUP BY 1, 2
) one_day
GROUP BY inmate_id
"""

# Minutes at a post under the rate of the day; rate null: there is none.
TIME = """
CREATE TEMP TABLE second_time ON COMMIT DROP AS
SELECT d.inmate_id, d.post_id, x.amount AS rate, x.unit, SUM(d.minutes) AS minutes,
  SUM(d.night) AS night, SUM(d.overtime) AS overtime, SUM(d.holiday) AS holiday
FROM second_run r
CROSS JOIN second_day d
LEFT JOIN inmates_payrate x ON x.payer_id = r.payer_id AND x.post_id = d.post_id
  AND x.effective_from <= d.worked_on
  AND (x.effective_to IS NULL OR x.effective_to > d.worked_on)
WHERE d.pay_form = 'time'
GROUP BY d.inmate_id, d.post_id, x.amount, x.unit
"""

# Hours × the hourly rate, or the monthly salary × minutes ÷ the month's norm (law.md §2a.1).
TIME_LINES = """
INSERT INTO second_line
SELECT t.inmate_id, 'earning', CASE t.unit WHEN 'hour' THEN 'time' WHEN 'month' THEN 'salary' END,
  'post:' || t.post_id, t.rate,
  CASE t.unit
    WHEN 'hour' THEN round(round(t.rate * t.minutes, 22) / 60, 2)
    WHEN 'month' THEN round(round(t.rate * t.minutes, 22) / p.norm_minutes, 2)
  END
FROM second_time t
JOIN second_person p USING (inmate_id)
WHERE t.rate IS NOT NULL
"""

# One entry of output with the rate of its day; who learns the operation's trade has a lower norm,
# and so a higher price of a piece (Labour Code; law.md §2a.6).
ENTRY = """
CREATE TEMP VIEW second_entry AS
SELECT p.inmate_id, e.placement_id, e.worked_on, o.operation_id, e.quantity,
  x.amount AS rate, x.per_pieces, t.norm_coefficient AS coefficient
FROM second_run r
CROSS JOIN second_placement p
JOIN inmates_workentry e ON e.placement_id = p.id
  AND e.worked_on >= r.first_day AND e.worked_on < r.next_month
JOIN workshops_workorderoperation o ON o.id = e.work_order_operation_id
JOIN workshops_operation u ON u.id = o.operation_id
LEFT JOIN inmates_apprenticeship t ON t.inmate_id = p.inmate_id AND t.trade_id = u.trade_id
  AND t.effective_from <= e.worked_on
  AND (t.effective_to IS NULL OR t.effective_to > e.worked_on)
LEFT JOIN inmates_payrate x ON x.payer_id = r.payer_id AND x.operation_id = o.operation_id
  AND x.effective_from <= e.worked_on
  AND (x.effective_to IS NULL OR x.effective_to > e.worked_on)
WHERE p.pay_form = 'piece'
"""

PIECE = """
CREATE TEMP TABLE second_piece ON COMMIT DROP AS
SELECT inmate_id, operation_id, rate, per_pieces, coefficient, SUM(quantity) AS quantity
FROM second_entry
GROUP BY inmate_id, operation_id, rate, per_pieces, coefficient
"""

# Accepted quantity × rate, "per N pieces" exactly: one rounding to tiyn (law.md §2a.1).
PIECE_LINES = """
INSERT INTO second_line
SELECT inmate_id, 'earning', 'piece', 'operation:' || operation_id, rate,
  round(round(rate * quantity, 22) / (per_pieces * COALESCE(coefficient, 1)), 2)
FROM second_piece
WHERE rate IS NOT NULL
"""

# The wage of a team's entry, in tiyn, is split by minutes × coefficient; what rounding down
# leaves goes to the largest remainders, a tie to the earlier placement (law.md §2a.5).
TEAM = """
CREATE TEMP TABLE second_team ON COMMIT DROP AS
WITH entry AS (
  SELECT e.id, e.worked_on, o.operation_id, e.quantity, x.amount AS rate, x.per_pieces,
    100 * round(round(x.amount * e.quantity, 22) / x.per_pieces, 2) AS tiyn
  FROM second_run r
  JOIN inmates_teamentry e ON e.worked_on >= r.first_day AND e.worked_on < r.next_month
  JOIN workshops_workorderoperation o ON o.id = e.work_order_operation_id
  LEFT JOIN inmates_payrate x ON x.payer_id = r.payer_id AND x.operation_id = o.operation_id
    AND x.effective_from <= e.worked_on
    AND (x.effective_to IS NULL OR x.effective_to > e.worked_on)
  WHERE EXISTS (
    SELECT FROM inmates_teamshare s JOIN second_placement p ON p.id = s.placement_id
    WHERE s.team_entry_id = e.id
  )
), weighed AS (
  SELECT e.*, s.placement_id, s.minutes * s.coefficient * 100 AS weight,
    SUM(s.minutes * s.coefficient * 100) OVER of_entry AS weights
  FROM entry e JOIN inmates_teamshare s ON s.team_entry_id = e.id
  WINDOW of_entry AS (PARTITION BY e.id)
), cut AS (
  SELECT *, div(tiyn * weight, weights) AS part, mod(tiyn * weight, weights) AS remainder
  FROM weighed
), placed AS (
  SELECT *, tiyn - SUM(part) OVER (PARTITION BY id) AS left_over,
    ROW_NUMBER() OVER (PARTITION BY id ORDER BY remainder DESC, placement_id) AS place
  FROM cut
)
SELECT p.inmate_id, c.placement_id, c.worked_on, c.operation_id, c.rate, c.per_pieces,
  (part + CASE WHEN place <= left_over THEN 1 ELSE 0 END) / 100 AS amount
FROM placed c
JOIN second_placement p ON p.id = c.placement_id
"""

TEAM_LINES = """
INSERT INTO second_line
SELECT inmate_id, 'earning', 'piece_team', 'operation:' || operation_id, rate, SUM(amount)
FROM second_team
WHERE rate IS NOT NULL
GROUP BY inmate_id, operation_id, rate, per_pieces
"""

# No rate on a day of work: the person is not computed, never paid nought (house.md, Time).
GAPS_OF_RATES = """
INSERT INTO second_gap
SELECT inmate_id, 'rate_missing' FROM (
  SELECT inmate_id FROM second_time WHERE rate IS NULL
  UNION SELECT inmate_id FROM second_piece WHERE rate IS NULL
  UNION SELECT inmate_id FROM second_team WHERE rate IS NULL
) without
"""
