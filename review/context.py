"""What every page shows around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from enterprises.rules import is_official
from review.navigation import nav_for, start_url
from riskreport.ground.queries.inbox import unread_count


def shell(request: HttpRequest) -> dict:
    """Return the names in the bar and, for a person, their navigation and unread notices (one query, when shown)."""
    names = {"OFFICE_NAME": settings.OFFICE_NAME, "SYSTEM_NAME": settings.SYSTEM_NAME, "DEMO": settings.DEMO}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return names
    match = request.resolver_match
    current = match.url_name if match else ""
    return names | {
        "nav": SimpleLazyObject(lambda: nav_for(user, current)),
        "start_url": SimpleLazyObject(lambda: start_url(user)),
        "may_search": is_official(user).allowed,
        "unread": SimpleLazyObject(lambda: unread_count(user)),
        "idle_seconds": settings.SESSION_IDLE_SECONDS[_kind(user)],
    }


def _kind(user: Any) -> str:
    return "enterprise" if user.enterprise_id else "official"
