"""Reads of the pages on which a report is written and followed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet

from enterprises.models import EnterpriseCategory, User
from review.enums import FilingState, Outcome
from review.models import Attachment, Decision, DeclaredRisk, Filing, FilingSection, Remark, Snapshot
from review.queries.scope import events_of_filing, filings_readable_by
from review.queries.timeline import TEXTS, actor_name, kinds_shown
from riskreport.ground.models import Event
from risks.models import AccidentType, AssessmentPreset

MOST_EVENTS = 60


def filings_to_open(user: User) -> QuerySet[Filing]:
    """Return the filings a person may open, each with what every page of it shows and its sections."""
    further = EnterpriseCategory.objects.filter(enterprise=OuterRef("enterprise_id"))
    sections = FilingSection.objects.select_related("updated_by__department")
    return (
        filings_readable_by(user)
        .select_related("campaign", "enterprise", "department", "category", "town", "claimed_by")
        .prefetch_related(Prefetch("sections", queryset=sections))
        .annotate(has_further_categories=Exists(further))
    )


def risk_of(filing: Filing, lineage: UUID) -> DeclaredRisk | None:
    """Return a declared risk of the filing with its item and the item's catalogue, or None."""
    return (
        DeclaredRisk.objects.filter(filing=filing, lineage=lineage, is_withdrawn=False)
        .select_related("item__catalogue")
        .first()
    )


def versions_of_risks(filing: Filing) -> dict[str, tuple[int, int]]:
    """Return lineage → (id, version) of the risks on the list."""
    rows = filing.declared_risks.filter(is_withdrawn=False).values_list("lineage", "pk", "version")
    return {str(lineage): (pk, version) for lineage, pk, version in rows}


def last_risk_change(filing: Filing) -> DeclaredRisk | None:
    """Return the declared risk that was written last, with who wrote it."""
    return filing.declared_risks.filter(is_withdrawn=False).select_related("updated_by").order_by("-updated_at").first()


def attachments_of(filing: Filing) -> list[Attachment]:
    """Return what is attached now, with who attached it."""
    return list(filing.attachments.filter(removed_at=None).select_related("uploaded_by").order_by("id"))


def default_presets() -> dict[str, AssessmentPreset]:
    """Return the preset in use for each method that scores."""
    return {row.method: row for row in AssessmentPreset.objects.filter(is_default=True, is_active=True)}


def accident_types() -> list[AccidentType]:
    """Return the accident types in their order."""
    return list(AccidentType.objects.order_by("code"))


@dataclass(frozen=True)
class LastReturn:
    """The last decision that returned the filing, with the remarks that came with it."""

    decision: Decision
    remarks: list[Remark]

    @property
    def open_count(self) -> int:
        """How many remarks are not ticked off."""
        return sum(remark.settled_at is None for remark in self.remarks)


def last_return(filing: Filing) -> LastReturn | None:
    """Return the last return of the filing, or None when it was never returned. Two queries."""
    remarks = Remark.objects.select_related("settled_by").order_by("id")
    decision = (
        filing.decisions.filter(outcome=Outcome.RETURNED)
        .select_related("department", "snapshot")
        .prefetch_related(Prefetch("remarks", queryset=remarks))
        .order_by("id")
        .last()
    )
    return LastReturn(decision, list(decision.remarks.all())) if decision else None


def open_remarks(filing: Filing, section: str, lineage: str = "") -> list[Remark]:
    """Return what the last return asks to mend here and is not ticked off: of one risk, or of a section as such.

    No query unless the report stands returned.
    """
    returned = last_return(filing) if filing.state == FilingState.RETURNED else None
    return [
        remark
        for remark in (returned.remarks if returned else ())
        if remark.settled_at is None
        and (str(remark.lineage) == lineage if lineage else not remark.lineage and remark.section == section)
    ]


def approved_snapshot(filing: Filing) -> Snapshot | None:
    """Return the snapshot that was approved last, or None."""
    decision = filing.decisions.filter(outcome=Outcome.APPROVED).select_related("snapshot").order_by("id").last()
    return decision.snapshot if decision else None


def snapshot_of(filing: Filing, number: int | None = None, **wanted: Any) -> Snapshot | None:
    """Return the snapshot of that number, or the last one, with who submitted it; None when there is none."""
    rows = filing.snapshots.select_related("created_by").filter(**wanted).order_by("number")
    return rows.filter(number=number).first() if number is not None else rows.last()


def next_number(filing: Filing) -> int:
    """Return the number that the next snapshot of the filing gets."""
    last = filing.snapshots.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@dataclass(frozen=True)
class Happened:
    """One line of a report's history; ``number`` is that of the snapshot taken, 0 when none was."""

    at: dt.datetime
    who: str
    text: str
    tone: str
    reason: str
    kind: str
    number: int


def history_of(user: User, filing: Filing) -> list[Happened]:
    """Return what happened to this filing in words the person may read, newest first. One query."""
    rows = (
        events_of_filing(user, filing)
        .filter(kind__in=kinds_shown(user))
        .select_related("actor__department")
        .order_by("-id")[:MOST_EVENTS]
    )
    return [_happened(event, user) for event in rows]


def _happened(event: Event, reader: User) -> Happened:
    text, tone = TEXTS[event.kind]
    data = event.data
    said = str(text) % {name: data.get(name, "") for name in ("number", "on")}
    number = data.get("number", 0) if data.get("snapshot") else 0
    return Happened(event.at, actor_name(event.actor, reader), said, tone, data.get("reason", ""), event.kind, number)
