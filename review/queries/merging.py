"""What a merge of two units would bring together: read for the preview and for the act by the same functions."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from enterprises.models import Enterprise, User
from review.enums import FilingKind, FilingState, Stage
from review.models import Attachment, Filing, Snapshot
from review.queries.content import ledger_risks
from risks.enums import RiskState
from risks.models import Risk

S = FilingState
IN_ORDER = (
    S.NOT_STARTED, S.EXEMPT, S.DRAFTING, S.RETURNED, S.SUBMITTED, S.IN_REVIEW, S.APPROVED, S.SUPPLEMENT_OPEN, S.FILED
)  # fmt: skip
PROGRESS = {state: rank for rank, state in enumerate(IN_ORDER)}


@dataclass(frozen=True)
class Rivals:
    """Two reports of one campaign: the further one is kept, the survivor's own when both are as far."""

    kept: Filing
    ended: Filing


def rivals_of(survivor: Enterprise, absorbed: Enterprise) -> list[Rivals]:
    """Return the campaigns in which both units have a report that is not void; one query."""
    rows = Filing.objects.filter(enterprise__in=[survivor, absorbed], kind=FilingKind.OBLIGATION).exclude(state=S.VOID)
    by_campaign: dict[int, dict[int, Filing]] = {}
    for filing in rows.select_related("campaign", "enterprise", "department").order_by("campaign_id", "pk"):
        by_campaign.setdefault(filing.campaign_id, {})[filing.enterprise_id] = filing
    found = []
    for pair in by_campaign.values():
        own, other = pair.get(survivor.pk), pair.get(absorbed.pk)
        if own and other:
            is_other_further = PROGRESS[S(other.state)] > PROGRESS[S(own.state)]
            found.append(Rivals(other, own) if is_other_further else Rivals(own, other))
    return found


def last_final(units: Iterable[Enterprise], *, without: Iterable[int] = ()) -> Snapshot | None:
    """Return the last final report of these units that stands; ``without`` are reports that are about to be void."""
    finals = Snapshot.objects.filter(stage=Stage.FINAL, filing__enterprise__in=list(units))
    standing = finals.exclude(filing__state=S.VOID).exclude(filing__in=list(without))
    return standing.order_by("created_at", "pk").last()


@dataclass(frozen=True)
class Attached:
    """How much hangs on a unit."""

    people: int
    filings: int
    files: int
    risks: int


def attached_to(unit: Enterprise) -> Attached:
    """Count what a merge hands on; four queries."""
    return Attached(
        people=User.objects.filter(enterprise=unit, is_active=True).count(),
        filings=Filing.objects.filter(enterprise=unit).count(),
        files=Attachment.objects.filter(filing__enterprise=unit, removed_at=None).count(),
        risks=Risk.objects.filter(enterprise=unit, state=RiskState.ACTIVE).count(),
    )


def risks_after(survivor: Enterprise, absorbed: Enterprise, rivals: list[Rivals]) -> tuple[list[Risk], list[Risk]]:
    """Return the active risks of both units that stay in force and those that leave the ledger; two queries."""
    last = last_final([survivor, absorbed], without=[pair.ended.pk for pair in rivals])
    named = {row["lineage"] for row in ledger_risks(json.loads(last.content))} if last else set()
    active = Risk.objects.filter(enterprise__in=[survivor, absorbed], state=RiskState.ACTIVE).order_by("pk")
    rows = list(active)
    stay = [row for row in rows if str(row.lineage) in named]
    return stay, [row for row in rows if str(row.lineage) not in named]
