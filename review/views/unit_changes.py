"""The change history of one unit."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from enterprises.rules import is_official, may_read_phones
from review.domain.archive import read_phones
from review.interfaces.unit_history import rows_of
from review.queries.archive import archived_enterprises
from review.queries.unit_history import history_of
from riskreport.ground.access import Refused, access
from riskreport.ground.request import whole_number


@access(is_official)
@require_http_methods(["GET", "POST"])
def unit_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who changed what when; on POST once with the telephone numbers in full, which is recorded."""
    unit = get_object_or_404(archived_enterprises(request.user), pk=pk)
    show_phones = request.method == "POST"
    if show_phones:
        try:
            read_phones(enterprise=unit, user=request.user)
        except Refused as refusal:
            raise PermissionDenied(str(refusal)) from refusal
    key = whole_number(request.GET.get("below", ""))
    history = history_of(unit, below=key)
    context = {
        "unit": unit,
        "rows": rows_of(history, show_phones=show_phones),
        "older": history.older,
        "show_phones": show_phones,
        "may_unmask": may_read_phones(request.user).allowed and not show_phones,
    }
    return render(request, "review/unit/changes.html", context)
