"""The board: how complete reporting is, by area and line, panel by panel; every number opens the list it counts."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.models.places import county_code_of
from enterprises.queries.scope import scope_for
from enterprises.rules import is_office
from review.interfaces import panels  # noqa: F401  (they register themselves)
from review.interfaces.board_choice import board_choice, board_pills
from review.interfaces.board_files import board_paper, board_workbook
from review.interfaces.filters import KEYS
from review.interfaces.panels.registry import BoardRequest, get_panel, panels_for, shown, waiting
from review.models import Campaign
from review.queries.board import Board, Narrowing, campaigns_to_show
from review.rules import may_remind, opens_board
from riskreport.ground import clock
from riskreport.ground.access import access
from riskreport.ground.request import whole_number

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_TOWN_CODE = 999_999_999


@access(opens_board)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the board of a campaign as of a day, narrowed to what the address says; most panels are fetched later."""
    campaigns = campaigns_to_show()
    if not campaigns:
        return render(request, "review/board/none.html")
    asked, problem = asked_board(request, campaigns)
    found = [shown(asked, panel) if panel.at_once else waiting(asked, panel) for panel in panels_for(asked)]
    context = {
        "asked": asked,
        "panels": found,
        "lead": lead(asked.board),
        "problem": problem,
        "choice": board_choice(asked, campaigns, has_bodies=is_office(request.user).allowed),
        "pills": board_pills(asked),
        "excel": asked.address("board_workbook"),
        "pdf": asked.address("board_paper"),
        "remind_url": _remind_address(request, asked.board),
        "has_course": not is_seen_closer(asked.board),
    }
    return render(request, "review/board/board.html", context)


@access(opens_board)
@require_GET
def panel(request: HttpRequest, panel_name: str) -> HttpResponse:
    """Show one panel of a board: by itself when the board fetches it, on a page of its own otherwise."""
    try:
        wanted = get_panel(panel_name)
    except KeyError:
        raise Http404(_("There is no such panel.")) from None
    answer = wanted.opens(request.user)
    if not answer.allowed:
        raise PermissionDenied(str(answer.reason))
    asked = _asked_or_404(request)
    one = shown(asked, wanted)
    if request.htmx:
        return render(request, "review/board/_panel.html", {"one": one})
    crumbs = [(_("Completion board"), asked.address()), (wanted.heading, "")]
    context = {"asked": asked, "one": one, "crumbs": crumbs, "pills": board_pills(asked)}
    return render(request, "review/board/panel.html", context)


@access(opens_board)
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """Send what is seen of a board as a workbook."""
    asked = _asked_or_404(request)
    return _file(board_workbook(asked), XLSX, f"{_('Completion board')}-{asked.as_of:%Y%m%d}.xlsx")


@access(opens_board)
@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """Send what is seen of a board as PDF."""
    asked = _asked_or_404(request)
    return _file(board_paper(asked), "application/pdf", f"{_('Completion board')}-{asked.as_of:%Y%m%d}.pdf")


def _asked_or_404(request: HttpRequest) -> BoardRequest:
    campaigns = campaigns_to_show()
    if not campaigns:
        raise Http404(_("No reporting task has been launched yet"))
    return asked_board(request, campaigns)[0]


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=kind, headers=headers)


def asked_board(request: HttpRequest, campaigns: list[Campaign]) -> tuple[BoardRequest, str]:
    """Return the board that an address asks for, within the person's scope, and what was wrong with its day."""
    today = clock.today()
    as_of, problem = _asked_day(request.GET.get("as_of", ""), today)
    asked = BoardRequest(
        user=request.user,
        campaign=_asked_campaign(request.GET.get("campaign", ""), campaigns),
        as_of=as_of,
        today=today,
        scope=scope_for(request.user),
        narrowing=_asked_narrowing(request),
    )
    return asked, problem


def _remind_address(request: HttpRequest, shown: Board) -> str:
    """Where all who are behind on this board are reminded, for who may; it knows counties and sectors alone."""
    if not may_remind(request.user).allowed or is_seen_closer(shown):
        return ""
    narrowed = {KEYS[name]: code for name, code in shown.narrowing.codes().items()}
    asked = urlencode({"campaign": shown.campaign.code, **narrowed})
    return f"{reverse('remind')}?{asked}"


def is_seen_closer(shown: Board) -> bool:
    """Say whether a board is narrowed to a town, or to what a department handles: other pages do not know these."""
    return bool(shown.narrowing.town or shown.narrowing.seen_by)


def _asked_campaign(code: str, campaigns: list[Campaign]) -> Campaign:
    if not code:
        return campaigns[0]
    found = next((campaign for campaign in campaigns if campaign.code == code), None)
    if found is None:
        raise Http404(_("There is no such reporting task."))
    return found


def _asked_day(text: str, today: dt.date) -> tuple[dt.date, str]:
    """Return the day asked for and what was wrong with it; a day to come has no figures yet."""
    if not text:
        return today, ""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return today, _("“%(text)s” is not a day; today's figures are shown. Write a day as 2022-03-01.") % {
            "text": text[:20]
        }
    if day > today:
        return today, _("%(day)s is still to come; today's figures are shown.") % {"day": day}
    return day, ""


def _asked_narrowing(request: HttpRequest) -> Narrowing:
    """Return what the address narrows to; a town of another county than the one chosen is left out."""
    county, town = (_code(request.GET.get(name, "")) for name in ("county", "town"))
    if town and county and county_code_of(town) != county:
        town = None
    sector, seen_by = request.GET.get("sector", ""), request.GET.get("seen_by", "")
    return Narrowing(county, sector[:4], town, seen_by[:40])


def _code(text: str) -> int | None:
    code = whole_number(text)
    return code if code is not None and code <= MOST_TOWN_CODE else None


def lead(shown_board: Board) -> str:
    """Say where things stand in one sentence: what is open, and what is needed a day."""
    total, due = shown_board.total, shown_board.campaign.due_on
    if not total.expected:
        return _("Nothing is expected here on %(day)s.") % {"day": shown_board.as_of}
    if not total.open:
        return _("As of %(day)s all %(expected)s reports are filed.") % {
            "day": shown_board.as_of,
            "expected": f"{total.expected:,}",
        }
    names = {"day": shown_board.as_of, "open": f"{total.open:,}", "expected": f"{total.expected:,}", "due": due}
    left = (due - shown_board.as_of).days
    if left < 0:
        return _("As of %(day)s %(open)s of %(expected)s reports are open; they were due on %(due)s.") % names
    needed = -(-total.open // max(left, 1))
    text = _("As of %(day)s %(open)s of %(expected)s reports are open; due on %(due)s, %(needed)s a day are needed.")
    return text % (names | {"needed": f"{needed:,}"})
