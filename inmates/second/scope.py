"""Which other runs a run stands on: those of its own month and place, and those before it.

A payslip is the month as it is calculated now, less what the person's payslips of the same payer,
place and month that are approved have said already. Everything else of other runs is history.
"""

# Of a run that is not for everybody: the people it was made for; of a correction also those whose
# past was changed, or who has a payslip in it.
CHOSEN = """
CREATE TEMP TABLE second_chosen ON COMMIT DROP AS
SELECT c.inmate_id
FROM second_run r JOIN inmates_runperson c ON c.run_id = r.id
UNION
SELECT m.inmate_id
FROM second_run r
JOIN inmates_backdatedchange m ON m.payer_id = r.payer_id AND m.institution_id = r.institution_id
  AND m.settled_by_id IS NULL AND m.first_day < r.next_month
WHERE r.kind = 'correction'
UNION
SELECT s.inmate_id
FROM second_run r JOIN inmates_payslip s ON s.run_id = r.id
WHERE r.kind = 'correction'
"""

# What is approved of the month already. A reversal takes back what the reversed run has said: the
# same subtraction, from nothing.
EARLIER = """
CREATE TEMP TABLE second_earlier ON COMMIT DROP AS
SELECT s.id, s.inmate_id, n.id AS run_id,
  COALESCE(n.ordered_at, n.calculated_at, 'infinity') AS placed_at
FROM second_run r
JOIN inmates_payrollrun n ON CASE WHEN r.kind = 'reversal' THEN n.id = r.reverses_id
  ELSE n.payer_id = r.payer_id AND n.institution_id = r.institution_id AND n.month = r.first_day
    AND n.id <> r.id AND n.status IN ('posting', 'approved', 'paid') END
JOIN inmates_payslip s ON s.run_id = n.id
WHERE (r.kind IN ('regular', 'reversal') OR s.inmate_id IN (SELECT inmate_id FROM second_chosen))
  AND NOT EXISTS (
    SELECT FROM inmates_payrollproblem f WHERE f.run_id = r.id AND f.inmate_id = s.inmate_id
  )
"""

# Whose month began with which run: what came before that comes before the month for ever.
FIRST = """
CREATE TEMP TABLE second_first ON COMMIT DROP AS
SELECT DISTINCT ON (inmate_id) inmate_id, placed_at, run_id
FROM second_earlier
ORDER BY inmate_id, placed_at, run_id
"""

# Other runs whose payslips this one had before it: those calculated earlier, and all that are
# approved. What was calculated later has counted with this run; to count it here too would be to
# ask the two runs to wait for each other. One person calculated anew leaves a run in its place.
# A run and its corrections are one after another by their months, whenever they were calculated.
# A reversal that waits may be taken back: it counts when it is posted.
# Differences that wait in a run of their own, and are settled with this one too, count once; those
# that wait with a run in which nobody has a payslip do not count: nobody can approve it.
# `stands`: approved, or to be approved together with this run.
BEFORE = """
CREATE TEMP TABLE second_before ON COMMIT DROP AS
SELECT n.id, n.payer_id, n.institution_id, n.month, f.is_of_family OR f.is_approved AS stands
FROM second_run r
JOIN inmates_payrollrun n
  ON (n.payer_id, n.institution_id, n.month) <> (r.payer_id, r.institution_id, r.first_day)
CROSS JOIN LATERAL (
  SELECT COALESCE(n.settled_with_id, n.id) = r.head_id AS is_of_family,
    n.status IN ('posting', 'approved', 'paid') AS is_approved
) f
WHERE CASE WHEN f.is_of_family THEN n.month < r.first_day
  ELSE f.is_approved
    OR n.kind <> 'reversal' AND COALESCE(n.ordered_at, n.calculated_at) <= r.placed_at
      AND NOT EXISTS (SELECT FROM inmates_payrollrun c WHERE c.settled_with_id = r.head_id
        AND (c.payer_id, c.institution_id, c.month) = (n.payer_id, n.institution_id, n.month))
      AND (n.kind <> 'correction'
        OR EXISTS (SELECT FROM inmates_payslip w WHERE w.run_id = n.settled_with_id)) END
"""

# The person's payslips of the month from other payers and places that this one comes after. Who
# has a payslip of the month here already, keeps the place that the first one had.
BESIDE = """
CREATE TEMP TABLE second_beside ON COMMIT DROP AS
SELECT *
FROM (
  SELECT s.*, n.payer_id, i.security = 'minimum' AS is_minimum_security,
    f.inmate_id IS NULL OR (f.placed_at, f.run_id) > (
      MIN(COALESCE(n.ordered_at, n.calculated_at, 'infinity')) OVER of_place,
      MIN(n.id) OVER of_place
    ) AS is_before
  FROM second_run r
  JOIN inmates_payrollrun n ON n.month = r.first_day
    AND (n.payer_id, n.institution_id) <> (r.payer_id, r.institution_id)
  JOIN workshops_institution i ON i.id = n.institution_id
  JOIN inmates_payslip s ON s.run_id = n.id
  LEFT JOIN second_first f ON f.inmate_id = s.inmate_id
  WHERE s.inmate_id IN (SELECT inmate_id FROM second_person)
  WINDOW of_place AS (PARTITION BY s.inmate_id, n.payer_id, n.institution_id)
) slip
WHERE is_before AND run_id IN (SELECT id FROM second_before)
"""
