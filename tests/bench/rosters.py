"""``python -m tests.bench.rosters [ROWS]``: a roster of 100,000 rows and 20 columns taken in from Excel.

On SQLite below DATA_DIR/bench, or on DATABASE_URL. Prints each part with the floor it can be held against in the same
run: the bare reader without guard and text, the bare statements, the bare inserts of what followed. What it takes in is
undone again, so the units leave the roster; each run takes in others.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DATA_DIR = Path(os.environ.get("DATA_DIR", "var"), "bench")
os.environ.update(DJANGO_SETTINGS_MODULE="riskreport.settings", DEMO="1", DATA_DIR=str(DATA_DIR), LOG_LEVEL="ERROR")
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
COLUMNS = (
    "name credit_code category further county town address longitude latitude scale trade_code lifecycle joined legal "
    "principal principal_phone safety phone employees standard_grade"
).split()
BARE_READ = (
    "import sys; from python_calamine import CalamineWorkbook as W; "
    "n = sum(1 for row in W.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows())"
)
CODE = "91320500MB"
FOLLOWERS = "followers of the roster"
PEAK = Path("/proc/self/clear_refs")
CHECKED = {"write", FOLLOWERS}
spent: dict[str, float] = {}


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Add the wall time of a block to ``spent``."""
    began = time.perf_counter()
    yield
    spent[name] = spent.get(name, 0) + time.perf_counter() - began


def time_calls(owner: Any, attribute: str, name: str) -> None:
    """Time every call of a function or of a generator function as part ``name``."""
    from django.db import connection

    plain = getattr(owner, attribute)

    def measured(*args: Any, **options: Any) -> Any:
        with timed(name):
            found = plain(*args, **options)
            if name in CHECKED and connection.vendor == "postgresql":
                connection.check_constraints()  # on PostgreSQL the statements' own share of what else the commit does
            return list(found) if isinstance(found, Iterator) else found

    setattr(owner, attribute, measured)


def code(number: int) -> str:
    """Return a credit code with ``number`` in it."""
    from enterprises.checks.credit_code import check_digit

    body = f"{CODE}{number:07d}"
    return body + check_digit(body)


def write_file(path: Path, first: int, change: str = "") -> None:
    """Write the roster as a file: 20 columns, codes with right check digits, towns and people as they come."""
    import rustpy_xlsxwriter as quick

    from enterprises.models import Category, Region
    from riskreport.ground.sheets import get_sheet

    sheet = get_sheet("enterprises")
    headings = [str(sheet.by_key[key].heading) for key in COLUMNS]
    towns = list(Region.objects.filter(level="town").select_related("parent").order_by("code"))
    categories = list(Category.objects.order_by("code").values_list("name", flat=True))

    def rows() -> Iterator[dict]:
        for number in range(first, first + ROWS):
            town = towns[number % len(towns)]
            yield dict(
                zip(
                    headings,
                    (
                        f"苏州市第{number}有限公司",
                        code(number),
                        categories[number % len(categories)],
                        categories[(number + 7) % len(categories)] if number % 10 == 0 else "",
                        town.parent.name,
                        town.name,
                        f"光明路{number % 5000}号{change}",
                        f"{120 + number % 1000 / 1000:.6f}",
                        f"{31 + number % 500 / 1000:.6f}",
                        "规上" if number % 5 == 0 else "规下",
                        f"{1000 + number % 8000}",
                        "正常",
                        "2021-10-01",
                        "周敏",
                        f"钱{number % 300}",
                        f"138{number % 100_000_000:08d}",
                        "孙建国",
                        f"139{number % 100_000_000:08d}",
                        number % 500,
                        "三级" if number % 4 == 0 else "",
                    ),
                    strict=True,
                )
            )

    quick.write_worksheet(rows(), str(path), sheet_name="底数清单")


def take_in(path: Path, person: Any) -> Any:
    """Upload, check and take in as the worker does."""
    from django.core.files import File

    from enterprises.management.commands.import_roster import work_off
    from riskreport.ground.imports import batches
    from riskreport.ground.sheets import get_sheet

    with path.open("rb") as file:
        batch = batches.start_import(
            sheet=get_sheet("enterprises"), user=person, file=File(file), name=path.name, language="zh-hans"
        )
    with timed("read and check job"):
        batch = work_off(batch)
    if not batch.counts.get("new") and not batch.counts.get("changed"):
        print("  ", batch.state, batch.problem, batch.counts, batch.rows.values_list("problems", flat=True).first())
    batches.take_import(batch_id=batch.pk, user=person, choice="right")
    with timed("apply job"):
        batch = work_off(batch)
    assert batch.state == "applied", (batch.state, batch.job.error)
    return batch


def show(title: str, total: float, floor: dict[str, float]) -> None:
    """Print the parts of one import and the whole against the sum of its floors."""
    print(f"\n{title}: {ROWS:,} rows × {len(COLUMNS)} columns")
    for name, seconds in spent.items():
        print(f"  {name:34} {seconds:7.2f} s")
    print(f"  floors: {', '.join(f'{name} {seconds:.2f}' for name, seconds in floor.items())}")
    own, followed = total - spent[FOLLOWERS], floor.pop(FOLLOWERS)
    print(f"  without followers {own:.2f} s = {own / sum(floor.values()):.2f} × the floors")
    ratio = spent[FOLLOWERS] / followed
    print(f"  followers {spent[FOLLOWERS]:.2f} s = {ratio:.2f} × the bare inserts of what they wrote")
    print(f"  end to end {total:.2f} s = {total / (sum(floor.values()) + followed):.2f} × all floors")


def whole(title: str, act: Callable[[], Any], bare: float) -> Any:
    """Time an import with its parts and print it."""
    spent.clear()
    before = last_event()
    PEAK.write_text("5")  # the kernel begins anew to count the most memory used
    began = time.perf_counter()
    found = act()
    total = time.perf_counter() - began
    memory = peak()
    floor = {"bare read": bare} | {
        name: spent[name] for name in ("clean cells", "fill staging", "write") if name in spent
    }
    show(title, total, floor | {FOLLOWERS: bare_inserts(before)})
    print(f"  memory of the worker {memory} MB at most")
    return found


def peak() -> int:
    """Return the most memory this process has used since PEAK was written to, in MB."""
    status = Path("/proc/self/status").read_text().split()
    return int(status[status.index("VmHWM:") + 1]) // 1024


def last_event() -> int:
    """Return the key of the last event."""
    from riskreport.ground.models import Event

    return Event.objects.order_by("-pk").values_list("pk", flat=True)[0]


def bare_inserts(before: int) -> float:
    """Return the seconds that the bare inserts take of what followed since the event ``before``.

    These are reports and the lines of their events, keys of likeness and search entries. The rows are taken out and
    inserted again in a transaction that is rolled back.
    """
    from django.db import connection, transaction

    from enterprises.models import Likeness, SearchEntry
    from review.models import Filing
    from riskreport.ground.domain.events import LINE
    from riskreport.ground.domain.many_rows import write_rows
    from riskreport.ground.imports.writing import work_long
    from riskreport.ground.models import EventLine

    lines = EventLine.objects.filter(event__gt=before)
    of_reports = lines.filter(object_type="review.filing")
    units = lines.filter(object_type="enterprises.enterprise").values("object_id")
    written = [
        Filing.objects.filter(pk__in=of_reports.values("object_id")),
        Likeness.objects.filter(pk__in=units),
        SearchEntry.objects.filter(pk__in=units.filter(new__has_key="name")),
    ]
    with transaction.atomic():
        work_long()
        tuples = [(EventLine, LINE, list(of_reports.values_list(*LINE)))]
        for rows in written:
            names = [field.attname for field in rows.model._meta.concrete_fields]
            tuples.append((rows.model, names, list(rows.values_list(*names))))
        for rows in written:
            rows.model.objects.filter(pk__in=[row.pk for row in rows.only("pk")])._raw_delete(rows.db)
        began = time.perf_counter()
        for model, names, found in tuples:
            write_rows(model, names, found)
        if connection.vendor == "postgresql":
            connection.check_constraints()
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    return seconds


def launch() -> None:
    """Time asking every unit for a report, against the bare inserts; the task is closed again."""
    from enterprises.models import Category
    from review.domain.campaigning.closing import close_campaign
    from review.domain.campaigns import create_campaign, launch_campaign
    from riskreport.ground import clock

    today, before = clock.today(), last_event()
    codes = Category.objects.filter(retired_on=None).values_list("code", flat=True)
    task = create_campaign(
        user=None, code=f"bench-{before}", name="bench", opens_on=today, due_on=today, categories=codes
    )
    began = time.perf_counter()
    made = launch_campaign(campaign=task, user=None)
    total = time.perf_counter() - began
    print(f"\nlaunch: {made:,} obligations in {total:.2f} s = {total / bare_inserts(before):.2f} × the bare inserts")
    close_campaign(campaign=task, user=None)


def main() -> None:
    """Run it all."""
    import django
    from django.db import connection

    from riskreport.ground.translations import compile_catalogues

    DATA_DIR.mkdir(parents=True, exist_ok=True)
    compile_catalogues()
    django.setup()
    from django.core.management import call_command
    from django.utils import translation

    from enterprises.domain import roster_changes
    from enterprises.interfaces import roster_import
    from enterprises.models import Enterprise, User
    from riskreport.ground.imports import batches, checking, reading, staging, work, writing
    from riskreport.run import prepare_data

    prepare_data()
    translation.activate("zh-hans")
    call_command("check")
    person = User.objects.filter(role="office", department__level="city").order_by("id")[0]
    time_calls(work, "read_file", "guard, read, to text")
    time_calls(checking.Checker, "_clean", "clean cells")
    time_calls(checking.Finder, "find", "find standing rows")
    time_calls(staging, "fill", "fill staging")
    time_calls(roster_changes, "announce_roster", FOLLOWERS)
    roster_import.announce_roster = roster_changes.announce_roster
    time_calls(writing.Writer, "write", "write")
    time_calls(work, "written_rows", "rows written, read back")
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "first.xlsx"), Path(folder, "second.xlsx")
        number = Enterprise.objects.filter(credit_code__startswith=CODE).count()
        write_file(first, number)
        write_file(second, number, change="北")
        print(f"{connection.vendor}; file {first.stat().st_size / 1e6:.1f} MB")
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", BARE_READ, str(first)], check=True)
        bare = time.perf_counter() - began
        batch = whole("all new", lambda: take_in(first, person), bare)
        changed = whole("all changed", lambda: take_in(second, person), bare)
        show_memory(reading)
        launch()
        for one in (changed, batch):
            batches.undo_import(batch_id=one.pk, user=person)
            began = time.perf_counter()
            from enterprises.management.commands.import_roster import work_off

            undone = work_off(one)
            print(f"  undo: {undone.state} {undone.problem} in {time.perf_counter() - began:.1f} s")


def show_memory(reading: Any) -> None:
    """Print the peak of the reader."""
    print(f"\nmemory of the reader {reading.peak_memory_of_readers() / 1024 / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
