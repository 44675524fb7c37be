"""What each role's home stands on. Every count here is the size of the list it links to."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from enterprises.models import User
from enterprises.queries.accounts import unit_accounts_for_user
from enterprises.queries.scope import scope_for
from review.enums import DEPARTMENT_TURN, AttachmentKind, CampaignState, FilingState
from review.models import Attachment, Campaign, Filing
from review.queries.board import colour_or_grey, current_rating
from review.queries.completion import Figures, expected_q, filed_q, on_time_q, open_q
from review.queries.queue import department_filings
from review.queries.scope import filings_for_user
from riskreport.ground import clock
from risks.enums import Colour, Level, RiskState
from risks.models import Rating
from risks.queries.catalogues import catalogues_for_user
from risks.queries.scope import ratings_for_user, risks_for_user

SHOWN_STATES = (FilingState.SUBMITTED, FilingState.IN_REVIEW, FilingState.RETURNED)
WITH = ("campaign", "enterprise", "department", "town", "category")


def own_filings(user: User) -> QuerySet[Filing]:
    """Return the reports of the person's enterprise, the newest campaign first.

    ``lacks_scan`` says whether a first report was handed in whose stamped scan is not there yet.
    """
    scan = Attachment.objects.filter(filing=OuterRef("pk"), kind=AttachmentKind.STAMPED, removed_at=None)
    asked = Q(state__in=DEPARTMENT_TURN, is_paper=False)
    return (
        filings_for_user(user)
        .select_related(*WITH, "claimed_by")
        .annotate(lacks_scan=asked & ~Exists(scan))
        .order_by("-campaign__opens_on", "-id")
    )


def own_rating(user: User) -> Rating | None:
    """Return the current rating of the person's enterprise."""
    return ratings_for_user(user).select_related("rule").first()


def ledger_levels(user: User) -> dict[str, int]:
    """Return how many active ledger risks there are at each level, within the person's scope. One query."""
    rows = risks_for_user(user).filter(state=RiskState.ACTIVE).order_by()
    found = dict(rows.values_list("level").annotate(n=Count("*")))
    return {level.value: found.get(level.value, 0) for level in (Level.MAJOR, Level.LARGER)}


def state_counts(user: User) -> dict[str, int]:
    """Return how many reports within the person's scope are in the hands of departments or returned. One query."""
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in SHOWN_STATES}
    return filings_for_user(user).aggregate(**counts)


def longest_waiting(user: User, size: int = 5) -> list[Filing]:
    """Return the department's reports that have waited longest to be taken."""
    rows = department_filings(user).filter(state=FilingState.SUBMITTED).select_related(*WITH)
    return list(rows.order_by("submitted_at", "id")[:size])


def oldest_in_review(user: User) -> Filing | None:
    """Return the report that the person took and that was handed in first."""
    rows = department_filings(user).filter(state=FilingState.IN_REVIEW, claimed_by=user)
    return rows.order_by("submitted_at", "id").first()


@dataclass(frozen=True)
class CampaignFigures:
    """An open reporting task with its figures, and how many of its units are overdue, within a person's scope."""

    campaign: Campaign
    figures: Figures
    overdue: int


def campaign_figures(user: User) -> list[CampaignFigures]:
    """Return the figures of every open campaign within the person's scope. Two queries, however many campaigns."""
    today = clock.today()
    counted = {
        row["campaign"]: row
        for row in Filing.objects.filter(scope_for(user).q(), campaign__state=CampaignState.OPEN)
        .order_by()
        .values("campaign")
        .annotate(
            expected=Count("pk", filter=expected_q(today)),
            actual=Count("pk", filter=expected_q(today) & filed_q(today)),
            on_time=Count("pk", filter=expected_q(today) & on_time_q(today)),
            overdue=Count("pk", filter=expected_q(today) & open_q(today) & Q(due_on__lt=today)),
        )
    }
    return [
        CampaignFigures(
            campaign,
            Figures(row["expected"], row["actual"], row["on_time"]),
            row["overdue"],
        )
        for campaign in Campaign.objects.filter(pk__in=counted).order_by("due_on", "id")
        if (row := counted[campaign.pk])
    ]


def recently_filed(user: User) -> QuerySet[Filing]:
    """Return the reports in force within the person's scope, the newest first."""
    rows = filings_for_user(user).filter(state=FilingState.FILED)
    return rows.select_related(*WITH).order_by("-first_filed_on", "-id")


def zero_risk_filed(user: User) -> QuerySet[Filing]:
    """Return the reports in force that declare no larger-and-above risk: each is to be verified on the spot."""
    rows = filings_for_user(user).filter(state=FilingState.FILED, risks_major=0, risks_larger=0)
    return rows.select_related(*WITH).order_by("-first_filed_on", "-id")


def inspector_counts(user: User) -> dict[str, int]:
    """Return how many reports are in force within the person's scope, and how many of them declare no risk."""
    return filings_for_user(user).aggregate(
        filed=Count("pk", filter=Q(state=FilingState.FILED)),
        zero=Count("pk", filter=Q(state=FilingState.FILED, risks_major=0, risks_larger=0)),
    )


def colour_counts(user: User) -> dict[str, int]:
    """Return how many reports in force come from units of each rating, grey where a unit has none. One query."""
    rows = filings_for_user(user).filter(state=FilingState.FILED).order_by()
    found = dict(rows.annotate(rated=current_rating()).values_list(colour_or_grey()).annotate(n=Count("*")))
    return {colour.value: found.get(colour.value, 0) for colour in Colour}


def keeper_catalogues(user: User) -> list:
    """Return the published catalogues a keeper answers for, with the number of their items."""
    return list(catalogues_for_user(user).annotate(items_count=Count("items", distinct=True)).order_by("key"))


def silent_administrators(user: User) -> int:
    """Return how many active administrators of units in the person's area and lines have never signed in."""
    return unit_accounts_for_user(user).filter(last_login=None, is_active=True).count()
