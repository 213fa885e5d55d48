"""The least a payroll can cost: the slips and lines of a month by one INSERT … SELECT.

It reads the same days, pieces, rates, applications and writs, pays days off and the top-up to the
minimum wage, applies the rates, exemptions and bases of 2026, rounds, and writes a line with code,
rate, base, parameter and explanation for each sum. It leaves out what makes a payroll right: queues
and the living minimum of writs (all share half of net in proportion), brackets, the month of hire,
other runs of the person, a missing rate, locks, progress and the list of problems.
"""

from typing import Any

from django.db import connection

from inmates.models import PayrollRun
from inmates.selectors.payroll_law import law_of_month
from portal.kernel.periods import Month

PLACES = """
place AS (
  SELECT p.id, p.inmate_id, p.post_id, p.payer_id, p.pay_form
  FROM inmates_placement p
  JOIN workshops_post s ON s.id = p.post_id
  JOIN workshops_workshop w ON w.id = s.workshop_id
  WHERE p.payer_id = %(payer)s AND w.institution_id = %(institution)s
    AND p.effective_from < %(end)s AND (p.effective_to IS NULL OR p.effective_to > %(first)s)
)"""
EARNED = """
worked AS (
  SELECT p.inmate_id, count(DISTINCT a.worked_on) AS days, sum(a.minutes) AS minutes
  FROM inmates_attendance a JOIN place p ON p.id = a.placement_id
  WHERE a.worked_on >= %(first)s AND a.worked_on < %(end)s AND a.minutes > 0
    AND a.reason_id IS NULL
  GROUP BY 1
), timed AS (
  SELECT p.inmate_id, p.post_id, r.amount AS rate, sum(a.minutes) AS quantity,
    coalesce(sum(a.minutes) FILTER (WHERE NOT c.is_workday), 0) AS off
  FROM inmates_attendance a JOIN inmates_calendarday c ON c.day = a.worked_on
  JOIN place p ON p.id = a.placement_id AND p.pay_form = 'time'
  JOIN inmates_payrate r ON r.payer_id = p.payer_id AND r.post_id = p.post_id
    AND r.effective_from <= a.worked_on
    AND (r.effective_to IS NULL OR a.worked_on < r.effective_to)
  WHERE a.worked_on >= %(first)s AND a.worked_on < %(end)s AND a.minutes > 0
    AND a.reason_id IS NULL
  GROUP BY 1, 2, 3
), pieced AS (
  SELECT p.inmate_id, o.operation_id, r.amount AS rate, r.per_pieces AS per,
    sum(e.quantity) AS quantity
  FROM inmates_workentry e JOIN place p ON p.id = e.placement_id AND p.pay_form = 'piece'
  JOIN workshops_workorderoperation o ON o.id = e.work_order_operation_id
  JOIN inmates_payrate r ON r.payer_id = p.payer_id AND r.operation_id = o.operation_id
    AND r.effective_from <= e.worked_on
    AND (r.effective_to IS NULL OR e.worked_on < r.effective_to)
  WHERE e.worked_on >= %(first)s AND e.worked_on < %(end)s
  GROUP BY 1, 2, 3, 4
), rested AS (
  SELECT p.inmate_id, sum(e.quantity * r.amount / r.per_pieces) AS amount
  FROM inmates_workentry e JOIN place p ON p.id = e.placement_id AND p.pay_form = 'piece'
  JOIN inmates_calendarday c ON c.day = e.worked_on AND NOT c.is_workday
  JOIN inmates_attendance a ON a.placement_id = p.id AND a.worked_on = e.worked_on
    AND a.minutes > 0 AND a.reason_id IS NULL
  JOIN workshops_workorderoperation o ON o.id = e.work_order_operation_id
  JOIN inmates_payrate r ON r.payer_id = p.payer_id AND r.operation_id = o.operation_id
    AND r.effective_from <= e.worked_on
    AND (r.effective_to IS NULL OR e.worked_on < r.effective_to)
  WHERE e.worked_on >= %(first)s AND e.worked_on < %(end)s
  GROUP BY 1
), based AS MATERIALIZED (
  SELECT t.inmate_id, 'time' AS code, t.quantity, t.rate,
    round(t.quantity * t.rate / 60, 2) AS amount,
    jsonb_build_object('ru', s.name_ru, 'kk', s.name_kk, 'en', s.name_en) AS title,
    'earning.time' AS explanation,
    jsonb_build_object('hours', t.quantity / 60, 'minutes', t.quantity %% 60,
                       'unit_rate', t.rate::text) AS arguments
  FROM timed t JOIN workshops_post s ON s.id = t.post_id
  UNION ALL
  SELECT p.inmate_id, 'piece', p.quantity, p.rate, round(p.quantity * p.rate / p.per, 2),
    jsonb_build_object('ru', d.name_ru || ': ' || o.name_ru, 'kk', d.name_kk || ': ' || o.name_kk,
                       'en', d.name_en || ': ' || o.name_en),
    'earning.piece',
    jsonb_build_object('pieces', p.quantity, 'unit_rate', p.rate::text, 'per', p.per)
  FROM pieced p JOIN workshops_operation o ON o.id = p.operation_id
  JOIN workshops_productversion v ON v.id = o.version_id
  JOIN workshops_product d ON d.id = v.product_id
), lowest AS (
  SELECT k.inmate_id, k.minutes, greatest(
      round(%(mzp)s * k.minutes / (%(norm_minutes)s
        * CASE WHEN i.disability_group IN (1, 2) THEN %(shorter_week)s ELSE 1 END), 2) - b.basic,
      round(%(mzp)s * coalesce(t.minutes, 0) / (%(average_monthly_hours)s * 60), 2) - b.by_hours
    ) AS missing
  FROM worked k JOIN inmates_inmate i ON i.id = k.inmate_id
  JOIN (SELECT inmate_id, sum(amount) AS basic,
          coalesce(sum(amount) FILTER (WHERE code = 'time'), 0) AS by_hours
        FROM based GROUP BY 1) b ON b.inmate_id = k.inmate_id
  LEFT JOIN (SELECT inmate_id, sum(quantity) AS minutes FROM timed GROUP BY 1) t
    ON t.inmate_id = k.inmate_id
), earned AS MATERIALIZED (
  SELECT * FROM based
  UNION ALL
  SELECT inmate_id, 'holiday', off, rate, round(off * rate / 60 * %(holiday_supplement)s, 2),
    '{}'::jsonb, 'earning.supplement', jsonb_build_object('unit_rate', rate::text)
  FROM timed WHERE off > 0
  UNION ALL
  SELECT inmate_id, 'holiday', NULL, NULL, round(amount * %(holiday_supplement)s, 2),
    '{}'::jsonb, 'earning.supplement', jsonb_build_object('earned', amount::text)
  FROM rested
  UNION ALL
  SELECT inmate_id, 'minimum_top_up', minutes, NULL, missing, '{}'::jsonb, 'earning.top_up',
    jsonb_build_object('minutes', minutes)
  FROM lowest WHERE missing > 0
)"""
LAW = """
social AS (
  SELECT g.*, i.born_on, i.pension, i.disability_group,
    CASE WHEN i.pension <> 'none' OR i.disability_group IN (1, 2) THEN 0.00
         ELSE round(least(g.gross, %(opv_income_cap)s) * %(opv_rate)s) END::numeric(14, 2) AS opv,
    CASE WHEN i.pension <> 'none' OR i.disability_group IS NOT NULL THEN 0.00
         ELSE round(least(g.gross, %(oosms_cap)s) * %(oosms_rate)s) END::numeric(14, 2) AS oosms,
    CASE WHEN i.pension <> 'none' OR i.disability_group IN (1, 2)
              OR i.born_on < %(opvr_born_before_exempt)s THEN 0.00
         ELSE round(least(greatest(g.gross, %(opvr_income_min)s), %(opvr_income_cap)s)
                    * %(opvr_rate)s) END::numeric(14, 2) AS opvr,
    EXISTS (SELECT 1 FROM inmates_taxapplication t
            WHERE t.inmate_id = g.inmate_id AND t.payer_id = %(payer)s
              AND t.effective_from <= %(last)s
              AND (t.effective_to IS NULL OR t.effective_to > %(last)s)) AS has_application
  FROM (SELECT inmate_id, sum(amount) AS gross FROM earned GROUP BY 1) g
  JOIN inmates_inmate i ON i.id = g.inmate_id
), taxed AS (
  SELECT s.*,
    CASE WHEN s.pension = 'age' THEN 0.00
         ELSE round(least(greatest(s.gross - s.opv, %(so_base_min)s), %(so_base_max)s)
                    * %(so_rate)s) END::numeric(14, 2) AS so,
    greatest(s.gross - s.opv - CASE WHEN s.has_application THEN %(ipn_basic_deduction)s ELSE 0 END,
             0) AS taxable,
    greatest(s.gross - s.opv, %(social_tax_base_min)s) AS social_base
  FROM social s
), netted AS MATERIALIZED (
  SELECT t.*, round(t.taxable * %(ipn_rate)s)::numeric(14, 2) AS ipn,
    round(t.social_base * %(social_tax_rate)s)::numeric(14, 2) AS social_tax,
    (t.gross - t.opv - round(t.taxable * %(ipn_rate)s))::numeric(14, 2) AS net
  FROM taxed t
), demanded AS (
  SELECT n.inmate_id, n.net, w.id AS writ_id, w.kind, w.queue, w.debt,
    coalesce(round(n.net * w.share_numerator / w.share_denominator), w.amount, w.debt) AS demand
  FROM netted n JOIN inmates_writofexecution w ON w.inmate_id = n.inmate_id
  WHERE w.effective_from <= %(last)s AND (w.effective_to IS NULL OR w.effective_to > %(last)s)
), withheld AS MATERIALIZED (
  SELECT d.*, least(d.demand, floor(d.demand * least(1, d.net * %(writ_cap_share_of_net)s
    / sum(d.demand) OVER (PARTITION BY d.inmate_id)))) AS amount
  FROM demanded d
)"""
WRITTEN = """
slips AS (
  INSERT INTO inmates_payslip (run_id, inmate_id, days_worked, minutes_worked, has_basic_deduction,
    gross, opv, vosms, ipn, net, attachable, withheld_by_writs, to_account, so, oosms, opvr,
    social_tax, taxable)
  SELECT %(run)s, n.inmate_id, coalesce(k.days, 0), coalesce(k.minutes, 0), n.has_application,
    n.gross, n.opv, 0, n.ipn, n.net, n.net, coalesce(w.total, 0), n.net - coalesce(w.total, 0),
    n.so, n.oosms, n.opvr, n.social_tax, n.taxable
  FROM netted n
  LEFT JOIN worked k ON k.inmate_id = n.inmate_id
  LEFT JOIN (SELECT inmate_id, sum(amount) AS total FROM withheld GROUP BY 1) w
    ON w.inmate_id = n.inmate_id
  RETURNING id, inmate_id
)
INSERT INTO inmates_payslipline (payslip_id, sequence, kind, code, title, quantity, rate, base,
  amount, writ_id, parameter_id, explanation, arguments)
SELECT s.id, row_number() OVER (PARTITION BY e.inmate_id), 'earning', e.code, e.title, e.quantity,
  e.rate, NULL::numeric, e.amount, NULL::bigint, NULL::bigint, e.explanation, e.arguments
FROM slips s JOIN earned e ON e.inmate_id = s.inmate_id
UNION ALL
SELECT s.id, 10 + l.place, l.kind, l.code, '{}'::jsonb, NULL, l.rate, l.base, l.amount, NULL,
  CASE WHEN l.amount > 0 THEN p.id END,
  CASE WHEN l.amount > 0 THEN 'rate_of_wage' ELSE 'not_due.state_pays' END,
  jsonb_build_object('rate', l.rate::text, 'base', l.base::text, 'amount', l.amount::text,
                     'article', l.article)
FROM slips s JOIN netted n ON n.inmate_id = s.inmate_id
CROSS JOIN LATERAL (VALUES
  (1, 'withheld', 'opv', %(opv_rate)s, n.gross, n.opv, 'social_code_249'),
  (2, 'withheld', 'vosms', %(vosms_rate)s, n.gross, 0.00, 'osms_26'),
  (3, 'withheld', 'ipn', %(ipn_rate)s, n.taxable, n.ipn, 'tax_2025_363'),
  (4, 'employer', 'so', %(so_rate)s, n.gross - n.opv, n.so, 'social_code_245'),
  (5, 'employer', 'oosms', %(oosms_rate)s, n.gross, n.oosms, 'osms_27'),
  (6, 'employer', 'opvr', %(opvr_rate)s, n.gross, n.opvr, 'social_code_251'),
  (7, 'employer', 'social_tax', %(social_tax_rate)s, n.social_base, n.social_tax, 'tax_2025_557')
) AS l (place, kind, code, rate, base, amount, article)
LEFT JOIN inmates_payparameter p ON p.code = l.code || '_rate'
  AND p.effective_from <= %(last)s AND (p.effective_to IS NULL OR p.effective_to > %(last)s)
UNION ALL
SELECT s.id, 20 + row_number() OVER (PARTITION BY w.inmate_id), 'writ', w.kind, '{}', NULL, NULL,
  w.debt, w.amount, w.writ_id, NULL, 'writ.debt',
  jsonb_build_object('writ', w.writ_id::text, 'queue', w.queue, 'demanded', w.demand::text)
FROM slips s JOIN withheld w ON w.inmate_id = s.inmate_id
"""
FLOOR = f"WITH {PLACES}, {EARNED}, {LAW}, {WRITTEN}"


def floor_values(run: PayrollRun) -> dict[str, Any]:
    """What the statement is given: the run's scope and the law of its month."""
    month = Month.of(run.month)
    rules = law_of_month(month)
    law, earning = rules.parameters, rules.law
    sources = {name: part for part in (law, earning) for name in part.__slots__}
    names = [name for name in sources if f"%({name})s" in FLOOR]
    return {name: getattr(sources[name], name) for name in names} | {
        "norm_minutes": int(rules.workdays * earning.day_minutes(None)),
        "shorter_week": earning.reduced_week_hours / earning.week_hours,
        "run": run.pk,
        "payer": run.payer_id,
        "institution": run.institution_id,
        "first": month.first_day,
        "last": month.last_day,
        "end": month.next().first_day,
        "ipn_rate": law.ipn_brackets[0].rate,
    }


def insert_select(values: dict[str, Any]) -> None:
    """Slips and lines of the run, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, values)
