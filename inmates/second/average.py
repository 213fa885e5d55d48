"""Pay by average wage, leave not taken at the end of work, and sums entered by hand.

Absences are paid by what was earned in the twelve months before and the days worked in them; who
has none of these by the rate (Labour Code; УИК 120; law.md §2a.4).
"""

# Days that a reason of absence pays, a day of a kind once, with what a day at that post is worth by
# its rate: the hours of a day × the hourly rate, a working day's part of a salary, for piece work
# of the minimum wage.
ABSENCE = """
CREATE TEMP TABLE second_absence ON COMMIT DROP AS
SELECT DISTINCT ON (p.inmate_id, q.pay_kind, a.worked_on)
  p.inmate_id, q.pay_kind, a.worked_on,
  CASE
    WHEN p.pay_form = 'piece' THEN round(v.mzp, 40) / i.workdays
    WHEN x.unit = 'hour' THEN x.amount * i.day_hours
    WHEN x.unit = 'month' THEN round(x.amount, 40) / i.workdays
  END AS daily
FROM second_run r
CROSS JOIN second_rule v
CROSS JOIN second_placement p
JOIN second_person i USING (inmate_id)
JOIN inmates_attendance a ON a.placement_id = p.id AND a.minutes = 0
  AND a.worked_on >= r.first_day AND a.worked_on < r.next_month
JOIN inmates_reason q ON q.id = a.reason_id AND q.pay_kind <> ''
LEFT JOIN inmates_payrate x ON p.pay_form = 'time' AND x.payer_id = r.payer_id
  AND x.post_id = p.post_id AND x.effective_from <= a.worked_on
  AND (x.effective_to IS NULL OR x.effective_to > a.worked_on)
ORDER BY p.inmate_id, q.pay_kind, a.worked_on, p.id
"""

# Whose work for this payer ends in the month: the stay in custody does, or the last placement, and
# that was here. What begins after the first day of the next month is work of another time. A day
# is worth what the rate of the last post says.
LEAVER = """
CREATE TEMP TABLE second_leaver ON COMMIT DROP AS
SELECT e.inmate_id, e.last_day,
  CASE
    WHEN e.pay_form = 'piece' THEN round(v.mzp, 40) / i.workdays
    WHEN x.unit = 'hour' THEN x.amount * i.day_hours
    WHEN x.unit = 'month' THEN round(x.amount, 40) / i.workdays
  END AS daily
FROM second_run r
CROSS JOIN second_rule v
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (p.inmate_id) p.inmate_id, p.id, p.pay_form, p.post_id,
    least(p.effective_to, s.ends) - 1 AS last_day
  FROM inmates_placement p
  LEFT JOIN (
    SELECT inmate_id, MAX(COALESCE(effective_to, 'infinity'::date)) AS ends
    FROM inmates_custodystay WHERE effective_from <= r.next_month GROUP BY inmate_id
  ) s USING (inmate_id)
  WHERE p.payer_id = r.payer_id AND p.inmate_id IN (SELECT inmate_id FROM second_person)
    AND p.effective_from <= r.next_month
  ORDER BY p.inmate_id, p.effective_to DESC NULLS FIRST, p.id DESC
) e
JOIN second_placement h ON h.id = e.id
JOIN second_person i ON i.inmate_id = e.inmate_id
LEFT JOIN inmates_payrate x ON e.pay_form = 'time' AND x.payer_id = r.payer_id
  AND x.post_id = e.post_id AND x.effective_from <= e.last_day
  AND (x.effective_to IS NULL OR x.effective_to > e.last_day)
WHERE e.last_day >= r.first_day AND e.last_day <= r.last_day
"""

# Until when another month or place of this payer has already paid for leave not taken: the last day
# named there. Those days are not paid for again; who was placed anew earns leave from that day on.
# Of the month itself the earlier payslips are subtracted later on.
COMPENSATED = """
CREATE TEMP TABLE second_compensated ON COMMIT DROP AS
SELECT inmate_id, MAX(named) AS until
FROM (
  SELECT l.inmate_id, l.last_day, SUM(o.amount) AS paid,
    (ARRAY_AGG((o.arguments ->> 'last_day')::date ORDER BY o.id DESC))[1] AS named
  FROM second_leaver l
  CROSS JOIN second_run r
  JOIN inmates_payslip s ON s.inmate_id = l.inmate_id
  JOIN second_before n ON n.id = s.run_id AND n.payer_id = r.payer_id AND n.stands
  JOIN inmates_payslipline o ON o.payslip_id = s.id AND o.kind = 'earning'
    AND o.code = 'leave_compensation'
  GROUP BY l.inmate_id, l.last_day, n.institution_id, n.month
) elsewhere
WHERE paid > 0 AND named <= last_day
GROUP BY inmate_id
"""

# Payslips of this payer in the twelve months before, of runs that are approved, differences added:
# what counts in the average by the kinds of the last day of each month, and the days worked.
HISTORY = """
CREATE TEMP TABLE second_history ON COMMIT DROP AS
SELECT s.inmate_id, SUM(s.days_worked) AS days, SUM(COALESCE(e.earned, 0)) AS earned
FROM second_run r
JOIN second_before n ON n.payer_id = r.payer_id AND n.stands
  AND n.month < r.first_day AND n.month >= r.first_day - interval '12 months'
JOIN inmates_payslip s ON s.run_id = n.id
LEFT JOIN LATERAL (
  SELECT SUM(l.amount) AS earned
  FROM inmates_payslipline l
  JOIN inmates_earningkind k ON k.code = l.code AND k.in_average
    AND k.effective_from < n.month + interval '1 month'
    AND (k.effective_to IS NULL OR k.effective_to >= n.month + interval '1 month')
  WHERE l.payslip_id = s.id AND l.kind = 'earning'
) e ON true
WHERE s.inmate_id IN (
  SELECT inmate_id FROM second_absence UNION SELECT inmate_id FROM second_leaver
)
GROUP BY s.inmate_id
HAVING SUM(s.days_worked) > 0
"""

# Average × days, or the sum of the days by their rates; idle time at its share of it, sick pay up
# to its limit a month (law.md §2a.4). One rounding a line.
ABSENCE_LINES = """
INSERT INTO second_line
SELECT inmate_id, 'earning', pay_kind, '', NULL, amount
FROM (
  SELECT a.inmate_id, a.pay_kind,
    least(
      round(round(
        CASE WHEN MAX(h.days) IS NULL THEN SUM(a.daily)
          ELSE round(MAX(h.earned) * COUNT(*), 40) / MAX(h.days) END
        * CASE a.pay_kind WHEN 'idle' THEN v.idle_share ELSE 1 END, 30), 2),
      -- The limit is of the month: another payslip of this payer may have used of it.
      CASE a.pay_kind WHEN 'sick'
        THEN round(v.sick_cap_mrp * v.mrp, 2) - COALESCE(MAX(x.paid), 0) END) AS amount
  FROM second_absence a
  CROSS JOIN second_rule v
  LEFT JOIN second_history h USING (inmate_id)
  LEFT JOIN (
    SELECT s.inmate_id, SUM(l.amount) AS paid
    FROM second_run r
    JOIN second_beside s ON s.payer_id = r.payer_id
      AND s.inmate_id IN (SELECT inmate_id FROM second_absence WHERE pay_kind = 'sick')
    JOIN inmates_payslipline l ON l.payslip_id = s.id AND l.kind = 'earning' AND l.code = 'sick'
    GROUP BY s.inmate_id
  ) x USING (inmate_id)
  GROUP BY a.inmate_id, a.pay_kind, v.idle_share, v.sick_cap_mrp, v.mrp
) line
WHERE amount > 0
"""

# Leave earned by the days under placements here (each calendar day once), less the leave taken as
# calendar days; the working days of so many calendar days after the last one are paid.
LEAVE_COMPENSATION = """
INSERT INTO second_line
SELECT q.inmate_id, 'earning', 'leave_compensation', '', NULL, q.amount
FROM (
  SELECT l.inmate_id,
    round(round(
      CASE WHEN w.workdays = 0 THEN 0
        WHEN h.days IS NULL THEN l.daily * w.workdays
        ELSE round(h.earned * w.workdays, 40) / h.days END, 30), 2) AS amount
  FROM second_leaver l
  CROSS JOIN second_run r
  CROSS JOIN second_rule v
  LEFT JOIN second_history h USING (inmate_id)
  LEFT JOIN second_compensated b USING (inmate_id)
  CROSS JOIN LATERAL (
    SELECT COALESCE(SUM(upper(span) - lower(span)), 0) AS days
    FROM unnest((
      SELECT range_agg(daterange(
        greatest(p.effective_from, b.until + 1), least(p.effective_to, l.last_day + 1)))
      FROM inmates_placement p
      WHERE p.inmate_id = l.inmate_id AND p.payer_id = r.payer_id
        AND greatest(p.effective_from, b.until + 1) <= least(p.effective_to - 1, l.last_day)
    )) span
  ) placed
  CROSS JOIN LATERAL (
    SELECT round(COUNT(DISTINCT a.worked_on) * 7 / 5.0) AS days
    FROM inmates_placement p
    JOIN inmates_attendance a ON a.placement_id = p.id AND a.minutes = 0
      AND a.worked_on <= l.last_day AND (b.until IS NULL OR a.worked_on > b.until)
    JOIN inmates_reason q ON q.id = a.reason_id AND q.pay_kind = 'leave'
    WHERE p.inmate_id = l.inmate_id AND p.payer_id = r.payer_id
  ) taken
  CROSS JOIN LATERAL (
    SELECT greatest(0, floor(round(v.leave_days * placed.days, 22) / 365 - taken.days))::int AS days
  ) due
  CROSS JOIN LATERAL (
    -- A day that the calendar does not have yet makes the sum unknown, not smaller.
    SELECT CASE WHEN COUNT(*) = due.days THEN COUNT(*) FILTER (WHERE c.is_workday) END AS workdays
    FROM inmates_calendarday c
    WHERE c.day > l.last_day AND c.day <= l.last_day + due.days
  ) w
) q
WHERE q.amount IS DISTINCT FROM 0
"""

# Bonuses and other sums of the month that the accountant entered with their document.
EXTRA_LINES = """
INSERT INTO second_line
SELECT x.inmate_id, 'earning', x.kind, 'extra:' || x.id, NULL, x.amount
FROM second_run r
JOIN inmates_extrapay x ON x.payer_id = r.payer_id AND x.institution_id = r.institution_id
  AND x.month = r.first_day
JOIN second_person p ON p.inmate_id = x.inmate_id
"""

# Neither an average nor a rate, or no calendar to count by: the person is not computed.
GAPS_OF_AVERAGE = """
INSERT INTO second_gap
SELECT DISTINCT a.inmate_id, 'rate_missing'
FROM second_absence a
WHERE a.daily IS NULL AND NOT EXISTS (SELECT FROM second_history h WHERE h.inmate_id = a.inmate_id)
UNION
SELECT inmate_id, 'leave_unknown'
FROM second_line WHERE code = 'leave_compensation' AND amount IS NULL
"""
