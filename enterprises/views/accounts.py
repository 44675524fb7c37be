"""Issuing accounts to units: which have none, which have one, the letters."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from enterprises.domain.issuing import LETTERS_KEPT, never_used, note_fetching, start_issuing
from enterprises.interfaces.people_sheets import ACCOUNTS, PEOPLE, UNITS
from enterprises.queries.accounts import batches_for_user, units_without_account
from enterprises.rules import issues_accounts, keeps_people
from riskreport.ground import clock
from riskreport.ground.access import access
from riskreport.ground.models.job import JOB_ENDED
from riskreport.ground.request import whole_numbers
from riskreport.ground.sheets import get_sheet
from riskreport.ground.sheets.selection import BadFilter, Selection
from riskreport.ground.ui.list_page import list_page

SHOWN_BATCHES = 5
MOST_PICKED = 500
sends_codes = issues_accounts | keeps_people


@access(issues_accounts)
@require_GET
def unit_accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts of units, with the batches of letters above."""
    return list_page(
        request,
        ACCOUNTS,
        template="enterprises/unit_accounts.html",
        lead=_("%(count)s administrators of enterprises within your area and lines."),
        batches=[_batch_row(batch) for batch in batches_for_user(request.user)[:SHOWN_BATCHES]],
        without=units_without_account(request.user).values("pk")[:10_001].count(),
    )


@access(issues_accounts)
@require_GET
def units_to_issue(request: HttpRequest) -> HttpResponse:
    """List the units on the roster without an account; all that match, or those ticked, get one."""
    return list_page(
        request,
        UNITS,
        template="enterprises/units_to_issue.html",
        lead=_("%(count)s units have no account yet. Choose them by filter or tick them."),
        crumbs=[(_("Accounts of units"), reverse("unit_accounts")), (_("Units without an account"), "")],
    )


@access(sends_codes)
@require_POST
def issue_letters(request: HttpRequest) -> HttpResponse:
    """Start the job: for the ticked rows of a list, or for all its rows that match the filter.

    ``sheet`` names the list: units without an account get one; people who have never signed in get a new code.
    """
    name = request.POST.get("sheet", "")
    if name not in (UNITS, ACCOUNTS, PEOPLE):
        raise Http404
    sheet = get_sheet(name)
    answer = sheet.rule(request.user)
    if not answer.allowed:
        raise PermissionDenied(str(answer.reason))
    picked = whole_numbers(request.POST.getlist("pick")[:MOST_PICKED])
    query = request.POST.get("query", "")[:4000]
    by_hand = request.POST.get("which") == "picked"
    try:
        rows = Selection(sheet, request.user, QueryDict(query), {}).rows
    except BadFilter as problem:
        raise PermissionDenied(str(problem)) from None
    rows = never_used(rows) if name != UNITS else rows
    count = (rows.filter(pk__in=picked) if by_hand else rows).count()
    if not count:
        messages.warning(request, _("Nothing to issue: tick rows first, or widen the filter."))
        return redirect(reverse(_page_of(name)) + (f"?{query}" if query else ""))
    params = {
        "sheet": name,
        "query": query,
        "picked": picked if by_hand else None,
        "again": name != UNITS,
        "address": request.build_absolute_uri(reverse("first_sign_in")),
    }
    batch = start_issuing(user=request.user, params=params, title=_("Letters with first-use codes"), total=count)
    return redirect("letters", pk=batch.pk)


def _page_of(name: str) -> str:
    return {UNITS: "units_to_issue", ACCOUNTS: "unit_accounts", PEOPLE: "people"}[name]


def _batch_row(batch) -> dict:
    """Return what a page shows of a batch: how far it is, and whether its letters may still be fetched."""
    waits = bool(batch.file) and batch.file_until > clock.now()
    return {"batch": batch, "job": batch.job, "ended": batch.job.state in JOB_ENDED, "waits": waits}


@access(sends_codes)
@never_cache
@require_GET
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one batch: progress while it runs, then its letters for a day; asked by htmx, only what changes."""
    batch = get_object_or_404(batches_for_user(request.user), pk=pk)
    context = _batch_row(batch) | {
        "hours": int(LETTERS_KEPT.total_seconds() // 3600),
        "list_url": f"{reverse('unit_accounts')}?batch={batch.pk}" if issues_accounts(request.user).allowed else "",
    }
    return render(request, "enterprises/_letters.html" if request.htmx else "enterprises/letters.html", context)


@access(sends_codes)
@never_cache
@require_POST
def letters_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the letters to the person who issued them, and note it; after a day they are gone."""
    batch = get_object_or_404(batches_for_user(request.user), pk=pk)
    path = Path(settings.MEDIA_ROOT, batch.file)
    if not batch.file or batch.file_until <= clock.now() or not path.is_file():
        messages.warning(
            request, _("These letters are deleted. Issue the codes again for the units that have not signed in yet.")
        )
        return redirect("letters", pk=batch.pk)
    note_fetching(batch=batch, actor=request.user)
    name = _("Letters-%(count)s-%(day)s.pdf") % {"count": batch.made, "day": clock.today().isoformat()}
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
