"""Sectors and categories, kept by the city's safety committee office."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from enterprises.domain.taxonomy import add_sector, rename_sector, retire_category, retire_sector, save_category
from enterprises.interfaces.taxonomy_forms import CategoryForm, NamesForm, RetireForm, SectorForm
from enterprises.models import Category, Sector
from enterprises.queries.taxonomy import sector_whole, sectors_with_counts
from enterprises.rules import keeps_taxonomy
from riskreport.ground.access import Refused, access


@access(keeps_taxonomy)
@require_GET
def sectors(request: HttpRequest) -> HttpResponse:
    """List every sector."""
    return render(request, "enterprises/sectors.html", {"sectors": sectors_with_counts()})


@access(keeps_taxonomy)
@require_http_methods(["GET", "HEAD", "POST"])
def sector_new(request: HttpRequest) -> HttpResponse:
    """Add a sector, with a new line when it has one of its own."""
    form = SectorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = add_sector(
                user=request.user,
                code=given["code"],
                name=given["name"],
                name_en=given["name_en"],
                lead=given["lead"],
                new_line=form.new_line(),
            )
        except Refused as error:
            form.add_error("code" if given["lead"] else None, str(error))
        else:
            messages.success(request, _("The sector was added. Now give it its categories."))
            return redirect("sector", made.pk)
    lead = _("It takes part in everything from now on: rosters, catalogues, tasks, boards.")
    return _form(request, form, _("New sector"), lead, [])


def _sector_or_404(code: str) -> Sector:
    row = sector_whole(code)
    if row is None:
        raise Http404
    return row


@access(keeps_taxonomy)
@require_http_methods(["GET", "HEAD", "POST"])
def sector(request: HttpRequest, code: str) -> HttpResponse:
    """Show a sector with its categories; a POST changes its names."""
    row = _sector_or_404(code)
    form = NamesForm(request.POST or None, initial={"name": row.name, "name_en": row.name_en})
    if request.method == "POST" and form.is_valid():
        rename_sector(user=request.user, code=code, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("sector", code)
    context = {
        "sector": row,
        "form": form,
        "retire": RetireForm(initial={"on": row.retired_on}),
        "crumbs": _crumbs((row.label, "")),
    }
    return render(request, "enterprises/sector.html", context, status=422 if form.is_bound else 200)


@access(keeps_taxonomy)
@require_POST
def sector_retire(request: HttpRequest, code: str) -> HttpResponse:
    """Retire a sector from a day on, or take it back."""
    row = _sector_or_404(code)
    _retire(request, retire_sector, row.pk)
    return redirect("sector", code)


@access(keeps_taxonomy)
@require_http_methods(["GET", "HEAD", "POST"])
def category_new(request: HttpRequest, code: str) -> HttpResponse:
    """Add a category to a sector."""
    return _category(request, _sector_or_404(code), None)


@access(keeps_taxonomy)
@require_http_methods(["GET", "HEAD", "POST"])
def category(request: HttpRequest, code: str) -> HttpResponse:
    """Change a category."""
    row = get_object_or_404(Category.objects.select_related("sector"), pk=code)
    return _category(request, row.sector, row)


def _category(request: HttpRequest, owner: Sector, row: Category | None) -> HttpResponse:
    form = CategoryForm(request.POST or None, sector=owner, category=row)
    if request.method == "POST" and form.is_valid():
        try:
            save_category(
                user=request.user,
                sector=owner,
                code=row.pk if row else form.cleaned_data["code"],
                values=form.values(),
                co_leads=[line.pk for line in form.cleaned_data["co_leads"]],
                is_new=row is None,
            )
        except Refused as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("sector", owner.pk)
    title = row.label if row else _("New category")
    crumbs = [(owner.label, reverse("sector", args=[owner.pk]))]
    retire = RetireForm(initial={"on": row.retired_on}) if row else None
    lead = _("A category of the sector “%(sector)s”.") % {"sector": owner.label}
    return _form(request, form, title, lead, crumbs, retire=retire, category=row)


@access(keeps_taxonomy)
@require_POST
def category_retire(request: HttpRequest, code: str) -> HttpResponse:
    """Retire a category from a day on, or take it back."""
    row = get_object_or_404(Category, pk=code)
    _retire(request, retire_category, row.pk)
    return redirect("category", code)


def _retire(request: HttpRequest, act: Any, code: str) -> None:
    form = RetireForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is not a date. Write it like 2022-01-01."))
        return
    try:
        act(user=request.user, code=code, on=form.cleaned_data["on"])
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))


def _form(
    request: HttpRequest, form: forms.Form, title: str, lead: str, crumbs: list[tuple[str, str]], **extra: Any
) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "crumbs": _crumbs(*crumbs, (title, "")), **extra}
    return render(request, "enterprises/taxonomy_form.html", context, status=422 if form.is_bound else 200)


def _crumbs(*further: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Sectors and categories"), reverse("sectors")), *further]
