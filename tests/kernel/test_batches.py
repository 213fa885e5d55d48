"""Migrations in batches: the same schema as Django's own, rendered fewer times."""

from typing import Any

import pgtrigger
import pgtrigger.compiler
import pgtrigger.migrations
import pytest
from django.db import connection, migrations, models
from django.db.migrations.migration import Migration as PlainMigration
from django.db.migrations.state import ProjectState, StateApps

from portal.kernel import batches

KEY = ("id", models.BigAutoField(primary_key=True))


def operations() -> list[Any]:
    """Two tables, one pointing at the other, made in the way `makemigrations` writes it."""
    text = models.TextField(default="")
    return [
        migrations.CreateModel("Bench", [KEY, ("name", text)]),
        migrations.CreateModel("Plank", [KEY]),
        migrations.AddField("plank", "length", models.IntegerField(default=7)),
        migrations.AddField("plank", "bench", models.ForeignKey("sample.bench", models.CASCADE)),
        migrations.AddConstraint(
            "plank", models.CheckConstraint(condition=models.Q(length__gt=0), name="plank_is_long")
        ),
        migrations.AddIndex("plank", models.Index(fields=["length"], name="plank_by_length")),
        pgtrigger.migrations.AddTrigger(
            model_name="plank",
            trigger=pgtrigger.compiler.Trigger(
                name="stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'it stays';", hash="1", operation="DELETE",
                    pgid="pgtrigger_stay", table="sample_plank", when="BEFORE",
                ),
            ),
        ),
        migrations.AlterField("bench", "name", models.CharField(max_length=50, default="")),
        migrations.AddField("bench", "width", models.IntegerField(null=True)),
    ]  # fmt: skip


def made_by(kind: type[PlainMigration], steps: list[Any]) -> list[tuple[Any, ...]]:
    """Columns, constraints, indexes and triggers of the two tables; they are gone afterwards."""
    migration = type("Migration", (kind,), {"operations": steps})("0001_sample", "sample")
    with connection.schema_editor(atomic=True) as editor:
        state = ProjectState(real_apps=set())
        state.apps  # noqa: B018 - rendered, as it is in a migration of a database
        migration.apply(state, editor)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name, column_name, data_type, is_nullable, ordinal_position
              FROM information_schema.columns WHERE table_name LIKE 'sample_%'
            UNION ALL
            SELECT tablename, indexname, indexdef, NULL, NULL
              FROM pg_indexes WHERE tablename LIKE 'sample_%'
            UNION ALL
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), NULL, NULL
              FROM pg_constraint WHERE conrelid::regclass::text LIKE 'sample_%'
            UNION ALL
            SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), NULL, NULL
              FROM pg_trigger
             WHERE tgrelid::regclass::text LIKE 'sample_%' AND NOT tgisinternal
            """
        )
        found = sorted(cursor.fetchall(), key=str)
        cursor.execute("DROP TABLE sample_plank, sample_bench")
    return found


@pytest.mark.django_db
def test_the_schema_is_the_one_django_makes() -> None:
    expected = made_by(PlainMigration, operations())
    assert made_by(batches.Migration, operations()) == expected
    assert {"plank_is_long", "plank_by_length", "pgtrigger_stay"} <= {row[1] for row in expected}


@pytest.mark.django_db
def test_models_are_rendered_once_for_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[int] = []
    real = StateApps.render_multiple

    def render(self: StateApps, states: list[Any]) -> None:
        rendered.append(len(states))
        real(self, states)

    monkeypatch.setattr(StateApps, "render_multiple", render)
    made_by(PlainMigration, operations())
    times, rendered[:] = len(rendered), []
    made_by(batches.Migration, operations())
    assert len(rendered) < times


def test_a_model_and_what_is_added_to_it_are_not_of_one_batch() -> None:
    names = [[type(one).__name__ for one in batch] for batch in batches.batches_of(operations())]
    assert names == [
        ["CreateModel", "CreateModel"],
        ["AddField", "AddField", "AddConstraint", "AddIndex", "AddTrigger"],
        ["AlterField"],
        ["AddField"],
    ]


@pytest.mark.django_db
def test_what_is_shown_as_sql_is_left_to_django() -> None:
    migration = type("Migration", (batches.Migration,), {"operations": operations()})
    with connection.schema_editor(collect_sql=True) as editor:
        migration("0001_sample", "sample").apply(ProjectState(), editor, collect_sql=True)
    told = [line for line in editor.collected_sql if line.startswith("-- Create model")]
    assert told == ["-- Create model Bench", "-- Create model Plank"]
