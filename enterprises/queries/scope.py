"""What a person may see: ranges of town codes and a set of categories, or one enterprise.

Every list, count, board, export and job starts from the ``…_for_user`` functions; nothing else decides it.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from enterprises.enums import READS_BUSINESS, SEES_EVERY_LINE
from enterprises.models import Category, Department, Enterprise, EnterpriseCategory, User


@dataclass(frozen=True)
class Scope:
    """Ranges of town codes (both ends included), category codes (None means all), or the one enterprise."""

    ranges: tuple[tuple[int, int], ...] = ()
    categories: frozenset[str] | None = None
    enterprise_id: int | None = None

    def q(self, *, town: str = "town_id", category: str = "category_id", enterprise: str = "enterprise_id") -> Q:
        """Return the condition for rows with these columns; an empty scope matches nothing."""
        if self.enterprise_id is not None:
            return Q(**{enterprise: self.enterprise_id})
        condition = self.area_q(town)
        if self.categories is not None:
            condition &= Q(**{f"{category}__in": sorted(self.categories)})
        return condition

    def area_q(self, town: str = "town_id") -> Q:
        """Return the condition on the town alone."""
        condition = Q(pk__in=[])
        for low, high in self.ranges:
            condition |= Q(**{f"{town}__gte": low, f"{town}__lte": high})
        return condition

    def within(self, other: "Scope") -> "Scope":
        """Return what lies in both scopes, each of areas and categories."""
        ranges = tuple(
            (max(low, least), min(high, most))
            for low, high in self.ranges
            for least, most in other.ranges
            if max(low, least) <= min(high, most)
        )
        if self.categories is None or other.categories is None:
            return Scope(ranges, other.categories if self.categories is None else self.categories)
        return Scope(ranges, self.categories & other.categories)


NOTHING = Scope()


def scope_for(user: User) -> Scope:
    """Return the scope of a person; asked once per request, because it is kept on the person object."""
    known = getattr(user, "_scope", None)
    if known is None:
        known = _scope_for(user)
        user._scope = known  # type: ignore[attr-defined]  # kept on the object for this request only
    return known


def _scope_for(user: User) -> Scope:
    if not user.is_authenticated or not user.is_active or user.role not in READS_BUSINESS:
        return NOTHING
    if user.enterprise_id is not None:
        return Scope(enterprise_id=user.enterprise_id)
    return scope_of(user.department) if user.department else NOTHING


def scope_of(department: Department) -> Scope:
    """Return what a department handles: its areas, and the categories its line leads unless it sees every line."""
    ranges = tuple(sorted(department.areas.values_list("low", "high")))
    if department.kind in SEES_EVERY_LINE:
        return Scope(ranges=ranges)
    line = department.line_id
    if line is None:
        return NOTHING
    led = Category.objects.filter(Q(lead=line) | Q(co_leads=line)).values_list("code", flat=True)
    return Scope(ranges=ranges, categories=frozenset(led))


def enterprises_for_user(user: User) -> QuerySet[Enterprise]:
    """Return the enterprises a person counts as theirs: primary category and town within the scope."""
    return Enterprise.objects.filter(scope_for(user).q(enterprise="pk"))


def enterprises_readable_by(user: User) -> QuerySet[Enterprise]:
    """Return the enterprises a person may open: those of the scope, and those with a further category in it."""
    scope = scope_for(user)
    condition = scope.q(enterprise="pk")
    if scope.categories is not None:
        further = EnterpriseCategory.objects.filter(enterprise=OuterRef("pk"), category__in=sorted(scope.categories))
        condition |= scope.area_q() & Q(Exists(further))
    return Enterprise.objects.filter(condition)
