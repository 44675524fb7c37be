"""The wall (大屏): a page that a screen opens by its address alone, and the figures it fetches each minute."""

import datetime as dt
import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from review.domain.displays import digest_of_secret
from review.interfaces.wall_pages import wall_pages
from review.models import DisplayToken
from review.queries.displays import display_of
from review.queries.wall import read_wall
from riskreport.ground import clock
from riskreport.ground.access import public

SCRIPT = "js/wall.js"
SECONDS_A_PAGE, SECONDS_BETWEEN = 15, 60


@public
@require_safe
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """Show the wall of a display. No session, no cookie, nothing written; a wrong or revoked address is not there."""
    display = _display_or_404(token)
    with translation.override(settings.LANGUAGE_CODE):  # a screen has no language of its own
        now = clock.now()
        context = {
            "display": display,
            "pages": _draw(display, now),
            "as_of": _said(now),
            "figures_url": reverse("wall_figures", args=[token]),
            "script": static(SCRIPT),
            "seconds": SECONDS_A_PAGE,
            "between": SECONDS_BETWEEN,
        }
        return _closed(render(request, "review/wall/wall.html", context))


@public
@require_safe
def wall_figures(request: HttpRequest, token: str) -> HttpResponse:
    """Send the pages anew, or 304 where nothing has changed; either way the moment they hold at."""
    display = _display_or_404(token)
    with translation.override(settings.LANGUAGE_CODE):
        now = clock.now()
        drawn = _draw(display, now)
        etag = f'"{hashlib.sha256(drawn.encode()).hexdigest()[:32]}"'
        same = request.headers.get("If-None-Match") == etag
        response = HttpResponse(status=304) if same else HttpResponse(drawn)
        response["ETag"] = etag
        response["X-As-Of"] = _said(now)
        response["X-Script"] = static(SCRIPT)
        return _closed(response)


def _display_or_404(token: str) -> DisplayToken:
    display = display_of(digest_of_secret(token))
    if display is None:
        raise Http404(_("This display does not exist, or it was revoked."))
    return display


def _draw(display: DisplayToken, now: dt.datetime) -> str:
    figures = read_wall(display, timezone.localdate(now))
    pages = wall_pages(figures) if figures else []
    context = {"pages": pages, "wall": figures, "display": display, "OFFICE_NAME": settings.OFFICE_NAME}
    return render_to_string("review/wall/_pages.html", context)


def _said(moment: dt.datetime) -> str:
    """A moment as the wall says it: the day and the minute."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _closed(response: HttpResponse) -> HttpResponse:
    """Keep the address to the screen: no copy in a cache, no mention to another page, nothing for a search engine."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
