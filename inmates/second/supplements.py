"""Supplements for night, overtime and holidays, and the top-up to the minimum wage.

The base is in the ordinary line, a supplement of a share of it stands beside (law.md §2a.2).
"""

# Paid by time: the rate × the minutes of the supplement × its share, one line for each rate. A
# supplement that comes to nought is no line.
OF_TIME = """
INSERT INTO second_line
SELECT t.inmate_id, 'earning', s.code, 'post:' || t.post_id, t.rate, a.amount
FROM second_time t
JOIN second_person p USING (inmate_id)
CROSS JOIN second_rule v
CROSS JOIN LATERAL (VALUES
  ('night', t.night, v.night_share),
  ('overtime', t.overtime, v.overtime_share),
  ('holiday', t.holiday, v.holiday_share)
) s (code, minutes, share)
CROSS JOIN LATERAL (
  SELECT round(
    round(t.rate * s.minutes * s.share, 22)
      / CASE t.unit WHEN 'hour' THEN 60 WHEN 'month' THEN p.norm_minutes END,
    2) AS amount
) a
WHERE s.minutes > 0 AND t.rate IS NOT NULL AND a.amount IS DISTINCT FROM 0
"""

# Paid by the piece: the part of each day's piece earnings that fell on those minutes. The days
# have different divisors, so each quotient is kept to forty places, and their sum is brought to
# thirty before it is rounded: what cutting off has lost is far smaller than that.
OF_PIECES = """
INSERT INTO second_line
WITH earned AS (
  SELECT d.placement_id, d.worked_on,
    round(e.rate * e.quantity, 40) / (e.per_pieces * COALESCE(e.coefficient, 1)) AS amount
  FROM second_day d
  JOIN second_entry e ON e.placement_id = d.placement_id AND e.worked_on = d.worked_on
  WHERE d.pay_form = 'piece' AND d.night + d.overtime + d.holiday > 0
  UNION ALL
  SELECT placement_id, worked_on, amount FROM second_team
), of_day AS (
  SELECT placement_id, worked_on, SUM(amount) AS amount FROM earned GROUP BY 1, 2
)
SELECT inmate_id, 'earning', code, '', NULL, amount
FROM (
  SELECT d.inmate_id, s.code,
    round(round(SUM(round(o.amount * s.minutes, 40) / d.minutes) * s.share, 30), 2) AS amount
  FROM second_day d
  JOIN of_day o USING (placement_id, worked_on)
  CROSS JOIN second_rule v
  CROSS JOIN LATERAL (VALUES
    ('night', d.night, v.night_share),
    ('overtime', d.overtime, v.overtime_share),
    ('holiday', d.holiday, v.holiday_share)
  ) s (code, minutes, share)
  WHERE d.pay_form = 'piece' AND s.minutes > 0
  GROUP BY d.inmate_id, s.code, s.share
) line
WHERE amount IS DISTINCT FROM 0
"""

# Basic pay is not below the minimum wage × minutes ÷ norm, and an hour paid by the hour (every
# hour of an apprentice) not below minimum wage ÷ average monthly hours (Labour Code 104; УИК 120).
TOP_UP = """
INSERT INTO second_line
WITH basic AS (
  SELECT l.inmate_id,
    SUM(l.amount) FILTER (WHERE k.in_minimum_wage) AS basic,
    SUM(l.amount) FILTER (WHERE l.code = 'time') AS by_hours
  FROM second_line l LEFT JOIN second_kind k ON k.code = l.code
  WHERE l.kind = 'earning'
  GROUP BY l.inmate_id
), hourly AS (
  SELECT inmate_id, SUM(minutes) AS minutes FROM second_time WHERE unit = 'hour' GROUP BY 1
), floors AS (
  SELECT p.inmate_id,
    round(round(v.mzp * w.minutes, 22) / p.norm_minutes, 2)
      - COALESCE(b.basic, 0) AS of_month,
    round(
      round(v.mzp * CASE WHEN p.is_apprentice THEN w.minutes ELSE COALESCE(h.minutes, 0) END, 22)
        / (v.average_hours * 60),
      2)
      - CASE WHEN p.is_apprentice THEN COALESCE(b.basic, 0) ELSE COALESCE(b.by_hours, 0) END
      AS of_hours
  FROM second_worked w
  JOIN second_person p USING (inmate_id)
  CROSS JOIN second_rule v
  LEFT JOIN basic b USING (inmate_id)
  LEFT JOIN hourly h USING (inmate_id)
  WHERE v.tops_up
)
SELECT inmate_id, 'earning', 'minimum_top_up', '', NULL, greatest(of_month, of_hours)
FROM floors
WHERE greatest(of_month, of_hours) > 0
"""
