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


def events_of_unit(user: User, enterprise_id: int) -> QuerySet[Event]:
    """Return the events of one enterprise and of those merged into it, nothing when the person may not open it.

    The few numbers are asked first, in one query, so that the index of events gives them in order.
    """
    may_open = Exists(enterprises_readable_by(user).filter(pk=enterprise_id))
    units = Enterprise.objects.filter(may_open, Q(pk=enterprise_id) | Q(merged_into=enterprise_id))
    return Event.objects.filter(enterprise_id__in=list(units.values_list("pk", flat=True)))


def events_of_filing(user: User, filing: Filing) -> QuerySet[Event]:
    """Return the events of one filing, whichever unit it was of when they happened, if the person may open it."""
    may_open = Exists(filings_readable_by(user).filter(pk=filing.pk))
    return Event.objects.filter(may_open, object_type="review.filing", object_id=filing.pk)
