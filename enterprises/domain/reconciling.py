"""Comparing two lists: starting it, and keeping what was found as differences to settle."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.checks.credit_code import normalise
from enterprises.checks.matching import Entry, Matching, differing_fields, match_lists
from enterprises.domain.leaving import OpenWork, owned, register_open_work
from enterprises.domain.list_headings import NAMING, known_words, roster_sheet
from enterprises.enums import ON_ROSTER, Lifecycle, RegionLevel
from enterprises.models import Category, Difference, Reconciliation, Region, User
from enterprises.models.reconciliation import Bucket, ReconciliationState
from enterprises.queries.reconciliation import units_by_code
from enterprises.queries.scope import enterprises_for_user
from enterprises.rules import keeps_rosters
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.jobs import start_job
from riskreport.ground.imports.headings import check_columns, remember

KIND = "compare_lists"
FOLDER = "reconciliations"
FIELDS = ("name", "code", "category", "town", "address", "scale")
LIFECYCLE = "lifecycle"
MOST_REMARKS = 500
EVERYWHERE = (0, 999_999_999)


@dataclass(frozen=True)
class KeptFile:
    """An uploaded list as it was kept: its path, the person's own name of it, its SHA-256."""

    path: str = ""
    name: str = ""
    sha256: str = ""


@dataclass
class ReadList:
    """What a file said: its rows, the columns it speaks of, [row, sentence] of what could not be taken as it stands."""

    entries: list[Entry] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    remarks: list[tuple[int, str]] = field(default_factory=list)


def start_reconciliation(
    *,
    user: User,
    title: str,
    b: KeptFile,
    a: KeptFile | None = None,
    category_id: str = "",
    area_id: int | None = None,
    language: str = "",
) -> Reconciliation:
    """Begin to compare the roster, or the file ``a``, with the file ``b``.

    Side effects, in order, in one transaction: the reconciliation, owned by the person's department; the job that
    compares, a worker nudged after commit; event ``reconciliation.started``. Every call begins another one. Raises
    Refused when the person keeps no roster.
    """
    keeps_rosters.check(user)
    own = a or KeptFile()
    with transaction.atomic():
        row = Reconciliation.objects.create(
            department_id=user.department_id,
            title=title,
            category_id=category_id or None,
            area_id=area_id,
            a_file=own.path,
            a_name=own.name,
            a_sha256=own.sha256,
            b_file=b.path,
            b_name=b.name,
            b_sha256=b.sha256,
            created_by=user,
            created_at=clock.now(),
        )
        row.job = start_job(kind=KIND, owner=user, params={"reconciliation": row.pk, "language": language}, title=title)
        row.save(update_fields=["job"])
        data = {"roster": not own.path, "a": own.sha256, "b": b.sha256}
        record_event(kind="reconciliation.started", actor=user, about=row, data=data)
    return row


def ask_headings(*, reconciliation_id: int, lists: dict[str, Any]) -> None:
    """Keep what a person must say of the headings of the files before they are compared. Again, it changes nothing."""
    waiting = Reconciliation.objects.filter(pk=reconciliation_id, state=ReconciliationState.COMPARING)
    waiting.update(state=ReconciliationState.MAPPING, lists=lists)


def assign_headings(*, user: User, reconciliation_id: int, columns: dict[str, list[str]]) -> Reconciliation:
    """Say which heading of each file is which column of the roster, and have the lists compared.

    ``columns`` gives for each list asked about ("a", "b") a column's key, or nothing, for each heading. Side effects,
    in order, in one transaction: the headings are kept, and remembered for the department as those of its imports; the
    job that compares; event ``reconciliation.assigned``. A second call changes nothing. Raises Refused for columns that
    do not fit, are chosen twice, or name no unit, and Reconciliation.DoesNotExist outside the department.
    """
    keeps_rosters.check(user)
    with transaction.atomic():
        own = Reconciliation.objects.select_for_update(of=("self",)).select_related("job")
        row = own.get(pk=reconciliation_id, department_id=user.department_id)
        if row.state != ReconciliationState.MAPPING:
            return row
        row.lists = {side: _assigned(row, side, columns.get(side, [])) for side in row.lists}
        row.state = ReconciliationState.COMPARING
        row.job = start_job(kind=KIND, owner=user, params=row.job.params, title=row.title)
        row.save(update_fields=["lists", "state", "job"])
        record_event(kind="reconciliation.assigned", actor=user, about=row, data={})
    return row


def _assigned(row: Reconciliation, side: str, chosen: list[str]) -> dict[str, Any]:
    """Return how a list is read once a person said so, and remember it; one that was assigned before stays."""
    asked = row.lists[side]
    if "columns" in asked:
        return asked
    headings = asked["headings"]
    check_columns(roster_sheet(), headings, chosen)
    if not NAMING & {*chosen}:
        text = _("%(list)s: say which column holds the names or the credit codes of the units.")
        raise Refused(text % {"list": _("List A") if side == "a" else _("List B")})
    remember(roster_sheet(), row.department_id, headings, chosen, known_words())
    return {"headings": headings, "columns": chosen}


def store_comparison(*, reconciliation_id: int, user: User, b: ReadList, a: ReadList | None = None) -> dict[str, int]:
    """Match the lists and keep the differences; ``a`` None stands for the roster within the person's scope.

    Side effects, in order, in one transaction: earlier differences of a comparison that was cut off are deleted; the
    differences; counts, remarks and state; event ``reconciliation.compared``. A second call after it was compared
    changes nothing. Returns the counts.
    """
    with transaction.atomic():
        row = Reconciliation.objects.select_for_update(of=("self",)).select_related("area").get(pk=reconciliation_id)
        if row.state == ReconciliationState.READY:
            return row.counts
        entries = list(_roster(user, row)) if a is None else _linked(user, a.entries)
        found = match_lists(entries, b.entries if a is None else _linked(user, b.entries))
        fields = [key for key in FIELDS if key in b.fields and (a is None or key in a.fields)]
        row.differences.all().delete()
        same = _keep(row, found, fields)
        row.fields, row.compared_at, row.state = fields, clock.now(), ReconciliationState.READY
        row.counts = {"a": sum(one.counts for one in entries), "b": len(b.entries), "same": same}
        row.remarks = _remarks(a, b, found)
        row.save(update_fields=["fields", "compared_at", "state", "counts", "remarks"])
        record_event(kind="reconciliation.compared", actor=user, about=row, data=row.counts)
    return row.counts


def fail_reconciliation(*, reconciliation_id: int, problem: str) -> None:
    """Keep why two lists could not be compared, in a sentence for the department. A second call changes nothing."""
    waiting = Reconciliation.objects.filter(pk=reconciliation_id, state=ReconciliationState.COMPARING)
    waiting.update(state=ReconciliationState.FAILED, problem=problem)


def _roster(user: User, row: Reconciliation) -> Iterator[Entry]:
    """Return the units a person counts as theirs as a list.

    Those on the roster, of the category and area asked for, stand in it; the others are known to match against, so that
    a unit that left, or stands elsewhere in the scope, is not taken for an unknown one.
    """
    columns = ("pk", "version", "name", "credit_code", "temporary_code", "town_id", "address", "scale", "category_id",
               "lifecycle")  # fmt: skip
    low, high = row.area.bounds if row.area else EVERYWHERE
    units = enterprises_for_user(user).exclude(lifecycle=Lifecycle.MERGED).order_by("pk").values_list(*columns)
    for pk, version, name, code, temporary, town, address, scale, category, lifecycle in units.iterator(
        chunk_size=5000
    ):
        values = {
            "name": name,
            "code": normalise(code or temporary),
            "category": category,
            "town": town,
            "address": address,
            "scale": scale,
            LIFECYCLE: lifecycle,
        }
        asked = row.category_id in (None, category) and low <= town <= high
        yield Entry(0, values, pk, version, counts=asked and lifecycle in ON_ROSTER)


def _linked(user: User, entries: Sequence[Entry]) -> list[Entry]:
    """Name the unit of the person's scope that each row's code belongs to, if there is one."""
    known = units_by_code(user, {entry.values["code"] for entry in entries if entry.values.get("code")})
    for entry in entries:
        unit = known.get(entry.values.get("code", ""))
        if unit is not None:
            entry.enterprise_id, entry.version = unit.pk, unit.version
    return list(entries)


def _keep(row: Reconciliation, found: Matching, fields: Sequence[str]) -> int:
    """Write the differences; return how many pairs are the same."""
    made: dict[int, Difference] = {}
    same = 0
    _name_places(chain(*found.pairs, found.only_a, found.only_b))
    for a, b in found.pairs:
        differing = differing_fields(a.values, b.values, fields)
        if a.values.get(LIFECYCLE, Lifecycle.ACTIVE) not in ON_ROSTER:
            differing.append(LIFECYCLE)
        if differing:
            made[id(b)] = _difference(row, Bucket.DIFFERS, a, b, differing)
        else:
            same += 1
    made |= {id(a): _difference(row, Bucket.ONLY_A, a, None) for a in found.only_a}
    made |= {id(b): _difference(row, Bucket.ONLY_B, None, b) for b in found.only_b}
    Difference.objects.bulk_create(made.values(), batch_size=1000)
    near = [(made[id(b)], made[id(a)]) for b, a in found.near.items()]
    for one, other in near:
        one.near = other
    Difference.objects.bulk_update([one for one, _other in near], ["near"], batch_size=500)
    return same


def _name_places(entries: Iterable[Entry]) -> None:
    """Note beside the codes of town and category what these are called: the result is read for years."""
    towns = dict(Region.objects.filter(level=RegionLevel.TOWN).values_list("code", "display_name"))
    kinds = dict(Category.objects.values_list("code", "name"))
    for entry in entries:
        for key, known in (("town", towns), ("category", kinds)):
            if entry.values.get(key):
                entry.values[f"{key}_label"] = known.get(entry.values[key], "")


def _difference(
    row: Reconciliation, bucket: Bucket, a: Entry | None, b: Entry | None, fields: Sequence[str] = ()
) -> Difference:
    speaks: Any = b or a
    unit = next((one.enterprise_id for one in (a, b) if one and one.enterprise_id), None)
    town = (a.values.get("town") if a else None) or (b.values.get("town") if b else None)
    name = (a or speaks).values.get("name") or speaks.values.get("name") or speaks.values.get("code") or ""
    return Difference(
        reconciliation=row,
        bucket=bucket,
        name=name[:120],
        town_id=town,
        enterprise_id=unit,
        a_row=a.row if a else 0,
        b_row=b.row if b else 0,
        a=a.values if a else {},
        b=b.values if b else {},
        fields=list(fields),
    )


def _remarks(a: ReadList | None, b: ReadList, found: Matching) -> list[list]:
    """Return [list, row, sentence] of what a person should know of the files."""
    told = [["A", *one] for one in (a.remarks if a else [])] + [["B", *one] for one in b.remarks]
    told += [
        [side.upper(), entry.row, _("The code %(code)s stands twice in this list.") % {"code": entry.values["code"]}]
        for side, entry in found.doubles
    ]
    return told[:MOST_REMARKS]


def _unsettled(person: User) -> QuerySet[Reconciliation]:
    """Return the comparisons a person has begun that are not compared yet, or have differences still open."""
    is_open = Exists(Difference.objects.filter(reconciliation=OuterRef("pk"), outcome=""))
    begun = Reconciliation.objects.filter(created_by=person).exclude(state=ReconciliationState.FAILED)
    return begun.filter(~Q(state=ReconciliationState.READY) | is_open)


register_open_work(
    OpenWork("reconciliations", _l("Comparisons of lists that are not settled"), _unsettled,
             owned(_unsettled, "created_by"))
)  # fmt: skip
