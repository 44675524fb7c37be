"""What a person may see of the filings and of what happened."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from enterprises.models import Enterprise, EnterpriseCategory, User
from enterprises.queries.scope import enterprises_readable_by, scope_for
from review.models import Filing
from riskreport.ground.models import Event


def filings_for_user(user: User) -> QuerySet[Filing]:
    """Return the filings a person counts as theirs: lists, boards and exports start here."""
    return Filing.objects.filter(scope_for(user).q())


def filings_readable_by(user: User) -> QuerySet[Filing]:
    """Return the filings a person may open: those counted, and those whose unit has a further category in scope."""
    scope = scope_for(user)
    condition = scope.q()
    if scope.categories is not None:
        further = EnterpriseCategory.objects.filter(
            enterprise=OuterRef("enterprise_id"), category__in=sorted(scope.categories)
        )
        condition |= scope.area_q() & Q(Exists(further))
    return Filing.objects.filter(condition)


def events_for_user(user: User) -> QuerySet[Event]:
    """Return the events of the enterprises a person may open, and of those that were merged into them."""
    readable = enterprises_readable_by(user).values("pk")
    merged = Enterprise.objects.filter(merged_into__in=readable).values("pk")
    return Event.objects.filter(Q(enterprise_id__in=readable) | Q(enterprise_id__in=merged))
