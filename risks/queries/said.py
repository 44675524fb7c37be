"""Finding risks of the ledger by what they say, and by the unit they belong to."""

from typing import Any

from django.db import connection
from django.db.models import Func, Lookup, Q, QuerySet, TextField

from enterprises.queries.search import found_by
from riskreport.ground.names import pieces_of
from risks.models import Risk

FEW = 2000  # rows found by a text that are named one by one
WORDS = ("name", "point", "place")


class Said(Func):
    """The single characters and neighbouring pairs of what a risk says, in upper case: what PostgreSQL indexes."""

    function = "risks_said"
    output_field = TextField()


class HoldsPieces(Lookup):
    """All of the pieces are among them."""

    lookup_name = "holds_pieces"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        """Compare as arrays."""
        said, params = self.process_lhs(compiler, connection)
        return f"{said} @> %s::text[]", [*params, self.rhs]


def says(text: str) -> Q:
    """Return the condition that a risk's name, point or place contains the text."""
    # without letters there is nothing to fold, and folding every row costs most of a search
    lookup = "contains" if text.lower() == text.upper() else "icontains"
    name, point, place = (Q(**{f"{word}__{lookup}": text}) for word in WORDS)
    return name | point | place


def matching(rows: QuerySet[Risk], text: str) -> QuerySet[Risk]:
    """Return the rows that say the text, and those of the units found by it.

    Few are looked for once, before they are counted and put in order; many are met soon in any order.
    """
    found = rows.filter(says(text) | found_by(text))
    pieces = _pieces_to_look_up(text)
    # each of the two has its index, which an "or" between them would keep PostgreSQL from using
    parts = [rows.filter(says(text), HoldsPieces(Said(*WORDS), pieces)), rows.filter(found_by(text))]
    keys: set[int] = set()
    for part in parts if pieces else [found]:
        keys.update(part.order_by().values_list("pk", flat=True)[: FEW + 1])
        if len(keys) > FEW:
            return found
    return rows.filter(pk__in=keys)


def _pieces_to_look_up(text: str) -> list[str]:
    """Return the pairs of a text that the index of PostgreSQL holds; none where letters are folded otherwise there."""
    if connection.vendor != "postgresql" or not (text.isascii() or text.lower() == text.upper()):
        return []
    return [piece for piece in pieces_of(text.upper()) if not any(map(str.isspace, piece))]
