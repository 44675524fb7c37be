"""Keeping what units are found by true to the roster."""

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import transaction

from enterprises.domain.roster_changes import RosterAct, RosterChange, follow_roster
from enterprises.models import Enterprise, SearchEntry, User
from enterprises.queries.search import search_differences
from riskreport.ground.domain.many_rows import write_rows
from riskreport.ground.names import normal_name

CHUNK = 2000
FOUND_BY = {"name", "credit_code", "temporary_code"}


def refresh_search(*, ids: Iterable[int]) -> int:
    """Write anew what the enterprises of ``ids`` are found by, and return how many entries differed.

    Side effects, in the caller's transaction: their search entries. A second call writes nothing.
    """
    written, left = 0, iter(ids)
    while chunk := list(islice(left, CHUNK)):
        rows = Enterprise.objects.filter(pk__among=set(chunk))
        wanted = {
            pk: (normal_name(name), normal_name(code or temporary or ""))
            for pk, name, code, temporary in rows.values_list("pk", "name", "credit_code", "temporary_code")
        }
        standing = SearchEntry.objects.filter(pk__among=set(chunk)).values_list("pk", "name", "code")
        for pk, name, code in standing:
            if wanted.get(pk) == (name, code):
                del wanted[pk]
        entries = ((pk, *entry) for pk, entry in wanted.items())
        write_rows(SearchEntry, ("enterprise_id", "name", "code"), entries, key="enterprise_id")
        written += len(wanted)
    return written


def rebuild_search() -> int:
    """Write every entry that is missing or differs, in one transaction; return how many there were."""
    with transaction.atomic():
        return refresh_search(ids=search_differences())


@follow_roster
def follow_names(changes: Sequence[RosterChange], user: User | None) -> None:
    """Refresh the units that joined and those whose name or code changed."""
    refresh_search(
        ids=[row.enterprise_id for row in changes if row.act == RosterAct.JOINED or FOUND_BY & row.new.keys()]
    )
