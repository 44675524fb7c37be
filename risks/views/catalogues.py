"""The published catalogues, as enterprises see them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.rules import reads_business
from riskreport.ground.access import access
from riskreport.ground.ui.list_page import list_page
from risks.interfaces.catalogue_page import count_items, shown_groups
from risks.queries.catalogue_pages import codes_asked_of
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
    groups = shown_groups(row, codes_asked_of(request.user))
    return render(
        request,
        "risks/catalogue.html",
        {
            "catalogue": row,
            "crumbs": [(_("Risk catalogues"), reverse("catalogues")), (row.label, "")],
            "groups": groups,
            "count": count_items(groups),
        },
    )
