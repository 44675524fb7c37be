"""The database itself refuses to change an event.

Only UPDATE is refused: emptying a test database deletes rows. On SQLite a later migration that rebuilds ground_event
(alters a field, adds a constraint) loses the trigger with the old table: set it again in that migration.
"""

from django.db import migrations

TABLE = "ground_event"
TEXT = "An event is never changed: record another one."


def set_trigger(apps, schema_editor):
    """Set the trigger in the database's own words; both answer as for a broken constraint."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{TEXT}' USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
            params=None,
        )
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION {TABLE}_append_only()""",
            params=None,
        )
    else:
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{TEXT}'); END""",
            params=None,
        )


def drop_trigger(apps, schema_editor):
    """Take the trigger away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}", params=None)
        schema_editor.execute(f"DROP FUNCTION {TABLE}_append_only()", params=None)
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only", params=None)


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_initial")]
    operations = [migrations.RunPython(set_trigger, drop_trigger)]
