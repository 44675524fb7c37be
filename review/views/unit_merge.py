"""Merging two units: finding the other one, both side by side with what goes where, and the merge."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from enterprises.domain.upkeep import StaleUnit
from enterprises.enums import ON_ROSTER, Lifecycle
from enterprises.models import Enterprise
from enterprises.queries.scope import enterprises_for_user
from enterprises.rules import keeps_rosters, may_keep
from review.domain.merging import Merge, merge_units
from review.interfaces.merge_form import FindForm, MergeForm
from review.interfaces.review_form import new_key
from review.queries.merging import attached_to, risks_after, rivals_of
from review.queries.status import whose_turn
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused

MOST_FOUND = 20


@access(keeps_rosters)
@require_GET
def unit_merge_find(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the other unit among those the person keeps, by code or name."""
    unit = _unit(request, pk)
    form = FindForm(request.GET)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    rows = _kept(request).exclude(pk=pk).exclude(lifecycle=Lifecycle.MERGED).order_by("name", "pk")
    code = text.upper()
    wanted = Q(name__icontains=text) | Q(credit_code=code) | Q(temporary_code=code)
    found = list(rows.filter(wanted)[: MOST_FOUND + 1]) if len(text) > 1 else []
    context = {
        "unit": unit,
        "title": _("Merge with another unit"),
        "form": form,
        "asked": text,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "most": MOST_FOUND,
    }
    return render(request, "review/unit/merge_find.html", context)


@access(keeps_rosters)
@require_http_methods(["GET", "POST"])
def unit_merge(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    """Show both units side by side; on POST merge the other one into this one."""
    survivor, absorbed = _unit(request, pk), _unit(request, other_pk)
    refusal = _refusal(request, survivor, absorbed)
    if request.method == "GET" or refusal:
        form = MergeForm(survivor=survivor, absorbed=absorbed, initial={"key": new_key()})
        return _page(request, form, survivor, absorbed, refusal=refusal, status=409 if request.POST else 200)
    form = MergeForm(request.POST, survivor=survivor, absorbed=absorbed)
    if not form.is_valid():
        return _page(request, form, survivor, absorbed, status=422)
    given = form.cleaned_data
    merge = Merge(pk, other_pk, form.versions(), given["on"], given["reason"], form.taken(), given["key"])
    try:
        merge_units(user=request.user, merge=merge)
    except (Refused, KeyReused) as refused:
        survivor, absorbed = _unit(request, pk), _unit(request, other_pk)
        if isinstance(refused, StaleUnit):
            renewed = request.POST.copy()
            renewed["seen_versions"], renewed["key"] = f"{survivor.version}-{absorbed.version}", new_key()
            form = MergeForm(renewed, survivor=survivor, absorbed=absorbed)
        return _page(request, form, survivor, absorbed, problem=str(refused), status=409)
    messages.success(request, _("“%(name)s” was merged into this unit.") % {"name": absorbed.name})
    return redirect("archive", pk)


def _kept(request: HttpRequest) -> Any:
    rows = enterprises_for_user(request.user)
    return rows.select_related("category__sector", "town__parent").prefetch_related("contacts")


def _unit(request: HttpRequest, pk: int) -> Enterprise:
    return get_object_or_404(_kept(request), pk=pk)


def _refusal(request: HttpRequest, survivor: Enterprise, absorbed: Enterprise) -> str:
    if survivor.pk == absorbed.pk:
        return _("A unit cannot be merged into itself. Choose the other unit.")
    for unit in (survivor, absorbed):
        answer = may_keep(request.user, unit)
        if not answer.allowed:
            return str(answer.reason)
    if survivor.lifecycle not in ON_ROSTER:
        return _("The unit that stays must be on the roster. Bring it back first, or merge the other way round.")
    return ""


def _page(
    request: HttpRequest, form: MergeForm, survivor: Enterprise, absorbed: Enterprise, *,
    refusal: str = "", problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    rivals = rivals_of(survivor, absorbed)
    stay, leave = risks_after(survivor, absorbed, rivals)
    names = _told_apart(survivor, absorbed)
    context = {
        "unit": survivor,
        "other": absorbed,
        "unit_name": names[survivor.pk],
        "other_name": names[absorbed.pk],
        "title": _("Merge with another unit"),
        "form": form,
        "sides": [(unit, attached_to(unit)) for unit in (survivor, absorbed)],
        "choices": [form[name] for name in form.choices_shown],
        "rivals": [
            {"campaign": pair.kept.campaign, "kept": _report(pair.kept, names), "ended": _report(pair.ended, names)}
            for pair in rivals
        ],
        "stay": stay,
        "leave": leave,
        "refusal": refusal,
        "problem": problem,
    }
    return render(request, "review/unit/merge.html", context, status=status)


def _told_apart(*units: Enterprise) -> dict[int, str]:
    """Return what to call the units, by key: their names, and their codes too where the names are the same."""
    same = len({unit.name for unit in units}) == 1
    return {unit.pk: f"{unit.name} · {unit.code}" if same else unit.name for unit in units}


def _report(filing: Any, names: dict[int, str]) -> dict[str, str]:
    return {"unit": names[filing.enterprise_id], "status": whose_turn(filing)}
