"""Finding units by a part of their name or the beginning of their code."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from enterprises.models import Enterprise, SearchEntry, User
from enterprises.queries.scope import enterprises_readable_by
from riskreport.ground.names import normal_name, search_words

CODE_FROM = 4  # characters from which a word may be the beginning of a code
CHUNK = 5000
MOST_FOUND = 20


def found_by(text: str, path: str = "enterprise_id") -> Q:
    """Return the condition for rows whose enterprise, named by ``path``, answers to every word of ``text``.

    A word answers when the name holds it, or when it has four characters or more and the code begins with it. A text
    of signs alone finds nothing.
    """
    words = search_words(text)
    if not words:
        return Q(pk__in=[])
    entries = SearchEntry.objects.all()
    for word in words:
        condition = Q(name__holds=word)
        if len(word) >= CODE_FROM and word.isascii():
            condition |= Q(code__startswith=word)
        entries = entries.filter(condition)
    return Q(**{f"{path}__in": entries.values("pk")})


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
