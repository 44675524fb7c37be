"""Self-check guides (一业一策自查自评指南): which categories have one for a person, and what it holds."""

from django.db.models import Exists, OuterRef, QuerySet

from enterprises.models import Category, User
from enterprises.queries.scope import scope_for
from risks.enums import CatalogueState
from risks.models import Catalogue, CatalogueItem
from risks.queries.catalogues import category_codes_of, with_items


def guide_categories_for(user: User) -> QuerySet[Category]:
    """Return the categories with a published catalogue whose guide a person may read.

    A unit reads those of its own categories, a bureau those its line leads or shares, who sees every line all of them.
    """
    asked = CatalogueItem.objects.filter(categories=OuterRef("pk"), catalogue__state=CatalogueState.PUBLISHED)
    rows = Category.objects.filter(Exists(asked)).select_related("sector", "lead")
    scope = scope_for(user)
    if user.is_authenticated and user.enterprise is not None:
        return rows.filter(pk__in=category_codes_of(user.enterprise))
    if scope.categories is not None:
        return rows.filter(pk__in=sorted(scope.categories))
    return rows if scope.ranges else rows.none()


def catalogues_of(category: Category) -> list[Catalogue]:
    """Return the catalogues in force that ask this category, with their items."""
    rows = Catalogue.objects.filter(state=CatalogueState.PUBLISHED, items__categories=category)
    return list(with_items(rows.select_related("line").defer("quantified").order_by("key").distinct()))
