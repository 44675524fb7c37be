"""What only PostgreSQL has for finding a risk by what it says: an index of single characters and pairs. SQLite scans."""

from django.db import migrations

from riskreport.ground.models.schema import in_postgresql

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


class Migration(migrations.Migration):
    dependencies = [("risks", "0002_triggers")]

    operations = [
        in_postgresql(
            make=(FUNCTION, INDEX), drop=("DROP INDEX risk_said", "DROP FUNCTION risks_said(text, text, text)")
        ),
    ]
