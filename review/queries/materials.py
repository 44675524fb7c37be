"""Which training materials a person may read, and one of them whole."""

from django.db.models import Max, Prefetch, Q, QuerySet

from enterprises.models import Category, Sector, User
from enterprises.queries.scope import NOTHING, scope_for
from review.models import MaterialVersion, TrainingMaterial
from risks.queries.catalogues import category_codes_of


def materials_for_user(user: User) -> QuerySet[TrainingMaterial]:
    """Return the materials a person may read: those for all sectors and for theirs, of departments of their area.

    A department sees its own besides, withdrawn ones too.
    """
    scope = scope_for(user)
    if scope == NOTHING:
        return TrainingMaterial.objects.none()
    shown = Q(withdrawn_at=None)
    codes, ranges = scope.categories, scope.ranges
    if user.enterprise is not None:
        codes, ranges = frozenset(category_codes_of(user.enterprise)), ((user.enterprise.town_id,) * 2,)
    place = Q(pk__in=[])
    for low, high in ranges:
        place |= Q(department__region__low__lte=high, department__region__high__gte=low)
    shown &= place
    if codes is not None:
        sectors = Category.objects.filter(pk__in=sorted(codes)).values("sector")
        shown &= Q(sector=None) | Q(sector__in=sectors)
    own = Q(department=user.department_id) if user.department_id else Q(pk__in=[])
    return TrainingMaterial.objects.filter(shown | own)


def sectors_of_materials(user: User) -> QuerySet[Sector]:
    """Return the sectors that the materials a person may read are for."""
    return Sector.objects.filter(pk__in=materials_for_user(user).values("sector"))


def with_last_version(rows: QuerySet[TrainingMaterial]) -> QuerySet[TrainingMaterial]:
    """Add the number and the moment of the version in force."""
    return rows.annotate(number=Max("versions__number"), published_at=Max("versions__uploaded_at"))


def material_whole(user: User, pk: int) -> TrainingMaterial | None:
    """Return a material the person may read with its versions, or None. Two queries."""
    versions = MaterialVersion.objects.select_related("uploaded_by").order_by("-number")
    rows = materials_for_user(user).select_related("department__region", "sector")
    return rows.prefetch_related(Prefetch("versions", versions)).filter(pk=pk).first()
