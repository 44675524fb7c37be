"""The figures of a bulletin: read by the query of the boards, written down as plain text and numbers, and frozen.

A paper is Chinese whatever the reader's language. What is rounded is rounded here, once, so that page, Word, PDF and a
text pasted elsewhere say the same.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from enterprises.enums import RegionLevel
from enterprises.models import Region
from enterprises.queries.scope import Scope
from review.checks.bulletin_text import joined
from review.checks.ranking import Ranked, rank
from review.checks.standing import Standing, standing_of
from review.enums import BulletinKind, Light
from review.models import Campaign
from review.queries.board import labels_of
from review.queries.completion import Cell, Figures, completion, folded, percent, total_of
from review.queries.schedule import Plan, plan_of
from review.queries.tallies import read_marks
from review.queries.verified import reported

PAPER_LANGUAGE = "zh-hans"
DAYS = {BulletinKind.DAILY: 1, BulletinKind.WEEKLY: 7}
NAMED = 3
NONE = "—"
Codes = Mapping[int | str, Figures]


def read_figures(*, campaign: Campaign, kind: str, as_of: dt.date, region: Region) -> dict[str, Any]:
    """Return all figures of a bulletin about a region, as JSON can hold them; a fixed number of queries.

    Areas are the region's districts, or a district's towns, in the city's own order; lines are its sectors, or the
    categories of a task that asks a single sector.
    """
    since = as_of - dt.timedelta(days=DAYS[BulletinKind(kind)])
    scope = Scope(ranges=(region.bounds,))
    area = "district" if region.level == RegionLevel.CITY else "town"
    line = "sector" if campaign.categories.values("sector").distinct().count() > 1 else "category"
    by = f"{area}_{line}_scale"
    marks = read_marks(campaign)
    now = completion(campaign=campaign, as_of=as_of, by=by, scope=scope, marks=marks)
    before = completion(campaign=campaign, as_of=since, by=by, scope=scope, marks=marks)
    scales = folded(now, 2)
    plan = plan_of(campaign, expected={str(code): figures.expected for code, figures in scales.items()})
    total = total_of(now)
    with translation.override(PAPER_LANGUAGE):
        return {
            "campaign": campaign.code,
            "campaign_name": campaign.name,
            "region": region.pk,
            "place": region.display_name,
            "kind": str(kind),
            "as_of": as_of.isoformat(),
            "since": since.isoformat(),
            "due_on": plan.due_on.isoformat(),
            "opens_on": plan.opens_on.isoformat(),
            "total": _row("", "", total, total_of(before), plan, as_of),
            "standing": _standing(standing_of(total, plan, as_of)),
            "area": area,
            "line": line,
            "areas": _rows(area, now, before, 0, plan, as_of),
            "lines": _rows(line, now, before, 1, plan, as_of),
            "scales": _rows("scale", now, before, 2, plan, as_of),
            "reported": asdict(reported(campaign=campaign, as_of=as_of, scope=scope)),
        }


def _rows(
    dimension: str, now: Iterable[Cell], before: Iterable[Cell], place: int, plan: Plan, day: dt.date
) -> list[dict[str, Any]]:
    """The rows of a table in the city's own order, each with its place in the ranking."""
    found, earlier = folded(now, place), folded(before, place)
    names = labels_of(dimension, found)
    ordered = {code: found[code] for code in names}
    places = {one.code: one for one in rank(ordered, earlier)}
    return [
        _row(str(code), name, ordered[code], earlier.get(code, Figures()), plan, day) | _place(places.get(code))
        for code, name in names.items()
    ]


def _row(code: str, name: str, figures: Figures, before: Figures, plan: Plan, day: dt.date) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "expected": figures.expected,
        "actual": figures.actual,
        "on_time": figures.on_time,
        "open": figures.open,
        "rate": percent(figures.rate),
        "rate_on_time": percent(figures.rate_on_time),
        "new": figures.actual - before.actual,
        "light": standing_of(figures, plan, day).light.value,
    }


def _place(one: Ranked | None) -> dict[str, Any]:
    if one is None:
        return {"place": None, "moved": 0, "gained": ""}
    gained = "" if one.gained is None else f"{float(one.gained) * 100:.1f}"
    return {"place": one.place, "moved": one.moved, "gained": gained}


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "planned": percent(one.planned),
        "light": one.light.value,
        "days_behind": one.days_behind,
        "days_left": one.days_left,
        "working_days_left": one.working_days_left,
        "needed": one.needed,
    }


def values_of(figures: Mapping[str, Any]) -> dict[str, str]:
    """Return what each placeholder of a text becomes."""
    total, standing, beside = figures["total"], figures["standing"], figures["reported"]
    with translation.override(PAPER_LANGUAGE):
        return {
            "区域": figures["place"],
            "任务名称": figures["campaign_name"],
            "年份": figures["as_of"][:4],
            "截至日期": _day(figures["as_of"]),
            "上期日期": _day(figures["since"]),
            **{name: _count(total[key]) for name, key in COUNTED.items()},
            "报送率": _share(total["rate"]),
            "按时报送率": _share(total["rate_on_time"]),
            "序时进度": _share(standing["planned"]),
            "进度评价": judged(standing),
            "完成时限": _day(figures["due_on"], year=True),
            "剩余天数": str(standing["days_left"]),
            "剩余工作日": str(standing["working_days_left"]),
            "日均需报": NONE if standing["needed"] is None else _count(standing["needed"]),
            **_of_scale(figures, "above", "规上"),
            **_of_scale(figures, "below", "规下"),
            **_named(figures["areas"]),
            "风险数": _count(beside["risks"]),
            "核查家数": _count(beside["verified"]),
            "补报家数": _count(beside["supplemented"]),
        }


COUNTED = {"应报": "expected", "已报": "actual", "按时报送": "on_time", "未报": "open", "较上期新增": "new"}


def judged(standing: Mapping[str, Any]) -> str:
    """Return in words how the whole stands to its plan."""
    if standing["light"] == Light.AHEAD:
        return _("ahead of the plan")
    if standing["light"] == Light.ON:
        return _("about on plan")
    return _("behind the plan by %(count)s days") % {"count": standing["days_behind"]}


def _of_scale(figures: Mapping[str, Any], scale: str, name: str) -> dict[str, str]:
    row = next((row for row in figures["scales"] if row["code"] == scale), None)
    if row is None:
        return dict.fromkeys((f"{name}应报", f"{name}已报", f"{name}报送率"), NONE)
    shares = {f"{name}报送率": _share(row["rate"])}
    return {f"{name}应报": _count(row["expected"]), f"{name}已报": _count(row["actual"])} | shares


def _named(areas: list[dict[str, Any]]) -> dict[str, str]:
    """The first and the last areas; among equals the city's own order stands."""
    ranked = sorted((row for row in areas if row["place"]), key=lambda row: row["place"])
    said = [f"{row['name']}（{row['rate']}%）" for row in ranked]
    gained = [row for row in ranked if row["gained"] and float(row["gained"]) > 0]
    best = max(gained, key=lambda row: float(row["gained"]), default=None)
    return {
        "前三名": joined(said[:NAMED]) or NONE,
        "后三名": joined(said[-NAMED:]) or NONE,
        "进步最快": NONE if best is None else f"{best['name']}（+{best['gained']}）",
    }


def _day(text: str, *, year: bool = False) -> str:
    day = dt.date.fromisoformat(text)
    said = f"{day.month}月{day.day}日"
    return f"{day.year}年{said}" if year else said


def _count(number: int) -> str:
    """A number as official papers write it: without separators, so that it can be searched for."""
    return str(number)


def _share(rate: str) -> str:
    return f"{rate}%" if rate else NONE
