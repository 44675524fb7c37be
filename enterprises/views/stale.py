"""Disabling accounts nobody has used for long: first who that is, then, asked once more, the act."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enterprises.domain.leaving import disable_stale
from enterprises.interfaces.people_filters import LastSignIn, signed_in_last
from enterprises.queries.accounts import people_for_user
from enterprises.rules import keeps_people, keeps_person
from riskreport.ground.access import access

MOST_SHOWN = 200


@access(keeps_people)
@require_http_methods(["GET", "POST"])
def people_stale(request: HttpRequest) -> HttpResponse:
    """Show whose accounts would be disabled for ``last``; the set is taken again from the filter when it is done."""
    last = request.POST.get("last") or request.GET.get("last") or LastSignIn.DAYS_180.value
    if last not in LastSignIn.values:
        last = LastSignIn.DAYS_180.value
    rows = signed_in_last(people_for_user(request.user), last).select_related("department__region", "enterprise")
    found = [
        person for person in rows.order_by("name", "id")[:MOST_SHOWN] if keeps_person(request.user, person).allowed
    ]
    if request.method == "POST":
        disabled, kept = disable_stale(user=request.user, person_ids=[person.pk for person in found])
        messages.success(request, _("%(count)s accounts are disabled.") % {"count": disabled})
        if kept:
            words = _("%(count)s were left: they hold open work, or the enterprise would have no administrator.")
            messages.warning(request, words % {"count": kept})
        return redirect("people")
    context = {
        "people": found,
        "last": last,
        "choices": LastSignIn.choices,
        "words": LastSignIn(last).label,
        "crumbs": [(_("People"), reverse("people")), (_("Accounts not used for long"), "")],
    }
    return render(request, "enterprises/people_stale.html", context)
