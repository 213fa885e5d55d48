import encrypted_fields.fields
from django.db import migrations, models


def seal(apps, schema_editor):
    """What was asked for in plain words, encrypted as the questions are."""
    question = apps.get_model("inmates", "WageQuestion")
    for pk, words in question.objects.exclude(name_reason="").values_list("pk", "name_reason"):
        question.objects.filter(pk=pk).update(sealed_reason=words)


def open_again(apps, schema_editor):
    question = apps.get_model("inmates", "WageQuestion")
    for row in question.objects.exclude(sealed_reason=None):
        question.objects.filter(pk=row.pk).update(name_reason=row.sealed_reason)


class Migration(migrations.Migration):

    dependencies = [
        ('inmates', '0045_early_lines_of_a_statement'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='wagequestion', name='wagequestion_name_asked_with_reason',
        ),
        migrations.RemoveConstraint(
            model_name='wagequestion', name='wagequestion_name_given_when_asked',
        ),
        migrations.AddField(
            model_name='wagequestion',
            name='sealed_reason',
            field=encrypted_fields.fields.EncryptedTextField(null=True),
        ),
        migrations.RunPython(seal, open_again),
        migrations.RemoveField(model_name='wagequestion', name='name_reason'),
        migrations.RenameField(
            model_name='wagequestion', old_name='sealed_reason', new_name='name_reason',
        ),
        migrations.AddConstraint(
            model_name='wagequestion',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(('status', 'name_asked'), _negated=True),
                    ('name_reason__isnull', False),
                    _connector='OR',
                ),
                name='wagequestion_name_asked_with_reason',
                violation_error_message='Say why the name is needed: the person reads it.',
            ),
        ),
        migrations.AddConstraint(
            model_name='wagequestion',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ('name_given_at', None),
                    models.Q(('is_named', False), ('name_reason__isnull', False)),
                    _connector='OR',
                ),
                name='wagequestion_name_given_when_asked',
            ),
        ),
    ]
