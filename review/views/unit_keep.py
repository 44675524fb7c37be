"""Keeping one unit of the roster: a form for each act, a page that states what it does, and the act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from enterprises.domain.upkeep import (
    Deed,
    StaleUnit,
    assign_credit_code,
    change_life,
    change_unit,
    move_unit,
    set_further_categories,
)
from enterprises.enums import Lifecycle
from enterprises.interfaces.roster_forms import CategoriesForm, ChangeForm, CodeForm, DeedForm, LifeForm, MoveForm
from enterprises.models import Enterprise, User
from enterprises.queries.scope import enterprises_for_user
from enterprises.rules import keeps_rosters, may_keep
from review.interfaces.review_form import new_key
from review.interfaces.unit_words import consequences
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused

A, S, C, W = Lifecycle.ACTIVE, Lifecycle.SUSPENDED, Lifecycle.CLOSED, Lifecycle.WRITTEN_OFF


@dataclass(frozen=True)
class Act:
    """One act: its words, its form, the states it is offered in, and how it is done."""

    title: str | Promise
    form: type[DeedForm]
    states: frozenset[str]
    do: Callable[[Deed, Any], Enterprise]
    icon: str
    is_grave: bool = False
    without_code: bool = False

    def is_offered(self, unit: Enterprise) -> bool:
        """Whether the act makes sense for the unit as it stands."""
        return unit.lifecycle in self.states and not (self.without_code and unit.credit_code)


def _life(step: str) -> Callable[[Deed, Any], Enterprise]:
    return lambda deed, form: change_life(deed=deed, step=step)


def _move(deed: Deed, form: Any) -> Enterprise:
    given = form.cleaned_data
    return move_unit(deed=deed, town_id=int(given["town"]), category_id=given["category"], scale=given["scale"])


ACTS: dict[str, Act] = {
    "change": Act(
        _l("Change the master data"), ChangeForm, frozenset({A, S, C, W}),
        lambda deed, form: change_unit(deed=deed, name=form.cleaned_data["name"], values=form.basic()), "pencil-square",
    ),
    "move": Act(_l("Move to another area, category or scale"), MoveForm, frozenset({A, S}), _move, "arrows-right-left"),
    "further": Act(
        _l("Further categories"), CategoriesForm, frozenset({A, S}),
        lambda deed, form: set_further_categories(deed=deed, codes=form.cleaned_data["further"]), "squares-plus",
    ),
    "code": Act(
        _l("Enter the credit code"), CodeForm, frozenset({A, S, C, W}),
        lambda deed, form: assign_credit_code(deed=deed, credit_code=form.cleaned_data["credit_code"]),
        "identification", without_code=True,
    ),
    "suspend": Act(_l("Suspend the unit"), LifeForm, frozenset({A}), _life("suspend"), "pause"),
    "resume": Act(_l("Resume the unit"), LifeForm, frozenset({S}), _life("resume"), "play"),
    "close": Act(_l("Close the unit"), LifeForm, frozenset({A, S}), _life("close"), "no-symbol", is_grave=True),
    "write_off": Act(
        _l("Write the unit off"), LifeForm, frozenset({A, S}), _life("write_off"), "archive-box", is_grave=True
    ),
    "return": Act(_l("Bring back to the roster"), LifeForm, frozenset({C, W}), _life("return"), "arrow-uturn-left"),
}  # fmt: skip


def acts_for(user: User, unit: Enterprise) -> list[dict[str, Any]]:
    """Return the acts a person may do on a unit now, for the archive's list."""
    if not may_keep(user, unit).allowed:
        return []
    return [{"key": key, "label": act.title, "icon": act.icon} for key, act in ACTS.items() if act.is_offered(unit)]


@access(keeps_rosters)
@require_http_methods(["GET", "POST"])
def unit_keep(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Show the form of an act; on POST what it would do; on POST confirmed, do it."""
    if act not in ACTS:
        raise Http404
    unit = get_object_or_404(enterprises_for_user(request.user).select_related("category", "town__parent"), pk=pk)
    page = _Page(request, unit, act)
    refusal = page.refusal()
    if request.method == "GET" or refusal:
        return page.form(page.fresh(), refusal=refusal, status=200 if request.method == "GET" else 409)
    form = page.bound()
    if not form.is_valid():
        return page.form(form, status=422)
    if request.POST.get("step") == "back":
        return page.form(form)
    try:
        if request.POST.get("step") != "confirmed":
            return page.confirm(form)
        page.act.do(page.deed(form), form)
    except StaleUnit as stale:
        return page.stale(form, str(stale))
    except (Refused, KeyReused) as refused:
        return page.form(form, problem=str(refused), status=409)
    messages.success(request, _("Done: %(act)s · %(name)s.") % {"act": page.act.title, "name": unit.name})
    is_still_seen = enterprises_for_user(request.user).filter(pk=pk).exists()
    return redirect("archive", pk) if is_still_seen else redirect("enterprises")


class _Page:
    """The pages of one act on one unit."""

    def __init__(self, request: HttpRequest, unit: Enterprise, act: str) -> None:
        self.request, self.user, self.unit = request, request.user, unit
        self.key, self.act = act, ACTS[act]

    def refusal(self) -> str:
        """Return why this person may not do the act now, or nothing."""
        answer = may_keep(self.user, self.unit)
        if not answer.allowed:
            return str(answer.reason)
        if not self.act.is_offered(self.unit):
            text = _("This is not possible now: the unit reads “%(state)s”.")
            return text % {"state": self.unit.get_lifecycle_display()}
        return ""

    def fresh(self) -> DeedForm:
        """Return the form as it is first shown."""
        known = {"seen_version": self.unit.version, "key": new_key(), "on": clock.today()}
        return self.act.form(initial=self.act.form.standing(self.unit) | known, user=self.user, unit=self.unit)

    def bound(self) -> DeedForm:
        """Return the form with what was sent."""
        return self.act.form(
            self.request.POST, initial=self.act.form.standing(self.unit), user=self.user, unit=self.unit
        )

    def deed(self, form: DeedForm) -> Deed:
        """Return who does what from when and why."""
        given = form.cleaned_data
        return Deed(self.user, self.unit.pk, given["seen_version"], given["on"], given["reason"], given["key"])

    def form(
        self, form: DeedForm, *, refusal: str = "", problem: str = "", differs: list | None = None, status: int = 200
    ) -> HttpResponse:
        """Return the page with the form."""
        context = self._context(form) | {"refusal": refusal, "problem": problem, "differs": differs or []}
        return render(self.request, "review/unit/form.html", context, status=status)

    def confirm(self, form: DeedForm) -> HttpResponse:
        """Return the page that states what the act would do. A version gone by or no change at all is said here."""
        if form.cleaned_data["seen_version"] != self.unit.version:
            raise StaleUnit(self.unit)
        changes = self._compared(form, "old", "new")
        if form.own_names() and not changes:
            return self.form(
                form, problem=_("What is written here is what stands already. Change it first."), status=422
            )
        context = self._context(form) | {
            "consequences": consequences(self.unit, self.key, form.cleaned_data),
            "changes": changes,
            "hidden": [(name, value) for name in form.fields for value in form.data.getlist(form.add_prefix(name))],
        }
        return render(self.request, "review/unit/confirm.html", context)

    def stale(self, form: DeedForm, problem: str) -> HttpResponse:
        """Return the form with what was typed, what stands now beside it, and the version that stands."""
        self.unit = Enterprise.objects.select_related("category", "town__parent").get(pk=self.unit.pk)
        differs = self._compared(form, "standing", "typed")
        renewed = form.data.copy()
        renewed["seen_version"], renewed["key"] = str(self.unit.version), new_key()
        again = self.act.form(renewed, user=self.user, unit=self.unit)
        return self.form(again, refusal=self.refusal(), problem=problem, differs=differs, status=409)

    def _compared(self, form: DeedForm, left: str, right: str) -> list[dict[str, str]]:
        """Return the fields whose value differs from what stands now, in words."""
        standing = self.act.form.standing(self.unit)
        rows = []
        for name in form.own_names():
            old, new = (form.words(name, values.get(name)) for values in (standing, form.cleaned_data))
            if old != new:
                rows.append({"label": form.fields[name].label, left: old or "—", right: new or "—"})
        return rows

    def _context(self, form: DeedForm) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "form": form,
            "title": self.act.title,
            "act": self.act,
            "visible": [form[name] for name in form.fields if not form[name].is_hidden],
        }
