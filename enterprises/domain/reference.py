"""Loading regions, lines, sectors, categories and departments from the JSON beside this app."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from enterprises.enums import DepartmentKind, RegionLevel
from enterprises.models import Category, Department, Line, Region, Sector
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.shipped_rows import Tally, write_shipped_links, write_shipped_rows

DATA = Path(__file__).resolve().parent.parent / "data"
ONLY_IN_THE_FILE = {"has_safety_office"}


def read_data(name: str) -> dict[str, Any]:
    """Return one of this app's data files, such as ``regions.json``."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def load_enterprise_reference() -> dict[str, Tally]:
    """Bring regions, lines, sectors, categories and departments in line with the data files.

    Side effects, in order: the rows; an event ``reference.loaded`` when any row was written. Rows that the files do
    not name, and columns they do not carry (a department's telephone, a retirement date), stay as they are. A second
    call writes nothing. Returns what was done by kind of row.
    """
    regions, taxonomy = read_data("regions.json")["regions"], read_data("taxonomy.json")
    with transaction.atomic():
        done = {
            "regions": _write_regions(regions),
            "lines": _write_lines(taxonomy["lines"]),
            "sectors": _write_sectors(taxonomy["sectors"]),
            "categories": _write_categories(taxonomy),
            "departments": write_departments(departments_by_rule(read_data("departments.json"), taxonomy, regions)),
        }
        touched = {kind: [tally.created, tally.changed] for kind, tally in done.items() if tally.touched}
        if touched:
            record_event(kind="reference.loaded", actor=None, data=touched)
    return done


def _write_regions(regions: list[dict]) -> Tally:
    rows = [{name: value for name, value in region.items() if name not in ONLY_IN_THE_FILE} for region in regions]
    for row in rows:
        row["parent_id"] = row.pop("parent")
    return write_shipped_rows(model=Region, key="code", rows=rows)


def _write_lines(lines: list[dict]) -> Tally:
    rows = [{name: line[name] for name in ("key", "order", "name", "name_en")} for line in lines]
    return write_shipped_rows(model=Line, key="key", rows=rows)


def _write_sectors(sectors: list[dict]) -> Tally:
    rows = [
        {name: sector[name] for name in ("code", "name", "name_en", "is_key", "is_pilot")} | {"lead_id": sector["lead"]}
        for sector in sectors
    ]
    return write_shipped_rows(model=Sector, key="code", rows=rows)


def _write_categories(taxonomy: dict) -> Tally:
    rows, co_leads = [], {}
    for sector in taxonomy["sectors"]:
        for category in sector["categories"]:
            co_leads[category["code"]] = category["co_leads"]
            rows.append(
                {
                    "code": category["code"],
                    "name": category["name"],
                    "name_en": category["name_en"],
                    "sector_id": sector["code"],
                    "lead_id": category["lead"],
                    "rank_map": taxonomy["rank_maps"][category["ranks"]],
                }
            )
    done = write_shipped_rows(model=Category, key="code", rows=rows)
    for code in Category.objects.filter(is_local=True).values_list("code", flat=True):
        co_leads.pop(code, None)
    links = write_shipped_links(through=Category.co_leads.through, left="category_id", right="line_id", wanted=co_leads)
    return _with_links(done, links)


def _with_links(done: Tally, links: Tally) -> Tally:
    """Count a row whose links alone changed as changed; a created row's links are part of its making."""
    return Tally(done.shipped, done.created, max(done.changed, links.changed - done.created))


def departments_by_rule(rule: dict, taxonomy: dict, regions: list[dict]) -> list[dict]:
    """Return the columns of every department, with ``areas`` as region codes, as the rule in departments.json says.

    A town whose ``has_safety_office`` is false gets no township office: the county's offices handle its units.
    """
    offices = [office for line in taxonomy["lines"] for office in bureaus_of(line, regions)]
    for pattern in rule["offices"]:
        offices += [
            _office(pattern, region)
            for region in regions
            if region["level"] in pattern["levels"] and region.get("has_safety_office", True)
        ]
    city = next(region for region in regions if region["level"] == RegionLevel.CITY)
    return offices + [_inspection_group(group, city) for group in rule["inspection_groups"]]


def bureaus_of(line: dict, regions: list[dict]) -> list[dict]:
    """Return the columns of a line's bureaus, at the levels that departments.json names."""
    levels = read_data("departments.json")["bureaus"]["levels"]
    return [_bureau(line, region) for region in regions if region["level"] in levels]


def write_departments(offices: list[dict]) -> Tally:
    """Bring departments with their areas in line with these columns, in the caller's transaction."""
    rows = [{name: value for name, value in office.items() if name != "areas"} for office in offices]
    done = write_shipped_rows(model=Department, key="code", rows=rows)
    numbers = dict(Department.objects.values_list("code", "id"))
    links = write_shipped_links(
        through=Department.areas.through,
        left="department_id",
        right="region_id",
        wanted={numbers[office["code"]]: office["areas"] for office in offices},
    )
    return _with_links(done, links)


def _bureau(line: dict, region: dict) -> dict:
    is_city = region["level"] == RegionLevel.CITY
    below = {name.removeprefix("county_"): value for name, value in line.items() if name.startswith("county_")}
    own = line if is_city else line | below
    return {
        "code": f"{line['key']}-{region['code']}",
        "name": f"{region['name']}{own['name']}",
        "name_en": f"{region['name_en']} {own['name_en']}",
        "short_name": f"{'市' if is_city else _short(region)}{own['short_name']}",
        "kind": DepartmentKind.BUREAU,
        "level": region["level"],
        "line_id": line["key"],
        "region_id": region["code"],
        "areas": [region["code"]],
    }


def _office(pattern: dict, region: dict) -> dict:
    words = {
        "code": region["code"],
        "name": region["name"],
        "name_en": region["name_en"],
        "display": region["display_name"],
        "short": _short(region),
    }
    named = {name: pattern[name].format(**words) for name in ("code", "name", "short_name", "name_en")}
    return named | {
        "kind": pattern["kind"],
        "level": region["level"],
        "line_id": None,
        "region_id": region["code"],
        "areas": [region["code"]],
    }


def _inspection_group(group: dict, city: dict) -> dict:
    return {
        "code": f"inspection-{group['number']:02}",
        "name": group["name"],
        "name_en": f"Inspection group {group['number']}",
        "short_name": group["name"],
        "kind": DepartmentKind.INSPECTION,
        "level": RegionLevel.CITY,
        "line_id": None,
        "region_id": city["code"],
        "areas": group["areas"],
    }


def _short(region: dict) -> str:
    """园区 and 高新区 go by the name they are called by, 昆山市 and 姑苏区 by their own."""
    return region["display_name"] if region["display_name"].endswith("区") else region["name"]
