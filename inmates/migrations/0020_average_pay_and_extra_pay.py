"""How a paid absence is paid, and one-off earnings of a month.

The rows that are there get the kind by which their code is paid; a paid absence that an
administrator added gets average wage, which is what its flag said until today.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import portal.kernel.money
from portal.kernel import batches

KINDS_OF_ROWS = """
    UPDATE inmates_reason
    SET pay_kind = CASE code
      WHEN 'leave' THEN 'leave'
      WHEN 'sick' THEN 'sick'
      WHEN 'no-material' THEN 'idle'
      WHEN 'no-power' THEN 'idle'
      ELSE 'average_pay' END
    WHERE "group" = 'attendance' AND is_paid AND NOT is_worked
"""


class Migration(batches.Migration):
    dependencies = [
        ("accounts", "0001_users_organisations_roles"),
        ("inmates", "0019_earning_kinds_calendar_supplements"),
        ("workshops", "0009_late_entries_of_the_floor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExtraPay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="the first day of the month")),
                ("kind", models.CharField(max_length=30, verbose_name="kind of earning")),
                ("amount", portal.kernel.money.MoneyField(verbose_name="sum")),
                ("basis", models.CharField(max_length=160, verbose_name="document")),
                ("recorded_at", models.DateTimeField()),
                ("inmate", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="extra_pay", to="inmates.inmate")),
                ("payer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation")),
                ("institution", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workshops.institution")),
                ("recorded_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["payer", "institution", "month"], name="extrapay_run")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="extrapay_month_first_day"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="extrapay_positive", violation_error_message="Enter a sum above nought."),
                    models.CheckConstraint(condition=models.Q(models.Q(("basis", ""), _negated=True), models.Q(("kind", ""), _negated=True)), name="extrapay_has_document", violation_error_message="Enter the document that orders the payment."),
                ],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(model_name="reason", name="reason_is_fixed"),
        migrations.AddField(
            model_name='reason',
            name='pay_kind',
            field=models.CharField(blank=True, choices=[('leave', 'Annual leave: average wage'), ('sick', 'Sick pay: average wage up to a limit a month'), ('idle', 'Idle time: a share of average wage'), ('average_pay', 'Average wage')], default='', max_length=15, verbose_name='kind of pay'),
        ),
        migrations.RunSQL(KINDS_OF_ROWS, reverse_sql=migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='reason',
            trigger=pgtrigger.compiler.Trigger(name='reason_is_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    IF NEW."code" IS DISTINCT FROM OLD."code" OR NEW."group" IS DISTINCT FROM OLD."group" OR NEW."letter" IS DISTINCT FROM OLD."letter" OR NEW."is_paid" IS DISTINCT FROM OLD."is_paid" OR NEW."is_worked" IS DISTINCT FROM OLD."is_worked" OR NEW."counts_as_available" IS DISTINCT FROM OLD."counts_as_available" OR NEW."needs_text" IS DISTINCT FROM OLD."needs_text" OR NEW."is_lasting" IS DISTINCT FROM OLD."is_lasting" OR NEW."is_refusal" IS DISTINCT FROM OLD."is_refusal" OR NEW."offered_from" IS DISTINCT FROM OLD."offered_from" OR NEW."pay_kind" IS DISTINCT FROM OLD."pay_kind"\n    THEN RAISE EXCEPTION \'reason_is_fixed\' USING ERRCODE = \'check_violation\', CONSTRAINT = \'reason_is_fixed\'; END IF;\n    RETURN NEW;\n    ', hash='46759f65f4df6119abf6add4c04ababdf8da5094', operation='UPDATE OF "code", "group", "letter", "is_paid", "is_worked", "counts_as_available", "needs_text", "is_lasting", "is_refusal", "offered_from", "pay_kind"', pgid='pgtrigger_reason_is_fixed_67d17', table='inmates_reason', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reason',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_paid', True), ('is_worked', False), ('pay_kind__in', ['leave', 'sick', 'idle', 'average_pay']), ('group', 'attendance')), models.Q(('pay_kind', ''), models.Q(('group', 'attendance'), ('is_paid', True), ('is_worked', False), _negated=True)), _connector='OR'), name='reason_paid_absence_has_kind', violation_error_message='A paid absence on a day says how it is paid.'),
        ),
    ]
