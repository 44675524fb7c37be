"""Which letters the rules propose, and why: a person issues them or says why not."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from enterprises.models import User
from review.domain.letters.behind import Behind, groups_behind, overdue_reports, unit_behind, worst_first
from review.enums import UNDER_WAY, LetterKind, LetterState
from review.models import Campaign, Letter, ProposalDismissal
from review.queries.letters.standards import Standard, standards

MOST_UNITS = 50
RESTS = dt.timedelta(days=14)  # after a letter of the same kind, while its answer is on the way or just checked
RANK = {kind: number for number, kind in enumerate(LetterKind)}


@dataclass(frozen=True)
class Proposal:
    """A letter of this kind to this one; ``low`` says that the ranking asks for it, not the days."""

    kind: LetterKind
    behind: Behind
    standard: Standard
    low: bool

    @property
    def key(self) -> tuple[str, str]:
        """What is dismissed or written."""
        return self.kind.value, self.behind.subject


@dataclass(frozen=True)
class Proposals:
    """What is proposed to an office for a campaign. ``units_more`` overdue enterprises are not shown."""

    groups: list[Proposal]
    units: list[Proposal]
    units_more: int
    dismissed: list[ProposalDismissal]


def kinds_for(behind: Behind, known: dict[LetterKind, Standard]) -> list[tuple[LetterKind, bool]]:
    """Return the kinds that the rules ask for, each with whether the ranking asks: the severest step reached alone."""
    if not behind.figures.open:
        return []
    reached = [one.days_behind for one in known.values() if one.days_behind <= behind.days]
    by_days = {kind for kind, one in known.items() if reached and one.days_behind == max(reached)}
    by_rank = {kind for kind, one in known.items() if behind.low_for(one.bottom_places, one.bottom_runs)}
    if by_rank and by_days and max(RANK[kind] for kind in by_days) > max(RANK[kind] for kind in by_rank):
        by_rank = set()
    elif by_rank:
        by_days &= by_rank
    return [(kind, kind not in by_days) for kind in LetterKind if kind in by_days | by_rank]


def proposals_for(user: User, campaign: Campaign, as_of: dt.date) -> Proposals:
    """Return what the rules propose to the person's office on a day, without what is under way or was dismissed."""
    known = standards()
    runs = max((one.bottom_runs for one in known.values() if one.bottom_places), default=1)
    dismissed = list(_dismissed(user, campaign, as_of))
    taken = {(row.kind, row.subject) for row in dismissed} | _written(user, campaign, as_of)
    groups = _proposed(worst_first(groups_behind(user, campaign, as_of, runs=runs)), known, taken)
    least = min(one.days_behind for one in known.values())
    overdue = overdue_reports(user, campaign, as_of, days=least)
    taken_units = {subject.partition("-")[2] for _kind, subject in taken if subject.startswith("enterprise-")}
    shown = [unit_behind(row, as_of) for row in overdue[: MOST_UNITS + len(taken_units)]]
    units = _proposed(shown, known, taken)[:MOST_UNITS]
    return Proposals(groups, units, max(overdue.count() - len(shown), 0), dismissed)


def _proposed(rows: Iterable[Behind], known: dict[LetterKind, Standard], taken: set[tuple[str, str]]) -> list[Proposal]:
    found = (Proposal(kind, row, known[kind], low) for row in rows for kind, low in kinds_for(row, known))
    return [one for one in found if one.key not in taken]


def _dismissed(user: User, campaign: Campaign, as_of: dt.date) -> Iterable[ProposalDismissal]:
    rows = ProposalDismissal.objects.filter(campaign=campaign, department=user.department_id, until__gte=as_of)
    return rows.select_related("dismissed_by").order_by("-id")


def _written(user: User, campaign: Campaign, as_of: dt.date) -> set[tuple[str, str]]:
    """Return what was written of late, or is under way; a milder kind is not proposed beside a severer one."""
    letters = Letter.objects.filter(issuer=user.department_id, campaign=campaign)
    recent = letters.filter(issued_at__date__gt=as_of - RESTS)
    current = letters.filter(state__in=[*UNDER_WAY, LetterState.DRAFT])
    found = set((recent | current).values_list("kind", "subject"))
    milder = (
        (kind.value, subject)
        for written, subject in found
        for kind in LetterKind
        if RANK[kind] < RANK[LetterKind(written)]
    )
    return found.union(milder)
