"""What migrations are written with: many tables as one operation, triggers that refuse, PostgreSQL's own statements."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import CreateModel


class CreateTables(Operation):
    """Create the tables of many models at once.

    Django draws anew, after each single operation, every model that refers to the one created: with a hundred tables
    that is three quarters of the time of a first ``migrate``. Here they are drawn once, when all are known.
    """

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Add the models to a state that is not drawn yet, as Django's own clear_delayed_apps_cache leaves it."""
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create table by table."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop them, the last one first."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Return the line that ``migrate`` and ``sqlmigrate`` print."""
        return f"Create {len(self.models)} tables"


def refuse(*, table: str, name: str, text: str, event: str = "UPDATE", when: str = "", found: str = "") -> RunPython:
    """Let the database itself refuse to change or add rows of a table, as it refuses a broken constraint.

    ``event`` is UPDATE or INSERT: DELETE stays possible, for emptying a test database deletes rows. ``when`` narrows it
    to rows for which the condition on OLD and NEW holds, ``found`` to those for which the query finds a row; both are
    written for PostgreSQL. The trigger is called ``<table>_<name>``.

    On SQLite a later migration that rebuilds the table (alters a field, adds a constraint) loses the trigger with it
    and sets it again at its end; one that rebuilds a table which ``found`` reads takes the trigger away first. The
    ``reverse_code`` of the operation takes it away, its ``code`` sets it again.
    """
    trigger = f"{table}_{name}"

    def set_trigger(_apps: Any, schema_editor: Any) -> None:
        statements = _in_postgresql if schema_editor.connection.vendor == "postgresql" else _in_sqlite
        for statement in statements(trigger, table, text, event, when, found):
            schema_editor.execute(statement, params=None)

    def drop_trigger(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {trigger} ON {table}", params=None)
            schema_editor.execute(f"DROP FUNCTION {trigger}()", params=None)
        else:
            schema_editor.execute(f"DROP TRIGGER {trigger}", params=None)

    return RunPython(set_trigger, drop_trigger)


def _in_postgresql(trigger: str, table: str, text: str, event: str, when: str, found: str) -> tuple[str, str]:
    refusal = f"RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation';"
    body = f"IF EXISTS ({found}) THEN {refusal} END IF; RETURN NEW;" if found else refusal
    condition = f"WHEN ({when})" if when else ""
    return (
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {trigger}()",
    )


def _in_sqlite(trigger: str, table: str, text: str, event: str, when: str, found: str) -> tuple[str]:
    conditions = [*([f"({when})"] if when else []), *([f"EXISTS ({found})"] if found else [])]
    condition = f"WHEN {' AND '.join(conditions)}" if conditions else ""
    condition = condition.replace("IS DISTINCT FROM", "IS NOT")
    return (f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} {condition} BEGIN SELECT RAISE(ABORT, '{text}'); END",)


def in_postgresql(*, make: Sequence[str], drop: Sequence[str]) -> RunPython:
    """Run statements on PostgreSQL and nothing on SQLite; ``drop`` undoes ``make``."""

    def run(statements: Sequence[str]) -> Any:
        def run_them(_apps: Any, schema_editor: Any) -> None:
            if schema_editor.connection.vendor == "postgresql":
                for statement in statements:
                    schema_editor.execute(statement, params=None)

        return run_them

    return RunPython(run(make), run(drop))
