import django.db.models.deletion
import encrypted_fields.fields
from django.conf import settings
from django.db import migrations, models
from portal.kernel import batches


class Migration(batches.Migration):
    dependencies = [
        ("inmates", "0009_movements_skills_hours"),
        ("workshops", "0008_batches_and_floor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PeopleImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=120)),
                ("content", encrypted_fields.fields.EncryptedTextField(null=True)),
                ("rows", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("checked", "Read, not written"),
                            ("applied", "Written"),
                            ("dropped", "Dropped"),
                        ],
                        default="checked",
                        max_length=10,
                    ),
                ),
                ("uploaded_at", models.DateTimeField()),
                ("people", models.PositiveIntegerField(default=0)),
                ("placements", models.PositiveIntegerField(default=0)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workshops.institution",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["institution", "-uploaded_at"], name="peopleimport_newest"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["checked", "applied", "dropped"])),
                        name="peopleimport_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status", "checked"), ("content", None), _connector="OR"),
                        name="peopleimport_forgets_what_is_decided",
                    ),
                ],
            },
        ),
    ]
