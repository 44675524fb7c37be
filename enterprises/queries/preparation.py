"""Plans and steps of departments: whose a person may read, and how far each is."""

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet

from enterprises.enums import SEES_EVERY_LINE, DepartmentKind
from enterprises.models import Category, Department, DepartmentPlan, DepartmentStep, EnterpriseCategory, User
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import scope_for

CITY_DIVISOR = COUNTY_DIVISOR * 100


def departments_readable_by(user: User) -> QuerySet[Department]:
    """Return the bureaus whose plan and steps a person may read.

    A unit: the bureaus of its categories' lead lines at its county and at the city. A bureau: those of its own line, at
    its own level and above it, and below within its area. Who sees every line: those within the area, and the city's.
    """
    bureaus = Department.objects.filter(kind=DepartmentKind.BUREAU)
    if not user.is_authenticated or not user.is_active:
        return bureaus.none()
    if user.enterprise_id is not None:
        return bureaus.filter(line__in=_lines_of(user), region__in=_above(user.enterprise.town_id))
    scope = scope_for(user)
    if not scope.ranges:
        return bureaus.none()
    within = Q()
    for low, high in scope.ranges:
        county_low, county_high = low // COUNTY_DIVISOR, high // COUNTY_DIVISOR
        within |= Q(region__gte=county_low, region__lte=county_high) | Q(region__in=_above(low))
    own = bureaus.filter(within)
    return own if user.department.kind in SEES_EVERY_LINE else own.filter(line=user.department.line_id)


def _lines_of(user: User) -> set[str]:
    further = EnterpriseCategory.objects.filter(enterprise=user.enterprise_id).values("category")
    rows = Category.objects.filter(Q(pk=user.enterprise.category_id) | Q(pk__in=further))
    return set(rows.values_list("lead_id", flat=True))


def _above(town: int) -> list[int]:
    """Return the county and the city a town code lies in."""
    return [town // COUNTY_DIVISOR, town // CITY_DIVISOR * 100]


def with_progress(departments: QuerySet[Department]) -> QuerySet[Department]:
    """Add how many steps there are and are done, the next day due, the number and day of the last plan."""
    open_steps = Q(steps__done_on=None)
    return departments.annotate(
        steps_count=Count("steps", distinct=True),
        steps_done=Count("steps", filter=~open_steps, distinct=True),
        next_due=Min("steps__due_on", filter=open_steps),
        plan_number=Max("plans__number"),
        plan_at=Max("plans__uploaded_at"),
    )


def department_whole(user: User, pk: int) -> Department | None:
    """Return a department the person may read, or their own, with its plans and steps, or None. Three queries."""
    plans = DepartmentPlan.objects.select_related("uploaded_by").order_by("-number")
    steps = DepartmentStep.objects.select_related("done_by").order_by("order", "id")
    own = Department.objects.filter(pk=user.department_id)
    rows = (departments_readable_by(user) | own).select_related("line", "region")
    return rows.prefetch_related(Prefetch("plans", plans), Prefetch("steps", steps)).filter(pk=pk).first()
