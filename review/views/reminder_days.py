"""By which days people are reminded: kept by the city's safety committee office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enterprises.rules import keeps_taxonomy
from review.interfaces.reminder_days_form import ReminderDaysForm
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.reminding import set_days
from riskreport.ground.queries.inbox import version_of_days


@access(keeps_taxonomy)
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_days(request: HttpRequest) -> HttpResponse:
    """Show the days of each kind of reminder; a POST sets them."""
    form = ReminderDaysForm(request.POST or None, version=version_of_days())
    if request.method == "POST" and form.is_valid():
        try:
            set_days(user=request.user, days=form.days(), seen_version=form.cleaned_data["version"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. The next night reminds by these days."))
            return redirect("reminder_days")
    return render(request, "review/reminder_days.html", {"form": form}, status=422 if form.is_bound else 200)
