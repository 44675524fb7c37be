"""What only PostgreSQL has for searching: an index of the pairs of characters in a name. SQLite scans the narrow table.

The function makes, from a name in normal form, its single characters and every two neighbouring ones. It is declared
dearer than a comparison, so that the planner compares the name itself first wherever it does not come from the index, and
not so dear that it would start a second process for a few thousand rows.
"""

from django.db import migrations

from riskreport.ground.models.schema import in_postgresql

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


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_jobs")]

    operations = [
        in_postgresql(
            make=(FUNCTION, *INDEXES),
            drop=(
                "DROP INDEX search_code_begins",
                "DROP INDEX search_name_pieces",
                "DROP FUNCTION enterprises_name_pieces(text)",
            ),
        ),
    ]
