"""Adding a unit to the roster: the form, look-alikes, what would follow, and the entry."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enterprises.checks.likeness import keys_of
from enterprises.domain.joining import LooksLike, NewUnit, add_unit, check_new_unit, unit_as_entered
from enterprises.interfaces.foresight import what_follows
from enterprises.interfaces.reconciliation_forms import JoinForm
from enterprises.interfaces.roster_forms import AddForm, words_of
from enterprises.models import Enterprise
from enterprises.queries.likeness import look_alikes
from enterprises.queries.scope import enterprises_readable_by
from enterprises.rules import keeps_rosters
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused

NOT_KEPT = {"csrfmiddlewaretoken", "step"}


@access(keeps_rosters)
@require_http_methods(["GET", "POST"])
def unit_add(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST what would follow, or the units it looks like; on POST confirmed, enter the unit."""
    form = AddForm(request.POST or None, user=request.user, today=clock.today(), initial={"key": uuid.uuid4()})
    if request.method == "GET":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    step = request.POST.get("step", "")
    if step == "back":
        return _page(request, form)
    given = form.cleaned_data
    unit, why = _new_unit(given), given["not_the_same"].strip()
    try:
        if step != "confirmed":
            alike = check_new_unit(user=request.user, unit=unit, not_the_same=why)
            crumbs = [(_("Roster of enterprises"), reverse("enterprises")), (_("Add a unit"), "")]
            return confirm_page(request, form, unit, has_alike=bool(alike), crumbs=crumbs)
        row = add_unit(user=request.user, unit=unit, reason=given["reason"], not_the_same=why, key=given["key"])
    except LooksLike as alike:
        return _page(request, form, problem=str(alike), alike=_shown(request, given), status=409)
    except (Refused, KeyReused) as refused:
        return _page(request, form, problem=str(refused), status=409)
    messages.success(request, _("“%(name)s” (%(code)s) is on the roster from %(day)s.")
                     % {"name": row.name, "code": row.code, "day": row.joined_on})  # fmt: skip
    return redirect("archive", row.pk)


def confirm_page(
    request: HttpRequest, form: AddForm | JoinForm, unit: NewUnit, *, has_alike: bool, crumbs: list[tuple[str, str]]
) -> HttpResponse:
    """Return the page that states what is entered and what follows, before it is written; it sends the form again.

    Raises Refused where the unit could not stand so.
    """
    names = [name for name in form.fields if not form[name].is_hidden and form.cleaned_data[name]]
    context = {
        "facts": [(form.fields[name].label, words_of(form, name)) for name in names],
        "follows": [*what_follows(unit_as_entered(unit), unit.joined_on), *_of_adding(unit, has_alike)],
        "hidden": [
            (name, value) for name, value in request.POST.items() if name not in {"csrfmiddlewaretoken", "step"}
        ],
        "crumbs": crumbs,
    }
    return render(request, "enterprises/unit_add_confirm.html", context)


def _of_adding(unit: NewUnit, has_alike: bool) -> Iterator[str]:
    """Yield what entering a unit does beside what follows from where it stands."""
    if unit.no_code_reason:
        yield _("It gets a temporary code, which stands until its credit code is entered.")
    if has_alike:
        yield _("The unit it looks like stays beside it; the two are not asked about again.")
    yield _("It has no account yet: issue one from “Accounts of units”, so that it can report.")


def _new_unit(given: dict[str, Any]) -> NewUnit:
    return NewUnit(
        name=given["name"],
        town_id=int(given["town"]),
        category_id=given["category"],
        scale=given["scale"],
        joined_on=given["joined_on"],
        credit_code=given["credit_code"],
        no_code_reason=given["no_code_reason"],
        basic={name: given[name] for name in AddForm.BASIC},
    )


def _shown(request: HttpRequest, given: dict[str, Any]) -> list[Enterprise | None]:
    """Return the look-alikes; None stands for one that the person may not see."""
    rows = list(look_alikes(keys_of(given["name"], given["address"])))
    seen = set(
        enterprises_readable_by(request.user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )
    return [row if row.pk in seen else None for row in rows]


def _page(
    request: HttpRequest, form: AddForm, *, problem: str = "", alike: list | None = None, status: int = 200
) -> HttpResponse:
    hidden = set() if alike or form.data.get("not_the_same") else {"not_the_same"}
    visible = [form[name] for name in form.fields if name not in hidden and not form[name].is_hidden]
    context = {"form": form, "visible": visible, "problem": problem, "alike": alike or []}
    return render(request, "enterprises/unit_add.html", context, status=status)
