"""The training of the demo city: sessions of the past that come to exact figures, some to come, the library."""

import datetime as dt
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.utils import timezone
from docx import Document

from enterprises.enums import DepartmentKind, RegionLevel
from enterprises.models import Category, Department, User
from enterprises.models.places import CITY_CODE, COUNTY_DIVISOR
from review.domain.demo import names
from review.domain.demo.sizes import Training
from review.domain.training.materials import FOLDER
from review.domain.training.standard import ship_standard, standing_standard
from review.enums import AttendanceWay, TrainingKind, TrainingState
from review.models import MaterialVersion, TrainingAttendance, TrainingMaterial, TrainingSession, TrainingTest
from riskreport.ground import clock
from riskreport.ground.checks.file_kinds import DOCX
from riskreport.ground.domain.kept_files import keep_file
from riskreport.ground.domain.many_rows import reserve_ids, write_rows

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "demo_training.json"
# How many of the sessions of a whole city its office and the districts' offices give; the rest are the townships'.
OF_CITY, OF_COUNTIES = 0.04, 0.24
TO_CITY, TO_COUNTY = 0.18, 0.30  # the shares of units that go to those
MONTHS = (12, 24, 22, 12, 10, 10, 10)  # of the time since the campaign opened: much in the beginning
KINDS = {TrainingKind.CLASSROOM: 58, TrainingKind.CLOUD: 28, TrainingKind.LIVE: 14}
WAYS = {
    TrainingKind.CLASSROOM: (AttendanceWay.LIST, AttendanceWay.CODE, AttendanceWay.CODE),
    TrainingKind.CLOUD: (AttendanceWay.FILE,),
    TrainingKind.LIVE: (AttendanceWay.FILE, AttendanceWay.CODE),
}
UNIT = ("enterprise_id", "enterprise__town_id", "pk", "name", "phone")
MOST_LOOKED_AT = 200
HOME, YUSHAN = 320583, 320583100
HOURS = (9, 14, 15)
TESTED = 0.06  # the share of units whose person has taken the test
SESSION = (
    "id", "title", "kind", "department_id", "level", "region_id", "trainer", "starts_at", "ends_at", "place",
    "capacity", "material_id", "state", "held_on", "respects", "questions", "pass_mark", "created_at",
)  # fmt: skip
PERSON = ("session_id", "enterprise_id", "name", "phone", "came", "way")
TEST = (
    "session_id", "user_id", "enterprise_id", "asked", "right", "passed", "tries", "catalogues", "answered_at"
)  # fmt: skip


class Unit(NamedTuple):
    """A unit that is trained: its keys, and who goes."""

    pk: int
    town: int
    user: int
    name: str
    phone: str


@dataclass(frozen=True)
class Given:
    """A session to be: who gives it, where, of what kind, on what day, for which categories (none: all)."""

    pk: int
    department: Department
    kind: str
    day: dt.date
    categories: tuple[str, ...] = ()


@cache
def words() -> dict[str, Any]:
    """Return the whole file of words."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def load_training(*, rng: Random, figures: Training, opened: dt.date) -> None:
    """Write the training of a city whose units, people and reports are there.

    Side effects, in the caller's transaction, in order: the standard; the library's files and rows; the sessions held
    since ``opened`` with who came, so that sessions, units and people are those of ``figures``; results of tests;
    some sessions about today for the demo accounts. Raises ValueError when there are fewer units than are to be
    trained.
    """
    ship_standard()
    material = fill_library()
    sectors = {"sector": "00"} if figures.is_industry else {}
    codes = tuple(Category.objects.filter(**sectors).values_list("code", flat=True)) if sectors else ()
    units = _units(rng, codes, figures.units)
    sessions = _sessions(rng, figures.sessions, units, opened, codes)
    _write_sessions(rng, sessions, material)
    _write_people(rng, sessions, units, figures)
    if not figures.is_industry:
        _let_bureaus_train(rng, material)
    write_sessions_about_today(rng, material)


def _units(rng: Random, codes: Sequence[str], wanted: int) -> list[Unit]:
    """Return the units that are trained, in a random order; in industry those that have reported come first."""
    rows = User.objects.filter(enterprise__left_on=None, enterprise__joined_on__lte=clock.today())
    if codes:
        rows = rows.filter(enterprise__category__in=codes)
    found: dict[int, Unit] = {}
    order = ("-enterprise__version", "enterprise_id", "pk")
    for row in rows.order_by(*order).values_list(*UNIT):
        found.setdefault(row[0], Unit(*row))
    units = list(found.values())
    if not codes:
        rng.shuffle(units)
    units = units[:wanted]
    if len(units) < wanted:
        raise ValueError(f"{wanted} units cannot be trained: there are {len(units)}")
    rng.shuffle(units)
    return units


def _sessions(rng: Random, count: int, units: Sequence[Unit], opened: dt.date, codes: tuple[str, ...]) -> list[Given]:
    """Return who gives how many sessions: the city's office, the districts' by their units, the townships' the rest."""
    offices = {row.region_id: row for row in Department.objects.filter(kind=DepartmentKind.COMMITTEE)}
    townships = {row.region_id: row for row in Department.objects.filter(kind=DepartmentKind.TOWNSHIP)}
    by_town: dict[int, int] = {}
    for unit in units:
        by_town[unit.town] = by_town.get(unit.town, 0) + 1
    weights = {town: number for town, number in by_town.items() if town in townships}
    by_county: dict[int, int] = {}
    for town, number in by_town.items():
        by_county[town // COUNTY_DIVISOR] = by_county.get(town // COUNTY_DIVISOR, 0) + number
    city = max(1, round(count * OF_CITY))
    counties = round(count * OF_COUNTIES)
    givers = [offices[CITY_CODE]] * city
    givers += [offices[code] for code in _shared(counties, by_county)]
    givers += [townships[code] for code in _shared(count - city - counties, weights)]
    days = _days(rng, count, opened)
    kinds = rng.choices(list(KINDS), list(KINDS.values()), k=count)
    ids = reserve_ids(TrainingSession, count)
    return [Given(*row, codes) for row in zip(ids, givers, map(str, kinds), days, strict=True)]


def _shared(count: int, weights: dict[int, int]) -> list[int]:
    """Return ``count`` codes by their weights, the heaviest first where it does not come out even."""
    whole = sum(weights.values())
    shares = {code: count * weight / whole for code, weight in sorted(weights.items())}
    found = [code for code, share in shares.items() for _number in range(int(share))]
    rest = sorted(shares, key=lambda code: int(shares[code]) - shares[code])
    return found + rest[: count - len(found)]


def _days(rng: Random, count: int, opened: dt.date) -> list[dt.date]:
    """Return working days between the opening and yesterday, many in the first months."""
    span = max(14, (clock.today() - opened).days - 1)
    part = span / len(MONTHS)
    found = []
    for place in rng.choices(range(len(MONTHS)), MONTHS, k=count):
        day = opened + dt.timedelta(days=int(part * (place + rng.random())))
        found.append(min(day - dt.timedelta(days=max(0, day.weekday() - 4)), clock.today() - dt.timedelta(days=1)))
    return found


def _write_sessions(rng: Random, sessions: Sequence[Given], material: int) -> None:
    standard = standing_standard()
    rows = []
    for one in sessions:
        starts = _at(one.day, rng.choice(HOURS))
        met = [number for number in range(1, 5) if rng.random() < 0.93]
        rows.append((
            one.pk, title_of(rng, one.kind, one.department), one.kind, one.department.pk, one.department.level,
            one.department.region_id, rng.choice(words()["trainers"]), starts, starts + dt.timedelta(minutes=90),
            _place(rng, one.kind, one.department), None, material, TrainingState.HELD.value, one.day,
            met, standard.questions, standard.pass_mark, starts - dt.timedelta(days=12),
        ))  # fmt: skip
    write_rows(TrainingSession, SESSION, rows)
    links = ((one.pk, code) for one in sessions for code in one.categories)
    write_rows(TrainingSession.categories.through, ("trainingsession_id", "category_id"), links)


def title_of(rng: Random, kind: str, department: Department) -> str:
    """Return what a session of a department is called."""
    return rng.choice(words()["titles"][kind]).format(who=department.region.display_name)


def _place(rng: Random, kind: str, department: Department) -> str:
    if kind == TrainingKind.CLASSROOM:
        return f"{department.region.display_name}{rng.choice(words()['rooms'])}"
    return f"{words()['streams'][kind == TrainingKind.LIVE]}{rng.randrange(10**6):06}"


def _at(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def _write_people(rng: Random, sessions: Sequence[Given], units: Sequence[Unit], figures: Training) -> None:
    """Let each unit come once, some with a second person; no session stays empty."""
    rows, tests = [], []
    second = set(rng.sample(range(len(units)), figures.people - figures.units))
    ways = {kind: [way.value for way in known] for kind, known in WAYS.items()}
    for place, (unit, session) in enumerate(zip(units, _assigned(rng, sessions, units), strict=True)):
        way = rng.choice(ways[TrainingKind(session.kind)])
        rows.append((session.pk, unit.pk, unit.name, unit.phone, True, way))
        if place in second:
            other = names.person(rng)
            other = f"{other}２" if other == unit.name else other
            rows.append((session.pk, unit.pk, other, "", True, way))
        if rng.random() < TESTED:
            tests.append(_test(rng, session, unit))
    write_rows(TrainingAttendance, PERSON, rows)
    write_rows(TrainingTest, TEST, tests)


def _test(rng: Random, session: Given, unit: Unit) -> tuple:
    right = min(10, max(4, round(rng.gauss(8.6, 1.2))))
    return (
        session.pk, unit.user, unit.pk, 10, right, right >= 8, 1 + (rng.random() < 0.2), {}, _at(session.day, 18)
    )  # fmt: skip


def _assigned(rng: Random, sessions: Sequence[Given], units: Sequence[Unit]) -> Iterator[Given]:
    """Yield for each unit, in order, the session it goes to: first one for each session, then by shares."""
    pools: dict[int, list[Given]] = {}
    for one in sessions:
        pools.setdefault(one.department.region_id, []).append(one)
    waiting = {code: list(pool) for code, pool in pools.items()}
    for unit in units:
        county = unit.town // COUNTY_DIVISOR
        where = rng.choices((unit.town, county, CITY_CODE), (1 - TO_CITY - TO_COUNTY, TO_COUNTY, TO_CITY))[0]
        code = next((one for one in (unit.town, county, CITY_CODE) if waiting.get(one)), None)
        if code is not None:
            yield waiting[code].pop()
            continue
        yield rng.choice(pools.get(where) or pools.get(county) or pools[CITY_CODE])


# Bureaus at home that have given a session already: code, days ago, the categories it was for.
HELD_BY_BUREAUS = (
    ("civil", 24, ("1401", "1402")), ("civil", 11, ("1401",)), ("religion", 17, ("1501",)), ("transport", 9, ("0103",)),
)  # fmt: skip
MOST_CAME = 14


def _let_bureaus_train(rng: Random, material: int) -> None:
    """Let bureaus at home have held sessions for their categories, to which units at home came."""
    departments = {row.code: row for row in Department.objects.select_related("region")}
    for line, days, categories in HELD_BY_BUREAUS:
        bureau = departments[f"{line}-{HOME}"]
        session = Given(
            reserve_ids(TrainingSession, 1)[0], bureau, str(TrainingKind.CLASSROOM),
            clock.today() - dt.timedelta(days=days), categories,
        )  # fmt: skip
        _write_sessions(rng, [session], material)
        units = _units_of(bureau, categories)
        came = rng.sample(units, min(MOST_CAME, len(units)))
        rows = [(session.pk, unit.pk, unit.name, unit.phone, True, AttendanceWay.CODE.value) for unit in came]
        write_rows(TrainingAttendance, PERSON, rows)
        write_rows(TrainingTest, TEST, [_test(rng, session, unit) for unit in came[:12]])


def _units_of(department: Department, categories: Sequence[str]) -> list[Unit]:
    """Return the units within a department's region, of some categories or all, each with its first person."""
    low, high = department.region.bounds
    rows = User.objects.filter(enterprise__town__gte=low, enterprise__town__lte=high, enterprise__left_on=None)
    if categories:
        rows = rows.filter(enterprise__category__in=categories)
    found: dict[int, Unit] = {}
    for row in rows.order_by("enterprise_id", "pk").values_list(*UNIT)[:MOST_LOOKED_AT]:
        found.setdefault(row[0], Unit(*row))
    return list(found.values())


# --- about today ------------------------------------------------------------------------------------------------------
# Whose sessions they are, by code of department; kind, days from today, state, the categories they are for, seats.
ABOUT_TODAY = (
    (f"civil-{HOME}", TrainingKind.CLASSROOM, 0, TrainingState.OPEN, ("1401", "1402"), 40),
    (f"civil-{HOME}", TrainingKind.CLASSROOM, 6, TrainingState.OPEN, ("1401",), 4),
    (f"civil-{HOME}", TrainingKind.CLOUD, 13, TrainingState.OPEN, ("1401", "1402"), None),
    (f"civil-{HOME}", TrainingKind.LIVE, 27, TrainingState.PLANNED, ("1401",), None),
    (f"civil-{HOME}", TrainingKind.CLASSROOM, 9, TrainingState.CANCELLED, ("1402",), 30),
    (f"religion-{HOME}", TrainingKind.CLASSROOM, 5, TrainingState.OPEN, ("1501",), 50),
    (f"transport-{HOME}", TrainingKind.CLOUD, 8, TrainingState.OPEN, ("0103",), None),
    (f"civil-{CITY_CODE}", TrainingKind.LIVE, 10, TrainingState.OPEN, ("1401", "1402"), None),
    (f"safety-{YUSHAN}", TrainingKind.CLASSROOM, 7, TrainingState.OPEN, (), 60),
    (f"committee-{HOME}", TrainingKind.CLASSROOM, 16, TrainingState.PLANNED, (), 200),
    (f"committee-{CITY_CODE}", TrainingKind.LIVE, 12, TrainingState.OPEN, (), None),
)
SIGNED = 0.6  # the share of seats that is taken where there are few


def write_sessions_about_today(rng: Random, material: int) -> None:
    """Write sessions that are open, planned and cancelled, with some people signed up, for the demo accounts."""
    departments = {row.code: row for row in Department.objects.select_related("region")}
    standard = standing_standard()
    for code, kind, days, state, categories, seats in ABOUT_TODAY:
        department = departments[code]
        starts = _at(clock.today() + dt.timedelta(days=days), 9)
        session = TrainingSession.objects.create(
            title=title_of(rng, kind, department), kind=kind, department=department, level=department.level,
            region=department.region, trainer=rng.choice(words()["trainers"]), starts_at=starts,
            ends_at=starts + dt.timedelta(minutes=90),
            place=_place(rng, kind, department), capacity=seats,
            material_id=material, note=words()["note_for"], state=state,
            cancel_reason=words()["cancelled"] if state == TrainingState.CANCELLED else "",
            questions=standard.questions, pass_mark=standard.pass_mark, created_at=clock.now() - dt.timedelta(days=5),
        )  # fmt: skip
        session.categories.set(categories)
        if state == TrainingState.OPEN:
            _sign_some_up(rng, session, categories, department)


def _sign_some_up(rng: Random, session: TrainingSession, categories: Sequence[str], department: Department) -> None:
    most = min(12, round((session.capacity or 20) * SIGNED))
    units = _units_of(department, categories)
    chosen = rng.sample(units, min(most, len(units)))
    write_rows(TrainingAttendance, PERSON, [(session.pk, unit.pk, unit.name, unit.phone, False, "") for unit in chosen])


# --- the library ------------------------------------------------------------------------------------------------------
def fill_library() -> int:
    """Put the demo's materials into the library as Word documents of the city's office; return the first one."""
    office = Department.objects.get(kind=DepartmentKind.COMMITTEE, level=RegionLevel.CITY)
    first = 0
    for said in words()["materials"]:
        made = clock.now() - dt.timedelta(days=150)
        row = TrainingMaterial.objects.create(
            title=said["title"], kind=said["kind"], language=said["language"], department=office, created_at=made
        )
        for number in range(1, said["versions"] + 1):
            lines = said["lines"] if number == said["versions"] else said["lines"][:-1]
            _write_version(row, number, lines, made + dt.timedelta(days=40 * (number - 1)))
        first = first or row.pk
    return first


def _write_version(row: TrainingMaterial, number: int, lines: Sequence[str], at: dt.datetime) -> None:
    document, out = Document(), io.BytesIO()
    document.add_heading(row.title, level=1)
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    file = ContentFile(out.getvalue())
    path, digest = keep_file(file=file, folder=FOLDER, extension=DOCX.extension)
    MaterialVersion.objects.create(
        material=row, number=number, name=f"{row.title}.{DOCX.extension}", path=path, content_type=DOCX.content_type,
        size=file.size, sha256=digest, uploaded_at=at,
    )  # fmt: skip
