"""Writing a report section by section: the page, its plain form, and the autosave behind it."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from review.checks.registry import Severity
from review.domain.sections import ContentConflict
from review.interfaces.filing_steps import ATTACHMENTS, RISK_SECTIONS, found_in
from review.queries import filing_pages
from review.views.filing_common import FilingPage, filing_view, refusal
from review.views.filing_lists import show_attachments, show_risks
from review.views.filing_parts import Part, RiskPart, SectionPart, part_named
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.request import whole_number
from riskreport.ground.ui.draft_form import DraftForm

MOST_AUTOSAVE_BYTES = 512 * 1024


@filing_view
@require_http_methods(["GET", "HEAD", "POST"])
def edit_section(request: HttpRequest, page: FilingPage, key: str) -> HttpResponse:
    """Show one section, or save it."""
    if key == ATTACHMENTS:
        return show_attachments(page)
    if not page.editing.allowed:
        return closed(page)
    if key in RISK_SECTIONS:
        return show_risks(page, key)
    return show_or_save(page, SectionPart(page, key))


def show_or_save(page: FilingPage, part: Part) -> HttpResponse:
    """Show a part's page, or save what its form sent."""
    return save_part(page, part) if page.request.method == "POST" else draw_part(page, part, part.form())


def closed(page: FilingPage) -> HttpResponse:
    """Return the page that says why nothing can be changed now; a look is no fault, an attempt to save is."""
    status = 403 if page.request.method == "POST" else 200
    return refusal(page, str(page.editing.reason), status=status)


def draw_part(page: FilingPage, part: Part, form: DraftForm, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Render a part's page with its form."""
    lineage = str(part.risk.lineage) if isinstance(part, RiskPart) else ""
    asked = filing_pages.open_remarks(page.filing, part.section, lineage)
    context = page.section_context(part.section, form=form, part=part, remarks_here=asked, **extra)
    if isinstance(part, RiskPart):
        context["after_url"], context["after_label"] = part.after()
        context["title"] = part.risk.name
    else:
        context["after_url"] = after_section(page, context)
    return render(page.request, part.template, context, status=status)


def after_section(page: FilingPage, context: dict[str, Any]) -> str:
    """Return the address of the next step, or of the page where the answers are checked."""
    return context["after"].url if context["after"] else reverse("filing_check", args=[page.filing.pk])


def save_part(page: FilingPage, part: Part) -> HttpResponse:
    """Save what the plain form sent; show what is wrong or clashes, or go on to the next page."""
    request = page.request
    form = part.form(request.POST)
    if not form.is_valid():
        return draw_part(page, part, form, status=422)
    try:
        part.save(form.to_stored(), number_in(request.POST.get("version"), part.version), request.POST.get("base", ""))
    except ContentConflict as clash:
        return draw_conflict(page, part, form, clash)
    except Refused as error:
        return refusal(page, str(error), status=403)
    page.forget()
    if request.POST.get("then") == "stay":
        return redirect(part.url)
    problems = [row for row in page.problems if row.severity == Severity.BLOCKS and part.is_mine(row)]
    if problems:
        return draw_problems(page, part, form, problems)
    if isinstance(part, RiskPart):
        return redirect(part.after()[0])
    return redirect(after_section(page, page.section_context(part.section)))


def draw_problems(page: FilingPage, part: Part, form: DraftForm, problems: list) -> HttpResponse:
    """Render the page again: saved as typed, with what is still missing on top and beside the fields."""
    found = found_in(page.filing, problems)
    for row in found:
        if row.field in form.fields:
            form.add_error(row.field, row.text)
    listed = [(row.text, row.url.partition("#")[2]) for row in found]
    return draw_part(page, part, form, listed=listed, was_saved=True)


def draw_conflict(page: FilingPage, part: Part, form: DraftForm, clash: ContentConflict) -> HttpResponse:
    """Render both texts side by side; the person chooses field by field, and what does not clash is carried along."""
    clashes = form.clashes(clash.theirs, clash.yours)
    part.stored, part.version = clash.theirs, clash.version
    context = page.section_context(
        part.section,
        clashes=clashes,
        same=form.same_fields(clashes, clash.yours),
        message=str(clash),
        part=part,
    )
    return render(page.request, "review/filing/conflict.html", context, status=409)


def number_in(text: Any, default: int) -> int:
    """Return a version number sent by a form, or the default when it is none."""
    number = whole_number(text)
    return default if number is None else number


@filing_view
@require_POST
def autosave(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Save one part as it is being written; answers JSON.

    Takes {"draft": the part's name, "version", "base", "fields"}. 200: {"version", "base", "text"}; 409 when somebody
    else changed it; 422 when a value cannot be kept; 403 when nothing can be changed now.
    """
    if len(request.body) > MOST_AUTOSAVE_BYTES:
        return JsonResponse({"text": _("This is too much text to save at once.")}, status=413)
    try:
        sent = json.loads(request.body)
        fields = {str(key): str(value) for key, value in sent["fields"].items()}
        part = part_named(page, str(sent["draft"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Http404 from error
    if not page.editing.allowed:
        return JsonResponse({"text": str(page.editing.reason)}, status=403)
    form = part.form(fields)
    if not form.is_valid():
        errors = {name: " ".join(texts) for name, texts in form.errors.items()}
        return JsonResponse({"errors": errors, "text": " ".join(errors.values())}, status=422)
    try:
        part.save(form.to_stored(), number_in(sent.get("version"), part.version), str(sent.get("base", "")))
    except ContentConflict as clash:
        return JsonResponse({"text": str(clash)}, status=409)
    except Refused as error:
        return JsonResponse({"text": str(error)}, status=403)
    said = _("Saved automatically %(at)s") % {"at": timezone.localtime(clock.now()).strftime("%H:%M")}
    return JsonResponse({"version": part.version, "base": part.base, "text": said})
