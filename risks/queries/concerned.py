"""Whom a new version of a catalogue concerns: units asked something new, units whose ledger names what changed."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from enterprises.enums import ON_ROSTER
from enterprises.models import Enterprise, EnterpriseCategory
from risks.enums import RiskState
from risks.models import Risk


def units_concerned(*, key: str, codes: Iterable[str], categories: Iterable[str]) -> QuerySet[Enterprise]:
    """Return the units on the roster that a new version of the catalogue ``key`` concerns.

    ``codes`` are the items that were removed, raised or left a category, ``categories`` those asked something new
    (risks.checks.catalogue_difference.Difference).
    """
    risks = Risk.objects.filter(
        enterprise=OuterRef("pk"),
        state=RiskState.ACTIVE,
        item__catalogue__key=key,
        item__code__in=sorted(codes),
    )
    return on_roster().filter(of_categories(categories) | Q(Exists(risks)))


def on_roster() -> QuerySet[Enterprise]:
    """Return the units that are on the roster now."""
    return Enterprise.objects.filter(lifecycle__in=sorted(ON_ROSTER))


def of_categories(codes: Iterable[str]) -> Q:
    """Return the condition for units with one of these categories, as their primary or a further one."""
    wanted = sorted(codes)
    further = EnterpriseCategory.objects.filter(enterprise=OuterRef("pk"), category__in=wanted)
    return Q(category__in=wanted) | Q(Exists(further))
