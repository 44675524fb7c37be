"""The published catalogues, as enterprises see them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.rules import reads_business
from riskreport.ground.access import access
from riskreport.ground.ui.list_page import list_page
from risks.interfaces.words import measures_of
from risks.models import CatalogueItem
from risks.queries.catalogue_pages import accident_names, groups_of, part_names
from risks.queries.catalogues import catalogues_for_user, with_items


@access(reads_business)
@require_GET
def catalogues(request: HttpRequest) -> HttpResponse:
    """List the catalogues a person may read."""
    return list_page(
        request, "catalogues", lead=_("What the lead departments ask their units to look for: %(count)s catalogues.")
    )


@access(reads_business)
@require_GET
def catalogue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one catalogue, group by group."""
    row = get_object_or_404(with_items(catalogues_for_user(request.user).select_related("line", "sector")), pk=pk)
    groups, names, parts = groups_of(row, request.user), accident_names(), part_names(row)
    shown = [
        {"key": page.key, "name": page.name, "items": [_shown(item, names, parts) for item in page.items]}
        for page in groups
    ]
    return render(
        request,
        "risks/catalogue.html",
        {
            "catalogue": row,
            "crumbs": [(_("Risk catalogues"), reverse("catalogues")), (row.label, "")],
            "groups": shown,
            "count": sum(len(page.items) for page in groups),
        },
    )


def _shown(item: CatalogueItem, names: dict[str, str], parts: dict[str, str]) -> dict:
    return {
        "item": item,
        "part": parts.get(item.part, "") if len(parts) > 1 else "",
        "accidents": "、".join(names.get(code, code) for code in item.accident_types),
        "categories": "、".join(category.label for category in item.categories.all()),
        "measures": measures_of(item.measures),
    }
