"""A catalogue as it is read: its parts and groups, with the items that concern the reader."""

from dataclasses import dataclass

from django.utils.translation import get_language

from enterprises.models import User
from risks.models import AccidentType, Catalogue, CatalogueItem
from risks.queries.catalogues import category_codes_of


@dataclass(frozen=True)
class GroupPage:
    """A group of items under its name; ``accidents`` maps the codes of accident types to names."""

    key: str
    name: str
    items: list[CatalogueItem]


def codes_asked_of(user: User) -> set[str] | None:
    """Return the categories of the person's enterprise; None for officials, who see every category."""
    return set(category_codes_of(user.enterprise)) if user.enterprise is not None else None


def groups_of(catalogue: Catalogue, codes: set[str] | None) -> list[GroupPage]:
    """Return the groups of a catalogue with items (see with_items) asked of these categories; None means of any."""
    items = list(catalogue.items.all())
    if codes is not None:
        items = [item for item in items if codes & {category.pk for category in item.categories.all()}]
    pages = [
        GroupPage(row["key"], named_in(row), [item for item in items if item.group == row["key"]])
        for row in catalogue.groups
    ]
    return [page for page in pages if page.items]


def part_names(catalogue: Catalogue) -> dict[str, str]:
    """Return the names of a catalogue's parts by key."""
    return {row["key"]: named_in(row) for row in catalogue.parts}


def accident_names() -> dict[str, str]:
    """Return code → name of all accident types, in the active language."""
    return {row.pk: row.label for row in AccidentType.objects.all()}


def named_in(row: dict) -> str:
    """Return the name of a group or part in the active language."""
    return (get_language() == "en" and row.get("name_en")) or row["name"]
