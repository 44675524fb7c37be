"""Catalogues as their keepers see them: every version, and a version as one plain dictionary."""

from typing import Any

from django.db.models import Count, QuerySet

from enterprises.enums import Role
from enterprises.models import Category, Line, Sector, User
from enterprises.queries.taxonomy import sectors_in_force
from risks.enums import NOT_YET_IN_FORCE, CatalogueState
from risks.models import AccidentType, Catalogue
from risks.models.catalogue import HEAD_FIELDS, ITEM_COLUMNS
from risks.queries.catalogues import with_items
from risks.rules import keeps_catalogues


def catalogues_kept_by(user: User) -> QuerySet[Catalogue]:
    """Return every version of the catalogues a person keeps: a keeper those of the line, the city's office all."""
    if not keeps_catalogues(user).allowed:
        return Catalogue.objects.none()
    rows = Catalogue.objects.all()
    return rows if user.role == Role.OFFICE else rows.filter(line=user.department.line_id)


def drafts_kept_by(user: User) -> QuerySet[Catalogue]:
    """Return the versions that are not in force yet, within what the person keeps."""
    return catalogues_kept_by(user).filter(state__in=sorted(NOT_YET_IN_FORCE))


def versions_kept_by(user: User) -> list[Catalogue]:
    """Return every version with its line and the number of its items, newest first under each key. One query."""
    rows = catalogues_kept_by(user).select_related("line", "sector").defer("quantified")
    return list(rows.annotate(items_count=Count("items")).order_by("key", "-version"))


def lines_kept_by(user: User) -> QuerySet[Line]:
    """Return the lines whose catalogues the person keeps."""
    if user.role == Role.OFFICE:
        return Line.objects.all()
    return Line.objects.filter(pk=user.department.line_id)


def sectors_of_lines(lines: QuerySet[Line]) -> QuerySet[Sector]:
    """Return the sectors in force that these lines lead, wholly or in one of their categories."""
    led = Category.objects.filter(lead__in=lines).values("sector")
    return (sectors_in_force().filter(lead__in=lines) | sectors_in_force().filter(pk__in=led)).distinct()


def former_version(catalogue: Catalogue) -> Catalogue | None:
    """Return the version in force, or that was in force before this one; None for the first version of a key."""
    return (
        Catalogue.objects.filter(
            key=catalogue.key,
            version__lt=catalogue.version,
            state__in=[CatalogueState.PUBLISHED, CatalogueState.RETIRED],
        )
        .order_by("-version")
        .first()
    )


def content_of(catalogue: Catalogue) -> dict[str, Any]:
    """Return a version as one plain dictionary, in the form of the shipped catalogue files.

    Three queries, none for a catalogue that came with its items (with_items).
    """
    at_hand = "items" in getattr(catalogue, "_prefetched_objects_cache", {})
    whole = catalogue if at_hand else with_items(Catalogue.objects.filter(pk=catalogue.pk).only("pk")).get()
    items = whole.items.all()
    head = {name: getattr(catalogue, name) for name in HEAD_FIELDS}
    return head | {
        "key": catalogue.key,
        "version": catalogue.version,
        "line": catalogue.line_id,
        "sector": catalogue.sector_id,
        "quantified": catalogue.quantified,
        "items": [
            {name: getattr(item, name) for name in ITEM_COLUMNS}
            | {"categories": [category.pk for category in item.categories.all()]}
            for item in items
        ],
    }


def known_codes() -> dict[str, set[str]]:
    """Return the codes a catalogue may speak of: lines, sectors, categories and accident types. Four queries."""
    return {
        "lines": set(Line.objects.values_list("key", flat=True)),
        "sectors": set(Sector.objects.values_list("code", flat=True)),
        "categories": set(Category.objects.values_list("code", flat=True)),
        "accident_types": set(AccidentType.objects.values_list("code", flat=True)),
    }
