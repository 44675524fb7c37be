"""What a new version of a catalogue changes for a unit, and its word that it has looked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enterprises.rules import is_enterprise_person
from review.domain.catalogue_todos import look_at_change
from review.queries.catalogue_changes import change_for_unit, reports_to_update, todos_of
from riskreport.ground.access import access


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
