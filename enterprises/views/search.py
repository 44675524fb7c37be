"""Finding a unit from the bar of any page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from enterprises.queries.search import MOST_FOUND, search_units
from enterprises.rules import is_official
from riskreport.ground.access import access


@access(is_official)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """List the first units within the person's scope that answer to ``q``: a page, or the part below the bar's box."""
    text = request.GET.get("q", "").strip()[:60]
    rows = search_units(request.user, text).select_related("town", "category") if text else ()
    found = list(rows[: MOST_FOUND + 1])
    context = {"q": text, "found": found[:MOST_FOUND], "has_more": len(found) > MOST_FOUND}
    template = "enterprises/_found.html" if request.headers.get("HX-Request") else "enterprises/search.html"
    return render(request, template, context)
