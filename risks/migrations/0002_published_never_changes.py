"""The database itself refuses to change a catalogue that was published, or an item of one.

What stays possible is published -> retired, and anything while it is a draft. Only UPDATE is refused: emptying a test
database deletes rows. On SQLite a later migration that rebuilds risks_catalogue or risks_catalogueitem must drop these
triggers first and set them again: a rebuilt table loses its own, and the items' trigger reads the other table.
"""

from django.db import migrations

COLUMNS = "key version line_id sector_id title title_en note published_on groups parts quantified".split()
CATALOGUE_TEXT = "A published catalogue is never changed: publish another version."
ITEM_TEXT = "An item of a published catalogue is never changed: publish another version."

POSTGRESQL = (
    f"""CREATE FUNCTION risks_catalogue_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{CATALOGUE_TEXT}' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE TRIGGER risks_catalogue_never_changes BEFORE UPDATE ON risks_catalogue FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (
        NOT (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'retired'))
        OR {changed}
    )) EXECUTE FUNCTION risks_catalogue_never_changes()""".format(
        changed=" OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in COLUMNS)
    ),
    f"""CREATE FUNCTION risks_catalogueitem_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM risks_catalogue WHERE id IN (OLD.catalogue_id, NEW.catalogue_id) AND state <> 'draft'
        ) THEN
            RAISE EXCEPTION '{ITEM_TEXT}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER risks_catalogueitem_never_changes BEFORE UPDATE ON risks_catalogueitem
    FOR EACH ROW EXECUTE FUNCTION risks_catalogueitem_never_changes()""",
)
SQLITE = (
    """CREATE TRIGGER risks_catalogue_never_changes BEFORE UPDATE ON risks_catalogue
    WHEN OLD.state <> 'draft' AND (
        NOT (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'retired'))
        OR {changed}
    ) BEGIN SELECT RAISE(ABORT, '{text}'); END""".format(
        changed=" OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in COLUMNS), text=CATALOGUE_TEXT
    ),
    f"""CREATE TRIGGER risks_catalogueitem_never_changes BEFORE UPDATE ON risks_catalogueitem
    WHEN EXISTS (
        SELECT 1 FROM risks_catalogue WHERE id IN (OLD.catalogue_id, NEW.catalogue_id) AND state <> 'draft'
    ) BEGIN SELECT RAISE(ABORT, '{ITEM_TEXT}'); END""",
)


def set_triggers(apps, schema_editor):
    """Set the triggers in the database's own words; both answer as for a broken constraint."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def drop_triggers(apps, schema_editor):
    """Take the triggers away again."""
    for table in ("risks_catalogue", "risks_catalogueitem"):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_never_changes ON {table}", params=None)
            schema_editor.execute(f"DROP FUNCTION {table}_never_changes()", params=None)
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_never_changes", params=None)


class Migration(migrations.Migration):
    dependencies = [("risks", "0001_initial")]
    operations = [migrations.RunPython(set_triggers, drop_triggers)]
