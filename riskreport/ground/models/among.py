"""Asking for rows by thousands of values."""

import json
from typing import Any

from django.db.models import Field, ForeignObject, Lookup


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """``pk__among={1, 2}``: as ``in``, for thousands of plain values, which go to the database as one parameter.

    Django treats each value of an ``in`` by itself several times over. Values must be what the database stores, int or
    str; a set costs least.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        """Compare with an array on PostgreSQL, with the elements of a JSON text on SQLite."""
        column, params = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", [*params, values]
        found = f"{column} IN (SELECT value FROM json_each(%s))"  # a column of a model  # nosec B608
        return found, [*params, json.dumps(values)]
