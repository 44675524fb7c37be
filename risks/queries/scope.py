"""What a person may see of the ledger."""

from django.db.models import QuerySet

from enterprises.models import User
from enterprises.queries.scope import scope_for
from risks.models import Rating, Risk


def risks_for_user(user: User) -> QuerySet[Risk]:
    """Return the ledger risks within a person's scope."""
    return Risk.objects.filter(scope_for(user).q())


def ratings_for_user(user: User) -> QuerySet[Rating]:
    """Return the current ratings within a person's scope."""
    return Rating.objects.filter(scope_for(user).q(category="enterprise__category_id"), is_current=True)
