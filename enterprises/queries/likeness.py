"""Units that look alike: found set-wise over the narrow table of their keys."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from enterprises.enums import ON_ROSTER
from enterprises.models import Enterprise, Likeness, NotTheSame, User
from enterprises.queries.scope import enterprises_for_user

MOST_PAIRS = 50  # newer units whose pairs a page shows at a time


@dataclass(frozen=True)
class Pair:
    """Two units on the roster that look alike; ``first`` stood on it earlier."""

    first: Enterprise
    second: Enterprise


def look_alikes(keys: tuple[str, str]) -> QuerySet[Enterprise]:
    """Return the units on the roster with these keys of name and address, whoever may see them."""
    same = Likeness.objects.filter(name_key=keys[0], address_key=keys[1])
    units = Enterprise.objects.filter(lifecycle__in=sorted(ON_ROSTER), pk__in=same.values("pk"))
    return units.select_related("town__parent", "category").order_by("pk")


def suspected_pairs(user: User, *, most: int = MOST_PAIRS) -> list[Pair]:
    """Return pairs that look alike, are not settled and lie both within the person's scope, of the newest units.

    ``most`` bounds the newer units; one that looks like two others gives two pairs. Four queries whatever the number.
    """
    own = enterprises_for_user(user).filter(lifecycle__in=sorted(ON_ROSTER))
    keys = Likeness.objects.filter(pk__in=own.values("pk"))
    settled = NotTheSame.objects.filter(first=OuterRef("pk"), second=OuterRef(OuterRef("pk")))
    twins = keys.filter(
        ~Exists(settled), name_key=OuterRef("name_key"), address_key=OuterRef("address_key"), pk__lt=OuterRef("pk")
    )
    # which keys stand twice is read from their index alone, before anything is compared unit by unit
    twice = Likeness.objects.values("name_key", "address_key").annotate(n=Count("pk")).filter(n__gt=1)
    newer = list(keys.filter(Exists(twins), name_key__in=twice.values("name_key")).order_by("-pk")[:most])
    older: dict[tuple[str, str], list[int]] = {}
    for row in keys.filter(name_key__in={row.name_key for row in newer}).order_by("pk"):
        older.setdefault((row.name_key, row.address_key), []).append(row.pk)
    known = set(NotTheSame.objects.filter(second__in=[row.pk for row in newer]).values_list("first", "second"))
    numbers = [
        (pk, row.pk)
        for row in newer
        for pk in older[row.name_key, row.address_key]
        if pk < row.pk and (pk, row.pk) not in known
    ]
    rows = Enterprise.objects.select_related("town__parent", "category").defer("profile")
    units = rows.in_bulk({pk for pair in numbers for pk in pair})
    return [Pair(units[first], units[second]) for first, second in numbers]
