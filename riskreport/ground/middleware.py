"""What happens around a request: its name, idle clock, language, the closed door, a database that is away."""

import logging
import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from riskreport.ground import clock
from riskreport.ground.request import current_request_id, set_request_id

log = logging.getLogger(__name__)
POLL_HEADER = "X-Poll"
DATABASE_AWAY = (OperationalError, InterfaceError)
SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,32}")


SECRET_WORD = re.compile(r"(?<=/)[A-Za-z0-9_:=-]{32,}(?=[/?#\s]|$)")


class RequestIdFilter(logging.Filter):
    """Puts the request's id on every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True


class SecretsFilter(logging.Filter):
    """Leaves out of a log line what opens a page by itself: a long random word within an address (/wall/…/)."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        left = SECRET_WORD.sub("…", text)
        if left != text:
            record.msg, record.args = left, ()
        return True


class RequestIdMiddleware:
    """Names each request, so that an event, a log line and an error page can be brought together."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        set_request_id(given if SAFE_ID.fullmatch(given) else secrets.token_hex(8))
        response = self.get_response(request)
        response["X-Request-ID"] = current_request_id()
        return response


class DatabaseAwayMiddleware:
    """Answers a page that says so when a view finds the database away; what was acknowledged before is safe.

    What fails in a middleware, before or after the view, Django hands to handler500: views/failures.py asks the same.
    """

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return database_away(request) if isinstance(error, DATABASE_AWAY) else None


def database_away(request: HttpRequest) -> HttpResponse:
    """Return the page, without asking the database for anything: neither person nor language."""
    log.error("database away")
    with translation.override(translation.get_language_from_request(request)):
        page = render(None, "503.html", {"request_id": current_request_id()}, status=503)
    page["Retry-After"] = "30"
    return page


class IdleSessionMiddleware:
    """Ends a session that nobody used for a while. Requests that only poll never extend it."""

    WRITE_EVERY_SECONDS = 60

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            kind = "enterprise" if request.user.enterprise_id else "official"
            limit = settings.SESSION_IDLE_SECONDS[kind]
            moment = clock.now().timestamp()
            seen = request.session.get("seen_at", moment)
            if moment - seen > limit or not request.user.is_active:
                logout(request)
            elif request.headers.get(POLL_HEADER) != "1" and (
                "seen_at" not in request.session or moment - seen > self.WRITE_EVERY_SECONDS
            ):
                request.session["seen_at"] = moment
        return self.get_response(request)


class LanguageMiddleware:
    """The person's own language, else the one chosen on the sign-in page, else the city's."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = dict(settings.LANGUAGES)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = getattr(request.user, "language", "") or chosen
        translation.activate(language if language in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class DenyByDefaultMiddleware:
    """Refuses every view that declares no rule, and asks the rule of those that do."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if getattr(view, "is_public", False):
            return
        door = getattr(view, "access_rule", None)
        if door is None:
            log.error("view %s declares no rule", getattr(view, "__name__", view))
            raise PermissionDenied
        answer = door(request.user, None)
        if not answer.allowed:
            raise PermissionDenied(str(answer.reason))
