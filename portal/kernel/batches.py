"""Migrations that render the models once for many operations; the base class of ours.

`makemigrations` writes Django's base: one with more than a few additions is given this by hand.

Django renders a changed model anew, and all models around it, after every operation. With our
hundreds of constraints and triggers that was nine tenths of the time of a new database.
"""

from collections.abc import Sequence
from itertools import groupby

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.migration import Migration as PlainMigration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

# An operation of a batch sees the models as they are before and after all of it. A model is made
# with what it has then, so additions to it are never of the batch that makes it.
KINDS: tuple[tuple[type[Operation], ...], ...] = (
    (CreateModel,),
    (AddField, AddIndex, AddConstraint, AddTrigger),
)


def _kind(operation: Operation) -> int:
    """Which kind of batch it belongs to; the count of kinds where it stands alone."""
    kinds = (number for number, kind in enumerate(KINDS) if type(operation) in kind)
    return next(kinds, len(KINDS))


def batches_of(operations: Sequence[Operation]) -> list[list[Operation]]:
    """The operations in their order; neighbours of one kind together, all others alone."""
    batches: list[list[Operation]] = []
    for kind, group in groupby(operations, _kind):
        neighbours = list(group)
        batches += [neighbours] if kind < len(KINDS) else [[one] for one in neighbours]
    return batches


class Migration(PlainMigration):
    """The same schema as Django's own makes, in a fraction of the time."""

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        """As Django's, to which is left what shows or commits each operation by itself."""
        if collect_sql or not schema_editor.atomic_migration:
            return super().apply(project_state, schema_editor, collect_sql)
        label = self.app_label
        for batch in batches_of(self.operations):
            before = project_state.clone()
            if len(batch) > 1:
                # Rendered again when a model is asked for, which is after all of the batch.
                project_state.__dict__.pop("apps", None)
            for operation in batch:
                operation.state_forwards(label, project_state)
            for operation in batch:
                operation.database_forwards(label, schema_editor, before, project_state)
        return project_state
