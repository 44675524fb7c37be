"""Each order of a list has an index, and no column two: one that leads a wider index, or by which nobody asks, has none."""

import django.db.models.deletion
from django.db import migrations, models


SAID = "upper($1 || ' ' || $2 || ' ' || $3)"
# as enterprises_name_pieces makes them; an index may not call a function that calls another of ours
FUNCTION = f"""
CREATE FUNCTION risks_said(name text, point text, place text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 20 AS $$
    SELECT string_to_array({SAID}, NULL)
        || string_to_array(regexp_replace({SAID}, '(..)', '\\1 ', 'g'), ' ')
        || string_to_array(regexp_replace(substr({SAID}, 2), '(..)', '\\1 ', 'g'), ' ')
$$
"""
# every search also reads what waits to be sorted in: of the usual four megabytes one would notice
INDEX = """
CREATE INDEX risk_said ON risks_risk USING gin (risks_said(name, point, place)) WITH (gin_pending_list_limit = 256)
"""


def make_index(apps, schema_editor):
    """Index what a risk says by single characters and pairs on PostgreSQL; SQLite scans."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in (FUNCTION, INDEX):
            schema_editor.execute(statement, params=None)


def drop_index(apps, schema_editor):
    """Take it away again."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in ("DROP INDEX risk_said", "DROP FUNCTION risks_said(text, text, text)"):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0011_list_indexes'),
        ('risks', '0006_one_index_each'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rating',
            name='enterprise',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='enterprises.enterprise'),
        ),
        migrations.AlterField(
            model_name='risk',
            name='accident_type',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risks.accidenttype'),
        ),
        migrations.AlterField(
            model_name='risk',
            name='category',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.category'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['enterprise', 'is_current', 'colour'], name='rating_of_unit'),
        ),
        migrations.AddIndex(
            model_name='risk',
            index=models.Index(fields=['category', 'state', 'level', 'id'], name='risk_category'),
        ),
        migrations.AddIndex(
            model_name='risk',
            index=models.Index(fields=['accident_type', 'id'], name='risk_accident'),
        ),
        migrations.AddIndex(
            model_name='risk',
            index=models.Index(fields=['name', 'id'], name='risk_name'),
        ),
        migrations.AddIndex(
            model_name='risk',
            index=models.Index(fields=['recorded_on', 'id'], name='risk_recorded'),
        ),
        migrations.RunPython(make_index, drop_index),
    ]
