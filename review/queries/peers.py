"""What units of the same kind usually declare: beside a report, so that what is missing catches the eye."""

from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from enterprises.models import User
from review.enums import Answered, FilingState
from review.models import DeclaredRisk, Filing
from review.queries.scope import filings_for_user

FEWEST_PEERS = 3
USUAL_PERCENT = 50
NOT_YET = [FilingState.NOT_STARTED, FilingState.DRAFTING, FilingState.EXEMPT, FilingState.VOID]


@dataclass(frozen=True)
class PeerItem:
    """A catalogue item, the share of peers that declare it in percent, and whether this unit does."""

    code: str
    name: str
    count: int
    percent: int
    here: bool

    @property
    def stands_out(self) -> bool:
        """Whether most peers declare it and this unit does not."""
        return not self.here and self.percent >= USUAL_PERCENT


@dataclass(frozen=True)
class Peers:
    """How many peers have reported and what they declare, the usual first. Too few peers say nothing."""

    total: int
    items: list[PeerItem]

    @property
    def enough(self) -> bool:
        """Whether there are enough peers to compare with."""
        return self.total >= FEWEST_PEERS

    @property
    def standing_out(self) -> list[PeerItem]:
        """What most peers declare and this unit does not."""
        return [row for row in self.items if row.stands_out]

    @property
    def agree(self) -> bool:
        """Whether there is anything at all that most peers declare."""
        return any(row.percent >= USUAL_PERCENT for row in self.items)


def peer_filings(user: User, filing: Filing) -> QuerySet[Filing]:
    """Return the other reports of the same campaign and category, handed in, within the person's scope."""
    rows = filings_for_user(user).filter(campaign_id=filing.campaign_id, category_id=filing.category_id)
    return rows.exclude(state__in=NOT_YET).exclude(pk=filing.pk)


def peers_of(user: User, filing: Filing, content: dict) -> Peers:
    """Return what the peers of a filing declare, compared with its ``content``. Two queries."""
    peers = peer_filings(user, filing)
    total = peers.count()
    declared = (
        DeclaredRisk.objects.filter(filing__in=peers, is_withdrawn=False, item__isnull=False)
        .values("item__code")
        .annotate(name=Max("item__name"), count=Count("filing", distinct=True))
        .order_by("-count", "item__code")
    )
    here = {row["item"] for row in content["risks"]} | _present(content)
    items = [
        PeerItem(
            row["item__code"],
            row["name"],
            row["count"],
            row["count"] * 100 // total if total else 0,
            row["item__code"] in here,
        )
        for row in declared
    ]
    return Peers(total, items)


def _present(content: dict) -> set[str]:
    return {
        code
        for answers in content["answers"].values()
        for code, value in answers.items()
        if value.get("answer") == Answered.PRESENT
    }
