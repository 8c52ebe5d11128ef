"""A new database gets the tables that Django would make one after another."""

import pytest
from django.apps import apps
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from incidents.lib.tables import TablesAtOnce

FIRST = ("incidents", "0001_initial")


def statements(kind: type[migrations.Migration]) -> tuple[list[str], ProjectState]:
    """Return the SQL by which the first migration makes its tables, the way of that class, and the state it leaves."""
    loader = MigrationLoader(connection)
    state = loader.project_state(FIRST, at_end=False)
    # As while a database is migrated.
    state.apps.get_models()
    with connection.schema_editor(collect_sql=True) as editor:
        after = kind.apply(loader.get_migration(*FIRST), state, editor)
    return [str(statement) for statement in editor.collected_sql], after


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_the_first_migration_makes_what_django_makes_one_by_one() -> None:
    at_once, after = statements(TablesAtOnce)
    one_by_one, after_each = statements(migrations.Migration)
    assert at_once == one_by_one
    assert len(at_once) > 100
    assert after == after_each


def test_the_first_migration_takes_the_short_way() -> None:
    assert isinstance(MigrationLoader(None).get_migration(*FIRST), TablesAtOnce)


@pytest.mark.django_db(transaction=True)
def test_the_state_it_leaves_knows_every_model_with_what_points_to_it() -> None:
    _, after = statements(TablesAtOnce)
    found = {model.__name__ for model in after.apps.get_app_config("incidents").get_models()}
    assert found == {model.__name__ for model in apps.get_app_config("incidents").get_models()}
    page = after.apps.get_model("incidents", "Page")
    assert "incidents" in {relation.name for relation in page._meta.related_objects}
