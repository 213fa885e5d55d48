"""The language of a person's papers, and the archive of a run's payslips."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from portal.kernel import batches


class Migration(batches.Migration):
    dependencies = [
        ("inmates", "0026_who_entered_a_rate"),
        ("kernel", "0003_forms_sent_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PayslipPrint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("slips", models.PositiveIntegerField(default=0)),
                ("files", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("path", models.CharField(blank=True, default="", max_length=100)),
                ("made_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="inmate",
            name="language",
            field=models.CharField(
                choices=[("ru", "Russian"), ("kk", "Kazakh")],
                db_default="ru",
                default="ru",
                max_length=2,
            ),
        ),
        migrations.AddConstraint(
            model_name="inmate",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["ru", "kk"])), name="inmate_language_known"
            ),
        ),
        migrations.AddField(
            model_name="payslipprint",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="payslipprint",
            name="run",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payslip_print",
                to="inmates.payrollrun",
            ),
        ),
        migrations.AddField(
            model_name="payslipprint",
            name="task_run",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="kernel.taskrun",
            ),
        ),
        migrations.AddConstraint(
            model_name="payslipprint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("made_at", None), ("path", "")),
                    models.Q(("made_at__isnull", False), ("path__gt", "")),
                    _connector="OR",
                ),
                name="payslipprint_made_has_file",
            ),
        ),
    ]
