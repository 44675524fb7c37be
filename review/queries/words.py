"""The names behind the codes that a snapshot holds: catalogue items and accident types."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language

from risks.enums import NOT_YET_IN_FORCE
from risks.models import AccidentType, CatalogueItem

KEEP_SECONDS = 300


@dataclass(frozen=True)
class ItemWords:
    """What a catalogue item is called and the page of the self-check it stands on."""

    name: str
    level: str
    group: str
    may_be_lowered: bool = True


@dataclass(frozen=True)
class Words:
    """Items by (section, code) in the order of their catalogues, accident types by code, in the active language."""

    items: Mapping[tuple[str, str], ItemWords]
    accidents: Mapping[str, str]

    def in_order(self, answers: Mapping[str, Mapping[str, dict]]) -> list[tuple[str, dict[str, dict]]]:
        """Return the answers by section, in the order of the catalogue; what it does not know comes last.

        A snapshot keeps them in the order of their keys, which says nothing to a reader.
        """
        place = {key: index for index, key in enumerate(self.items)}
        last = len(place)
        pages = []
        for section, given in answers.items():
            codes = sorted(given, key=lambda code: place.get((section, code), last))
            first = place.get((section, codes[0]), last) if codes else last
            pages.append((first, section, {code: given[code] for code in codes}))
        return [(section, given) for _first, section, given in sorted(pages, key=lambda page: page[:2])]


def words_of(content: dict) -> Words:
    """Return the names behind the codes of a content: of the versions it answered, else of the latest.

    One query, and one for the accident types now and then.
    """
    codes = {code for answers in content["answers"].values() for code in answers}
    answered = content.get("catalogues", {})
    rows = (
        CatalogueItem.objects.filter(code__in=codes)
        .exclude(catalogue__state__in=sorted(NOT_YET_IN_FORCE))
        .select_related("catalogue")
        .order_by("catalogue__version", "catalogue__key", "order")
    )
    english = get_language() == "en"
    items = {}
    for item in sorted(rows, key=lambda row: row.catalogue.version == answered.get(row.catalogue.key)):
        group = next((row for row in item.catalogue.groups if row["key"] == item.group), {"name": item.group})
        name = (english and group.get("name_en")) or group["name"]
        section = f"check-{item.catalogue.key}-{item.group}"
        items[section, item.code] = ItemWords(item.label, item.level, name, item.may_be_lowered)
    return Words(items, accident_names())


def accident_names() -> dict[str, str]:
    """Return the accident types by code, kept for a few minutes: they hardly ever change."""
    key = f"accident-names-{get_language()}"
    names = cache.get(key)
    if not names:
        names = {row.code: row.label for row in AccidentType.objects.all()}
        cache.set(key, names, KEEP_SECONDS)
    return names
