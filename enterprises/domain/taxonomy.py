"""Lines, sectors and categories added, renamed and retired by the safety committee office."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from enterprises.domain.reference import bureaus_of, write_departments
from enterprises.models import Category, Line, Region, Sector, User
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event

REGION_COLUMNS = ("code", "name", "display_name", "name_en", "level")


def add_line(*, user: User, key: str, name: str, name_en: str, short_name: str) -> Line:
    """Add a line of command with its bureaus at the city and in each county, by the rule of departments.json.

    Side effects, in order: the line, last in the order; its bureaus with their areas; event ``taxonomy.line_added``.
    Raises Refused when the key is taken.
    """
    with transaction.atomic():
        if Line.objects.filter(pk=key).exists():
            raise Refused(_("A line with the short name “%(key)s” exists already. Choose another one.") % {"key": key})
        last = Line.objects.aggregate(last=Max("order"))["last"] or 0
        line = Line.objects.create(key=key, name=name, name_en=name_en, order=last + 1, is_local=True)
        named = {"key": key, "name": name, "name_en": name_en, "short_name": short_name or name}
        made = write_departments(bureaus_of(named, list(Region.objects.values(*REGION_COLUMNS))))
        _record("line_added", user, {"line": key, "departments": made.created})
    return line


def add_sector(
    *, user: User, code: str, name: str, name_en: str, lead: Line | None, new_line: dict[str, str] | None = None
) -> Sector:
    """Add a key sector led by a line there is, or by a new one (``new_line``: key, name, name_en, short_name).

    Side effects, in order, in one transaction: the new line as add_line does; the sector; event
    ``taxonomy.sector_added``. Raises Refused when a code or key is taken.
    """
    with transaction.atomic():
        if Sector.objects.filter(pk=code).exists():
            raise Refused(_("The code %(code)s belongs to another sector. Choose another one.") % {"code": code})
        leading = lead or add_line(user=user, **(new_line or {}))
        sector = Sector.objects.create(code=code, name=name, name_en=name_en, lead=leading, is_local=True)
        _record("sector_added", user, {"sector": code, "line": leading.pk})
    return sector


def rename_sector(*, user: User, code: str, name: str, name_en: str) -> Sector:
    """Change a sector's names. What was snapshotted keeps its words by code.

    Side effects: the names, and that a release's own names do not come back; event ``taxonomy.sector_renamed`` with old
    and new. The same names change nothing. Raises Sector.DoesNotExist.
    """
    with transaction.atomic():
        row = Sector.objects.select_for_update().get(pk=code)
        old = {"name": row.name, "name_en": row.name_en}
        new = {"name": name, "name_en": name_en}
        if old != new:
            row.name, row.name_en, row.is_local = name, name_en, True
            row.save(update_fields=["name", "name_en", "is_local"])
            _record("sector_renamed", user, {"sector": code, "old": old, "new": new})
    return row


def save_category(
    *, user: User, sector: Sector, code: str, values: dict[str, Any], co_leads: Iterable[str], is_new: bool
) -> Category:
    """Add a category to a sector, or change its names, lead, co-leads and rank map.

    ``values``: name, name_en, lead_id, rank_map. Its code begins with the sector's: catalogues and lists rely on it.
    Side effects, in order: the category; its co-leads, without the lead itself; event ``taxonomy.category_added`` or
    ``taxonomy.category_changed`` with old and new values; saving what stands changes nothing. Who decides the reports
    that are already out stays as it was. Raises Refused for a code that is taken or of another sector,
    Category.DoesNotExist.
    """
    wanted = sorted(set(co_leads) - {values["lead_id"]})
    with transaction.atomic():
        if is_new:
            _refuse_code(sector, code)
            row = Category.objects.create(code=code, sector=sector, is_local=True, **values)
            row.co_leads.set(wanted)  # type: ignore[arg-type]  # keys are codes
            _record("category_added", user, {"category": code})
            return row
        row = Category.objects.select_for_update(of=("self",)).get(pk=code, sector=sector)
        old = {name: getattr(row, name) for name in values}
        old["co_leads"] = sorted(row.co_leads.values_list("key", flat=True))
        if old == values | {"co_leads": wanted}:
            return row
        for name, value in values.items():
            setattr(row, name, value)
        row.is_local = True
        row.save(update_fields=[*values, "is_local"])
        row.co_leads.set(wanted)  # type: ignore[arg-type]  # keys are codes
        _record("category_changed", user, {"category": code, "old": old, "new": values | {"co_leads": wanted}})
    return row


def retire_sector(*, user: User, code: str, on: dt.date | None) -> Sector:
    """Retire a sector from a day on, or take that back with None. It is offered for nothing new from that day.

    Side effects: the day; event ``taxonomy.sector_retired``. Raises Refused for a day gone by, Sector.DoesNotExist.
    """
    with transaction.atomic():
        row = Sector.objects.select_for_update().get(pk=code)
        _retire(row, on)
        _record("sector_retired", user, {"sector": code, "on": str(on) if on else None})
    return row


def retire_category(*, user: User, code: str, on: dt.date | None) -> Category:
    """Retire a category from a day on, or take that back with None; as retire_sector."""
    with transaction.atomic():
        row = Category.objects.select_for_update().get(pk=code)
        _retire(row, on)
        _record("category_retired", user, {"category": code, "on": str(on) if on else None})
    return row


def _retire(row: Sector | Category, on: dt.date | None) -> None:
    if on is not None and on < clock.today():
        raise Refused(_("Choose today or a later day: what was asked before that day stays as it was."))
    row.retired_on, row.is_local = on, True
    row.save(update_fields=["retired_on", "is_local"])


def _refuse_code(sector: Sector, code: str) -> None:
    if not code.startswith(sector.code):
        raise Refused(
            _("A category's code begins with its sector's: write %(sector)s and two more digits.")
            % {"sector": sector.code}
        )
    if Category.objects.filter(pk=code).exists():
        raise Refused(_("The code %(code)s belongs to another category. Choose another one.") % {"code": code})


def _record(what: str, user: User, data: dict[str, Any]) -> None:
    record_event(kind=f"taxonomy.{what}", actor=user, data=data)
