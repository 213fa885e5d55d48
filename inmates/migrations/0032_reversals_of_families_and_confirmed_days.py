
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_who_gave_the_first_signature'),
        ('inmates', '0031_reading_terminals'),
        ('kernel', '0003_forms_sent_once'),
        ('workshops', '0009_late_entries_of_the_floor'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DaysConfirmed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('last_day', models.DateField()),
                ('confirmed_at', models.DateTimeField()),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='payrollrun',
            name='run_closes_clean',
        ),
        migrations.RemoveConstraint(
            model_name='payrollrun',
            name='payrollrun_points_by_kind',
        ),
        migrations.RemoveConstraint(
            model_name='payslip',
            name='payslip_paid_not_negative',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payrollrun',
            trigger=pgtrigger.compiler.Trigger(name='run_closes_clean', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'UPDATE' THEN\n      IF OLD.status IN ('posting', 'approved', 'paid') THEN RETURN NEW; END IF;\n    END IF;\n    IF NEW.status IN ('posting', 'approved', 'paid')\n       AND (NEW.difference_count IS DISTINCT FROM 0\n            OR EXISTS (SELECT 1 FROM inmates_payrollproblem p WHERE p.run_id = NEW.id)\n            OR NOT EXISTS (SELECT 1 FROM inmates_payslip s WHERE s.run_id = NEW.id))\n    THEN RAISE EXCEPTION 'run_closes_clean' USING ERRCODE = 'check_violation', CONSTRAINT = 'run_closes_clean'; END IF;\n    IF NEW.status IN ('posting', 'approved', 'paid') AND NEW.kind <> 'reversal'\n       AND EXISTS (SELECT 1 FROM inmates_payslip s\n                   WHERE s.run_id = NEW.id AND s.to_account + s.settlement < 0)\n    THEN RAISE EXCEPTION 'nobody_pays_back' USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_pays_back'; END IF;\n    RETURN NEW;\n    ", hash='b0d22621a517c8e4391484c8abf5a5f9fe9ed145', operation='INSERT OR UPDATE OF "status"', pgid='pgtrigger_run_closes_clean_ac37e', table='inmates_payrollrun', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='payrollrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'correction'), ('reverses', None), ('settled_with__isnull', False)), models.Q(('kind', 'reversal'), ('reverses__isnull', False)), models.Q(('kind__in', ['regular', 'release', 'bonus', 'error']), ('reverses', None), ('settled_with', None)), _connector='OR'), name='payrollrun_points_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='payslip',
            constraint=models.CheckConstraint(condition=models.Q(('is_difference', True), ('settlement__gte', django.db.models.expressions.CombinedExpression(models.F('to_account'), '*', models.Value(-1))), _connector='OR'), name='payslip_paid_not_negative'),
        ),
        migrations.AddField(
            model_name='daysconfirmed',
            name='confirmed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='daysconfirmed',
            name='placement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inmates.placement'),
        ),
        migrations.AddConstraint(
            model_name='daysconfirmed',
            constraint=models.UniqueConstraint(fields=('placement', 'month'), name='daysconfirmed_once'),
        ),
        migrations.AddConstraint(
            model_name='daysconfirmed',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('month')), ('month__day', 1)), name='daysconfirmed_in_month', violation_error_message='The last day lies in the month of the days.'),
        ),
    ]
