"""Extensions: whose a person may read."""

from django.db.models import QuerySet

from enterprises.models import User
from enterprises.queries.scope import scope_for
from review.models import Extension


def extensions_for_user(user: User) -> QuerySet[Extension]:
    """Return the extensions of the reports that a person counts as theirs."""
    scope = scope_for(user)
    condition = scope.q(town="filing__town_id", category="filing__category_id", enterprise="filing__enterprise_id")
    return Extension.objects.filter(condition)
