import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inmates", "0030_corrections_and_runs_outside_the_month"),
        ("workshops", "0009_late_entries_of_the_floor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Terminal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=80, verbose_name="where it stands")),
                ("added_at", models.DateTimeField()),
                ("code_hash", models.CharField(max_length=64, null=True, unique=True)),
                ("code_until", models.DateTimeField(null=True)),
                ("secret_hash", models.CharField(max_length=64, null=True, unique=True)),
                ("activated_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TerminalPin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret", models.CharField(max_length=200)),
                ("is_temporary", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("locked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TerminalVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "language",
                    models.CharField(choices=[("ru", "Russian"), ("kk", "Kazakh")], max_length=2),
                ),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("left", "The person left"),
                            ("idle", "Idle too long"),
                            ("replaced", "Signed in again"),
                            ("closed", "Terminal or PIN closed"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="terminal",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="terminal",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="terminals",
                to="workshops.institution",
            ),
        ),
        migrations.AddField(
            model_name="terminal",
            name="revoked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="terminalpin",
            name="inmate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pins",
                to="inmates.inmate",
            ),
        ),
        migrations.AddField(
            model_name="terminalpin",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="terminalvisit",
            name="inmate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="inmates.inmate",
            ),
        ),
        migrations.AddField(
            model_name="terminalvisit",
            name="terminal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="inmates.terminal",
            ),
        ),
        migrations.AddIndex(
            model_name="terminal",
            index=models.Index(fields=["institution", "id"], name="terminal_institution"),
        ),
        migrations.AddConstraint(
            model_name="terminal",
            constraint=models.CheckConstraint(
                condition=models.Q(("place", ""), _negated=True),
                name="terminal_has_place",
                violation_error_message="Say where the terminal stands.",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code_hash", None), ("code_until", None)),
                    models.Q(("code_hash__isnull", False), ("code_until__isnull", False)),
                    _connector="OR",
                ),
                name="terminal_code_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("activated_at", None), ("secret_hash", None)),
                    models.Q(("activated_at__isnull", False), ("secret_hash__isnull", False)),
                    _connector="OR",
                ),
                name="terminal_activated_has_secret",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at", None), ("revoked_by", None)),
                    models.Q(
                        ("code_hash", None),
                        ("revoked_at__isnull", False),
                        ("revoked_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="terminal_revoked_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminalpin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)),
                fields=("inmate",),
                name="terminalpin_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminalpin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("failures__lt", 5), ("locked_at", None)),
                    models.Q(("failures", 5), ("locked_at__isnull", False)),
                    _connector="OR",
                ),
                name="terminalpin_locked_by_failures",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminalpin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_temporary", True), ("made_by__isnull", False)),
                    models.Q(("is_temporary", False), ("made_by", None)),
                    _connector="OR",
                ),
                name="terminalpin_letter_has_author",
            ),
        ),
        migrations.AddIndex(
            model_name="terminalvisit",
            index=models.Index(fields=["inmate", "-began_at"], name="terminalvisit_inmate"),
        ),
        migrations.AddConstraint(
            model_name="terminalvisit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("terminal",),
                name="terminalvisit_one_at_terminal",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminalvisit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("inmate",),
                name="terminalvisit_one_of_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminalvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_as", ""), ("ended_at", None)),
                    models.Q(
                        ("ended_as__in", ["left", "idle", "replaced", "closed"]),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="terminalvisit_end_has_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminalvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen_at__gte", models.F("began_at"))),
                name="terminalvisit_seen_after_begin",
            ),
        ),
        migrations.AddConstraint(
            model_name="terminalvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["ru", "kk"])),
                name="terminalvisit_language_known",
            ),
        ),
    ]
