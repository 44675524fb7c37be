"""Published catalogues as they are asked of a unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import get_language

from enterprises.models import Category, Enterprise, User
from enterprises.queries.scope import scope_for
from risks.enums import CatalogueState
from risks.models import Catalogue, CatalogueItem


@dataclass(frozen=True)
class ItemGroup:
    """One page of the self-check: at most twenty items of one catalogue."""

    catalogue: Catalogue
    key: str
    name: str
    items: tuple[CatalogueItem, ...]

    @property
    def section_key(self) -> str:
        """The key of the filing section that holds the answers."""
        return f"check-{self.catalogue.key}-{self.key}"


def category_codes_of(enterprise: Enterprise) -> list[str]:
    """Return the primary category's code and then those of the further ones."""
    further = enterprise.category_links.order_by("category_id").values_list("category_id", flat=True)
    return [enterprise.category_id, *further]


def item_groups_for(category_codes: Iterable[str], versions: Mapping[str, int] | None = None) -> list[ItemGroup]:
    """Return the pages of items that apply to any of these categories, in the catalogues' order.

    Of a catalogue named in ``versions`` (key → version) that version is asked, of the others the one in force.
    """
    items = (
        CatalogueItem.objects.filter(_asked_q(versions or {}), categories__in=list(category_codes))
        .select_related("catalogue")
        .defer("catalogue__quantified")  # a hundred kilobytes joined to every item, which no page of items shows
        .order_by("catalogue__key", "order")
        .distinct()
    )
    pages: dict[tuple[str, str], list[CatalogueItem]] = {}
    for item in items:
        pages.setdefault((item.catalogue.key, item.group), []).append(item)
    groups = [
        ItemGroup(found[0].catalogue, group, _group_name(found[0].catalogue, group), tuple(found))
        for (_, group), found in pages.items()
    ]
    return sorted(groups, key=lambda page: (page.catalogue.key, _place_of(page)))


def _asked_q(versions: Mapping[str, int]) -> Q:
    asked = Q(catalogue__state=CatalogueState.PUBLISHED) & ~Q(catalogue__key__in=sorted(versions))
    for key, version in sorted(versions.items()):
        asked |= Q(catalogue__key=key, catalogue__version=version)
    return asked


def _place_of(page: ItemGroup) -> int:
    keys = [row["key"] for row in page.catalogue.groups]
    return keys.index(page.key) if page.key in keys else len(keys)


def _group_name(catalogue: Catalogue, key: str) -> str:
    field = "name_en" if get_language() == "en" else "name"
    return next((row.get(field) or row["name"] for row in catalogue.groups if row["key"] == key), key)


def catalogues_for_user(user: User) -> QuerySet[Catalogue]:
    """Return the published catalogues a person may read: a unit its own, a bureau its line's, the others all."""
    scope = scope_for(user)
    shown = Catalogue.objects.filter(state=CatalogueState.PUBLISHED)
    if scope.enterprise_id is not None and user.enterprise is not None:
        codes = category_codes_of(user.enterprise)
        shown = shown.filter(items__categories__in=codes).distinct()
    elif scope.categories is not None:
        shown = shown.filter(Q(line=user.department.line_id) | Q(items__categories__in=scope.categories)).distinct()
    elif not scope.ranges:
        return shown.none()
    return shown


def with_items(catalogues: QuerySet[Catalogue]) -> QuerySet[Catalogue]:
    """Prefetch the items with their categories."""
    items = CatalogueItem.objects.prefetch_related(
        Prefetch("categories", queryset=Category.objects.order_by("code"))
    ).order_by("order")
    return catalogues.prefetch_related(Prefetch("items", queryset=items))
