"""The database itself refuses to change a snapshot of what was submitted.

Only UPDATE is refused: emptying a test database deletes rows. On SQLite a later migration that rebuilds review_snapshot
(alters a field, adds a constraint) loses the trigger with the old table: set it again in that migration.
"""

from django.db import migrations

TABLE = "review_snapshot"
TEXT = "A snapshot is never changed: submit again to make another one."


def set_trigger(apps, schema_editor):
    """Set the trigger in the database's own words; both answer as for a broken constraint."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE FUNCTION {TABLE}_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{TEXT}' USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
            params=None,
        )
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_never_changes BEFORE UPDATE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION {TABLE}_never_changes()""",
            params=None,
        )
    else:
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_never_changes BEFORE UPDATE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{TEXT}'); END""",
            params=None,
        )


def drop_trigger(apps, schema_editor):
    """Take the trigger away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_never_changes ON {TABLE}", params=None)
        schema_editor.execute(f"DROP FUNCTION {TABLE}_never_changes()", params=None)
    else:
        schema_editor.execute(f"DROP TRIGGER {TABLE}_never_changes", params=None)


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial")]
    operations = [migrations.RunPython(set_trigger, drop_trigger)]
