"""What is shown when something failed that nobody foresaw."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from riskreport.ground.middleware import DATABASE_AWAY, database_away
from riskreport.ground.request import current_request_id


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 when the database is away, else 500. Django calls it as handler500 while it handles the failure."""
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        return database_away(request)
    return render(None, "500.html", {"request_id": current_request_id()}, status=500)
