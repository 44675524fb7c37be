"""What the migrations leave in the database is what the models and the triggers say, and it can be taken back."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from riskreport.ground.domain.events import record_event
from riskreport.ground.management.commands.migrate import FORMER
from riskreport.ground.models import Event
from riskreport.ground.models.schema import CreateTables

pytestmark = pytest.mark.django_db

TRIGGERS = {
    "ground_event_append_only",
    "review_bulletin_never_changes",
    "review_letterevidence_never_changes",
    "review_snapshot_never_changes",
    "risks_catalogue_never_changes",
    "risks_catalogueitem_never_added",
    "risks_catalogueitem_never_changes",
}
WRITTEN = [
    "enterprises.migrations.0003_search",
    "review.migrations.0002_triggers",
    "risks.migrations.0002_triggers",
    "risks.migrations.0003_search",
    "riskreport.ground.migrations.0002_triggers",
]
OURS = [model for model in apps.get_models() if model.__module__.split(".")[0] in {"enterprises", "review", "risks"}]
OURS += apps.get_app_config("ground").get_models()


def test_every_trigger_that_refuses_stands():
    """On SQLite a migration that rebuilds a table loses its triggers and must set them again."""
    assert _named("_never_") | _named("_append_only") == TRIGGERS


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_every_constraint_and_index_of_a_model_stands(model):
    """On PostgreSQL, taking away the index of a column takes a unique constraint of that column alone with it."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    assert {one.name for one in (*model._meta.constraints, *model._meta.indexes)} <= set(found)


@pytest.mark.parametrize("module", WRITTEN)
def test_what_is_written_by_hand_can_be_taken_back_and_set_again(module):
    operations, editor, before = import_module(module).Migration.operations, connection.schema_editor(), _all_named()
    for operation in reversed(operations):
        operation.reverse_code(None, editor)
    assert (_all_named() < before) is (connection.vendor == "postgresql" or "triggers" in module)
    for operation in operations:
        operation.code(None, editor)
    assert _all_named() == before


def test_a_trigger_taken_back_refuses_no_more_and_set_again_refuses():
    event = record_event(kind="test.happened", actor=None)
    (operation,) = import_module("riskreport.ground.migrations.0002_triggers").Migration.operations
    operation.reverse_code(None, connection.schema_editor())
    assert Event.objects.filter(pk=event.pk).update(kind="test.rewritten") == 1
    operation.code(None, connection.schema_editor())
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(kind="test.happened")


def test_tables_created_together_are_all_there_and_go_together():
    shelf = migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))])
    book = migrations.CreateModel(
        "Book",
        [("id", models.BigAutoField(primary_key=True)), ("shelf", models.ForeignKey("ground.Shelf", models.PROTECT))],
    )
    operation, before, after = CreateTables([shelf, book]), ProjectState(), ProjectState()
    assert list(after.apps.get_models()) == []  # drawn before the tables come, as ``migrate`` does
    operation.state_forwards("ground", after)
    editor = connection.schema_editor()
    editor.deferred_sql = []  # as on entering it, which SQLite refuses within a transaction
    operation.database_forwards("ground", editor, before, after)
    assert {"ground_shelf", "ground_book"} <= set(connection.introspection.table_names())
    assert after.apps.get_model("ground", "Book").objects.count() == 0
    operation.database_backwards("ground", editor, after, before)
    assert not {"ground_shelf", "ground_book"} & set(connection.introspection.table_names())
    assert operation.describe() == "Create 2 tables"


def test_a_database_of_before_is_refused_in_words():
    MigrationRecorder(connection).record_applied(*FORMER)
    with pytest.raises(CommandError, match="Make a new, empty one"):
        call_command("migrate", verbosity=0, interactive=False, stdout=StringIO())


def _named(part: str) -> set[str]:
    return {name for name in _all_named() if part in name and not name.endswith("()")}


def _all_named() -> set[str]:
    """Return the names of all triggers, indexes and functions in the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION SELECT indexname FROM pg_indexes"
                " UNION SELECT proname || '()' FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index')")
        return {name for (name,) in cursor.fetchall()}
