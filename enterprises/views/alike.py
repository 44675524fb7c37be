"""Suspected duplicates, each settled by merging or by saying why the two are not the same."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from enterprises.domain.likeness import settle_not_the_same
from enterprises.interfaces.roster_forms import NotTheSameForm
from enterprises.queries.likeness import MOST_PAIRS, suspected_pairs
from enterprises.queries.scope import enterprises_for_user
from enterprises.rules import keeps_rosters, may_keep
from riskreport.ground.access import Refused, access


@access(keeps_rosters)
@require_GET
def units_alike(request: HttpRequest) -> HttpResponse:
    """List the pairs that look alike within the person's scope and were not settled."""
    return _page(request)


@access(keeps_rosters)
@require_POST
def unit_not_the_same(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    """Keep that two units are two, with the reason."""
    own = enterprises_for_user(request.user)
    for number in (pk, other_pk):
        get_object_or_404(own, pk=number)
    form = NotTheSameForm(request.POST, prefix=f"{pk}-{other_pk}")
    if not form.is_valid():
        return _page(request, wrong=(pk, other_pk, form), status=422)
    try:
        settle_not_the_same(user=request.user, units=(pk, other_pk), reason=form.cleaned_data["reason"])
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("units_alike")
    messages.success(request, _("Kept: the two are not the same. They are not asked about again."))
    return redirect("units_alike")


def _page(
    request: HttpRequest, *, wrong: tuple[int, int, NotTheSameForm] | None = None, status: int = 200
) -> HttpResponse:
    rows = []
    for pair in suspected_pairs(request.user, most=MOST_PAIRS):
        place = (pair.first.pk, pair.second.pk)
        form = wrong[2] if wrong and wrong[:2] == place else NotTheSameForm(prefix=f"{place[0]}-{place[1]}")
        may_merge = all(may_keep(request.user, unit).allowed for unit in (pair.first, pair.second))
        rows.append({"pair": pair, "form": form, "may_merge": may_merge})
    return render(request, "enterprises/alike.html", {"rows": rows, "has_more": len(rows) >= MOST_PAIRS}, status=status)
