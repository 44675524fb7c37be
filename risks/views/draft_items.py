"""The items of a draft: written one by one, put in order, taken out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from enterprises.models import Category
from enterprises.queries.taxonomy import categories_in_force
from riskreport.ground.access import Refused
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.request import whole_number
from risks.domain.drafts import item_values, move_item, remove_item, save_item
from risks.interfaces.draft_item_form import DraftItemForm
from risks.models import Catalogue, CatalogueItem
from risks.views.draft_common import DraftPage, draft_view


@draft_view
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Add an item at the end of its group."""
    return _write(request, page, None)


@draft_view
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, page: DraftPage, item_pk: int) -> HttpResponse:
    """Write one item; what two windows wrote is shown side by side."""
    return _write(request, page, get_object_or_404(page.draft.items, pk=item_pk))


def _write(request: HttpRequest, page: DraftPage, row: CatalogueItem | None) -> HttpResponse:
    if page.is_fixed:
        return redirect("draft", page.draft.pk)
    stored = item_values(row, page.draft) if row else None
    form = DraftItemForm(request.POST or None, catalogue=page.draft, categories=_categories(page.draft), stored=stored)
    if request.method == "POST" and form.is_valid():
        answer = _save(request, page, row, form)
        if answer is not None:
            return answer
    here = row.code if row else _("New item")
    problems = _open_points(page, row)
    version = request.POST.get("version") or (row.edit_version if row else 0)
    context = page.context(here, form=form, item=row, version=version, open_points=problems)
    return render(request, "risks/keep/item.html", context, status=422 if form.is_bound else 200)


def _save(request: HttpRequest, page: DraftPage, row: CatalogueItem | None, form: DraftItemForm) -> HttpResponse | None:
    """Save and go on; None when the form must be shown again with what is wrong."""
    seen = request.POST.get("version", "")
    try:
        saved = save_item(
            catalogue_id=page.draft.pk,
            user=request.user,
            values=form.to_stored(),
            item_id=row.pk if row else None,
            seen_version=whole_number(seen) or 0,
        )
    except ContentConflict as conflict:
        clashes = form.clashes(conflict.theirs, conflict.yours)
        same = form.same_fields(clashes, conflict.yours)
        context = page.context(
            row.code if row else "", clashes=clashes, same=same, version=conflict.version, message=str(conflict)
        )
        return render(request, "risks/keep/conflict.html", context, status=409)
    except Refused as error:
        form.add_error("code", str(error))
        return None
    except (Catalogue.DoesNotExist, CatalogueItem.DoesNotExist) as error:
        raise Http404 from error
    messages.success(request, _("%(code)s was saved.") % {"code": saved.code})
    if request.POST.get("then") == "next":
        return redirect("draft_item_add", page.draft.pk)
    return redirect(reverse("draft", args=[page.draft.pk]) + f"#item-{saved.pk}")


def _categories(draft: Catalogue) -> list[Category]:
    rows = categories_in_force()
    return list(rows.filter(sector=draft.sector_id) if draft.sector_id else rows.select_related("sector"))


def _open_points(page: DraftPage, row: CatalogueItem | None) -> list[str]:
    if row is None:
        return []
    return [problem.text for rule in page.checklist() for problem in rule.problems if problem.item == row.code]


@draft_view
@require_POST
def move(request: HttpRequest, page: DraftPage, item_pk: int) -> HttpResponse:
    """Put an item one place up or down within its group."""
    try:
        up = request.POST.get("to") == "up"
        move_item(catalogue_id=page.draft.pk, item_id=item_pk, user=request.user, up=up)
    except (Catalogue.DoesNotExist, CatalogueItem.DoesNotExist) as error:
        raise Http404 from error
    return redirect(reverse("draft", args=[page.draft.pk]) + f"#item-{item_pk}")


@draft_view
@require_POST
def remove(request: HttpRequest, page: DraftPage, item_pk: int) -> HttpResponse:
    """Take an item out of the draft."""
    try:
        remove_item(catalogue_id=page.draft.pk, item_id=item_pk, user=request.user)
    except (Catalogue.DoesNotExist, CatalogueItem.DoesNotExist) as error:
        raise Http404 from error
    messages.success(request, _("The item was taken out of the draft."))
    return redirect("draft", page.draft.pk)
