"""The system's addresses and one page that does nothing but pass through the whole stack: the floor of every page."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from enterprises.rules import is_signed_in
from riskreport.ground.access import access


@access(is_signed_in)
def empty(request: HttpRequest) -> HttpResponse:
    """Answer with nothing."""
    return HttpResponse()


urlpatterns = [path("bench/empty/", empty, name="bench_empty"), path("", include("riskreport.urls"))]
