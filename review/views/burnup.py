"""The burn-up of a campaign: the page, and its tables as a workbook."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.enums import Scale
from enterprises.models import Category, Region, Sector
from enterprises.queries.scope import scope_for
from review.interfaces import burnup_words
from review.interfaces.burnup_page import Burnup, Reading, Slice, address
from review.models import Campaign
from review.queries.board import campaigns_to_show
from review.rules import opens_board
from riskreport.ground import clock
from riskreport.ground.access import access
from riskreport.ground.request import whole_number
from riskreport.ground.sheets.writers import write_plainly

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access(opens_board)
@require_GET
def burnup(request: HttpRequest) -> HttpResponse:
    """Show how filing runs against its plan; campaign, day, county, sector, category and scale stand in the address."""
    campaigns = campaigns_to_show()
    found = _asked(request, campaigns)
    if found is None:
        return render(request, "review/board/none.html")
    today = clock.today()
    return render(
        request,
        "review/board/burnup.html",
        {
            "burnup": found,
            "campaigns": campaigns,
            "today": today,
            "sentences": burnup_words.sentences(found),
            "chart": burnup_words.chart(found),
            "tables": [(part, burnup_words.table(part, found.whole)) for part in found.parts if part.lines],
            "weeks": burnup_words.weeks(found),
            "pills": _pills(found),
            "scales": Scale.choices,
            "workbook": address(found.campaign, found.slice, found.as_of, "burnup_workbook"),
        },
    )


@access(opens_board)
@require_GET
def burnup_workbook(request: HttpRequest) -> HttpResponse:
    """Give the tables of the page as a workbook."""
    found = _asked(request, campaigns_to_show())
    if found is None:
        raise Http404(_("There is no such reporting task."))
    with TemporaryDirectory() as folder:
        path = Path(folder, "burnup.xlsx")
        write_plainly(path, burnup_words.worksheets(found))
        answer = HttpResponse(path.read_bytes(), content_type=EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="burnup-{found.campaign.code}-{found.as_of}.xlsx"'
    return answer


def _asked(request: HttpRequest, campaigns: list[Campaign]) -> Burnup | None:
    """Return the burn-up that the address asks for, None when no campaign was launched."""
    asked = request.GET
    if not campaigns:
        return None
    code = asked.get("campaign", "")
    campaign = next((one for one in campaigns if code in ("", one.code)), None)
    if campaign is None:
        raise Http404(_("There is no such reporting task."))
    scale = asked.get("scale", "")
    looked_at = Slice(
        whole_number(asked.get("county", "")),
        asked.get("sector", "")[:4],
        asked.get("category", "")[:6],
        scale if scale in Scale.values else "",
    )
    return Reading(campaign, scope_for(request.user), looked_at, _day(asked.get("as_of", ""))).burnup()


def _day(text: str) -> dt.date:
    """Return the day asked for; today for what is none or still to come."""
    today = clock.today()
    try:
        return min(dt.date.fromisoformat(text), today) if text else today
    except ValueError:
        return today


def _pills(found: Burnup) -> list[dict]:
    """What is looked at, each with the address without it."""
    chosen, pills = found.slice, []
    for name, code, model, label in (
        ("county", chosen.county, Region, _("District or county-level city")),
        ("sector", chosen.sector, Sector, _("Sector")),
        ("category", chosen.category, Category, _("Category")),
    ):
        if code:
            row = model.objects.filter(pk=code).first()
            words = row.label if row else str(code)
            pills.append({"label": label, "words": words, "url": found.here(**{name: ""})})
    if chosen.scale:
        pills.append({"label": _("Scale"), "words": Scale(chosen.scale).label, "url": found.here(scale="")})
    return pills
