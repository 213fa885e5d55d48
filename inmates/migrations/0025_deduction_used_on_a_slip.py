"""What of the basic deduction a payslip used, which its bases no longer tell by themselves."""

from decimal import Decimal

from django.db import migrations

import portal.kernel.money
from portal.kernel import batches


class Migration(batches.Migration):
    dependencies = [
        ("inmates", "0024_guards_of_held_months"),
    ]

    operations = [
        migrations.AddField(
            model_name="payslip",
            name="deduction_used",
            field=portal.kernel.money.MoneyField(
                db_default=Decimal("0.00"), default=Decimal("0.00")
            ),
        ),
        # Until now every earning was taxed: the income is all of gross.
        migrations.RunSQL(
            "UPDATE inmates_payslip SET deduction_used = gross - opv - vosms - taxable"
            " WHERE has_basic_deduction",
            migrations.RunSQL.noop,
        ),
    ]
