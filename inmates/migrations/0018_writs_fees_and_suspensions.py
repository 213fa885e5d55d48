"""A writ's bailiff, fee and suspensions; what a payslip left writs to look at, and they asked."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import portal.kernel.money
import portal.kernel.periods
from portal.kernel import batches


class Migration(batches.Migration):
    dependencies = [
        ("inmates", "0017_differences_of_a_run"),
    ]

    operations = [
        migrations.AddField(
            model_name="payslip",
            name="attachable",
            field=portal.kernel.money.MoneyField(null=True),
        ),
        # Until now writs looked at all of net pay.
        migrations.RunSQL("UPDATE inmates_payslip SET attachable = net", migrations.RunSQL.noop),
        # Or the next command would find events of the update still pending.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="payslip",
            name="attachable",
            field=portal.kernel.money.MoneyField(),
        ),
        migrations.AddConstraint(
            model_name="payslip",
            constraint=models.CheckConstraint(
                condition=Q(
                    attachable__gte=0,
                    attachable__lte=F("net"),
                    withheld_by_writs__gte=0,
                    withheld_by_writs__lte=F("attachable"),
                ),
                name="payslip_writs_within_attachable",
            ),
        ),
        migrations.AddField(
            model_name="payslipline",
            name="demanded",
            field=portal.kernel.money.MoneyField(null=True),
        ),
        migrations.AddField(
            model_name="writofexecution",
            name="bailiff",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="writofexecution",
            name="bailiff_account",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AddField(
            model_name="writofexecution",
            name="fee",
            field=portal.kernel.money.MoneyField(null=True),
        ),
        migrations.AddField(
            model_name="writofexecution",
            name="order_number",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AddField(
            model_name="writofexecution",
            name="ordered_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="writofexecution",
            name="received_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="writofexecution",
            name="ended_basis",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AlterField(
            model_name="writofexecution",
            name="number",
            field=models.CharField(max_length=40),
        ),
        migrations.AddConstraint(
            model_name="writofexecution",
            constraint=portal.kernel.periods.no_overlap(
                "writ_number_no_overlap",
                "number",
                message="A writ of this number is in force in this period already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="writofexecution",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="writ_number_one_person",
                expressions=[("number", "="), ("inmate", "<>")],
                violation_error_message="A writ of this number is another person's.",
            ),
        ),
        migrations.AddConstraint(
            model_name="writofexecution",
            constraint=models.CheckConstraint(
                condition=Q(fee=None) | Q(fee__gt=0), name="writ_fee_positive"
            ),
        ),
        migrations.CreateModel(
            name="WritSuspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="from")),
                (
                    "effective_to",
                    models.DateField(blank=True, null=True, verbose_name="to (excluded)"),
                ),
                ("basis", models.CharField(max_length=200)),
                (
                    "writ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="inmates.writofexecution",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="writsuspension",
            constraint=portal.kernel.periods.ordered_period("writsuspension_period"),
        ),
        migrations.AddConstraint(
            model_name="writsuspension",
            constraint=portal.kernel.periods.no_overlap(
                "writsuspension_no_overlap",
                "writ",
                message="The writ is suspended in this period already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="writsuspension",
            constraint=models.CheckConstraint(
                condition=~Q(basis=""), name="writsuspension_has_basis"
            ),
        ),
    ]
