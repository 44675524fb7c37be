"""Self-check guides: the list, one as a page, one on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from enterprises.rules import reads_business
from riskreport.ground import clock
from riskreport.ground.access import access
from risks.interfaces.catalogue_page import count_items
from risks.interfaces.guide_document import guide_groups, guide_pdf
from risks.queries.guides import catalogues_of, guide_categories_for


@access(reads_business)
@require_GET
def guides(request: HttpRequest) -> HttpResponse:
    """List the categories whose guide the person may read."""
    return render(request, "risks/guides.html", {"categories": list(guide_categories_for(request.user))})


@access(reads_business)
@require_GET
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """Show the guide of one category."""
    category = get_object_or_404(guide_categories_for(request.user), pk=code)
    catalogues = catalogues_of(category)
    groups = guide_groups(category, catalogues)
    context = {
        "category": category,
        "catalogues": catalogues,
        "groups": groups,
        "count": count_items(groups),
        "crumbs": [(_("Self-check guides"), reverse("guides")), (category.label, "")],
    }
    return render(request, "risks/guide.html", context)


@access(reads_business)
@require_safe
def guide_paper(request: HttpRequest, code: str) -> HttpResponse:
    """Send the guide as PDF on A4, to print and tick by hand."""
    category = get_object_or_404(guide_categories_for(request.user), pk=code)
    catalogues = catalogues_of(category)
    address = request.build_absolute_uri(reverse("guide", args=[category.pk]))
    made = guide_pdf(category, catalogues, address=address, at=clock.now())
    response = HttpResponse(made, content_type="application/pdf")
    versions = "-".join(f"{row.key}{row.version}" for row in catalogues)
    response["Content-Disposition"] = f'inline; filename="guide-{category.pk}-{versions}.pdf"'
    return response
