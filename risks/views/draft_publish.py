"""From draft to force: checklist, preview, comparison, the day."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from enterprises.models import Category
from riskreport.ground import clock
from riskreport.ground.access import Refused
from risks.checks.catalogue_difference import ADDED, CHANGED, REMOVED, difference_of
from risks.domain.publishing import publish_draft, recall_scheduled
from risks.enums import CatalogueState
from risks.interfaces.catalogue_page import count_items, shown_groups
from risks.interfaces.difference_words import FIELD_LABELS, shown_difference
from risks.interfaces.draft_head_form import PublishForm
from risks.models import Catalogue
from risks.queries.concerned import units_concerned
from risks.queries.drafts import content_of, former_version
from risks.views.draft_common import DraftPage, draft_view


@draft_view
@require_GET
def check(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Show the checklist: every rule, kept or with what breaks it and where."""
    numbers = dict(page.draft.items.values_list("code", "pk"))
    rows = [
        {
            "rule": row.rule,
            "problems": [
                {"text": problem.text, "code": problem.item, "field": FIELD_LABELS.get(problem.field, problem.field),
                 "pk": numbers.get(problem.item)}
                for problem in row.problems
            ],
        }
        for row in page.checklist()
    ]  # fmt: skip
    open_points = sum(len(row["problems"]) for row in rows)
    context = page.context(_("Checklist"), rows=rows, open_points=open_points)
    return render(request, "risks/keep/check.html", context)


@draft_view
@require_GET
def preview(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Show the draft as the enterprises of one category will see it."""
    categories = list(Category.objects.filter(catalogue_items__catalogue=page.draft).distinct())
    chosen = next((row for row in categories if row.pk == request.GET.get("category")), None)
    chosen = chosen or next(iter(categories), None)
    groups = shown_groups(page.whole, {chosen.pk}) if chosen else []
    context = page.context(
        _("As enterprises will see it"), groups=groups, categories=categories, chosen=chosen, count=count_items(groups)
    )
    return render(request, "risks/keep/preview.html", context)


@draft_view
@require_GET
def compare(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Show what the draft changes, field by field, against the version in force."""
    context = page.context(_("What changes"), **_changes(page))
    return render(request, "risks/keep/compare.html", context)


def _changes(page: DraftPage) -> dict[str, Any]:
    former = former_version(page.draft)
    old, new = content_of(former) if former else None, content_of(page.whole)
    difference = difference_of(old, new)
    return {
        "former": former,
        "difference": difference,
        "shown": shown_difference(difference, old, new),
        "counts": {kind: len(difference.of_kind(kind)) for kind in (ADDED, REMOVED, CHANGED)},
        "raised": sum(change.is_raised for change in difference.items),
    }


@draft_view
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Say what publishing will do, and publish with a day."""
    if page.is_fixed:
        return redirect("draft", page.draft.pk)
    initial = {"on": clock.today(), "version": page.draft.edit_version}
    form = PublishForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            done = publish_draft(
                catalogue_id=page.draft.pk,
                user=request.user,
                on=form.cleaned_data["on"],
                seen_version=form.cleaned_data["version"],
            )
        except Refused as error:
            form.add_error("on", str(error))
        except Catalogue.DoesNotExist as error:
            raise Http404 from error
        else:
            return _published(request, done)
    changes = _changes(page)
    difference = changes["difference"]
    units = units_concerned(
        key=page.draft.key, codes=difference.codes_touched, categories=difference.categories_touched
    )  # fmt: skip
    open_points = sum(len(row.problems) for row in page.checklist())
    context = page.context(_("Publish"), form=form, units=units.count(), open_points=open_points, **changes)
    return render(request, "risks/keep/publish.html", context, status=422 if form.is_bound else 200)


def _published(request: HttpRequest, done: Catalogue) -> HttpResponse:
    if done.state == CatalogueState.PUBLISHED:
        messages.success(request, _("Version %(version)s is in force now.") % {"version": done.version})
        return redirect("catalogue", done.pk)
    named = {"version": done.version, "day": done.published_on}
    messages.success(request, _("Version %(version)s takes effect by itself on %(day)s.") % named)
    return redirect("draft", done.pk)


@draft_view
@require_POST
def recall(request: HttpRequest, page: DraftPage) -> HttpResponse:
    """Make a version fixed for a later day a draft again."""
    try:
        recall_scheduled(catalogue_id=page.draft.pk, user=request.user)
    except Catalogue.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("It is a draft again and will not take effect by itself."))
    return redirect("draft", page.draft.pk)
