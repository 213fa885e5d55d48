"""What the second calculation is about: the run, the law of its month, its people.

Every table here lives for one check: it is dropped with it, at the latest with the transaction.
"""

# The month, the payer and the place; the tax regime of the payer on its last day (law.md §4.9).
RUN = """
CREATE TEMP TABLE second_run ON COMMIT DROP AS
SELECT r.id, r.payer_id, r.institution_id, r.month AS first_day,
  (r.month + interval '1 month')::date AS next_month,
  (r.month + interval '1 month')::date - 1 AS last_day,
  i.security = 'minimum' AS is_minimum_security,
  t.regime,
  r.kind, r.reverses_id, r.settled_with_id,
  -- Corrections are approved and paid together with one run: their head.
  COALESCE(r.settled_with_id, r.id) AS head_id,
  COALESCE(r.ordered_at, r.calculated_at) AS placed_at
FROM inmates_payrollrun r
JOIN workshops_institution i ON i.id = r.institution_id
LEFT JOIN accounts_organisationtaxstatus t ON t.organisation_id = r.payer_id
  AND t.effective_from < r.month + interval '1 month'
  AND (t.effective_to IS NULL OR t.effective_to >= r.month + interval '1 month')
WHERE r.id = %(run)s
"""

# The figures of the law in force on the last day of the paid month, one column each (law.md §2).
RULE = """
CREATE TEMP TABLE second_rule ON COMMIT DROP AS
WITH in_force AS (
  SELECT p.code, p.value, p.value #>> '{}' AS word
  FROM second_run r
  JOIN inmates_payparameter p ON p.effective_from <= r.last_day
    AND (p.effective_to IS NULL OR p.effective_to > r.last_day)
)
SELECT
  MAX(word) FILTER (WHERE code = 'mzp')::numeric AS mzp,
  MAX(word) FILTER (WHERE code = 'mrp')::numeric AS mrp,
  MAX(word) FILTER (WHERE code = 'living_minimum')::numeric AS living_minimum,
  MAX(word) FILTER (WHERE code = 'opv_rate')::numeric AS opv_rate,
  MAX(word) FILTER (WHERE code = 'opv_income_cap')::numeric AS opv_cap,
  MAX(word) FILTER (WHERE code = 'opvr_rate')::numeric AS opvr_rate,
  MAX(word) FILTER (WHERE code = 'opvr_income_min')::numeric AS opvr_least,
  MAX(word) FILTER (WHERE code = 'opvr_income_cap')::numeric AS opvr_cap,
  MAX(word) FILTER (WHERE code = 'opvr_born_before_exempt')::date AS opvr_born_from,
  MAX(word) FILTER (WHERE code = 'so_rate')::numeric AS so_rate,
  MAX(word) FILTER (WHERE code = 'so_base_min')::numeric AS so_least,
  MAX(word) FILTER (WHERE code = 'so_base_max')::numeric AS so_cap,
  MAX(word) FILTER (WHERE code = 'vosms_rate')::numeric AS vosms_rate,
  MAX(word) FILTER (WHERE code = 'vosms_cap')::numeric AS vosms_cap,
  MAX(word) FILTER (WHERE code = 'oosms_rate')::numeric AS oosms_rate,
  MAX(word) FILTER (WHERE code = 'oosms_cap')::numeric AS oosms_cap,
  MAX(word) FILTER (WHERE code = 'social_tax_rate')::numeric AS social_tax_rate,
  MAX(word) FILTER (WHERE code = 'social_tax_base_min')::numeric AS social_tax_least,
  MAX(word) FILTER (WHERE code = 'social_tax_base_min_waived')::boolean AS social_tax_waived,
  MAX(word) FILTER (WHERE code = 'social_tax_minus_so')::boolean AS social_tax_minus_so,
  -- Null is a value of its own: the simplified regime is computed as the general one.
  MAX(word) FILTER (WHERE code = 'social_tax_simplified_regime')::numeric AS simplified_rate,
  MAX(word) FILTER (WHERE code = 'ipn_basic_deduction')::numeric AS basic_deduction,
  MAX(value ->> 'income_up_to') FILTER (WHERE code = 'ipn_low_wage_relief')::numeric
    AS relief_up_to,
  MAX(value ->> 'taxable_multiplier') FILTER (WHERE code = 'ipn_low_wage_relief')::numeric
    AS relief_part,
  -- A percentage is not aggregated as JSON: its text is the same and can be.
  MAX(value::text) FILTER (WHERE code = 'ipn_brackets')::jsonb AS brackets,
  MAX(word) FILTER (WHERE code = 'writ_cap_share_of_net')::numeric AS writ_share,
  MAX(value ->> 'applies') FILTER (WHERE code = 'convict_living_minimum_floor')::boolean
    AS living_minimum_is_left,
  MAX(word) FILTER (WHERE code = 'bailiff_fee_queue')::int AS fee_queue,
  MAX(word) FILTER (WHERE code = 'overpayment_recovery_share')::numeric AS recovery_share,
  CASE MAX(word) FILTER (WHERE code = 'payment_rounding')
    WHEN 'tenge' THEN 0 WHEN 'tiyn' THEN 2 END AS places,
  MAX(value ->> 'general') FILTER (WHERE code = 'full_shift_minutes')::numeric AS full_shift,
  MAX(word) FILTER (WHERE code = 'week_hours')::numeric AS week_hours,
  MAX(word) FILTER (WHERE code = 'reduced_week_hours')::numeric AS reduced_week_hours,
  MAX(word) FILTER (WHERE code = 'average_monthly_hours')::numeric AS average_hours,
  MAX(word) FILTER (WHERE code = 'minimum_wage_top_up')::boolean AS tops_up,
  MAX(word) FILTER (WHERE code = 'night_supplement')::numeric AS night_share,
  MAX(word) FILTER (WHERE code = 'overtime_supplement')::numeric AS overtime_share,
  MAX(word) FILTER (WHERE code = 'holiday_supplement')::numeric AS holiday_share,
  MAX(word) FILTER (WHERE code = 'sick_pay_cap_mrp')::numeric AS sick_cap_mrp,
  MAX(word) FILTER (WHERE code = 'idle_pay_share')::numeric AS idle_share,
  MAX(word) FILTER (WHERE code = 'annual_leave_days')::numeric AS leave_days
FROM in_force
"""

# For what bases each kind of earnings counts on the last day of the month (law.md §2a.7).
KIND = """
CREATE TEMP TABLE second_kind ON COMMIT DROP AS
SELECT k.code, k.in_opv, k.in_so, k.in_osms, k.in_ipn, k.in_social_tax, k.is_attachable,
  k.in_average, k.in_minimum_wage, k.is_manual
FROM second_run r
JOIN inmates_earningkind k ON k.effective_from <= r.last_day
  AND (k.effective_to IS NULL OR k.effective_to > r.last_day)
"""

# Who is placed there in the month, all of them or those it is made for. Who has a problem has no
# payslip, and nothing to be compared. A reversal calculates nobody.
PLACEMENT = """
CREATE TEMP TABLE second_placement ON COMMIT DROP AS
SELECT p.id, p.inmate_id, p.post_id, p.pay_form
FROM second_run r
JOIN inmates_placement p ON p.payer_id = r.payer_id
  AND p.effective_from < r.next_month
  AND (p.effective_to IS NULL OR p.effective_to > r.first_day)
JOIN workshops_post s ON s.id = p.post_id
JOIN workshops_workshop w ON w.id = s.workshop_id AND w.institution_id = r.institution_id
WHERE (r.kind = 'regular' OR p.inmate_id IN (SELECT inmate_id FROM second_chosen))
  AND NOT EXISTS (
    SELECT FROM inmates_payrollproblem f WHERE f.run_id = r.id AND f.inmate_id = p.inmate_id
  )
"""

# The norm of time: working days of the calendar × a full shift, the 36-hour week for disability
# groups 1 and 2 (Labour Code 71; law.md §1). Hired or dismissed in the month: not with this payer
# on the day before it or on the day after it (Tax Code 556(3)).
PERSON = """
CREATE TEMP TABLE second_person ON COMMIT DROP AS
SELECT i.id AS inmate_id, i.born_on, i.pension, i.disability_group,
  c.workdays,
  c.workdays * v.full_shift * h.week_part AS norm_minutes,
  -- Hours of an ordinary day: 8, or 7.2 in the shorter week.
  v.full_shift * h.week_part / 60 AS day_hours,
  NOT EXISTS (
    SELECT FROM inmates_placement b WHERE b.inmate_id = i.id AND b.payer_id = r.payer_id
      AND b.effective_from < r.first_day
      AND (b.effective_to IS NULL OR b.effective_to >= r.first_day)
  ) OR NOT EXISTS (
    SELECT FROM inmates_placement b WHERE b.inmate_id = i.id AND b.payer_id = r.payer_id
      AND b.effective_from <= r.next_month
      AND (b.effective_to IS NULL OR b.effective_to > r.next_month)
  ) AS is_hired_or_dismissed,
  EXISTS (
    SELECT FROM inmates_apprenticeship t WHERE t.inmate_id = i.id
      AND t.effective_from < r.next_month
      AND (t.effective_to IS NULL OR t.effective_to > r.first_day)
  ) AS is_apprentice
FROM second_run r
CROSS JOIN second_rule v
CROSS JOIN LATERAL (
  -- A calendar with a day missing gives no norm at all.
  SELECT CASE WHEN COUNT(*) = r.next_month - r.first_day
    THEN COUNT(*) FILTER (WHERE d.is_workday) END AS workdays
  FROM inmates_calendarday d WHERE d.day >= r.first_day AND d.day < r.next_month
) c
JOIN inmates_inmate i ON i.id IN (SELECT inmate_id FROM second_placement)
CROSS JOIN LATERAL (
  SELECT CASE WHEN i.disability_group IN (1, 2)
    THEN v.reduced_week_hours / v.week_hours ELSE 1 END AS week_part
) h
"""

# Lines of the payslip as this side computes them, and whom it cannot compute at all.
RESULTS = """
CREATE TEMP TABLE second_line (
  inmate_id bigint NOT NULL, kind text NOT NULL, code text NOT NULL, subject text NOT NULL,
  rate numeric, amount numeric
) ON COMMIT DROP;
CREATE TEMP TABLE second_gap (inmate_id bigint NOT NULL, code text NOT NULL) ON COMMIT DROP
"""

# What is missing for everybody: a zero is never put in its place.
GAPS_OF_ALL = """
INSERT INTO second_gap
SELECT p.inmate_id, g.code
FROM second_person p
CROSS JOIN second_run r
CROSS JOIN second_rule v
CROSS JOIN LATERAL (VALUES
  ('calendar_missing', p.norm_minutes IS NULL),
  ('regime_missing', r.regime IS NULL),
  ('parameter_missing', 0 < num_nulls(
    v.mzp, v.mrp, v.living_minimum, v.opv_rate, v.opv_cap, v.opvr_rate, v.opvr_least, v.opvr_cap,
    v.opvr_born_from, v.so_rate, v.so_least, v.so_cap, v.vosms_rate, v.vosms_cap, v.oosms_rate,
    v.oosms_cap, v.social_tax_rate, v.social_tax_least, v.social_tax_waived,
    v.social_tax_minus_so, v.basic_deduction, v.brackets, v.writ_share,
    v.living_minimum_is_left, v.fee_queue, v.places, v.full_shift, v.week_hours,
    v.reduced_week_hours, v.average_hours, v.tops_up, v.night_share, v.overtime_share,
    v.holiday_share, v.sick_cap_mrp, v.idle_share, v.leave_days))
) g (code, is_so)
WHERE g.is_so
"""
