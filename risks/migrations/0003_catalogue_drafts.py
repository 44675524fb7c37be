"""Drafts kept by their keepers: one open version of a key, edit versions, a state for a version fixed for a later day.

The triggers go first and are set again last: SQLite rebuilds both tables. Besides what they refused before, they now
let a fixed version come into force or go back to being a draft, and refuse items added to a version that is no draft.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

before = import_module("risks.migrations.0002_published_never_changes")

CHANGED_POSTGRESQL = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in before.COLUMNS)
CHANGED_SQLITE = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in before.COLUMNS)
REFUSED = """OLD.state <> 'draft' AND NOT (OLD.state = 'scheduled' AND NEW.state = 'draft') AND (
        NOT (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'retired')
            OR (OLD.state = 'scheduled' AND NEW.state = 'published'))
        OR {changed}
    )"""
FIXED = "SELECT 1 FROM risks_catalogue WHERE id = NEW.catalogue_id AND state <> 'draft'"
POSTGRESQL = (
    *before.POSTGRESQL[:1],
    f"""CREATE TRIGGER risks_catalogue_never_changes BEFORE UPDATE ON risks_catalogue FOR EACH ROW
    WHEN ({REFUSED.format(changed=CHANGED_POSTGRESQL)}) EXECUTE FUNCTION risks_catalogue_never_changes()""",
    *before.POSTGRESQL[2:],
    f"""CREATE FUNCTION risks_catalogueitem_never_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS ({FIXED}) THEN
            RAISE EXCEPTION '{before.ITEM_TEXT}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER risks_catalogueitem_never_added BEFORE INSERT ON risks_catalogueitem
    FOR EACH ROW EXECUTE FUNCTION risks_catalogueitem_never_added()""",
)
SQLITE = (
    f"""CREATE TRIGGER risks_catalogue_never_changes BEFORE UPDATE ON risks_catalogue
    WHEN {REFUSED.format(changed=CHANGED_SQLITE)} BEGIN SELECT RAISE(ABORT, '{before.CATALOGUE_TEXT}'); END""",
    before.SQLITE[1],
    f"""CREATE TRIGGER risks_catalogueitem_never_added BEFORE INSERT ON risks_catalogueitem
    WHEN EXISTS ({FIXED}) BEGIN SELECT RAISE(ABORT, '{before.ITEM_TEXT}'); END""",
)


def set_triggers(apps, schema_editor):
    """Set the triggers in the database's own words."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def drop_triggers(apps, schema_editor):
    """Take these triggers away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER risks_catalogueitem_never_added ON risks_catalogueitem", params=None)
        schema_editor.execute("DROP FUNCTION risks_catalogueitem_never_added()", params=None)
    else:
        schema_editor.execute("DROP TRIGGER risks_catalogueitem_never_added", params=None)
    before.drop_triggers(apps, schema_editor)


STATES = [
    ("draft", "Draft"),
    ("scheduled", "Fixed for a later day"),
    ("published", "Published"),
    ("retired", "Superseded"),
]


class Migration(migrations.Migration):
    dependencies = [("risks", "0002_published_never_changes")]
    operations = [
        migrations.RunPython(before.drop_triggers, before.set_triggers),
        migrations.AlterField("catalogue", "state", models.CharField(choices=STATES, default="draft", max_length=10)),
        migrations.AddField("catalogue", "edit_version", models.PositiveIntegerField(default=1)),
        migrations.AddField("catalogueitem", "edit_version", models.PositiveIntegerField(default=1)),
        migrations.AddConstraint(
            "catalogue",
            models.UniqueConstraint(
                fields=("key",), condition=Q(state__in=["draft", "scheduled"]), name="catalogue_one_open_draft"
            ),
        ),
        migrations.RunPython(set_triggers, drop_triggers),
    ]
