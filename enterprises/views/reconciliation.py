"""Two lists side by side: beginning a comparison, its differences, settling them one by one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from enterprises.domain import settling
from enterprises.domain.reconciling import FOLDER, KeptFile, assign_headings, start_reconciliation
from enterprises.domain.settling import Hand
from enterprises.interfaces.reconciliation_forms import FILE, StartForm, assignments_of, remedies_for
from enterprises.interfaces.reconciliation_sheets import lists_in_words, remarks_in_words
from enterprises.models import Difference, Reconciliation
from enterprises.models.reconciliation import Bucket, Outcome, ReconciliationState
from enterprises.queries.reconciliation import counts_of, differences_for_user, reconciliations_for_user
from enterprises.rules import keeps_rosters
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.kept_files import keep_file, plain_name
from riskreport.ground.request import whole_number
from riskreport.ground.sheets import get_sheet
from riskreport.ground.ui.list_page import list_page


@access(keeps_rosters)
@require_GET
def reconciliations(request: HttpRequest) -> HttpResponse:
    """List the department's comparisons."""
    return list_page(
        request,
        "reconciliations",
        template="enterprises/reconciliations.html",
        lead=_("Your department's comparisons. Whoever keeps the roster can go on with one."),
    )


@access(keeps_rosters)
@require_http_methods(["GET", "POST"])
def reconciliation_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new comparison, or begin it."""
    is_sent = request.method == "POST"
    form = StartForm(request.POST if is_sent else None, request.FILES if is_sent else None, user=request.user)
    if is_sent and form.is_valid():
        data = form.cleaned_data
        own = data["against"] == FILE
        row = start_reconciliation(
            user=request.user,
            title=data["title"],
            a=_keep(data["a_file"]) if own else None,
            b=_keep(data["b_file"]),
            category_id="" if own else data["category"],
            area_id=int(data["area"]) if data["area"] and not own else None,
            language=get_language(),
        )
        return redirect("reconciliation", row.pk)
    crumbs = [(_("Reconciliation of lists"), reverse("reconciliations")), (_("Compare two lists"), "")]
    context = {"form": form, "crumbs": crumbs}
    return render(request, "enterprises/reconciliation_new.html", context, status=422 if is_sent else 200)


def _keep(file: Any) -> KeptFile:
    extension = file.name.rsplit(".", 1)[-1].lower()
    path, digest = keep_file(file=file, folder=FOLDER, extension=extension)
    return KeptFile(path, plain_name(file.name, extension), digest)


@access(keeps_rosters)
@require_GET
def reconciliation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the differences of a comparison, or how far it is."""
    row = find(request, pk)
    if row.state == ReconciliationState.MAPPING:
        return _ask(request, row)
    context = {
        "row": row,
        "lists": lists_in_words(row.a_name, row.b_name, row.area, row.category),
        "crumbs": crumbs_of(row),
    }
    if row.state != ReconciliationState.READY:
        return render(request, "enterprises/reconciliation_waiting.html", context)
    counts = counts_of(request.user, pk)
    return list_page(
        request,
        "differences",
        template="enterprises/reconciliation.html",
        fixed={"reconciliation": str(pk)},
        lead=context["lists"],
        counts=counts,
        percent=100 * counts["settled"] // counts["total"] if counts["total"] else 100,
        tabs=_tabs(request, counts),
        remarks=remarks_in_words(row),
        side_by_side=_side_by_side(request),
        remedies=remedies_for(request.GET.get("bucket", "")).items(),
        **context,
    )


def _ask(request: HttpRequest, row: Reconciliation, *, problem: str = "") -> HttpResponse:
    """Return the page on which the headings of the files are assigned."""
    shown = [
        {"name": _("List A") if side == "a" else _("List B"), "file": getattr(row, f"{side}_name"), "assignment": one}
        for side, one in assignments_of(row, request.POST).items()
    ]
    context = {"row": row, "shown": shown, "crumbs": crumbs_of(row), "problem": problem}
    return render(request, "enterprises/reconciliation_columns.html", context, status=422 if problem else 200)


@access(keeps_rosters)
@require_POST
def reconciliation_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep which heading of each file is which column, and have the lists compared."""
    row = find(request, pk)
    columns = {
        side: [request.POST.get(f"{one.name}-{place}", "") for place in range(len(one.headings))]
        for side, one in assignments_of(row, {}).items()
    }
    try:
        assign_headings(user=request.user, reconciliation_id=pk, columns=columns)
    except Refused as refused:
        return _ask(request, row, problem=str(refused))
    return redirect("reconciliation", pk)


def _side_by_side(request: HttpRequest) -> str:
    """Return the query of an export of what is seen, with every column."""
    query = request.GET.copy()
    query.setlist("cols", [column.key for column in get_sheet("differences").columns])
    return query.urlencode()


def _tabs(request: HttpRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    asked = request.GET.get("bucket", "")
    tabs = [{"label": _("All"), "url": "?state=open", "count": counts["open"], "current": not asked}]
    for bucket in Bucket:
        count = counts.get(bucket, 0)
        url = f"?bucket={bucket.value}&state=open"
        tabs.append({"label": bucket.label, "url": url, "count": count, "current": asked == bucket})
    return tabs


@access(keeps_rosters)
@require_POST
def reconciliation_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle one difference by one click from the list: ``do`` is act, difference and version."""
    row = find(request, pk)
    act, number, version = [*request.POST.get("do", "").split(":"), "", "", ""][:3]
    found = differences_of(request, row).filter(pk=whole_number(number) or 0).first()
    if found is not None and act in CLICKS:
        hand = Hand(request.user, found.pk, whole_number(version) or 0)
        said = _attempt(request, CLICKS[act], hand, row)
        if said is not None:
            messages.success(request, _("“%(name)s”: %(outcome)s.") % {"name": said.name, "outcome": _outcome(said)})
    return redirect(page_after(request, row))


def page_after(request: HttpRequest, row: Reconciliation) -> str:
    """Return the list as it was left, or that of the comparison."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else reverse("reconciliation", args=[row.pk])


def _take(hand: Hand, row: Reconciliation) -> Difference:
    return settling.take_over(hand=hand, on=clock.today(), reason=reason_of(row))


def _keep_ours(hand: Hand, row: Reconciliation) -> Difference:
    return settling.settle_by_reason(hand=hand, outcome=Outcome.KEPT)


def _pair(hand: Hand, row: Reconciliation) -> Difference:
    return settling.pair(hand=hand)


CLICKS: dict[str, Callable[[Hand, Reconciliation], Difference]] = {"take": _take, "keep": _keep_ours, "pair": _pair}


def reason_of(row: Reconciliation) -> str:
    """Return the reason that stands behind what is written to the roster by one click."""
    return _("Reconciliation: %(title)s") % {"title": row.title}


def _attempt(
    request: HttpRequest, act: Callable[[Hand, Reconciliation], Difference], hand: Hand, row: Reconciliation
) -> Difference | None:
    """Do it; when it is refused, say why and return nothing."""
    try:
        return act(hand, row)
    except Refused as refused:
        messages.error(request, str(refused))
        return None


def _outcome(row: Difference) -> str:
    return row.get_outcome_display() or _("now one line that differs")


def find(request: HttpRequest, pk: int) -> Reconciliation:
    """Return a comparison of the person's department. Raises Http404."""
    rows = reconciliations_for_user(request.user).select_related("area", "category", "job", "created_by")
    return get_object_or_404(rows, pk=pk)


def differences_of(request: HttpRequest, row: Reconciliation) -> Any:
    """Return the differences of a comparison that the person may see."""
    rows = differences_for_user(request.user).filter(reconciliation=row)
    return rows.select_related("reconciliation", "near", "settled_by", "enterprise", "town")


def crumbs_of(row: Reconciliation, here: str = "") -> list[tuple[str, str]]:
    """Return the way to a comparison, or to a page below it."""
    crumbs = [(_("Reconciliation of lists"), reverse("reconciliations"))]
    return [
        *crumbs,
        (row.title, reverse("reconciliation", args=[row.pk]) if here else ""),
        *([(here, "")] if here else []),
    ]
