"""Reporting tasks as a person sees them: which, their figures, who joined and left, what happened."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from enterprises.models import User
from enterprises.queries.scope import scope_for
from review.enums import CampaignState, ExtensionState, FilingKind
from review.models import Campaign, Extension, Filing
from review.queries.completion import STAGES, Figures, completion
from review.queries.scope import filings_for_user
from review.rules import runs_campaigns
from riskreport.ground import clock
from riskreport.ground.models import Event

SHOWN = 8
LOGGED = 40
COUNTED = ("expected", "actual", "on_time", "overdue")


def campaigns_for_user(user: User) -> QuerySet[Campaign]:
    """Return the reporting tasks a person may open: the city's office all, others those that ask a unit in scope."""
    if runs_campaigns(user).allowed:
        return Campaign.objects.all()
    asked = Filing.objects.filter(scope_for(user).q(), campaign=OuterRef("pk"))
    return Campaign.objects.filter(Exists(asked)).exclude(state=CampaignState.DRAFT)


def with_figures(user: User) -> QuerySet[Campaign]:
    """Return them with today's figures within the person's scope: n_expected, n_actual, n_on_time, n_overdue."""
    today = clock.today()
    return campaigns_for_user(user).annotate(
        **{f"n_{stage}": _counted(user, STAGES[stage](today)) for stage in COUNTED}
    )


def _counted(user: User, condition: Q) -> Coalesce:
    rows = Filing.objects.filter(scope_for(user).q(), condition, campaign=OuterRef("pk")).order_by()
    count = rows.values("campaign").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class Standing:
    """How a campaign stands today within a person's scope."""

    figures: Figures
    overdue: int
    joined_later: int
    left: int
    extended: int


def standing_of(user: User, campaign: Campaign) -> Standing:
    """Return how a campaign stands for a person. Three queries."""
    today = clock.today()
    figures = completion(campaign=campaign, as_of=today, scope=scope_for(user))[0].figures
    rows = filings_for_user(user).filter(campaign=campaign, kind=FilingKind.OBLIGATION)
    later = Q(joined_on__gt=campaign.opens_on)
    found = rows.aggregate(
        n_overdue=Count("pk", filter=STAGES["overdue"](today)),
        n_joined=Count("pk", filter=later),
        n_left=Count("pk", filter=Q(left_on__isnull=False)),
    )
    granted = Extension.objects.filter(filing=OuterRef("pk"), state=ExtensionState.GRANTED)
    extended = rows.filter(Exists(granted)).count()
    return Standing(figures, found["n_overdue"], found["n_joined"], found["n_left"], extended)


def came_and_went(user: User, campaign: Campaign) -> tuple[list[Filing], list[Filing]]:
    """Return the latest reports of units that joined after the opening, and of those that left. Two queries."""
    rows = filings_for_user(user).filter(campaign=campaign, kind=FilingKind.OBLIGATION).select_related("enterprise")
    came = rows.filter(joined_on__gt=campaign.opens_on, joined_on=F("enterprise__joined_on"))
    went = rows.filter(left_on__isnull=False)
    return list(came.order_by("-joined_on", "-pk")[:SHOWN]), list(went.order_by("-left_on", "-pk")[:SHOWN])


def log_of(campaign: Campaign) -> list[Event]:
    """Return the latest events about a campaign, newest first. One query."""
    rows = Event.objects.filter(object_type="review.campaign", object_id=campaign.pk)
    return list(rows.exclude(kind="campaign.joined").select_related("actor__department").order_by("-id")[:LOGGED])
