from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('inmates', '0042_reversed_wages_are_not_paid'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='wagequestion',
            name='wagequestion_letter_was_wanted',
        ),
    ]
