"""The archive of one enterprise: everything it has said, what was decided, what happened."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from enterprises.checks.basic_information import FIELDS, GROUPS, display
from enterprises.domain.basic_information import read_basic
from enterprises.enums import ENTERPRISE_ROLES
from enterprises.models import Enterprise, User
from enterprises.rules import issues_accounts, may_read_phones
from review.domain.archive import read_phones
from review.domain.letters.behind import subject_of
from review.domain.snapshots import verifies
from review.domain.workflow import find_move
from review.enums import Action
from review.interfaces.letters.sheet import TONES
from review.interfaces.snapshot_page import build_page
from review.models import Filing
from review.queries import archive as queries
from review.queries.desk import remarks_for, sent_remarks, snapshots_of
from review.queries.letters.scope import letters_for_user
from review.queries.status import tone_of, whose_turn
from review.queries.timeline import timeline_of
from review.queries.verified import recorders_of, visits_of
from review.queries.words import words_of
from review.rules import (
    may_record_visit,
    may_withdraw_visit,
    opens_filings,
    opens_visit_withdrawal,
    writes_letters,
)
from review.views.unit_keep import acts_for
from riskreport.ground.access import Refused, access
from riskreport.ground.request import whole_number
from riskreport.ground.sheets.values import mask_phone
from risks.checks.rating_words import explain, thresholds_in_words
from risks.enums import Level

CHANGES = (Action.REOPEN, Action.EXEMPT, Action.VOID)


@access(opens_filings)
@require_GET
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one enterprise's archive: who it is, its reports, its risks, its rating; of a merged one the survivor's."""
    enterprise = queries.with_basic(queries.archived_enterprises(request.user)).filter(pk=pk).first()
    if enterprise is not None and enterprise.merged_into_id is None:
        return _page(request, enterprise)
    return _to_survivor(request, pk)


def _to_survivor(request: HttpRequest, pk: int) -> HttpResponse:
    survivor = get_object_or_404(queries.survivors(request.user), merged_units=pk)
    merged = survivor.merged_units.get(pk=pk)
    text = _("“%(name)s” (%(code)s) was merged into this unit on %(day)s.")
    messages.info(request, text % {"name": merged.name, "code": merged.code, "day": merged.lifecycle_on})
    return redirect("archive", survivor.pk)


@access(opens_filings)
@require_GET
def archive_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was handed in, decided and done; fetched below the archive, ``below`` pages the timeline by key."""
    enterprise = get_object_or_404(queries.archived_enterprises(request.user), pk=pk)
    key = whole_number(request.GET.get("below", ""))
    snapshots = list(snapshots_of(enterprise.pk))
    decided = {row.decision.pk: row for row in snapshots if hasattr(row, "decision")}
    remarks = sent_remarks(decided)
    context = {
        "enterprise": enterprise,
        "snapshots": snapshots,
        "decisions": [{"snapshot": row, "remarks": remarks[pk]} for pk, row in decided.items()],
        **_visits(request.user, enterprise),
        **_letters(request.user, enterprise),
        "attachments": queries.attachments_of(enterprise),
        "timeline": timeline_of(request.user, enterprise.pk, below=key),
        "own": request.user.role in ENTERPRISE_ROLES,
    }
    return render(request, "review/archive/history.html", context)


def _letters(user: User, enterprise: Enterprise) -> dict[str, Any]:
    """Return the letters to the unit that the person may open, and where another is written."""
    rows = letters_for_user(user).filter(to_enterprise=enterprise).select_related("issuer").order_by("-id")
    asked = urlencode({"subject": subject_of("enterprise", enterprise.pk)})
    url = f"{reverse('follow_up_new')}?{asked}" if writes_letters(user).allowed else ""
    return {"letters": [(row, TONES[row.state]) for row in rows], "write_url": url}


def _visits(user: User, enterprise: Enterprise) -> dict[str, Any]:
    """Return the visits, and which of them the person may take back."""
    visits = visits_of(enterprise.pk)
    recorders = recorders_of(visits) if visits and opens_visit_withdrawal(user).allowed else {}
    return {
        "visits": visits,
        "own_visits": {pk for pk, by in recorders.items() if may_withdraw_visit(user, by).allowed},
    }


def _found(request: HttpRequest, pk: int) -> Enterprise:
    return get_object_or_404(queries.with_basic(queries.archived_enterprises(request.user)), pk=pk)


@access(opens_filings)
@require_POST
def archive_phones(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the archive once with the telephone numbers in full; the reading is recorded."""
    enterprise = _found(request, pk)
    try:
        read_phones(enterprise=enterprise, user=request.user)
    except Refused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    return _page(request, enterprise, show_phones=True)


def _page(request: HttpRequest, enterprise: Enterprise, *, show_phones: bool = False) -> HttpResponse:
    user = request.user
    filings = list(queries.filings_of(enterprise))
    rating = queries.rating_of(enterprise)
    ledger = queries.ledger_of(enterprise)
    context = {
        "enterprise": enterprise,
        "facts": _facts(enterprise),
        "groups": _basic_groups(enterprise, show_phones),
        "may_unmask": may_read_phones(user).allowed and not show_phones,
        "show_phones": show_phones,
        "filings": [_filing_row(user, filing) for filing in filings],
        "to_visit": next((filing for filing in filings if may_record_visit(user, filing).allowed), None),
        "ledger": ledger,
        "levels": [(level, sum(1 for risk in ledger if risk.level == level)) for level in (Level.MAJOR, Level.LARGER)],
        "rating": rating,
        "explained": explain(rating) if rating else [],
        "thresholds": thresholds_in_words(rating) if rating else "",
        "own": user.role in ENTERPRISE_ROLES,
        "acts": acts_for(user, enterprise),
        "accounts_url": f"{reverse('unit_accounts')}?{urlencode({'q': enterprise.code})}"
        if issues_accounts(user).allowed
        else "",
    }
    return render(request, "review/archive/archive.html", context)


def _facts(enterprise: Enterprise) -> list[tuple[str, Any]]:
    county = enterprise.town.parent
    further = "、".join(row.label for row in enterprise.further_categories.all())
    facts = [
        (_("Credit code") if enterprise.credit_code else _("Temporary code"), enterprise.code),
        (_("Area"), f"{county.label if county else ''} {enterprise.town.label}".strip()),
        (_("Category"), f"{enterprise.category.sector.label} · {enterprise.category.label}"),
        (_("Scale"), enterprise.get_scale_display()),
        (_("Lifecycle"), enterprise.get_lifecycle_display()),
        (_("On the roster since"), enterprise.joined_on.isoformat()),
    ]
    if further:
        facts.insert(3, (_("Further categories"), further))
    if enterprise.left_on:
        facts.append((_("Left on"), f"{enterprise.left_on.isoformat()} {enterprise.left_reason}".strip()))
    return facts


def _basic_groups(enterprise: Enterprise, show_phones: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    values = read_basic(enterprise)
    groups = []
    for key, title in GROUPS:
        rows = []
        for known in FIELDS:
            if known.group == key:
                value = values.get(known.key, "")
                hidden = known.personal and not show_phones
                rows.append((str(known.label), mask_phone(value) if hidden else display(known, value)))
        groups.append((str(title), rows))
    return groups


def _filing_row(user: User, filing: Filing) -> dict:
    moves = ((action, find_move(filing, action)) for action in CHANGES)
    return {
        "filing": filing,
        "status": whose_turn(filing),
        "tone": tone_of(filing.state),
        "may_visit": may_record_visit(user, filing).allowed,
        "changes": [
            {"action": action.value, "label": move.staff_label}
            for action, move in moves
            if user.role not in ENTERPRISE_ROLES and move is not None and move.who(user, filing).allowed
        ],
    }


@access(opens_filings)
@require_GET
def archive_snapshot(request: HttpRequest, pk: int, snapshot_pk: int) -> HttpResponse:
    """Show a snapshot as it was, with what differed from the one before and the remarks made on it."""
    enterprise = get_object_or_404(queries.archived_enterprises(request.user), pk=pk)
    snapshot = get_object_or_404(snapshots_of(enterprise.pk).defer(None), pk=snapshot_pk)
    content = json.loads(snapshot.content)
    before = snapshot.filing.snapshots.filter(number=snapshot.number - 1).first()
    remarks = list(remarks_for(request.user, snapshot.filing).filter(snapshot=snapshot))
    for remark in remarks:
        remark.is_comment = remark.department_id != snapshot.filing.department_id
    blocks = build_page(
        content, words_of(content), before=json.loads(before.content) if before else None, remarks=remarks
    )
    context = {
        "enterprise": enterprise,
        "snapshot": snapshot,
        "blocks": blocks,
        "verifies": verifies(snapshot),
        "changes": sum(block.changes for block in blocks),
        "before": before,
    }
    return render(request, "review/archive/snapshot.html", context)
