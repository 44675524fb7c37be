"""Writing many histories at once, in the order that their keys depend on each other."""

from collections.abc import Iterable, Sequence

from django.db.models import F

from enterprises.models import Enterprise
from review.domain.demo.history import History
from review.models import Decision, DeclaredRisk, Filing, FilingSection, Remark, Snapshot
from riskreport.ground.models import Event
from risks.models import Risk, Standing

BATCH = 500
FILING_COLUMNS = [
    "state", "version", "risks_major", "risks_larger", "claimed_by", "left_on", "left_reason", "submitted_at",
    "claimed_at", "approved_at", "filed_at", "first_filed_at", "first_filed_on",
    "catalogue_versions",
]  # fmt: skip


def save_histories(histories: Sequence[History]) -> None:
    """Write contents, snapshots, decisions, remarks, ledger, Standing, events and at last the filings' columns.

    In the caller's transaction. The events are written in order of time and owe no reactions: nobody is told today of
    what happened months ago.
    """
    FilingSection.objects.bulk_create(
        [section for history in histories for section in history.sections.values()], batch_size=BATCH
    )
    written = [history.written for history in histories if history.written]
    DeclaredRisk.objects.bulk_create([risk for content in written for risk in content.risks], batch_size=BATCH)
    Snapshot.objects.bulk_create([row for history in histories for row in history.snapshots], batch_size=BATCH)
    Decision.objects.bulk_create([row for history in histories for row in history.decisions], batch_size=BATCH)
    Remark.objects.bulk_create([row for history in histories for row in history.remarks], batch_size=BATCH)
    _save_ledger(histories)
    _save_events(histories)
    moved = [history.filing for history in histories if history.events]
    Filing.objects.bulk_update(moved, FILING_COLUMNS, batch_size=200)


def _save_ledger(histories: Iterable[History]) -> None:
    risks = []
    for history in histories:
        for risk, snapshot in history.ledger.values():
            risk.snapshot_id = snapshot.pk
            risks.append(risk)
    Risk.objects.bulk_create(risks, batch_size=BATCH)
    Standing.objects.bulk_create([history.standing for history in histories if history.standing], batch_size=BATCH)
    # A final carries its basic information back to the roster and counts the roster's version up.
    by_finals: dict[int, list[int]] = {}
    for history in histories:
        by_finals.setdefault(history.finals, []).append(history.filing.enterprise_id)
    for finals, ids in by_finals.items():
        for start in range(0, len(ids) if finals else 0, BATCH):
            Enterprise.objects.filter(pk__in=ids[start : start + BATCH]).update(version=F("version") + finals)


def _save_events(histories: Iterable[History]) -> None:
    rows = []
    for history in histories:
        for event, data in history.events:
            event.data |= {
                name: value.pk if isinstance(value, Snapshot | Decision) else value for name, value in data.items()
            }
            rows.append(event)
    rows.sort(key=lambda event: event.at)
    Event.objects.bulk_create(rows, batch_size=BATCH)
