"""Rosters as departments really have them: a title above, headings of their own, what people mistype."""

import io
import json
from pathlib import Path
from random import Random

import openpyxl

from enterprises.checks.credit_code import check_digit
from review.domain.demo import names

PROJECT = Path(__file__).resolve().parent.parent.parent
HEADINGS = (
    "序号", "机构名称", "统一社会信用代码", "类别", "所在区县", "镇（街道）", "详细地址", "法定代表人", "负责人",
    "负责人电话", "安全员", "安全员电话", "从业人数", "床位数",
)  # fmt: skip
NAME, CODE, CATEGORY, COUNTY, TOWN, PHONE = 1, 2, 3, 4, 5, 11


def towns() -> list[tuple[str, str, int]]:
    """Return (county, town, county's code) of every street and town of the city."""
    regions = json.loads((PROJECT / "enterprises/data/regions.json").read_text(encoding="utf-8"))["regions"]
    counties = {row["code"]: row["name"] for row in regions if row["level"] == "county"}
    found = [row for row in regions if row["level"] == "town" and row["name"].endswith(("镇", "街道"))]
    return [(counties[row["parent"]], row["name"], row["parent"]) for row in found]


def roster(count: int, *, kinds: dict[str, str], body: str, seed: int) -> list[list]:
    """Return ``count`` rows of units that exist nowhere; ``kinds`` maps a category to the end of its units' names."""
    rng, places, rows = Random(seed), towns(), []
    for number in range(1, count + 1):
        county, town, code = places[rng.randrange(len(places))]
        category, ending = list(kinds.items())[number % len(kinds)]
        rows.append(
            [
                number,
                f"{county}{names.brand(rng)}{number:03}{ending}",
                names.credit_code(rng, body, code),
                category,
                county,
                town,
                names.address(rng, f"{county}{town}"),
                names.person(rng),
                names.person(rng),
                names.phone(rng),
                names.person(rng),
                names.phone(rng),
                rng.randint(3, 80),
                rng.randint(10, 200),
            ]
        )  # fmt: skip
    return rows


def spoil(rows: list[list]) -> dict[tuple[int, int], object]:
    """Mistype six cells as people do; return what is right, by (row of the list, column)."""
    right = {
        (4, CODE): rows[4][CODE], (17, TOWN): rows[17][TOWN], (30, PHONE): rows[30][PHONE],
        (55, CATEGORY): rows[55][CATEGORY], (80, NAME): rows[80][NAME], (101, CODE): rows[101][CODE],
    }  # fmt: skip
    code = str(rows[4][CODE])
    rows[4][CODE] = code[:-1] + ("0" if check_digit(code[:-1]) != "0" else "1")
    rows[17][TOWN] = "不存在镇"
    rows[30][PHONE] = "1381234"
    rows[55][CATEGORY] = "养老机够"
    rows[80][NAME] = ""
    rows[101][CODE] = rows[100][CODE]  # two rows for one unit: both are marked
    return right


def workbook(title: str, rows: list[list]) -> bytes:
    """Return the department's own workbook: the title in a merged cell above the headings, blank rows below."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "名单"
    page.append([title])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADINGS))
    page.append(list(HEADINGS))
    for row in rows:
        page.append(row)
    page.append([])
    return _bytes(book)


def mended(marked: bytes, right: dict[tuple[int, int], object]) -> tuple[bytes, set[str]]:
    """Put the right values into the workbook that came back; return it and the cells that carried a note."""
    book = openpyxl.load_workbook(io.BytesIO(marked))
    page = book["名单"]
    noted = {cell.coordinate for row in page.iter_rows() for cell in row if cell.comment is not None}
    for (row, column), value in right.items():
        page.cell(row + 3, column + 1).value = value  # the title and the headings stand above
    return _bytes(book), noted


def _bytes(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
