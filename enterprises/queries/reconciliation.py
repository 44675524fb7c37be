"""What a person may see of reconciliations: their department's own, and in them only units of their scope."""

from django.db.models import Count, Q, QuerySet

from enterprises.models import Difference, Enterprise, Reconciliation, User
from enterprises.queries.scope import enterprises_for_user, scope_for

OPEN = Q(outcome="")


def reconciliations_for_user(user: User) -> QuerySet[Reconciliation]:
    """Return the reconciliations of the person's department."""
    return Reconciliation.objects.filter(department_id=user.department_id or 0)


def differences_for_user(user: User) -> QuerySet[Difference]:
    """Return the differences of the department's reconciliations whose unit and town, if any, lie in its scope now."""
    scope = scope_for(user)
    seen = Q(enterprise__isnull=True) | Q(enterprise__in=enterprises_for_user(user).values("pk"))
    place = Q(town__isnull=True) | scope.area_q("town_id")
    return Difference.objects.filter(seen & place, reconciliation__in=reconciliations_for_user(user).values("pk"))


def counts_of(user: User, reconciliation_id: int) -> dict[str, int]:
    """Return how many differences a reconciliation has, how many are settled, and how many are open by bucket."""
    rows = differences_for_user(user).filter(reconciliation=reconciliation_id)
    found = rows.values("bucket").annotate(all=Count("pk"), open=Count("pk", filter=OPEN)).order_by()
    counts = {row["bucket"]: row["open"] for row in found}
    total = sum(row["all"] for row in found)
    return counts | {"total": total, "open": sum(counts.values()), "settled": total - sum(counts.values())}


def units_by_code(user: User, codes: set[str]) -> dict[str, Enterprise]:
    """Return the units of the person's scope by code; a code that stands outside of it is as one that is not there."""
    wanted = sorted(codes)
    found: dict[str, Enterprise] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = enterprises_for_user(user).filter(Q(credit_code__in=part) | Q(temporary_code__in=part))
        found |= {row.code: row for row in rows.defer("profile")}
    return found
