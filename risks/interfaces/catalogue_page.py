"""A version of a catalogue as it is shown: group by group, each item with its names in words."""

from typing import Any

from risks.interfaces.words import measures_of
from risks.models import Catalogue, CatalogueItem
from risks.queries.catalogue_pages import accident_names, groups_of, part_names


def shown_groups(catalogue: Catalogue, codes: set[str] | None) -> list[dict[str, Any]]:
    """Return key, name and items of each group for templates/risks/_groups.html; ``codes`` as in groups_of."""
    names, parts = accident_names(), part_names(catalogue)
    return [
        {"key": page.key, "name": page.name, "entries": [_shown(item, names, parts) for item in page.items]}
        for page in groups_of(catalogue, codes)
    ]


def count_items(groups: list[dict[str, Any]]) -> int:
    """Return how many items the groups hold."""
    return sum(len(group["entries"]) for group in groups)


def _shown(item: CatalogueItem, names: dict[str, str], parts: dict[str, str]) -> dict[str, Any]:
    return {
        "item": item,
        "part": parts.get(item.part, "") if len(parts) > 1 else "",
        "accidents": "、".join(names.get(code, code) for code in item.accident_types),
        "categories": "、".join(category.label for category in item.categories.all()),
        "measures": measures_of(item.measures),
    }
