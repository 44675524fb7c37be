"""Taking in the roster of enterprises (底数清单) from a file: its rows, and who must hear of them."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.domain.roster_changes import RosterAct, RosterChange, announce_roster, hold_followers
from enterprises.domain.temporary_codes import next_temporary_code
from enterprises.enums import ON_ROSTER, ContactKind, Lifecycle, Scale
from enterprises.interfaces.roster_cells import kept_categories, kept_enterprises, towns_wanted
from enterprises.models import Contact, Enterprise, EnterpriseCategory
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.imported import known_as
from enterprises.rules import keeps_rosters
from riskreport.ground import clock
from riskreport.ground.sheets import Importer, Leaving, Links, Side, Written
from riskreport.ground.sheets.importer import Said, Values

TOLD_AT_ONCE = 5_000
MINE = "mine"
MOVES = {"town_id", "category_id", "scale"}
FIELDS = {
    "category": "category_id",
    "town": "town_id",
    "joined": "joined_on",
    "left": "left_on",
    "employees": "profile__employees",
}
CONTACTS = {
    ContactKind.LEGAL: ("legal", ""),
    ContactKind.PRINCIPAL: ("principal", "principal_phone"),
    ContactKind.SAFETY: ("safety", "phone"),
}


# --- rows -------------------------------------------------------------------------------------------------------------
def prepare(user: Any) -> Callable[[Values, Values | None], Values]:
    """Return what fills in what follows from other columns of a row."""
    today = clock.today().isoformat()

    def fill(values: Values, standing: Values | None) -> Values:
        if standing is not None and standing.get("lifecycle") == Lifecycle.MERGED:
            return {}  # its entry is kept with the unit it was merged into
        row = dict(values)
        _settle_codes(row, standing)
        _settle_lifecycle(row, standing, today)
        if row.get("scale") == "":
            row["scale"] = Scale.UNSCALED.value
        further, primary = row.get("further"), row.get("category") or (standing or {}).get("category")
        if further and primary in further:
            row["further"] = [code for code in further if code != primary]
        return row

    return fill


def _settle_codes(row: Values, standing: Values | None) -> None:
    """A credit code takes the place of a temporary one; an empty cell never takes a code away."""
    for key in ("credit_code", "temporary_code"):
        if key in row and not row[key] and (standing or {}).get(key):
            del row[key]
    if row.get("credit_code"):
        row["temporary_code"], row["no_code_reason"] = None, ""
    elif (standing or {}).get("credit_code"):
        row.pop("temporary_code", None)
        row.pop("no_code_reason", None)


def _settle_lifecycle(row: Values, standing: Values | None, today: str) -> None:
    """A new unit is in operation from today unless the file says otherwise; empty cells leave what stands."""
    if not row.get("lifecycle"):
        row.pop("lifecycle", None)
    if not row.get("joined"):
        row.pop("joined", None)
    if standing is None:
        row.setdefault("lifecycle", Lifecycle.ACTIVE.value)
        row.setdefault("joined", today)
    if row.get("lifecycle") in ON_ROSTER and not row.get("left"):
        row["left"], row["left_reason"] = None, ""
    if row.get("lifecycle") and row["lifecycle"] != (standing or {}).get("lifecycle"):
        row["lifecycle_on"] = row.get("left") or (row["joined"] if standing is None else today)


def remarks(user: Any) -> Callable[[Values, Values | None], Iterable[Said]]:
    """Return the rules across the columns of a row."""

    def judge(values: Values, standing: Values | None) -> Iterator[Said]:
        if not values:
            return
        row = {**(standing or {}), **values}
        if not row.get("credit_code") and not row.get("no_code_reason"):
            yield "credit_code", _("the credit code, or in its column the reason why there is none")
        yield from _judge_dates(row)
        if bool(row.get("longitude")) != bool(row.get("latitude")):
            yield "latitude" if row.get("longitude") else "longitude", _("both longitude and latitude, or neither")
        if values.get("county") and values["county"] != row["town"] // COUNTY_DIVISOR:
            yield "town", _("a town of the county in the same row")

    return judge


def _judge_dates(row: Values) -> Iterator[Said]:
    if row.get("lifecycle") == Lifecycle.MERGED:
        yield "lifecycle", _("another state: units are merged on the page of one of them")
        return
    left, is_on = row.get("left"), row.get("lifecycle") in ON_ROSTER
    if is_on and left:
        yield "left", _("nothing here, because the unit is in operation or suspended; or its lifecycle closed")
    if not is_on and not left:
        yield "left", _("the day the unit left the roster, because it is closed or written off")
    if left and row.get("joined") and left < row["joined"]:
        yield "left", _("a day on or after the one it joined, %(day)s") % {"day": row["joined"]}


def give_temporary_codes(rows: Sequence[Values]) -> Sequence[Values]:
    """Return a temporary code for each new unit that has neither code."""
    return [{"temporary_code": next_temporary_code(town_id=row["town"])} for row in rows]


def wants_temporary_code(row: Values) -> bool:
    """Whether a new unit has neither a credit code nor a temporary one."""
    return not row.get("credit_code") and not row.get("temporary_code")


# --- who must hear of it ----------------------------------------------------------------------------------------------
def announce(written: Iterable[Written], user: Any) -> None:
    """Tell the followers of the roster what became of each unit, some thousand at a time so that memory stays flat."""
    today = clock.today()
    changes = (change for row in written for change in changes_of(row, today))
    while some := list(islice(changes, TOLD_AT_ONCE)):
        announce_roster(changes=some, user=user)


def changes_of(row: Written, today: dt.date) -> Iterator[RosterChange]:
    """Yield what happened to one unit: it may have moved and been suspended in the same row."""
    old, new = known_as(row.old), known_as(row.new)
    given = {"old": old, "new": new, "reason": str(new.get("left_reason") or "")}
    if row.is_gone:
        yield RosterChange(row.pk, RosterAct.LEFT, today, _("Import undone"), old=old)
        return
    if row.is_new:
        yield RosterChange(row.pk, RosterAct.JOINED, _day(new.get("joined_on"), today), **given)
        if new["lifecycle"] not in ON_ROSTER:
            yield RosterChange(row.pk, RosterAct.LEFT, _day(new.get("left_on"), today), **given)
        return
    act = _lifecycle_act(old.get("lifecycle"), new.get("lifecycle"))
    if MOVES & set(new):
        yield RosterChange(row.pk, RosterAct.MOVED, today, **given)
    if act is not None:
        day = _day(new.get("left_on"), today) if act == RosterAct.LEFT else today
        yield RosterChange(row.pk, act, day, **given)
    if act is None and not MOVES & set(new):
        yield RosterChange(row.pk, RosterAct.CHANGED, today, **given)


def _lifecycle_act(old: str | None, new: str | None) -> RosterAct | None:
    if new is None or new == old:
        return None
    if new not in ON_ROSTER:
        return RosterAct.LEFT if old in ON_ROSTER else None
    if old not in ON_ROSTER:
        return RosterAct.JOINED
    return RosterAct.SUSPENDED if new == Lifecycle.SUSPENDED else RosterAct.RESUMED


def _day(value: str | None, today: dt.date) -> dt.date:
    return dt.date.fromisoformat(value) if value else today


# --- lists that are complete ------------------------------------------------------------------------------------------
def scopes(user: Any) -> Sequence[tuple[str, str]]:
    """Return the lists a file may be the whole of: one category of the person's area, or all they keep."""
    kept = kept_categories(user)
    return [(row.code, row.label) for row in kept] + [(MINE, _("All units that you keep"))]


def units_of_scope(user: Any, scope: str) -> QuerySet[Enterprise]:
    """Return the units on the roster that a complete list of the scope must name."""
    rows = kept_enterprises(user).filter(lifecycle__in=sorted(ON_ROSTER))
    return rows if scope == MINE else rows.filter(category=scope)


def leaving_values(on: str) -> Values:
    """Return what is written to a unit that a complete list no longer names."""
    return _written_off(on, _("Not on the complete list any more"))


def undone_values() -> Values:
    """Return what is written to a unit whose import is undone while reports of it stand already."""
    return _written_off(clock.today().isoformat(), _("Import undone"))


def _written_off(on: str, reason: str) -> Values:
    return {"lifecycle": Lifecycle.WRITTEN_OFF.value, "lifecycle_on": on, "left": on, "left_reason": reason}


ROSTER_IMPORT = Importer(
    rule=keeps_rosters,
    model=Enterprise,
    keys=(("credit_code",), ("temporary_code",), ("name", "town")),
    standing=kept_enterprises,
    fields=FIELDS,
    columns_only=frozenset({"county"}),
    sides=tuple(
        Side(
            model=Contact,
            parent="enterprise_id",
            fixed={"kind": kind.value},
            fields={name: "name"} | ({phone: "phone"} if phone else {}),
            while_set=name,
        )
        for kind, (name, phone) in CONTACTS.items()
    ),
    links=(Links(column="further", model=EnterpriseCategory, parent="enterprise_id", target="category_id"),),
    attributes=("lifecycle_on",),
    hold=hold_followers,
    prepare=prepare,
    remarks=remarks,
    wants={"town": towns_wanted},
    fresh=give_temporary_codes,
    wants_fresh=wants_temporary_code,
    announce=announce,
    leaving=Leaving(scopes=scopes, rows=units_of_scope, values=leaving_values),
    undo_new=undone_values,
    elsewhere=_l("a unit of your own line and area. Ask the safety committee office about this one"),
)
