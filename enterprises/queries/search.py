"""Finding units by a part of their name or the beginning of their code."""

from collections.abc import Iterator

from django.core.cache import cache
from django.db import connection
from django.db.models import Q, QuerySet

from enterprises.models import Enterprise, SearchEntry, User
from enterprises.queries.scope import enterprises_readable_by
from riskreport.ground.names import normal_name, pieces_of, search_words

CODE_FROM = 4  # characters from which a word may be the beginning of a code
CHUNK = 5000
MOST_FOUND = 20
COMMON = 0.04  # the share of names from which a page is quicker by a scan (python -m tests.bench.search)
KEPT = 600
COMMON_KEY = "search.common_pieces"
# Behind the frequencies of the elements stand three figures more; they belong to no element.
COMMON_PIECES = """
SELECT one.piece FROM pg_stats,
    unnest(most_common_elems::text::text[], most_common_elem_freqs) AS one (piece, share)
WHERE schemaname = current_schema() AND tablename = 'search_name_pieces' AND one.piece IS NOT NULL AND one.share >= %s
"""


def found_by(text: str, path: str = "enterprise_id") -> Q:
    """Return the condition for rows whose enterprise, named by ``path``, answers to every word of ``text``.

    A word answers when the name holds it, or when it has four characters or more and the code begins with it. A text
    of signs alone finds nothing. A word of very common pairs alone (有限公司) is not looked up in the index, which
    would gather every match before the first page is shown.
    """
    words = search_words(text)
    if not words:
        return Q(pk__in=[])
    entries, common = SearchEntry.objects.all(), common_pieces()
    for word in words:
        condition = Q(name__contains=word) if common.issuperset(pieces_of(word)) else Q(name__holds=word)
        if len(word) >= CODE_FROM and word.isascii():
            condition |= Q(code__startswith=word)
        entries = entries.filter(condition)
    return Q(**{f"{path}__in": entries.values("pk")})


def common_pieces() -> frozenset[str]:
    """Return the characters and pairs that COMMON of the names hold, by PostgreSQL's own statistics of the index.

    They are read again after KEPT seconds; on SQLite, which scans, there are none.
    """
    if connection.vendor != "postgresql":
        return frozenset()
    found = cache.get(COMMON_KEY)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(COMMON_PIECES, [COMMON])
            found = frozenset(piece for (piece,) in cursor.fetchall())
        cache.set(COMMON_KEY, found, KEPT)
    return found


def search_units(user: User, text: str) -> QuerySet[Enterprise]:
    """Return the units that a person may open and that answer to ``text``, in the order they were entered."""
    return enterprises_readable_by(user).filter(found_by(text, "pk")).order_by("pk")


def search_differences() -> Iterator[int]:
    """Return the enterprises whose search entry is missing or is not what their name and code say."""
    columns = "pk", "name", "credit_code", "temporary_code", "search_entry__name", "search_entry__code"
    for pk, name, code, temporary, found_name, found_code in (
        Enterprise.objects.order_by("pk").values_list(*columns).iterator(chunk_size=CHUNK)
    ):
        if (found_name, found_code) != (normal_name(name), normal_name(code or temporary or "")):
            yield pk
