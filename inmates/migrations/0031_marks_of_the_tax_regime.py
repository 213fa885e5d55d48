"""Marks of closed months where the tax regime of a payer changes, and what old runs have read."""

from django.db import migrations
from portal.kernel import batches

# Of a table of the layer below, which knows nothing of wages: its triggers are made here by SQL.
# Whoever marks holds the changes of the payer first. A regime that is added to a gap marks nobody: a
# month without a regime is not calculated.
REGIME = """
CREATE FUNCTION inmates_mark_regime{suffix}() RETURNS trigger AS $$
BEGIN
    {hold}INSERT INTO inmates_backdatedchange
      (inmate_id, payer_id, institution_id, first_day, cause, subject, changed_at, changed_by_id)
    SELECT s.inmate_id, r.payer_id, r.institution_id, GREATEST(MIN(x.first_day), MIN(r.month)),
      'regime', 'regime', clock_timestamp(),
      NULLIF(current_setting('portal.actor', true), '')::bigint
    FROM ({parts}) x
    JOIN inmates_payrollrun r ON r.status IN ('posting', 'approved', 'paid')
      AND r.payer_id = x.organisation_id
      AND r.month >= date_trunc('month', x.first_day)::date AND r.month < x.until
    JOIN inmates_payslip s ON s.run_id = r.id
    GROUP BY s.inmate_id, r.payer_id, r.institution_id;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
"""
HOLD = """PERFORM pg_advisory_xact_lock_shared(1640040, h.organisation_id::int)
    FROM (SELECT DISTINCT x.organisation_id FROM ({parts}) x ORDER BY 1) h;
    """
CHANGED = """
    SELECT d.organisation_id, lower(part) AS first_day, COALESCE(upper(part), 'infinity') AS until
    FROM (
      SELECT o.organisation_id,
        CASE WHEN o.regime = n.regime AND o.organisation_id = n.organisation_id
          THEN o.days - n.days ELSE o.days END AS days
      FROM (SELECT *, datemultirange(daterange(effective_from, effective_to)) AS days
            FROM old_rows) o
      JOIN (SELECT *, datemultirange(daterange(effective_from, effective_to)) AS days
            FROM new_rows) n ON n.id = o.id
      UNION ALL
      SELECT n.organisation_id,
        CASE WHEN o.regime = n.regime AND o.organisation_id = n.organisation_id
          THEN n.days - o.days ELSE n.days END
      FROM (SELECT *, datemultirange(daterange(effective_from, effective_to)) AS days
            FROM old_rows) o
      JOIN (SELECT *, datemultirange(daterange(effective_from, effective_to)) AS days
            FROM new_rows) n ON n.id = o.id
    ) d CROSS JOIN LATERAL unnest(d.days) AS part"""
REMOVED = """
    SELECT o.organisation_id, o.effective_from AS first_day,
      COALESCE(o.effective_to, 'infinity') AS until
    FROM old_rows o"""
TRIGGERS = """
CREATE TRIGGER inmates_regime AFTER UPDATE ON accounts_organisationtaxstatus
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION inmates_mark_regime();
CREATE TRIGGER inmates_regime_removed AFTER DELETE ON accounts_organisationtaxstatus
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION inmates_mark_regime_removed();
"""
MARKS = (
    REGIME.format(suffix="", hold=HOLD.format(parts=CHANGED), parts=CHANGED)
    + REGIME.format(suffix="_removed", hold=HOLD.format(parts=REMOVED), parts=REMOVED)
    + TRIGGERS
)
NO_MARKS = """
DROP TRIGGER inmates_regime_removed ON accounts_organisationtaxstatus;
DROP TRIGGER inmates_regime ON accounts_organisationtaxstatus;
DROP FUNCTION inmates_mark_regime_removed();
DROP FUNCTION inmates_mark_regime();
"""
# When those were calculated there were no marks to read.
READ = "UPDATE inmates_payrollrun SET changes_read = 0 WHERE calculated_at IS NOT NULL"


class Migration(batches.Migration):
    dependencies = [("inmates", "0030_after_the_pay_run")]

    operations = [
        migrations.RunSQL(MARKS, NO_MARKS),
        migrations.RunSQL(READ, migrations.RunSQL.noop),
    ]
