"""The board: how complete reporting is, by area and line, with every number a link to the list it counts."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.models import Region, Sector
from enterprises.queries.scope import scope_for
from review.enums import FilingState
from review.interfaces.board_page import BoardPage, counted
from review.interfaces.filters import KEYS, filings_address
from review.models import Campaign
from review.queries.board import Board, Narrowing, campaigns_to_show, read_board
from review.queries.status import tone_of
from review.rules import may_remind, opens_board
from riskreport.ground import clock
from riskreport.ground.access import access
from riskreport.ground.request import whole_number
from risks.interfaces.filters import risks_address


@access(opens_board)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the board of a campaign as of a day; both stand in the address."""
    campaigns = campaigns_to_show()
    if not campaigns:
        return render(request, "review/board/none.html")
    today = clock.today()
    as_of, problem = _asked_day(request.GET.get("as_of", ""), today)
    campaign = _asked_campaign(request.GET.get("campaign", ""), campaigns)
    narrowing = _asked_narrowing(request)
    shown = read_board(campaign=campaign, as_of=as_of, today=today, scope=scope_for(request.user), narrowing=narrowing)
    page = BoardPage(shown)
    return render(
        request,
        "review/board/board.html",
        {
            "campaigns": campaigns,
            "board": shown,
            "page": page,
            "lead": _lead(shown, today),
            "problem": problem,
            "today": today,
            "states": _states(shown, today),
            "colours": _colours(shown, today),
            "levels": _levels(shown),
            "pills": _pills(page),
            "remind_url": _remind_address(request, shown),
        },
    )


def _remind_address(request: HttpRequest, shown: Board) -> str:
    """Where all who are behind on this board are reminded, for who may."""
    if not may_remind(request.user).allowed:
        return ""
    narrowed = {KEYS[name]: code for name, code in shown.narrowing.codes().items()}
    asked = urlencode({"campaign": shown.campaign.code, **narrowed})
    return f"{reverse('remind')}?{asked}"


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
    county, sector = request.GET.get("county", ""), request.GET.get("sector", "")
    return Narrowing(whole_number(county), sector[:4])


def _lead(shown: Board, today: dt.date) -> str:
    """Where things stand in one sentence: what is open, and what is needed a day."""
    total, due = shown.total, shown.campaign.due_on
    if not total.expected:
        return _("Nothing is expected here on %(day)s.") % {"day": shown.as_of}
    if not total.open:
        return _("As of %(day)s all %(expected)s reports are filed.") % {
            "day": shown.as_of,
            "expected": f"{total.expected:,}",
        }
    names = {"day": shown.as_of, "open": f"{total.open:,}", "expected": f"{total.expected:,}", "due": due}
    left = (due - shown.as_of).days
    if left < 0:
        return _("As of %(day)s %(open)s of %(expected)s reports are open; they were due on %(due)s.") % names
    needed = -(-total.open // max(left, 1))
    text = _("As of %(day)s %(open)s of %(expected)s reports are open; due on %(due)s, %(needed)s a day are needed.")
    return text % (names | {"needed": f"{needed:,}"})


def _today_address(shown: Board, today: dt.date, **also: str) -> str:
    return filings_address(campaign=shown.campaign.code, as_of=today, **shown.narrowing.codes(), **also)


def _states(shown: Board, today: dt.date) -> list[dict]:
    whole = sum(shown.states.values()) or 1
    return [
        {
            "text": FilingState(state).label,
            "tone": tone_of(state),
            "number": counted(count, _today_address(shown, today, state=state), str(FilingState(state).label)),
            "count": count,
            "whole": whole,
        }
        for state, count in shown.states.items()
    ]


def _colours(shown: Board, today: dt.date) -> list[dict]:
    return [
        {"colour": colour, "number": counted(count, _today_address(shown, today, colour=colour))}
        for colour, count in shown.colours.items()
    ]


def _levels(shown: Board) -> list[dict]:
    return [
        {"level": level, "number": counted(count, risks_address(level=level, **shown.ledger.codes()))}
        for level, count in shown.levels.items()
    ]


def _pills(page: BoardPage) -> list[dict]:
    """What the board is narrowed to, each with the address without it."""
    narrowing, pills = page.board.narrowing, []
    if narrowing.county:
        county = Region.objects.filter(pk=narrowing.county).first()
        label = county.label if county else str(narrowing.county)
        pills.append({"label": _("District or county-level city"), "words": label, "url": page.here(county=None)})
    if narrowing.sector:
        sector = Sector.objects.filter(pk=narrowing.sector).first()
        label = sector.label if sector else narrowing.sector
        pills.append({"label": _("Sector"), "words": label, "url": page.here(sector=None)})
    return pills
