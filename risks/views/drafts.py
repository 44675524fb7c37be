"""The keeper's desk: which catalogues are kept, a draft opened, its head written, thrown away."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from riskreport.ground.access import Refused, access
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.ui.list_page import list_page
from risks.domain.drafts import discard_draft, head_base, new_catalogue, open_draft, save_head
from risks.enums import NOT_YET_IN_FORCE, CatalogueState
from risks.interfaces.catalogue_page import shown_groups
from risks.interfaces.draft_head_form import DraftHeadForm, NewCatalogueForm
from risks.models import Catalogue
from risks.queries.drafts import catalogues_kept_by, lines_kept_by, sectors_of_lines, versions_kept_by
from risks.rules import keeps_catalogues
from risks.views.draft_common import DraftPage, draft_view


@access(keeps_catalogues)
@require_GET
def keep(request: HttpRequest) -> HttpResponse:
    """Show the catalogues the person keeps, each with its versions and what may be done next."""
    rows = [_kept(list(versions)) for _key, versions in groupby(versions_kept_by(request.user), lambda row: row.key)]
    return render(request, "risks/keep/keep.html", {"rows": rows})


def _kept(versions: list[Catalogue]) -> dict[str, Any]:
    by_state = {row.state: row for row in reversed(versions)}
    return {
        "title": versions[0].label,
        "line": versions[0].line,
        "open": next((row for row in versions if row.state in NOT_YET_IN_FORCE), None),
        "published": by_state.get(CatalogueState.PUBLISHED),
        "versions": versions,
    }


@access(keeps_catalogues)
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """List the items of the drafts the person keeps, to be exported and brought in again."""
    return list_page(request, "catalogue_items", lead=_("%(count)s items in the drafts you keep."))


@access(keeps_catalogues)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a catalogue of a new short name."""
    lines = lines_kept_by(request.user)
    form = NewCatalogueForm(request.POST or None, lines=lines, sectors=sectors_of_lines(lines))
    if request.method == "POST" and form.is_valid():
        try:
            made = new_catalogue(user=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error("key", str(error))
        else:
            return redirect("draft", made.pk)
    context = {"form": form, "crumbs": [(_("Catalogues I keep"), reverse("catalogues_keep")), (_("New catalogue"), "")]}
    return render(request, "risks/keep/new.html", context, status=422 if form.is_bound else 200)


@access(keeps_catalogues)
@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a draft of the next version of a published catalogue, or the one there is."""
    published = get_object_or_404(catalogues_kept_by(request.user), pk=pk)
    try:
        made = open_draft(key=published.key, user=request.user)
    except Catalogue.DoesNotExist as error:
        raise Http404 from error
    return redirect("draft", made.pk)


@draft_view
@require_GET
def draft(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Show a draft: its items group by group, and what is open on its checklist."""
    rules = page.checklist()
    problems = [problem for row in rules for problem in row.problems]
    marked = {problem.item for problem in problems}
    groups = shown_groups(page.whole, None)
    known = {group["key"] for group in groups}
    missing = [row for row in page.draft.groups if row["key"] not in known]
    return render(
        request,
        "risks/keep/draft.html",
        page.context(
            groups=groups,
            empty_groups=missing,
            marked=marked,
            open_points=len(problems),
            count=sum(len(group["entries"]) for group in groups),
        ),
    )


@draft_view
@require_http_methods(["GET", "HEAD", "POST"])
def head(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Write titles, note, groups and parts; what two windows wrote is shown side by side."""
    here = _("Title, groups and parts")
    form = DraftHeadForm(request.POST or None, catalogue=page.draft)
    if page.is_fixed:
        return redirect("draft", page.draft.pk)
    if request.method == "POST" and form.is_valid():
        try:
            save_head(
                catalogue_id=page.draft.pk,
                user=request.user,
                values=form.to_stored(),
                seen_base=request.POST.get("version", ""),
            )
        except ContentConflict as conflict:
            clashes = form.clashes(conflict.theirs, conflict.yours)
            same = form.same_fields(clashes, conflict.yours)
            context = page.context(here, clashes=clashes, same=same, version=conflict.version, message=str(conflict))
            return render(request, "risks/keep/conflict.html", context, status=409)
        messages.success(request, _("Saved."))
        return redirect("draft", page.draft.pk)
    context = page.context(here, form=form, version=request.POST.get("version") or head_base(page.draft))
    return render(request, "risks/keep/head.html", context, status=422 if form.is_bound else 200)


@draft_view
@require_POST
def discard(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Throw the draft away."""
    try:
        discard_draft(catalogue_id=page.draft.pk, user=request.user)
    except Catalogue.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The draft was thrown away. The version in force stays as it is."))
    return redirect("catalogues_keep")
