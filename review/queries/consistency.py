"""Whether everything written agrees with everything else: states with events, ledger with finals, counts with rows.

Everything is read in chunks of enterprises, so memory stays small at any size. Each finding is one sentence that names
the object and both values.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from enterprises.models import Enterprise
from review.enums import Action, FilingState, Outcome, Stage
from review.models import Decision, Filing, Snapshot
from review.queries.campaigning.closing import closing_differences
from review.queries.content import count_by_level, ledger_risks, sha256_of
from review.queries.roster_consistency import roster_differences
from review.queries.verified import visit_differences
from riskreport.ground.models import Event, Pending
from risks.enums import Colour, Level, RiskState
from risks.models import Rating, Risk

CHUNK = 500
FILING_LABEL = "review.filing"
# What is read of each: plain rows, because a million objects would take longer than what is looked at.
EVENT = ("pk", "kind", "object_id", "data")
SNAPSHOT = ("pk", "filing_id", "number", "stage", "content", "sha256", "created_at")
DECISION = ("filing_id", "snapshot_id", "outcome", "decided_at")
FILED_STATES = {FilingState.FILED, FilingState.SUPPLEMENT_OPEN}
Allowed = Callable[[str, str, str, int, bool], bool]


@dataclass
class Tally:
    """What was looked at, and what differs."""

    enterprises: int = 0
    filings: int = 0
    events: int = 0
    snapshots: int = 0
    risks: int = 0
    ratings_waiting: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass
class _Chunk:
    """Everything that belongs to some enterprises, by filing or by enterprise."""

    filings: list[Filing]
    events: dict[int, list[Event]]
    snapshots: dict[int, list[Snapshot]]
    decisions: dict[int, list[Decision]]
    ledger: dict[int, dict[str, tuple[str, str]]]
    colours: dict[int, str]


def prove_everything(allowed: Allowed, alive: Callable[[], None] = lambda: None) -> Tally:
    """Compare all filings, events, snapshots, decisions, ledger risks and ratings; return what was seen and differs.

    ``allowed(action, from, to, stages, filed before)`` answers whether the table of moves has such a row. ``alive``
    is called after every chunk of enterprises.
    """
    tally = Tally()
    last = 0
    while ids := list(Enterprise.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        last = ids[-1]
        _prove_chunk(ids, _read(ids), allowed, tally)
        alive()
    tally.differences += [*roster_differences(), *visit_differences(), *closing_differences()]
    return tally


def _read(ids: list[int]) -> _Chunk:
    filings = list(Filing.objects.filter(enterprise__in=ids).select_related("campaign").order_by("pk"))
    numbers = [filing.pk for filing in filings]
    ledger: dict[int, dict[str, tuple[str, str]]] = {}
    active = Risk.objects.filter(enterprise__in=ids, state=RiskState.ACTIVE)
    for unit, lineage, level, name in active.values_list("enterprise_id", "lineage", "level", "name"):
        ledger.setdefault(unit, {})[str(lineage)] = (level, name)
    moves = Event.objects.filter(object_type=FILING_LABEL, object_id__in=numbers, kind__startswith="filing.")
    moves = moves.exclude(kind="filing.saved").order_by("pk").values_list(*EVENT, named=True)
    snapshots = Snapshot.objects.filter(filing__in=numbers).order_by("number").values_list(*SNAPSHOT, named=True)
    decisions = Decision.objects.filter(filing__in=numbers).order_by("pk").values_list(*DECISION, named=True)
    ratings = Rating.objects.filter(enterprise__in=ids, is_current=True)
    return _Chunk(
        filings=filings,
        events=_grouped(moves, "object_id"),
        snapshots=_grouped(snapshots, "filing_id"),
        decisions=_grouped(decisions, "filing_id"),
        ledger=ledger,
        colours=dict(ratings.values_list("enterprise_id", "colour")),
    )


def _grouped(rows: QuerySet, by: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, by), []).append(row)
    return found


def _prove_chunk(ids: list[int], chunk: _Chunk, allowed: Allowed, tally: Tally) -> None:
    finals: dict[int, list[tuple[Filing, Snapshot]]] = {}
    for filing in chunk.filings:
        events, snapshots = chunk.events.get(filing.pk, []), chunk.snapshots.get(filing.pk, [])
        name = f"filing {filing.pk} ({filing.campaign.code}, enterprise {filing.enterprise_id})"
        found = [
            *replay(filing, events, allowed),
            *_snapshots_hold(snapshots),
            *_columns_agree(filing, snapshots, chunk.decisions.get(filing.pk, [])),
            *_filed_is_whole(filing, snapshots, chunk, tally),
        ]
        tally.differences += [f"{name}: {text}" for text in found]
        tally.filings += 1
        tally.events += len(events)
        tally.snapshots += len(snapshots)
        if filing.state != FilingState.VOID:
            kept = [(filing, row) for row in snapshots if row.stage == Stage.FINAL]
            finals.setdefault(filing.enterprise_id, []).extend(kept)
    for enterprise_id in ids:
        told, held = last_final_risks(finals.get(enterprise_id, [])), chunk.ledger.get(enterprise_id, {})
        tally.risks += len(held)
        tally.differences += [f"enterprise {enterprise_id}: {text}" for text in _ledger_agrees(told, held)]
    tally.enterprises += len(ids)


def replay(filing: Filing, events: list[Event], allowed: Allowed) -> Iterator[str]:
    """Yield where the chain of moves breaks, and where it ends elsewhere than the filing stands."""
    state, version, filed = FilingState.NOT_STARTED.value, 1, False
    for event in events:
        action, data = event.kind.removeprefix("filing."), event.data
        came, went = data.get("from"), data.get("to")
        if came != state:
            yield f"event {event.pk} ({action}) starts from {came}, the event before ended in {state}"
        if action not in Action.values or not allowed(action, came, went, filing.campaign.stages, filed):
            yield f"event {event.pk}: the table of moves has no {action} from {came} to {went}"
        if data.get("version") != version + 1:
            yield f"event {event.pk} ({action}) has version {data.get('version')}, the one before had {version}"
        state, version, filed = went, data.get("version", version + 1), filed or action == Action.FILE
    if state != filing.state:
        yield f"its state is {filing.state}, its events say {state}"
    if version != filing.version:
        yield f"its version is {filing.version}, its events say {version}"


def _snapshots_hold(snapshots: list[Snapshot]) -> Iterator[str]:
    numbers = [row.number for row in snapshots]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"its snapshots are numbered {numbers}, with a gap"
    for row in snapshots:
        if sha256_of(row.content) != row.sha256:
            yield f"snapshot {row.number} does not verify: its content is not what its SHA-256 was taken of"


def _columns_agree(filing: Filing, snapshots: list[Snapshot], decisions: list[Decision]) -> Iterator[str]:
    drafts = [row.created_at for row in snapshots if row.stage == Stage.DRAFT]
    finals = [row for row in snapshots if row.stage == Stage.FINAL]
    approvals = [row.decided_at for row in decisions if row.outcome == Outcome.APPROVED]
    wanted = {
        "submitted_at": drafts[-1] if drafts else None,
        "approved_at": approvals[-1] if approvals else None,
        "filed_at": finals[-1].created_at if finals else None,
        "first_filed_at": finals[0].created_at if finals else None,
    }
    for name, value in wanted.items():
        if getattr(filing, name) != value:
            yield f"its {name} is {getattr(filing, name)}, its snapshots and decisions say {value}"
    if finals and filing.first_filed_on not in _days_around(finals[0]):
        yield f"its first_filed_on is {filing.first_filed_on}, its first final is of {finals[0].created_at}"
    counts = count_by_level(json.loads(finals[-1].content)) if finals else {Level.MAJOR: 0, Level.LARGER: 0}
    told = {"risks_major": counts[Level.MAJOR], "risks_larger": counts[Level.LARGER]}
    for name, count in told.items():
        if getattr(filing, name) != count:
            yield f"its {name} is {getattr(filing, name)}, its last final says {count}"


def _days_around(snapshot: Snapshot) -> set:
    """The day of a snapshot; a report certified in the last second of one may bear the next."""
    return {timezone.localdate(snapshot.created_at), timezone.localdate(snapshot.created_at + timedelta(minutes=1))}


def _filed_is_whole(filing: Filing, snapshots: list[Snapshot], chunk: _Chunk, tally: Tally) -> Iterator[str]:
    if filing.state not in FILED_STATES and filing.first_filed_at is None:
        return
    if not any(row.stage == Stage.FINAL for row in snapshots):
        yield "it counts as filed and has no final snapshot"
    decided = {row.snapshot_id for row in chunk.decisions.get(filing.pk, []) if row.outcome == Outcome.APPROVED}
    if filing.campaign.stages == 2 and not decided & {row.pk for row in snapshots}:
        yield "it counts as filed in two stages and no decision approved it"
    if filing.state not in FILED_STATES:
        return
    colour = chunk.colours.get(filing.enterprise_id)
    if colour is None or colour == Colour.GREY:
        if _is_waiting(filing):
            tally.ratings_waiting += 1
        else:
            yield f"it is filed and its enterprise {'is rated grey' if colour else 'has no rating'}"


def _is_waiting(filing: Filing) -> bool:
    """Whether a reaction to one of the enterprise's events is still to run; the rating comes with it."""
    due = Pending.objects.filter(done_at=None, parked_at=None, event__enterprise_id=filing.enterprise_id)
    return due.filter(event__kind="filing.file").exists()


def last_final_risks(finals: list[tuple[Filing, Snapshot]]) -> dict[str, tuple[str, str]]:
    """Return lineage → (level, name) of what the last final report of an enterprise puts into the ledger."""
    if not finals:
        return {}
    _filing, last = max(finals, key=lambda pair: (pair[1].created_at, pair[1].pk))
    return {row["lineage"]: (row["level"], row["name"]) for row in ledger_risks(json.loads(last.content))}


def _ledger_agrees(told: dict[str, tuple[str, str]], held: dict[str, tuple[str, str]]) -> Iterator[str]:
    for lineage in sorted({*told, *held}):
        if told.get(lineage) != held.get(lineage):
            yield (
                f"risk {lineage} is {_risk(held.get(lineage))} in the ledger "
                f"and {_risk(told.get(lineage))} in its last final report"
            )


def _risk(found: tuple[str, str] | None) -> str:
    return f"“{found[1]}” ({found[0]})" if found else "not there"
