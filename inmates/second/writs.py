"""What writs of execution take of net pay, queue by queue (law 261-IV; УИК 122; law.md §3).

The groups are served one after another by the same statements: 0 is alimony, 1 the other claims
of queue 1, 2 to 5 the later queues.
"""

# The person's other payslips of the month: all payers share one cap, and the living minimum is
# left once (law.md §3.1).
LIMIT = """
CREATE TEMP TABLE second_limit ON COMMIT DROP AS
SELECT y.inmate_id, y.net, y.attachable, COALESCE(o.net - o.withheld, 0) AS kept_elsewhere,
  least(y.attachable, greatest(0, v.writ_share * (y.attachable + COALESCE(o.attachable, 0))
    - COALESCE(o.withheld, 0))) AS cap
FROM second_pay y
CROSS JOIN second_rule v
LEFT JOIN (
  SELECT b.inmate_id, SUM(b.net) AS net, SUM(b.attachable) AS attachable,
    SUM(b.withheld_by_writs) AS withheld
  FROM second_beside b
  GROUP BY b.inmate_id
) o USING (inmate_id)
"""

# When each month of other payers and places began for those who have a payslip of this month
# already: what began after theirs gives way to it, not it to that.
BEGAN = """
CREATE TEMP TABLE second_began ON COMMIT DROP AS
SELECT s.inmate_id, n.payer_id, n.institution_id, n.month,
  (f.placed_at, r.first_day, f.run_id) > (
    MIN(COALESCE(n.ordered_at, n.calculated_at, 'infinity')), n.month, MIN(n.id)
  ) AS is_before
FROM second_run r
CROSS JOIN second_first f
JOIN inmates_payslip s ON s.inmate_id = f.inmate_id
JOIN inmates_payrollrun n ON n.id = s.run_id
WHERE EXISTS (SELECT FROM inmates_writofexecution w WHERE w.inmate_id = f.inmate_id)
GROUP BY s.inmate_id, n.payer_id, n.institution_id, n.month,
  f.placed_at, r.first_day, f.run_id
"""

# Writs in force on the last day of the month, and what all other payslips have taken for them: of
# a debt and of a fee ever, of a fixed sum in the month.
WRIT = """
CREATE TEMP TABLE second_writ ON COMMIT DROP AS
SELECT w.id, w.inmate_id, w.queue, w.kind, w.share_numerator, w.share_denominator,
  w.amount - COALESCE(SUM(l.amount) FILTER (
    WHERE l.month = r.first_day AND l.code <> 'bailiff_fee'), 0) AS left_of_month,
  w.debt - COALESCE(SUM(l.amount) FILTER (WHERE l.code <> 'bailiff_fee'), 0) AS left_of_debt,
  w.fee - COALESCE(SUM(l.amount) FILTER (WHERE l.code = 'bailiff_fee'), 0) AS left_of_fee,
  EXISTS (
    SELECT FROM inmates_writsuspension u WHERE u.writ_id = w.id
      AND u.effective_from <= r.last_day
      AND (u.effective_to IS NULL OR u.effective_to > r.last_day)
  ) AS is_suspended
FROM second_run r
CROSS JOIN second_limit y
JOIN inmates_writofexecution w ON w.inmate_id = y.inmate_id
  AND w.effective_from <= r.last_day
  AND (w.effective_to IS NULL OR w.effective_to > r.last_day)
LEFT JOIN LATERAL (
  SELECT o.amount, o.code, n.month
  FROM inmates_payslipline o
  JOIN inmates_payslip s ON s.id = o.payslip_id
  JOIN second_before n ON n.id = s.run_id
  LEFT JOIN second_began b ON b.inmate_id = s.inmate_id AND b.payer_id = n.payer_id
    AND b.institution_id = n.institution_id AND b.month = n.month
  WHERE o.writ_id = w.id AND o.kind = 'writ' AND COALESCE(b.is_before, true)
) l ON true
GROUP BY r.first_day, r.last_day, w.id
"""

# What is asked: of alimony its part of the attachable net, rounded half up to whole tenge, or what
# is left of the month's sum; of a claim and of a fee what is left. The fees come after the writs.
DEMAND = """
CREATE TEMP TABLE second_demand ON COMMIT DROP AS
SELECT d.inmate_id, d.writ_id, d.code, d.served_in, d.exact, d.asked,
  ROW_NUMBER() OVER (
    PARTITION BY d.inmate_id ORDER BY d.code = 'bailiff_fee', d.queue, d.writ_id
  ) AS place,
  NULL::numeric AS amount
FROM (
  SELECT w.inmate_id, w.id AS writ_id, w.kind AS code, w.queue,
    CASE WHEN w.kind = 'alimony' THEN 0 ELSE w.queue END AS served_in,
    x.exact,
    CASE WHEN w.share_numerator IS NULL THEN x.exact ELSE round(x.exact) END AS asked
  FROM second_writ w
  JOIN second_limit y USING (inmate_id)
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN w.share_numerator IS NOT NULL
        THEN round(y.attachable * w.share_numerator, 40) / w.share_denominator
      WHEN w.kind = 'alimony' THEN w.left_of_month
      ELSE w.left_of_debt END AS exact
  ) x
  WHERE NOT w.is_suspended AND (w.share_numerator IS NOT NULL OR x.exact > 0)
  UNION ALL
  SELECT w.inmate_id, w.id, 'bailiff_fee', v.fee_queue, v.fee_queue, w.left_of_fee, w.left_of_fee
  FROM second_writ w
  CROSS JOIN second_rule v
  WHERE NOT w.is_suspended AND w.left_of_fee > 0
) d
"""

# The room of a group: what the cap has left; later queues also leave the living minimum, unless
# that is switched off for convicts. What fits is taken. What does not is cut down to whole tenge
# and split in proportion to the demands before rounding, by the largest remainder, a tie to the
# earlier (law.md §3.4). A debt that this would overpay gets the whole tenge it asks for, and the
# rest is split again among the others: what remains of a debt is never below nought.
SERVE = """
WITH RECURSIVE room AS (
  SELECT y.inmate_id,
    greatest(0, CASE WHEN %(group)s <= 1 OR NOT v.living_minimum_is_left
      THEN y.cap - t.taken
      ELSE least(y.cap - t.taken, y.net + y.kept_elsewhere - t.taken - v.living_minimum)
      END) AS room
  FROM second_limit y
  CROSS JOIN second_rule v
  JOIN (
    SELECT inmate_id, COALESCE(SUM(amount), 0) AS taken FROM second_demand
    GROUP BY inmate_id HAVING bool_or(served_in = %(group)s)
  ) t USING (inmate_id)
), wanted AS (
  SELECT d.*, m.room, SUM(d.asked) OVER (PARTITION BY d.inmate_id) AS all_asked
  FROM second_demand d JOIN room m USING (inmate_id)
  WHERE d.served_in = %(group)s
), split AS (
  SELECT inmate_id, place, exact, asked, floor(room) AS tenge, NULL::numeric AS settled
  FROM wanted WHERE all_asked > room
  UNION ALL
  SELECT inmate_id, place, exact, asked,
    tenge - SUM(CASE WHEN is_over THEN floor(asked) ELSE 0 END) OVER of_person,
    CASE WHEN is_over THEN floor(asked)
      WHEN bool_or(is_over) OVER of_person THEN NULL
      ELSE part END
  FROM (
    SELECT *, part > asked AS is_over
    FROM (
      SELECT inmate_id, place, exact, asked, tenge,
        floor(share) + CASE WHEN ROW_NUMBER() OVER (
            PARTITION BY inmate_id ORDER BY share - floor(share) DESC, place
          ) <= tenge - SUM(floor(share)) OVER (PARTITION BY inmate_id) THEN 1 ELSE 0 END AS part
      FROM (
        -- Forty places brought to thirty: what cutting off made less is a whole number again.
        SELECT *, round(COALESCE(round(tenge * exact, 40)
          / NULLIF(SUM(exact) OVER (PARTITION BY inmate_id), 0), 0), 30) AS share
        FROM split WHERE settled IS NULL
      ) shared
    ) parted
  ) judged
  WINDOW of_person AS (PARTITION BY inmate_id)
)
UPDATE second_demand d
SET amount = CASE WHEN w.all_asked <= w.room THEN w.asked ELSE s.settled END
FROM wanted w
LEFT JOIN split s ON s.inmate_id = w.inmate_id AND s.place = w.place AND s.settled IS NOT NULL
WHERE d.inmate_id = w.inmate_id AND d.place = w.place
"""

# One line for each demand; a suspended writ has one of nought. Beside it what was asked for.
WRIT_LINES = """
INSERT INTO second_line
SELECT d.inmate_id, k.kind, d.code, 'writ:' || d.writ_id, NULL::numeric, k.amount
FROM second_demand d
CROSS JOIN LATERAL (VALUES ('writ', d.amount), ('demanded', d.asked)) k (kind, amount)
UNION ALL
SELECT w.inmate_id, k.kind, w.kind, 'writ:' || w.id, NULL, 0
FROM second_writ w
CROSS JOIN (VALUES ('writ'), ('demanded')) k (kind)
WHERE w.is_suspended
"""
