"""The owner of an application is told by role, which has a word in each language."""

from django.db import migrations, models

from portal.accounts.enums import Role
from portal.kernel import batches


class Migration(batches.Migration):
    dependencies = [("orders", "0004_space_applications")]

    operations = [
        migrations.RenameField("spaceapplicationowner", "position", "role"),
        migrations.AlterField(
            "spaceapplicationowner",
            "role",
            models.CharField(max_length=20, choices=Role.choices),
        ),
    ]
