"""The papers of a report: the report as it is written now, for the stamp, and from its snapshots; the receipt."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enterprises.rules import may_read_phones
from review import rules
from review.enums import DEPARTMENT_TURN, FilingState, Stage
from review.interfaces.filing_document import (
    Printed,
    printed_from,
    printed_now,
    receipt_facts,
    receipt_number,
    receipt_pdf,
    report_number,
    report_pdf,
)
from review.models import Snapshot
from review.queries import filing_pages
from review.views.filing_common import FilingPage, filing_view, refusal
from review.views.filing_sections import number_in


def _address(page: FilingPage) -> str:
    return page.request.build_absolute_uri(reverse("filing", args=[page.filing.pk]))


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@filing_view
@require_safe
def first_report(request: HttpRequest, page: FilingPage, number: int | None = None) -> HttpResponse:
    """Send the report as PDF on A4: the snapshot of that number, or the last first report."""
    wanted = {} if number is not None else {"stage": Stage.DRAFT}
    snapshot = filing_pages.snapshot_of(page.filing, number, **wanted)
    if snapshot is None and number is not None:
        raise Http404
    if snapshot is None:
        return refusal(page, str(rules.has_draft_snapshot(request.user, page.filing).reason), status=200)
    return _report(page, printed_from(snapshot))


@filing_view
@require_safe
def print_for_stamp(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Send what the report says now as PDF on A4, under the number that the next hand-in will get."""
    if not page.editing.allowed:
        return refusal(page, str(page.editing.reason), status=200)
    if page.filing.state == FilingState.APPROVED and not page.risks_changed:
        reason = _("The first report is approved; the final report is certified online and needs no stamped paper.")
        return refusal(page, reason, status=200)
    number = filing_pages.next_number(page.filing)
    return _report(page, printed_now(page.filing, page.content, number=number))


def _report(page: FilingPage, printed: Printed) -> HttpResponse:
    show_phones = may_read_phones(page.user).allowed
    made = report_pdf(printed, page.filing, address=_address(page), show_phones=show_phones)
    return _pdf(made, f"{report_number(page.filing)}-{printed.number:02d}")


def _snapshot_asked(page: FilingPage) -> Snapshot | None:
    number = page.request.GET.get("number", "")
    snapshot = filing_pages.snapshot_of(page.filing, number_in(number, 0) if number else None)
    if snapshot is None and number:
        raise Http404
    return snapshot


@filing_view
@require_safe
def receipt(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Show the receipt of the last hand-in, or of the one of ``?number=``."""
    snapshot = _snapshot_asked(page)
    if snapshot is None:
        return refusal(page, _("There is no receipt yet: nothing has been handed in."), status=200)
    facts = receipt_facts(snapshot, page.filing)
    context = page.context(here=_("Receipt"), snapshot=snapshot, is_final=snapshot.stage == Stage.FINAL, **facts)
    context["rows_below"] = facts["rows"][1:]  # the number stands above them already
    context["has_scan"] = page.has_scan
    context["waits"] = page.filing.state in DEPARTMENT_TURN
    context["number_shown"] = receipt_number(snapshot, page.filing)
    return render(request, "review/filing/receipt.html", context)


@filing_view
@require_safe
def receipt_pdf_view(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Send the receipt as PDF."""
    snapshot = _snapshot_asked(page)
    if snapshot is None:
        return refusal(page, _("There is no receipt yet: nothing has been handed in."), status=200)
    return _pdf(receipt_pdf(snapshot, page.filing, address=_address(page)), receipt_number(snapshot, page.filing))
