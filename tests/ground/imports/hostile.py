"""Workbooks and CSV files that do harm or are merely strange, each made here and none kept."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HEAD = ["单位名称", "统一社会信用代码", "类别", "乡镇", "地址", "从业人员", "纳入日期"]
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName='
    '"/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns='
    '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
BOOK = (
    '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{settings}<sheets>'
    '<sheet name="底数清单" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns='
    '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
SHEET = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
    '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>{rest}</worksheet>'
)


def code(number: int) -> str:
    """Return a valid credit code with ``number`` in it."""
    characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # pragma: allowlist secret
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    body = f"91320583MA{number:07d}"
    total = sum(characters.index(one) * weight for one, weight in zip(body, weights, strict=True))
    return body + characters[-total % 31]


def line(number: int = 1, **changes: object) -> list:
    """Return a right row; ``changes`` replace its cells by name."""
    named = {
        "name": f"昆山第{number}养老院",
        "code": code(number),
        "category": "养老机构",
        "town": "花桥镇",
        "address": f"光明路{number}号",
        "employees": 35,
        "joined": "2021-10-01",
    }
    return list((named | changes).values())


def book(rows: list[list], *, change: Callable | None = None, **options: object) -> bytes:
    """Return a workbook; ``change`` gets (workbook, worksheet) before it is closed."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, **options}) as made:
        page = made.add_worksheet("底数清单")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        if change:
            change(made, page)
    return target.getvalue()


def cells(rows: list[list[str]]) -> str:
    """Return rows as inline strings of a worksheet."""
    return "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for place, text in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )


RIGHT = cells([HEAD, [str(value) for value in line()]])


def raw(
    *, rows: str = RIGHT, rest: str = "", settings: str = "", more: dict | None = None, sheet: bytes | None = None
) -> bytes:
    """Return a workbook written part by part; ``more`` adds or replaces parts, None leaves one out."""
    parts: dict = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELS,
        "xl/workbook.xml": BOOK.format(settings=settings),
        "xl/_rels/workbook.xml.rels": BOOK_RELS,
        "xl/worksheets/sheet1.xml": sheet if sheet is not None else SHEET.format(rows=rows, rest=rest),
    } | (more or {})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            if content is not None:
                package.writestr(name, content)
    return target.getvalue()


def far_cell(place: str, quote: str = '"') -> bytes:
    """Return a workbook with one more cell at ``place``."""
    row = "".join(one for one in place if one.isdigit())
    return raw(rows=RIGHT + f"<row r='{row}'><c r={quote}{place}{quote}><v>1</v></c></row>")


def formatted_below(rows: int) -> bytes:
    """Return a workbook whose formatting goes on to the last row and column, with nothing in those cells."""
    blank = "".join(f'<row r="{number}"><c r="A{number}" s="0"/></row>' for number in range(3, rows))
    return raw(rows=RIGHT + blank + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')


def zip_bomb() -> bytes:
    """Return a workbook whose worksheet is 250 MB of spaces."""
    return raw(sheet=SHEET.format(rows=RIGHT + " " * (250 * 1024 * 1024), rest="").encode())


def with_size(content: bytes, name: str, size: int) -> bytes:
    """Return a zip whose directory says another unpacked size for one part."""
    found = bytearray(content)
    place = found.rindex(name.encode()) - 46
    assert found[place : place + 4] == b"PK\x01\x02"
    found[place + 24 : place + 28] = struct.pack("<I", size)
    local = found.index(name.encode()) - 30
    found[local + 22 : local + 26] = struct.pack("<I", size)
    return bytes(found)


def overlapping() -> bytes:
    """Return a zip where two parts are made of the same bytes."""
    found = bytearray(raw(more={"xl/zzz.xml": "<a/>"}))
    first = found.index(b"PK\x03\x04")
    place = found.rindex(b"xl/zzz.xml") - 46
    found[place + 42 : place + 46] = struct.pack("<I", first)
    return bytes(found)


def encrypted_zip() -> bytes:
    """Return a zip whose parts are marked as encrypted."""
    found = bytearray(raw())
    start = 0
    while (start := found.find(b"PK\x01\x02", start)) >= 0:
        found[start + 8] |= 1
        start += 4
    return bytes(found)


def password_protected() -> bytes:
    """Return the beginning of a workbook with a password: an OLE file that holds an EncryptedPackage."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500


def old_excel() -> bytes:
    """Return the beginning of an .xls."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000 + "Workbook".encode("utf-16-le") + b"\0" * 500


def bad_crc() -> bytes:
    """Return a workbook one of whose bytes was changed on the way."""
    found = bytearray(raw())
    place = found.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml") + 20
    found[place] ^= 0xFF
    return bytes(found)


def many_parts() -> bytes:
    """Return a workbook of 2,500 parts."""
    return raw(more={f"xl/media/{number}.txt": "x" for number in range(2_500)})


def merged() -> bytes:
    """Return a list with a title, and the town merged over two rows."""

    def change(made, page):
        page.merge_range(0, 0, 0, 6, "2021 年养老机构底数清单")
        page.merge_range(2, 3, 3, 3, "花桥镇")

    rows = [[], HEAD, line(1, town=""), line(2, town="")]
    return book(rows, change=change)


def formulas() -> bytes:
    """Return a list whose numbers and addresses are formulas with their last results."""

    def change(made, page):
        page.write_formula(1, 5, "=30+5", None, 35)
        page.write_formula(1, 4, '="光明路"&1&"号"', None, "光明路1号")

    return book([HEAD, line()], change=change)


def not_available(made: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet) -> None:
    """Put an error of Excel into D3."""
    page.write_formula(2, 3, "=NA()", None, "#N/A")


def dated(*, is_1904: bool) -> bytes:
    """Return a list with a real date, in a workbook of either calendar."""
    made = openpyxl.Workbook()
    if is_1904:
        made.epoch = CALENDAR_MAC_1904
    page = made.active
    page.append(HEAD)
    page.append(line())
    page["G2"] = dt.date(2021, 10, 1)
    page["G2"].number_format = "yyyy/m/d"
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def counted(day: float, *, is_1904: bool = False) -> bytes:
    """Return a list whose day is a number in a cell without a format, as after pasting values."""
    made = openpyxl.Workbook()
    if is_1904:
        made.epoch = CALENDAR_MAC_1904
    made.active.append(HEAD)
    made.active.append(line(joined=day))
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def several_sheets() -> bytes:
    """Return a workbook whose list stands behind an explanation, a hidden sheet and an empty one."""
    made = openpyxl.Workbook()
    made.active.title = "填写说明"
    made.active.append(HEAD)
    made.create_sheet("隐藏").append(HEAD)
    made["隐藏"].sheet_state = "hidden"
    made.create_sheet("空表")
    page = made.create_sheet("清单")
    page.append(HEAD)
    page.append(line())
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def csv(rows: list[list], *, encoding: str = "utf-8", sign: str = ",", end: str = "\r\n") -> bytes:
    """Return a CSV file."""
    return end.join(sign.join(str(cell) for cell in row) for row in rows).encode(encoding)


def cut(content: bytes) -> bytes:
    """Return the first half of a file."""
    return content[: len(content) // 2]


def dense_bomb() -> bytes:
    """Return a small zip of a worksheet with 3 million cells of one digit in rows that a list may have."""
    row = "".join(f'<c r="{chr(65 + place)}2"><v>1</v></c>' for place in range(26))
    return raw(rows=cells([HEAD]) + "".join(f"<row>{row}</row>" for _number in range(120_000)))
