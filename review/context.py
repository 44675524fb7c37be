"""What every page shows around its content."""

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict:
    """Return the names in the bar."""
    return {"OFFICE_NAME": settings.OFFICE_NAME, "SYSTEM_NAME": settings.SYSTEM_NAME, "DEMO": settings.DEMO}
