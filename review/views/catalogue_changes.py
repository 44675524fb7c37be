"""What a new version of a catalogue changes for a unit, its word that it has looked, and who has not yet."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from enterprises.enums import RegionLevel
from enterprises.rules import is_enterprise_person, keeps_rosters
from review.domain.catalogue_todos import look_at_change, remind_of_change
from review.queries.catalogue_changes import (
    Looked,
    change_for_unit,
    changes_followed,
    followed_todos,
    looked_by_area,
    reports_to_update,
    todos_of,
)
from riskreport.ground.access import Refused, access
from riskreport.ground.ui.list_page import list_page
from risks.models import Catalogue


@access(is_enterprise_person)
@require_http_methods(["GET", "HEAD", "POST"])
def catalogue_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a catalogue's new version changes for the unit; a POST notes that there is nothing to report."""
    todo = get_object_or_404(todos_of(request.user).select_related("former", "enterprise"), catalogue=pk)
    if request.method == "POST":
        look_at_change(todo_id=todo.pk, user=request.user)
        messages.success(request, _("Noted: you have looked at what changed and have nothing to report."))
        return redirect("home")
    context = {
        "todo": todo,
        "catalogue": todo.catalogue,
        "change": change_for_unit(request.user, todo),
        "reports": reports_to_update(request.user),
    }
    return render(request, "review/catalogue_change.html", context)


@access(keeps_rosters)
@require_GET
def catalogue_changes(request: HttpRequest) -> HttpResponse:
    """List the versions that concern units of one's own, with how many of these have looked."""
    rows = [{"catalogue": row, "looked": looked} for row, looked in changes_followed(request.user)]
    return render(request, "review/catalogue_changes.html", {"rows": rows})


@access(keeps_rosters)
@require_GET
def catalogue_looks(request: HttpRequest, pk: int) -> HttpResponse:
    """Show by area, and unit by unit, who has looked at a version and who has not."""
    catalogue = _find(request, pk)
    areas = looked_by_area(request.user, pk)
    total = Looked(sum(one.concerned for _region, one in areas), sum(one.looked for _region, one in areas))
    named = {"concerned": total.concerned, "looked": total.looked}
    return list_page(
        request,
        "catalogue_todos",
        template="review/catalogue_looks.html",
        fixed={"catalogue": str(pk)},
        lead=_("%(looked)s of the %(concerned)s units concerned have looked.") % named,
        catalogue=catalogue,
        total=total,
        areas=[_area_row(region, looked) for region, looked in areas],
        crumbs=[(_("Changed catalogues"), reverse("catalogue_changes")), (catalogue.label, "")],
    )


def _area_row(region: Any, looked: Looked) -> dict[str, Any]:
    name = "county" if region.level == RegionLevel.COUNTY else "town"
    return {"label": region.label, "looked": looked, "query": urlencode({name: region.pk, "state": "open"})}


@access(keeps_rosters)
@require_POST
def catalogue_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind all units of one's own that have not looked yet, at most once a day."""
    catalogue = _find(request, pk)
    try:
        count = remind_of_change(user=request.user, catalogue=catalogue, rows=followed_todos(request.user))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("%(count)s units get a notice within a few minutes.") % {"count": count})
    return redirect("catalogue_looks", pk=pk)


def _find(request: HttpRequest, pk: int) -> Catalogue:
    rows = Catalogue.objects.filter(pk__in=followed_todos(request.user).values("catalogue"))
    return get_object_or_404(rows.select_related("line").defer("quantified"), pk=pk)
