"""The table units are found by, with what only PostgreSQL has: an index of the pairs of characters in a name.

The function makes, from a name in normal form, its single characters and every two neighbouring ones. It is declared
dearer than a comparison, so that the planner compares the name itself first wherever it does not come from the index, and
not so dear that it would start a second process for a few thousand rows.
"""

import django.db.models.deletion
from django.db import migrations, models

import enterprises.models.search
from riskreport.ground.names import normal_name

CHUNK = 2000
FUNCTION = """
CREATE FUNCTION enterprises_name_pieces(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 20 AS $$
    SELECT string_to_array($1, NULL)
        || string_to_array(regexp_replace($1, '(..)', '\\1 ', 'g'), ' ')
        || string_to_array(regexp_replace(substr($1, 2), '(..)', '\\1 ', 'g'), ' ')
$$
"""
INDEXES = (
    # every search also reads what waits to be sorted in: of the usual four megabytes one would notice
    "CREATE INDEX search_name_pieces ON enterprises_searchentry USING gin (enterprises_name_pieces(name)) "
    "WITH (gin_pending_list_limit = 256)",
    "CREATE INDEX search_code_begins ON enterprises_searchentry (code varchar_pattern_ops)",
)


def fill(apps, schema_editor):
    """Enter the units that stand on the roster already."""
    unit, entry = apps.get_model("enterprises", "Enterprise"), apps.get_model("enterprises", "SearchEntry")
    columns = unit.objects.order_by("pk").values_list("pk", "name", "credit_code", "temporary_code")
    waiting = []
    for pk, name, code, temporary in columns.iterator(chunk_size=CHUNK):
        waiting.append(entry(enterprise_id=pk, name=normal_name(name), code=normal_name(code or temporary)))
        if len(waiting) == CHUNK:
            entry.objects.bulk_create(waiting)
            waiting.clear()
    entry.objects.bulk_create(waiting)


def make_indexes(apps, schema_editor):
    """Make function and indexes on PostgreSQL; SQLite scans the narrow table."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in (FUNCTION, *INDEXES):
            schema_editor.execute(statement, params=None)


def drop_indexes(apps, schema_editor):
    """Take them away again."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in (
            "DROP INDEX search_code_begins",
            "DROP INDEX search_name_pieces",
            "DROP FUNCTION enterprises_name_pieces(text)",
        ):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0004_preparation")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "enterprise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="enterprises.enterprise",
                    ),
                ),
                ("name", enterprises.models.search.NormalName()),
                ("code", models.CharField(max_length=20)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(make_indexes, drop_indexes),
    ]
