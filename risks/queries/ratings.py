"""Reading ratings: how many units have each colour, and who is not rated by the rule in force."""

from django.db.models import Count, Exists, OuterRef, QuerySet

from enterprises.enums import Lifecycle
from enterprises.models import Enterprise
from risks.enums import Colour
from risks.models import Rating, RatingRule


def count_by_colour() -> dict[str, int]:
    """Return how many units have each colour now, worst first; colours that nobody has are 0."""
    found = Rating.objects.filter(is_current=True).values_list("colour").annotate(Count("pk")).order_by()
    return dict.fromkeys(Colour.values, 0) | dict(found)


def not_rated_by(rule: RatingRule) -> QuerySet[Enterprise]:
    """Return the units that have no current rating by this rule."""
    current = Rating.objects.filter(enterprise=OuterRef("pk"), is_current=True, rule=rule)
    return Enterprise.objects.exclude(lifecycle=Lifecycle.MERGED).filter(~Exists(current)).order_by("pk")
