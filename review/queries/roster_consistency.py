"""Whether obligations agree with the roster: counted are those on it, where they stand; a merged unit holds nothing."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from enterprises.enums import ON_ROSTER, Lifecycle
from enterprises.models import Enterprise, User
from review.enums import NOT_EXPECTED, CampaignState, FilingKind
from review.models import Filing
from risks.enums import RiskState
from risks.models import Risk, Standing


def roster_differences() -> Iterator[str]:
    """Yield a sentence for each obligation or merged unit that the roster says otherwise of; two queries."""
    live = Filing.objects.filter(kind=FilingKind.OBLIGATION, left_on=None).exclude(state__in=sorted(NOT_EXPECTED))
    off = ~Q(enterprise__lifecycle__in=sorted(ON_ROSTER))
    elsewhere = (
        ~Q(town=F("enterprise__town")) | ~Q(category=F("enterprise__category")) | ~Q(scale=F("enterprise__scale"))
    )
    rows = live.exclude(campaign__state=CampaignState.CLOSED).filter(off | elsewhere)
    for pk, unit, lifecycle in rows.values_list("pk", "enterprise_id", "enterprise__lifecycle").order_by("pk"):
        what = "stands elsewhere than its unit" if lifecycle in ON_ROSTER else f"is counted and its unit is {lifecycle}"
        yield f"filing {pk} (enterprise {unit}) {what}"
    holds = (
        Filing.objects.filter(enterprise=OuterRef("pk")),
        User.objects.filter(enterprise=OuterRef("pk")),
        Risk.objects.filter(enterprise=OuterRef("pk"), state=RiskState.ACTIVE),
        Standing.objects.filter(enterprise=OuterRef("pk")),
    )
    held = Q()
    for rows_of_unit in holds:
        held |= Q(Exists(rows_of_unit))
    merged = Enterprise.objects.filter(held, lifecycle=Lifecycle.MERGED).order_by("pk")
    for pk in merged.values_list("pk", flat=True):
        yield f"enterprise {pk} was merged into another and still has reports, people, risks or a standing of its own"
