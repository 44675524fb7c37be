"""``python -m tests.bench.exports [ROWS]``: a roster and a ledger of 100,000 rows exported, against bare writers.

On SQLite below DATA_DIR/bench/exports, or on DATABASE_URL: the database is filled to ROWS units and as many risks, and
left so. The bare writers get the same cells ready in memory. Each figure is the least of three processes of its own
(XlsxWriter's of one), so that a peak of memory is its own too. CPU is what can be compared on a busy machine (on
PostgreSQL the server's is not in it); the clock shows what else ran.
"""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

DATA_DIR = Path(os.environ.get("DATA_DIR", "var"), "bench", "exports")
CITY = {"DJANGO_SETTINGS_MODULE": "riskreport.settings", "DEMO": "1", "DATA_DIR": str(DATA_DIR), "LOG_LEVEL": "ERROR"}
ROUNDS = 3
COLUMNS = {
    "enterprises": "name credit_code category further county town address longitude latitude scale trade_code "
    "lifecycle joined legal principal principal_phone safety phone employees standard_grade",
    "risks": "name level unit code point place accident category sector county town person rank post phone measures "
    "consequence recorded state number",
}


# --- one figure, in a process of its own ----------------------------------------------------------------------------
def measure(what: str, sheet: str) -> dict[str, float]:
    """Return seconds of CPU and of the clock, rows, and megabytes above idle of one way to write ``sheet``."""
    from django.http import QueryDict
    from django.utils import translation

    from enterprises.models import User
    from riskreport.ground.sheets import get_sheet
    from riskreport.ground.sheets.reading import keys_in_order, plain_rows
    from riskreport.ground.sheets.selection import Selection

    translation.activate("zh-hans")
    person = User.objects.filter(role="office", department__level="city").order_by("id")[0]
    query = "cols=" + ",".join(COLUMNS[sheet].split())
    selection = Selection(get_sheet(sheet), person, QueryDict(query), {})

    def read() -> int:
        return sum(map(len, plain_rows(selection, keys_in_order(selection))))

    def export(query: str = query) -> int:
        from riskreport.ground.domain.jobs import run_job
        from riskreport.ground.sheets.export import start_export

        job = start_export(sheet=get_sheet(sheet), owner=person, query=query, fixed={}, language="zh-hans")
        run_job(job_id=job.pk)
        job.refresh_from_db()
        assert job.file, job.error
        return job.result["rows"]

    with tempfile.TemporaryDirectory() as folder:
        if what == "export":
            export(f"{query}&q=-")  # no row: what is loaded once is loaded
            act = export
        else:
            act = {"read": lambda: read, "rust": rust, "xlsxwriter": xlsxwriter}[what](
                *(() if what == "read" else (ready_cells(selection), Path(folder, "bare.xlsx")))
            )
        return timed(act)


def timed(act: Callable[[], int]) -> dict[str, float]:
    """Run ``act`` and return what it cost."""
    idle = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    cpu, wall = time.process_time(), time.perf_counter()
    rows = act()
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "rows": rows,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - idle / 1024 / 1024,
    }


def ready_cells(selection: Any) -> tuple[list[str], list[tuple]]:
    """Return the headings and every row as the cells of the export, in memory."""
    from riskreport.ground.sheets.reading import fields_of, keys_in_order, plain_rows
    from riskreport.ground.sheets.values import text_of

    places = {field: place for place, field in enumerate(fields_of(selection.columns))}
    says = [
        (column, column.sayer(unmasked=selection.unmasked), [places[field] for field in column.fields])
        for column in selection.columns
    ]

    def cell(column: Any, value: Any) -> Any:
        if value is None or value == "":
            return None
        return value if column.kind in ("int", "date") else text_of(value, column.kind)

    rows = [
        tuple(cell(column, say(*(row[place] for place in wanted))) for column, say, wanted in says)
        for chunk in plain_rows(selection, keys_in_order(selection))
        for row in chunk
    ]
    return [str(column.heading) for column in selection.columns], rows


def rust(ready: tuple[list[str], list[tuple]], path: Path) -> Callable[[], int]:
    """The writer of long lists, with a ready list of the dictionaries it takes."""
    import rustpy_xlsxwriter

    records = [dict(zip(ready[0], row, strict=True)) for row in ready[1]]
    return lambda: rustpy_xlsxwriter.write_worksheet(records, str(path)) or len(records)


def xlsxwriter(ready: tuple[list[str], list[tuple]], path: Path) -> Callable[[], int]:
    """The writer of short lists."""
    import xlsxwriter as writer

    def write() -> int:
        with writer.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ready[0])
            for line, row in enumerate(ready[1], start=1):
                sheet.write_row(line, 0, row)
        return len(ready[1])

    return write


# --- the rows -------------------------------------------------------------------------------------------------------
def fill(count: int) -> None:
    """Add units with their people, and a risk each, until there are ``count`` of them."""
    from django.db import connection, transaction

    from enterprises.checks.credit_code import check_digit
    from enterprises.models import Category, Contact, Enterprise, EnterpriseCategory, Region
    from risks.models import Risk

    towns = list(Region.objects.filter(level="town").order_by("code").values_list("pk", flat=True))
    categories = list(Category.objects.order_by("code").values_list("pk", flat=True))
    model = Risk.objects.order_by("pk")[0]
    missing = range(Enterprise.objects.filter(credit_code__startswith="91320500MB").count(), count)

    def unit(n: int) -> Enterprise:
        body = f"91320500MB{n:07d}"
        return Enterprise(
            name=f"苏州市第{n}有限公司", credit_code=body + check_digit(body), town_id=towns[n * 7919 % len(towns)],
            address=f"光明路{n % 5000}号", longitude=f"{120 + n % 1000 / 1000:.6f}",
            latitude=f"{31 + n % 500 / 1000:.6f}", scale="above" if n % 5 == 0 else "below",
            category_id=categories[n % len(categories)], trade_code=str(1000 + n % 8000),
            joined_on=dt.date(2021, 10, 1) - dt.timedelta(days=n % 900), profile={"employees": str(n % 500)},
            standard_grade=3 if n % 4 == 0 else None,
        )  # fmt: skip

    def people(n: int, pk: int) -> list[Contact]:
        told = (
            ("legal", "周敏", ""),
            ("principal", f"钱{n % 300}", f"138{n:08d}"),
            ("safety", "孙建国", f"139{n:08d}"),
        )
        return [Contact(enterprise_id=pk, kind=kind, name=name, phone=phone) for kind, name, phone in told]

    def risk(n: int, of: Enterprise) -> Risk:
        return Risk(
            enterprise_id=of.pk, town_id=of.town_id, category_id=of.category_id, measures=model.measures,
            name=f"{'粉尘爆炸' if n % 2 else '有限空间中毒'}{n % 4000}", point=f"{n % 9}号车间",
            place=f"{n % 7}层{n % 900}室", responsible_name=f"李{n % 500}",
            level="larger" if n % 20 else "major", rank="middle" if n % 20 else "deputy", method=model.method,
            accident_type_id=model.accident_type_id, consequence=f"可能造成{n % 10}人伤亡",
            responsible_post="车间主任", responsible_phone=f"137{n:08d}", filing_id=model.filing_id,
            snapshot_id=model.snapshot_id, recorded_on=dt.date(2021, 10, 1) + dt.timedelta(days=n % 200),
        )  # fmt: skip

    for start in range(missing.start, missing.stop, 5_000):
        part = range(start, min(start + 5_000, missing.stop))
        with transaction.atomic():
            units = Enterprise.objects.bulk_create(map(unit, part), batch_size=500)
            pairs = list(zip(part, units, strict=True))
            Contact.objects.bulk_create([one for n, of in pairs for one in people(n, of.pk)], batch_size=2_000)
            further = [(of.pk, categories[(n + 7) % len(categories)]) for n, of in pairs if n % 10 == 0]
            EnterpriseCategory.objects.bulk_create(
                EnterpriseCategory(enterprise_id=pk, category_id=category) for pk, category in further
            )
            Risk.objects.bulk_create((risk(n, of) for n, of in pairs), batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # where the database does not do so by itself, its plans are of an empty city


# --- all figures ----------------------------------------------------------------------------------------------------
NAMES = {
    "rust": "rustpy-xlsxwriter, cells ready",
    "xlsxwriter": "XlsxWriter, cells ready",
    "read": "the export's reading alone",
    "export": "the export",
}


def main(count: int) -> None:
    """Fill, measure every way in turn, print."""
    from django.db import connection

    from riskreport.run import prepare_data

    prepare_data()
    fill(count)
    for sheet, columns in COLUMNS.items():
        found: dict[str, dict[str, float]] = {}
        own = os.environ | {"DATA_DIR": str(DATA_DIR.parent.parent)}
        for number in range(ROUNDS):
            for what in NAMES if number == 0 else [name for name in NAMES if name != "xlsxwriter"]:
                asked = [sys.executable, "-m", "tests.bench.exports", f"--one={what}", sheet]
                cost = json.loads(subprocess.run(asked, check=True, stdout=subprocess.PIPE, env=own).stdout)
                kept = found.setdefault(what, cost)
                found[what] = {key: min(kept[key], cost[key]) for key in cost}
        assert found["rust"]["rows"] == found["export"]["rows"] >= count
        print(f"\n{connection.vendor}, load {os.getloadavg()[0]:.1f}: {sheet}, {found['export']['rows']:,} rows"
              f" × {len(columns.split())} columns")  # fmt: skip
        for what, cost in found.items():
            cpu, wall = (cost[key] / found["rust"][key] for key in ("cpu", "wall"))
            print(
                f"  {NAMES[what]:32} {cost['cpu']:6.2f} s CPU {cpu:5.2f} × {cost['wall']:7.2f} s {wall:5.2f} ×"
                f" {cost['peak']:5.0f} MB"
            )


if __name__ == "__main__":
    os.environ.update(CITY)
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    if sys.argv[1:] and sys.argv[1].startswith("--one="):
        print(json.dumps(measure(sys.argv[1].removeprefix("--one="), sys.argv[2])))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
