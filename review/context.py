"""What every page shows around its content."""

from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from enterprises.rules import is_official
from review.navigation import nav_for
from riskreport.ground.queries.inbox import unread_count
from riskreport.ground.ui.icons import draw_icon
from riskreport.ground.ui.kept import draw_kept

MOST_UNREAD = 99


def shell(request: HttpRequest) -> dict:
    """Return the names in the bar, the frame, and for a person their unread notices (one query, when shown)."""
    names = {"OFFICE_NAME": settings.OFFICE_NAME, "SYSTEM_NAME": settings.SYSTEM_NAME, "DEMO": settings.DEMO}
    frame = Frame(request)
    return names | {
        "frame": frame,
        "start_url": SimpleLazyObject(lambda: frame.start_url),
        "unread": SimpleLazyObject(lambda: frame.unread),
    }


class Frame:
    """The parts around a page: what differs from person to person is filled into parts that the process keeps."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)
        self.is_signed_in = self.user is not None and self.user.is_authenticated

    @cached_property
    def head(self) -> SafeString:
        """What the page loads."""
        return self._kept("parts/_head.html", self._reader)

    @cached_property
    def top(self) -> SafeString:
        """The bar, with what stands above it."""
        marks = {"start_url": self.start_url}
        if not self.is_signed_in:
            return self._kept("parts/_bar.html", self._reader, marks)
        marks |= {
            "csrf_token": self._token,
            "unread": f"{MOST_UNREAD}+" if self.unread > MOST_UNREAD else self.unread,
            "user.name": self.user.name,
            "user.owner_label": self.user.owner_label,
            "user.get_role_display": self.user.get_role_display(),
            "request.get_full_path": self.request.get_full_path(),
        }
        return self._kept("parts/_bar.html", self._reader | {"has_unread": self.unread > 0}, marks)

    @cached_property
    def nav(self) -> SafeString | str:
        """The navigation of a person."""
        return self._kept("parts/_nav.html", {}, {"entries": _entries(self._entries)}) if self.is_signed_in else ""

    @cached_property
    def session(self) -> SafeString | str:
        """The warning before a person's session ends."""
        if not self.is_signed_in:
            return ""
        kind = "enterprise" if self.user.enterprise_id else "official"
        known = {"idle_seconds": settings.SESSION_IDLE_SECONDS[kind]}
        return self._kept("parts/_session.html", known, {"csrf_token": self._token})

    @cached_property
    def unread(self) -> int:
        """How many notices the person has not read, at most 100."""
        return unread_count(self.user) if self.is_signed_in else 0

    @cached_property
    def start_url(self) -> str:
        """Where the person's day begins."""
        return self._entries[0]["url"] if self._entries else "/"

    @cached_property
    def _token(self) -> str:
        return get_token(self.request)

    @cached_property
    def _entries(self) -> list[dict]:
        match = self.request.resolver_match
        return nav_for(self.user, match.url_name if match else "") if self.is_signed_in else []

    @cached_property
    def _reader(self) -> dict[str, Hashable]:
        may_search = self.is_signed_in and is_official(self.user).allowed
        return {"user.is_authenticated": self.is_signed_in, "may_search": may_search, "DEMO": settings.DEMO}

    def _kept(self, template: str, known: Mapping[str, Hashable], marks: Mapping[str, Any] | None = None) -> SafeString:
        names = {"OFFICE_NAME": settings.OFFICE_NAME, "SYSTEM_NAME": str(settings.SYSTEM_NAME)}
        return draw_kept(template, known=names | known, marks=marks or {})


def _entries(nav: Iterable[dict]) -> SafeString:
    lines, above = [], ""
    for one in nav:
        heading = str(one["group"])
        if heading and heading != above:
            lines.append(f'<li class="rr-nav-group">{escape(heading)}</li>')
        above = heading
        lines.append(_entry(one["url"], str(one["label"]), one["icon"], one["current"]))
    return mark_safe("\n".join(lines))  # each escaped here or by _entry  # nosec B703


@lru_cache(maxsize=1024)
def _entry(url: str, label: str, icon: str, current: bool) -> SafeString:
    """Draw one entry of the navigation."""
    here = ' aria-current="page"' if current else ""
    way = f'<a href="{escape(url)}"{here}>{draw_icon(icon, 20)}<span>{escape(label)}</span></a>'
    return mark_safe(f"<li>{way}</li>")  # address and label are escaped  # nosec B703
