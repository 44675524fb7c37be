"""What a move does beside the state: snapshot, decision, ledger, Standing. Called by the executor alone."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from enterprises.models import User
from review.domain import content, snapshots
from review.domain.catalogue_adoption import adopt_versions_in_force, versions_answered
from review.enums import Action, FilingState, Outcome, Stage
from review.models import Decision, Filing, Remark, Snapshot
from review.queries.content import count_by_level, ledger_risks
from riskreport.ground import clock
from risks.domain.ledger import post_to_ledger
from risks.domain.standing import note_filed, note_left
from risks.enums import Level


@dataclass
class Effect:
    """Columns of the filing to change with the state, and what the event and the answer should say."""

    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


def apply(*, action: Action, filing: Filing, user: User | None, reason: str, given: dict) -> Effect:
    """Do what the action does, on the locked filing, in the caller's transaction; only the roster acts without user."""
    return _EFFECTS[action](filing, user, reason, given)


def _start(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    content.prefill_content(filing=filing, user=user)
    if user.enterprise_id is None:
        return Effect({"is_paper": True, "entered_by": user})
    return Effect()


def _submit(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    filing.catalogue_versions = versions_answered(filing)
    snapshot, _body = snapshots.take_snapshot(filing=filing, user=user, stage=Stage.DRAFT)
    changes = {"submitted_at": snapshot.created_at, "claimed_by": None, "claimed_at": None}
    changes["catalogue_versions"] = filing.catalogue_versions
    return Effect(changes, {"snapshot": snapshot.pk, "number": snapshot.number})


def _claim(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    return Effect({"claimed_by": user, "claimed_at": clock.now()})


def _unclaim(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    return Effect({"claimed_by": None, "claimed_at": None})


def _write_again(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    """A report that goes back to being written follows the catalogues in force again."""
    adopt_versions_in_force(filing, filing.catalogue_versions)
    return Effect({"claimed_by": None, "claimed_at": None, "catalogue_versions": {}})


def _return(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    decision = _decide(filing, user, Outcome.RETURNED, reason)
    return Effect(_write_again(filing, user, reason, given).changes, {"decision": decision.pk})


def _approve(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    decision = _decide(filing, user, Outcome.APPROVED, reason)
    return Effect({"approved_at": decision.decided_at}, {"decision": decision.pk})


def _decide(filing: Filing, user: User, outcome: Outcome, message: str) -> Decision:
    """Write the decision on the last snapshot and hand over the department's remarks with it."""
    snapshot: Snapshot = filing.snapshots.order_by("-number")[0]
    decision = Decision.objects.create(
        filing=filing,
        snapshot=snapshot,
        department=filing.department,
        decided_by=user,
        outcome=outcome,
        message=message,
        decided_at=clock.now(),
    )
    Remark.objects.filter(snapshot=snapshot, decision=None, department=filing.department).update(decision=decision)
    return decision


def _file(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    """Snapshot, ledger, enterprise data and Standing of a final report, at once: the board and the colour read them."""
    content.write_undertaking(filing=filing, user=user, given=given)
    filing.catalogue_versions = versions_answered(filing)
    snapshot, body = snapshots.take_snapshot(filing=filing, user=user, stage=Stage.FINAL)
    today = clock.today()
    post_to_ledger(
        enterprise=filing.enterprise,
        rows=ledger_risks(body),
        filing_id=filing.pk,
        snapshot_id=snapshot.pk,
        on=today,
    )
    content.carry_basic_to_enterprise(filing=filing, basic=body["basic"], user=user)
    counts = count_by_level(body)
    major, larger = counts[Level.MAJOR], counts[Level.LARGER]
    note_filed(enterprise_id=filing.enterprise_id, on=today, zero_risk=not (major or larger))
    changes = {
        "catalogue_versions": filing.catalogue_versions,
        "risks_major": major,
        "risks_larger": larger,
        "filed_at": snapshot.created_at,
        "first_filed_at": filing.first_filed_at or snapshot.created_at,
        "first_filed_on": filing.first_filed_on or today,
        "claimed_by": None,
        "claimed_at": None,
    }
    return Effect(changes, {"snapshot": snapshot.pk, "number": snapshot.number})


def _exempt(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    return _leave(filing, reason)


def _leave(filing: Filing, reason: str, *, zero_risk: bool | None = None, on: dt.date | None = None) -> Effect:
    """Take the filing out of what is expected, from ``on`` (today when None).

    ``zero_risk`` is what the reports that still stand now say, if known.
    """
    day = max(on or clock.today(), filing.joined_on)
    left_on = min(filing.left_on or day, day)
    filed = Filing.objects.filter(enterprise=filing.enterprise, first_filed_at__isnull=False)
    others = filed.exclude(pk=filing.pk).exclude(state=FilingState.VOID)
    note_left(enterprise_id=filing.enterprise_id, still_reported=others.exists(), zero_risk=zero_risk)
    return Effect({"left_on": left_on, "left_reason": reason[:500], "claimed_by": None, "claimed_at": None})


def _void(filing: Filing, user: User, reason: str, given: dict) -> Effect:
    """A report declared void leaves the ledger as the unit's last other final report says, or empty.

    ``given["on"]`` is the day it leaves when that is not today.
    """
    rows = None
    if filing.first_filed_at is not None:
        finals = Snapshot.objects.filter(stage=Stage.FINAL, filing__enterprise=filing.enterprise_id)
        others = finals.exclude(filing=filing).exclude(filing__state=FilingState.VOID)
        last = others.order_by("created_at", "pk").last()
        rows = ledger_risks(json.loads(last.content)) if last else []
        post_to_ledger(
            enterprise=filing.enterprise,
            rows=rows,
            filing_id=last.filing_id if last else filing.pk,
            snapshot_id=last.pk if last else 0,
            on=clock.today(),
        )
    return _leave(filing, reason, zero_risk=None if rows is None else not rows, on=given.get("on"))


_EFFECTS: dict[Action, Callable[..., Effect]] = {
    Action.START: _start,
    Action.SUBMIT: _submit,
    Action.WITHDRAW: _write_again,
    Action.CLAIM: _claim,
    Action.PUT_BACK: _unclaim,
    Action.RETURN: _return,
    Action.APPROVE: _approve,
    Action.FILE: _file,
    Action.REOPEN: _write_again,
    Action.EXEMPT: _exempt,
    Action.VOID: _void,
    Action.HAND_OVER: _unclaim,
    Action.SUPERSEDE: _void,
}
