"""Bases, contributions, taxes and net pay: the payments of the law (law.md §2, §4).

Contributions are rounded first; income tax and social tax are computed from the rounded ones.
"""

# A kind of earnings whose row is missing would be in no base at all: the person is not computed.
GAPS_OF_KINDS = """
INSERT INTO second_gap
SELECT DISTINCT l.inmate_id, 'kind_missing'
FROM second_line l
WHERE l.kind = 'earning' AND NOT EXISTS (SELECT FROM second_kind k WHERE k.code = l.code)
"""

# What of a person's earnings counts where (law.md §2a.7). From here on: who has earned anything.
BASE = """
CREATE TEMP TABLE second_base ON COMMIT DROP AS
SELECT l.inmate_id,
  SUM(l.amount) AS gross,
  COALESCE(SUM(l.amount) FILTER (WHERE k.in_opv), 0) AS of_opv,
  COALESCE(SUM(l.amount) FILTER (WHERE k.in_so), 0) AS of_so,
  COALESCE(SUM(l.amount) FILTER (WHERE k.in_osms), 0) AS of_osms,
  COALESCE(SUM(l.amount) FILTER (WHERE k.in_ipn), 0) AS of_ipn,
  COALESCE(SUM(l.amount) FILTER (WHERE k.in_social_tax), 0) AS of_social_tax,
  COALESCE(SUM(l.amount) FILTER (WHERE k.is_attachable), 0) AS of_writs
FROM second_line l
LEFT JOIN second_kind k ON k.code = l.code
WHERE l.kind = 'earning'
  AND NOT EXISTS (SELECT FROM second_gap g WHERE g.inmate_id = l.inmate_id)
GROUP BY l.inmate_id
"""

# The year's income already taxed on other payslips (Tax Code 2025, 404; law.md §2, §4); a reversal
# that waits has taken nothing back yet, and what is settled with this run is not counted a second
# time in a run of its own that waits; nor are differences that wait with a run in which nobody has
# a payslip. Two such runs may come to less than nothing for a while.
TAX_HISTORY = """
CREATE TEMP TABLE second_tax_history ON COMMIT DROP AS
SELECT inmate_id, greatest(0, SUM(taxable)) AS earlier
FROM (
  SELECT s.inmate_id, s.taxable
  FROM second_run r
  JOIN inmates_payrollrun n ON n.month < r.first_day
    AND n.month >= date_trunc('year', r.first_day)::date
    AND (n.status IN ('posting', 'approved', 'paid')
      OR COALESCE(n.settled_with_id, n.id) = r.head_id
      OR n.kind <> 'reversal' AND NOT EXISTS (
        SELECT FROM inmates_payrollrun c WHERE c.settled_with_id = r.head_id
          AND (c.payer_id, c.institution_id, c.month) = (n.payer_id, n.institution_id, n.month))
        AND (n.kind <> 'correction'
          OR EXISTS (SELECT FROM inmates_payslip w WHERE w.run_id = n.settled_with_id)))
  JOIN inmates_payslip s ON s.run_id = n.id
  WHERE s.inmate_id IN (SELECT inmate_id FROM second_base)
  UNION ALL
  SELECT b.inmate_id, b.taxable
  FROM second_beside b
  WHERE b.inmate_id IN (SELECT inmate_id FROM second_base)
) slip
GROUP BY inmate_id
"""

# This payer's other payslips of the month, in its other institutions: what counted there, what was
# paid, and what they have used of the month's basic deduction. Limits of a base are the month's.
OTHER = """
CREATE TEMP TABLE second_other ON COMMIT DROP AS
WITH other AS (
  SELECT b.*
  FROM second_run r
  JOIN second_beside b ON b.payer_id = r.payer_id
  WHERE b.inmate_id IN (SELECT inmate_id FROM second_base)
), income AS (
  SELECT l.payslip_id AS id,
    SUM(l.amount) FILTER (WHERE k.in_opv) AS of_opv,
    SUM(l.amount) FILTER (WHERE k.in_so) AS of_so,
    SUM(l.amount) FILTER (WHERE k.in_osms) AS of_osms,
    SUM(l.amount) FILTER (WHERE k.in_social_tax) AS of_social_tax
  FROM inmates_payslipline l
  JOIN second_kind k ON k.code = l.code
  WHERE l.payslip_id IN (SELECT id FROM other) AND l.kind = 'earning'
  GROUP BY l.payslip_id
)
SELECT o.inmate_id,
  SUM(COALESCE(i.of_opv, 0)) AS of_opv, SUM(COALESCE(i.of_so, 0)) AS of_so,
  SUM(COALESCE(i.of_osms, 0)) AS of_osms,
  -- What was earned where the state pays ВОСМС is in no base of it.
  SUM(CASE WHEN o.is_minimum_security THEN COALESCE(i.of_osms, 0) ELSE 0 END) AS of_vosms,
  SUM(COALESCE(i.of_social_tax, 0)) AS of_social_tax,
  SUM(o.opv) AS opv, SUM(o.vosms) AS vosms, SUM(o.so) AS so, SUM(o.oosms) AS oosms,
  SUM(o.opvr) AS opvr, SUM(o.social_tax) AS social_tax,
  SUM(o.deduction_used) AS deducted,
  SUM(o.gross) AS gross
FROM other o
LEFT JOIN income i USING (id)
GROUP BY o.inmate_id
"""

# Who is exempt (law.md §2, "Who pays what"): of ОПВ pensioners and disability groups 1-2; of ОПВР
# they and whoever was born before the date; of health insurance every pensioner and disabled
# person; ВОСМС of convicts is withheld in minimum security alone; of СО pensioners by age.
# A base of nought gives nought: there is no minimum base of nothing (law.md §4, 5). What this
# payer's other payslips of the month have paid on the same limits is not paid again.
CONTRIBUTION = """
CREATE TEMP TABLE second_contribution ON COMMIT DROP AS
SELECT *,
  CASE WHEN pension = 'age' OR of_so = 0 THEN 0
    ELSE greatest(0, round(so_rate * least(greatest(of_so - opv + other_so_base, so_least), so_cap),
      places) - other_so) END AS so
FROM (
  SELECT b.*, p.pension, v.places, v.so_rate, v.so_least, v.so_cap,
    COALESCE(o.so, 0) AS other_so, COALESCE(o.of_so - o.opv, 0) AS other_so_base,
    COALESCE(o.of_social_tax - o.opv - o.vosms, 0) AS other_social_tax_base,
    COALESCE(o.social_tax, 0) AS other_social_tax, COALESCE(o.deducted, 0) AS deducted,
    COALESCE(o.gross, 0) AS other_gross,
    CASE WHEN e.has_pension OR e.is_disabled_1_2 OR b.of_opv = 0 THEN 0
      ELSE greatest(0, round(v.opv_rate * least(b.of_opv + COALESCE(o.of_opv, 0), v.opv_cap),
        v.places) - COALESCE(o.opv, 0)) END AS opv,
    CASE WHEN e.has_pension OR e.is_disabled_1_2 OR p.born_on < v.opvr_born_from OR b.of_opv = 0
      THEN 0
      ELSE greatest(0, round(v.opvr_rate * least(
          greatest(b.of_opv + COALESCE(o.of_opv, 0), v.opvr_least), v.opvr_cap),
        v.places) - COALESCE(o.opvr, 0)) END AS opvr,
    CASE WHEN e.has_pension OR p.disability_group IS NOT NULL OR NOT r.is_minimum_security
        OR b.of_osms = 0 THEN 0
      ELSE greatest(0, round(v.vosms_rate * least(b.of_osms + COALESCE(o.of_vosms, 0), v.vosms_cap),
        v.places) - COALESCE(o.vosms, 0)) END AS vosms,
    CASE WHEN e.has_pension OR p.disability_group IS NOT NULL OR b.of_osms = 0 THEN 0
      ELSE greatest(0, round(v.oosms_rate * least(b.of_osms + COALESCE(o.of_osms, 0), v.oosms_cap),
        v.places) - COALESCE(o.oosms, 0)) END AS oosms
  FROM second_base b
  JOIN second_person p USING (inmate_id)
  CROSS JOIN second_run r
  CROSS JOIN second_rule v
  LEFT JOIN second_other o USING (inmate_id)
  CROSS JOIN LATERAL (
    SELECT p.pension IN ('age', 'service') AS has_pension,
      p.disability_group IS NOT NULL AND p.disability_group <= 2 AS is_disabled_1_2
  ) e
) withheld_first
"""

# ИПН: income less ОПВ, ВОСМС and the deduction asked for, by the steps of the year's income; to
# 2025 the relief of low wages goes by gross of the payer's month (Tax Code; law.md §4, 1-3). Social
# tax: on income less ОПВ and ВОСМС, not under its minimum but in a month of hire or dismissal where
# the law says so; less СО where it says so; the simplified regime differs by its rate alone
# (556-558, 722).
PAY = """
CREATE TEMP TABLE second_pay ON COMMIT DROP AS
SELECT c.inmate_id, c.gross, c.opv, c.vosms, c.so, c.oosms, c.opvr, t.taxable,
  t.deduction_used, x.has_application, i.ipn, s.social_tax,
  c.gross - c.opv - c.vosms - i.ipn AS net,
  greatest(0, c.of_writs - c.opv - c.vosms - i.ipn) AS attachable
FROM second_contribution c
JOIN second_person p USING (inmate_id)
CROSS JOIN second_run r
CROSS JOIN second_rule v
LEFT JOIN second_tax_history h USING (inmate_id)
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT FROM inmates_taxapplication a
    WHERE a.inmate_id = c.inmate_id AND a.payer_id = r.payer_id
      AND a.effective_from <= r.last_day
      AND (a.effective_to IS NULL OR a.effective_to > r.last_day)
  ) AS has_application
) x
CROSS JOIN LATERAL (
  SELECT u.deduction_used, greatest(0, u.income - u.deduction_used) AS taxable
  FROM (
    SELECT c.of_ipn - c.opv - c.vosms AS income,
      CASE WHEN x.has_application
        THEN least(greatest(0, c.of_ipn - c.opv - c.vosms),
          greatest(0, v.basic_deduction - c.deducted))
        ELSE 0 END AS deduction_used
  ) u
) t
CROSS JOIN LATERAL (
  SELECT COALESCE(h.earlier, 0) AS earlier,
    t.taxable * CASE WHEN c.gross + c.other_gross <= v.relief_up_to
      THEN v.relief_part ELSE 1 END AS relieved
) y
CROSS JOIN LATERAL (
  SELECT round(SUM(step.rate * greatest(0,
      least(y.earlier + y.relieved, COALESCE(step.up_to, 'Infinity'::numeric))
      - greatest(y.earlier, step.above))), v.places) AS ipn
  FROM (
    SELECT (one ->> 'rate')::numeric AS rate, (one ->> 'up_to')::numeric AS up_to,
      COALESCE(LAG((one ->> 'up_to')::numeric) OVER (ORDER BY place), 0) AS above
    FROM jsonb_array_elements(v.brackets) WITH ORDINALITY AS list (one, place)
  ) step
) i
CROSS JOIN LATERAL (
  SELECT CASE
    WHEN c.of_social_tax = 0 THEN 0
    ELSE greatest(0, greatest(0, round(
      -- The simplified regime has a rate of its own, or none: then that of the general one.
      CASE WHEN r.regime = 'simplified' AND v.simplified_rate IS NOT NULL
          THEN v.simplified_rate ELSE v.social_tax_rate END
        * greatest(c.of_social_tax - c.opv - c.vosms
          + c.other_social_tax_base,
        CASE WHEN p.is_hired_or_dismissed AND v.social_tax_waived
          THEN 0 ELSE v.social_tax_least END)
      - CASE WHEN v.social_tax_minus_so THEN c.so + c.other_so ELSE 0 END, v.places))
      - c.other_social_tax)
    END AS social_tax
) s
"""

# The payments of the law stand on every slip, the noughts with them (law.md §1, art. 113).
LAW_LINES = """
INSERT INTO second_line
SELECT y.inmate_id, l.kind, l.code, '', NULL, l.amount
FROM second_pay y
CROSS JOIN LATERAL (VALUES
  ('withheld', 'opv', y.opv),
  ('withheld', 'vosms', y.vosms),
  ('withheld', 'ipn', y.ipn),
  ('employer', 'so', y.so),
  ('employer', 'oosms', y.oosms),
  ('employer', 'opvr', y.opvr),
  ('employer', 'social_tax', y.social_tax)
) l (kind, code, amount)
"""
