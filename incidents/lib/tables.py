"""Many tables at once: the first migration, which makes them all."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class TablesAtOnce(migrations.Migration):
    """A migration of nothing but CreateModel, in a fraction of the time.

    Django makes the classes of a state anew with every model that is added, and of all models that hang together
    through foreign keys, as ours do through the page: for fifty models fifteen hundred classes. Here all are added
    to the state first, their classes are made once, and the tables follow in the order of the operations.
    """

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> ProjectState:
        """Make the tables and return the state with them; where their SQL is only to be shown, as Django does."""
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        before = project_state.clone()
        # A state whose classes were made keeps them up to date with each change; one without makes them when asked.
        project_state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state
