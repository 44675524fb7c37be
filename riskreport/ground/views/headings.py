"""What the headings of a department's own lists mean: seen, changed, forgotten."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from riskreport.ground.access import Refused
from riskreport.ground.imports.headings import forget, memory_of, say_anew
from riskreport.ground.imports.preview import options_of
from riskreport.ground.request import whole_number
from riskreport.ground.sheets import Sheet
from riskreport.ground.views.imports import for_sheet


@for_sheet
@require_http_methods(["GET", "POST"])
def import_headings(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Show what the department said of its headings; change all that were chosen anew, or forget one."""
    problem = ""
    if request.method == "POST":
        try:
            _act(request, sheet)
            return redirect("import_headings", sheet_name=sheet.name)
        except Refused as refused:
            problem = str(refused)
    context = {
        "sheet": sheet,
        "rows": memory_of(sheet, request.user),
        "options": options_of(sheet),
        "problem": problem,
        "crumbs": [
            (_("Import: %(sheet)s") % {"sheet": sheet.title}, reverse("import_sheet", args=[sheet.name])),
            (_("Headings of your department"), ""),
        ],
    }
    return render(request, "ground/imports/headings.html", context, status=422 if problem else 200)


def _act(request: HttpRequest, sheet: Sheet) -> None:
    sent = request.POST
    if "forget" in sent:
        forget(sheet=sheet, user=request.user, memory_id=whole_number(sent["forget"]) or 0)
        messages.success(request, _("Forgotten: the next file with this heading is asked about, unless it is known."))
        return
    chosen = {row.pk: sent[f"column-{row.pk}"] for row in memory_of(sheet, request.user) if f"column-{row.pk}" in sent}
    say_anew(sheet=sheet, user=request.user, columns=chosen)
    messages.success(request, _("Kept. It holds for files that are uploaded from now on."))
