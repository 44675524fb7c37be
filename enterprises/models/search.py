"""What units are found by: their names and codes in normal form, in a narrow table beside the roster."""

from typing import Any

from django.db import models
from django.db.models.lookups import Contains

from riskreport.ground.names import pieces_of

PIECES = "enterprises_name_pieces"


class NormalName(models.TextField):
    """A name in normal form (riskreport.ground.names), searched with the lookup ``holds``."""


@NormalName.register_lookup
class Holds(Contains):
    """The name holds the word. PostgreSQL looks its pairs of characters up in an index first; SQLite scans."""

    lookup_name = "holds"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        """Compare as ``contains`` does."""
        return connection.operators["contains"] % rhs

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        """Name the indexed expression beside the comparison, which alone would read every row."""
        name, name_params = self.process_lhs(compiler, connection)
        contains, params = super().as_sql(compiler, connection)
        return f"({PIECES}({name}) @> %s::text[] AND {contains})", [*name_params, pieces_of(self.rhs), *params]


class SearchEntry(models.Model):
    """Name and code of one enterprise in normal form. Written by enterprises.domain.search alone.

    On PostgreSQL the migration indexes the single characters and pairs of ``name`` (GIN) and the beginnings of
    ``code``: see docs/decisions on searching by two characters.
    """

    enterprise = models.OneToOneField(
        "enterprises.Enterprise", primary_key=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    name = NormalName()
    code = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name
