"""Recording a check on the spot (现场核查) of a report that was filed, and taking a wrong record back."""

import datetime as dt
import json

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import User
from review.domain.workflow import lock_filing
from review.enums import Stage, VisitOutcome
from review.models import Filing, Visit
from review.queries.content import ledger_risks
from review.queries.verified import last_visited, recorders_of
from review.rules import may_record_visit, may_withdraw_visit
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer
from risks.domain.standing import Visited, note_visits


class VisitRefused(Refused):
    """A visit that cannot be recorded as it was given; the text says why."""


def record_visit(
    *,
    filing_id: int,
    user: User,
    visited_on: dt.date,
    outcome: VisitOutcome | str,
    rectify_by: dt.date | None = None,
    key: str = "",
) -> Visit:
    """Record a visit by the person's department, at its level.

    The caller has found the filing among those the person may read. ``rectify_by`` goes with the outcome rectify alone.
    Side effects, in order, in one transaction: the filing's row is locked; an earlier answer to ``key`` is returned as
    it was; right, days and that the level has not yet come on that day are checked; the visit; Standing (last visit,
    open fault, zero risk checked, faults past their day); event ``visit.recorded`` with the notices and the rating it
    owes; the answer is kept under the key. A repeated call with the same key changes nothing. Raises VisitRefused,
    Refused, KeyReused, Filing.DoesNotExist.
    """
    outcome = VisitOutcome(outcome)
    digest = digest_of(["visit", filing_id, visited_on, outcome.value, rectify_by])
    with transaction.atomic():
        filing = lock_filing(filing_id)
        refusal = _("This form was already used for another visit. Open the page again.")
        earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        if earlier is not None:
            return Visit.objects.get(pk=earlier["visit"])
        may_record_visit.check(user, filing)
        _check(filing, user, visited_on, outcome, rectify_by)
        visit = Visit.objects.create(
            filing=filing,
            level=user.department.level,
            department=user.department,
            visited_on=visited_on,
            outcome=outcome,
            zero_risk=_named_no_risk(filing, visited_on),
            rectify_by=rectify_by,
        )
        _follow(visit, filing, user, "recorded")
        keep_answer(user=user, key=key, digest=digest, answer={"visit": visit.pk})
    return visit


def _check(filing: Filing, user: User, on: dt.date, outcome: VisitOutcome, rectify_by: dt.date | None) -> None:
    if on > clock.today():
        raise VisitRefused(_("The day of the visit is still to come. Record it on the day or afterwards."))
    if filing.first_filed_on is not None and on < filing.first_filed_on:
        text = _("The report was filed on %(day)s. The visit that checks it cannot have been before that day.")
        raise VisitRefused(text % {"day": filing.first_filed_on})
    if outcome == VisitOutcome.RECTIFY and (rectify_by is None or rectify_by < on):
        raise VisitRefused(_("Say by which day, not before the visit, the unit mends what was found."))
    if outcome != VisitOutcome.RECTIFY and rectify_by is not None:
        raise VisitRefused(_("A day to mend faults by goes only with the outcome “to rectify by a day”."))
    if filing.visits.filter(level=user.department.level, visited_on=on).exists():
        text = _("A visit at this level on %(day)s is already recorded for this report. Look at it in the archive.")
        raise VisitRefused(text % {"day": on})


def _named_no_risk(filing: Filing, on: dt.date) -> bool:
    """Whether the final report that was in force at the end of a day named no larger-and-above risk."""
    finals = filing.snapshots.filter(stage=Stage.FINAL, created_at__lt=clock.end_of(on))
    last = finals.order_by("number").last()
    return not ledger_risks(json.loads(last.content)) if last else filing.zero_risk


def _follow(visit: Visit, filing: Filing, user: User, what: str, **more: str) -> None:
    """Let Standing say what the visits that stand come to, and record the event."""
    unit = filing.enterprise_id
    note_visits(enterprise_id=unit, read=lambda: Visited(*last_visited(unit, clock.today())))
    data = {
        "visit": visit.pk,
        "level": visit.level,
        "on": visit.visited_on.isoformat(),
        "outcome": visit.outcome,
        "rectify_by": visit.rectify_by.isoformat() if visit.rectify_by else None,
    }
    record_event(kind=f"visit.{what}", actor=user, about=filing, enterprise_id=unit, data=data | more)


def withdraw_visit(*, visit_id: int, user: User, reason: str) -> None:
    """Take back a visit that was recorded wrongly.

    Side effects, in order, in one transaction: the filing's row is locked; right and reason are checked; the visit
    goes; Standing says what the other visits come to; event ``visit.withdrawn`` with what the visit said and the
    reason, which owes the notice and the rating. A second call does nothing. Raises VisitRefused, Refused.
    """
    with transaction.atomic():
        known = Visit.objects.filter(pk=visit_id).first()
        filing = lock_filing(known.filing_id) if known else None
        visit = Visit.objects.select_related("department").filter(pk=visit_id).first()
        if filing is None or visit is None:
            return
        may_withdraw_visit.check(user, recorders_of([visit]).get(visit_id))
        if not reason.strip():
            raise VisitRefused(_("Write the reason: the other side reads it. For example: it was another unit."))
        Visit.objects.filter(pk=visit_id).delete()
        _follow(visit, filing, user, "withdrawn", reason=reason.strip())
