"""Remarks on a snapshot: written while it is reviewed, removed by their author, ticked off by the enterprise."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import User
from review import rules
from review.domain.workflow import lock_filing, may_edit
from review.enums import FilingState
from review.models import Filing, Remark, Snapshot
from riskreport.ground import clock
from riskreport.ground.access import Answer, Refused
from riskreport.ground.domain.events import record_event

MOST_CHARACTERS = 1000


class RemarkRefused(Refused):
    """A remark that may not be written, removed or ticked off now; the text says why."""


def may_add_remark(user: User, filing: Filing) -> Answer:
    """Return whether the person may write on the last snapshot, with the reason.

    What the deciding department writes reaches the enterprise with its decision, so only the reviewer who took the
    report may write it, and only until the decision. Everybody else who may read the report comments at any time.
    """
    answer = rules.may_remark(user, filing)
    if not answer.allowed or user.department_id != filing.department_id:
        return answer
    if filing.state != FilingState.IN_REVIEW:
        return Answer(False, _("Take the report for review first: remarks belong to a review."))
    return rules.may_decide(user, filing)


def is_comment(user: User, filing: Filing) -> bool:
    """Whether what this person writes stays among the departments."""
    return user.department_id != filing.department_id


def add_remark(*, filing_id: int, user: User, section: str, text: str, lineage: str = "") -> Remark:
    """Write a remark on the filing's last snapshot, pinned to a section or to a risk by its lineage.

    The caller has found the filing among those the person may read. Side effects, in order, in one transaction: the
    filing's row is locked, so that no decision passes by; the right is checked; the remark; event ``remark.added``.
    The same text at the same place by the same person is kept once. Raises RemarkRefused, Filing.DoesNotExist.
    """
    text = text.strip()[:MOST_CHARACTERS]
    with transaction.atomic():
        filing = lock_filing(filing_id)
        snapshot = filing.snapshots.order_by("number").last()
        answer = _may_write(user, filing, snapshot, text)
        if not answer.allowed or snapshot is None:
            raise RemarkRefused(str(answer.reason))
        place = {"section": section[:60], "lineage": UUID(lineage) if lineage else None}
        remark, created = Remark.objects.get_or_create(
            snapshot=snapshot,
            author=user,
            decision=None,
            text=text,
            **place,
            defaults={"department_id": user.department_id, "created_at": clock.now()},
        )
        if created:
            _record("added", user, filing, remark)
    return remark


def _may_write(user: User, filing: Filing, snapshot: Snapshot | None, text: str) -> Answer:
    if snapshot is None:
        return Answer(False, _("Nothing has been handed in yet, so there is nothing to remark on."))
    if not text:
        return Answer(False, _("Write what should be changed. For example: name the fire exit that is blocked."))
    return may_add_remark(user, filing)


def remove_remark(*, remark_id: int, user: User) -> None:
    """Remove one's own remark that no decision has carried to the enterprise yet.

    Side effects, in order, in one transaction: the filing's row is locked; the remark goes; event ``remark.removed``.
    A second call does nothing. Raises RemarkRefused.
    """
    with transaction.atomic():
        remark = Remark.objects.select_related("snapshot").filter(pk=remark_id).first()
        if remark is None:
            return
        filing = lock_filing(remark.snapshot.filing_id)
        remark = Remark.objects.filter(pk=remark_id).first()
        if remark is None:
            return
        if remark.author_id != user.pk:
            raise RemarkRefused(_("Only its author may remove a remark."))
        if remark.decision_id is not None:
            raise RemarkRefused(_("This remark has already gone to the enterprise with the decision; it stays."))
        _record("removed", user, filing, remark)
        remark.delete()


def settle_remark(*, remark_id: int, user: User, settled: bool = True) -> Remark:
    """Tick a remark off as mended, or take the tick back.

    The one who writes the report does so while it may be changed. Side effects, in order, in one transaction: the
    filing's row is locked; the right is checked; the remark is marked; event ``remark.settled`` or
    ``remark.unsettled``. A second call changes nothing. Raises RemarkRefused, Remark.DoesNotExist (also for a comment
    among departments).
    """
    with transaction.atomic():
        known = Remark.objects.filter(decision__isnull=False).select_related("snapshot").get(pk=remark_id)
        filing = lock_filing(known.snapshot.filing_id)
        answer = may_edit(user, filing)
        if not answer.allowed:
            raise RemarkRefused(str(answer.reason))
        remark = Remark.objects.get(pk=remark_id)
        if (remark.settled_at is not None) == settled:
            return remark
        remark.settled_by, remark.settled_at = (user, clock.now()) if settled else (None, None)
        remark.save(update_fields=["settled_by", "settled_at"])
        _record("settled" if settled else "unsettled", user, filing, remark)
    return remark


def _record(what: str, user: User, filing: Filing, remark: Remark) -> None:
    record_event(
        kind=f"remark.{what}",
        actor=user,
        about=filing,
        enterprise_id=filing.enterprise_id,
        data={"remark": remark.pk, "section": remark.section, "visible": remark.decision_id is not None},
    )


__all__ = ["RemarkRefused", "add_remark", "is_comment", "may_add_remark", "remove_remark", "settle_remark"]
