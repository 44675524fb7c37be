"""Bulletins: the list, one with its figure sheet and its text, issuing it, its Word and PDF."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from review.domain.bulletins.making import (
    discard_bulletin,
    figures_in,
    issue_bulletin,
    make_bulletin,
    save_bulletin,
)
from review.enums import BulletinState
from review.interfaces.bulletins.document import bulletin_pdf, bulletin_word
from review.interfaces.bulletins.figure_sheet import figure_tables, plain_text, summary_lines
from review.interfaces.bulletins.forms import MakeForm, TextForm
from review.models import Bulletin
from review.queries.bulletins import FULL, bulletins_for_user
from review.rules import is_own_bulletin, keeps_bulletins, opens_bulletins
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.request import whole_number
from riskreport.ground.ui.list_page import list_page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@access(opens_bulletins)
@require_GET
def bulletins(request: HttpRequest) -> HttpResponse:
    """List the bulletins a person may read; an office makes them here."""
    may_make = keeps_bulletins(request.user).allowed
    return list_page(
        request,
        "bulletins",
        lead=_("%(count)s bulletins."),
        template="review/bulletins/list.html",
        may_make=may_make,
    )


@access(keeps_bulletins)
@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_new(request: HttpRequest) -> HttpResponse:
    """Ask which bulletin is wanted and, on POST, make its draft or open the one there is."""
    form = MakeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = make_bulletin(user=request.user, **form.cleaned_data)
            except Refused as refused:
                form.add_error("as_of", str(refused))
            else:
                return redirect("bulletin", made.pk)
    crumbs = [(_("Bulletins"), reverse("bulletins")), (_("New bulletin"), "")]
    return render(request, "review/bulletins/new.html", {"form": form, "crumbs": crumbs}, status=status)


def _bulletin_or_404(request: HttpRequest, pk: int) -> Bulletin:
    return get_object_or_404(bulletins_for_user(request.user).select_related(*FULL), pk=pk)


@access(opens_bulletins)
@require_http_methods(["GET", "HEAD", "POST"])
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a bulletin with its figure sheet; a POST keeps the text its own office edited."""
    row = _bulletin_or_404(request, pk)
    if request.method != "POST":
        return _page(request, row, _text_form(row))
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        save_bulletin(bulletin_id=row.pk, user=request.user, **form.cleaned_data)
    except ContentConflict as conflict:
        renewed = form.data.copy()
        renewed["seen_version"] = conflict.version
        return _page(request, row, TextForm(renewed), conflict=conflict, status=409)
    except Refused as refused:
        return _page(request, row, form, problem=str(refused), status=409)
    messages.success(request, _("Saved."))
    return redirect("bulletin", pk)


def _text_form(row: Bulletin) -> TextForm:
    return TextForm(initial={"seen_version": row.version, "title": row.title, "text": row.text})


def _page(request: HttpRequest, row: Bulletin, form: TextForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    figures = figures_in(row)
    is_draft = row.state == BulletinState.DRAFT
    context = {
        "bulletin": row,
        "form": form,
        "figures": figures,
        "summary": summary_lines(figures),
        "tables": figure_tables(figures),
        "plain": plain_text(row.title, row.text, figures),
        "may_edit": is_draft and is_own_bulletin(request.user, row).allowed,
        "may_correct": not is_draft and is_own_bulletin(request.user, row).allowed,
        "crumbs": [(_("Bulletins"), reverse("bulletins")), (row.title, "")],
        **shown,
    }
    return render(request, "review/bulletins/bulletin.html", context, status=status)


@access(keeps_bulletins)
@require_POST
def bulletin_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Issue a bulletin, discard it, or make a corrected edition of the same day."""
    row = _bulletin_or_404(request, pk)
    try:
        if step == "issue":
            seen = whole_number(request.POST.get("seen_version", ""))
            issue_bulletin(bulletin_id=pk, user=request.user, seen_version=seen or 0)
            messages.success(request, _("The bulletin is issued. The officials of the area read it from now on."))
        elif step == "discard":
            discard_bulletin(bulletin_id=pk, user=request.user)
            messages.success(request, _("The draft is discarded."))
        elif step == "correct":
            is_own_bulletin.check(request.user, row)
            row = make_bulletin(user=request.user, campaign=row.campaign, kind=row.kind, as_of=row.as_of)
        else:
            raise Http404
    except Refused as refused:
        return _page(request, row, _text_form(row), problem=str(refused), status=409)
    return redirect("bulletin", row.pk)


@access(opens_bulletins)
@require_safe
def bulletin_paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Send a bulletin as PDF or Word."""
    row = _bulletin_or_404(request, pk)
    if form == "pdf":
        response = HttpResponse(bulletin_pdf(row), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="bulletin-{row.as_of}-{row.pk}.pdf"'
        return response
    if form == "word":
        response = HttpResponse(bulletin_word(row), content_type=WORD)
        response["Content-Disposition"] = f'attachment; filename="bulletin-{row.as_of}-{row.pk}.docx"'
        return response
    raise Http404
