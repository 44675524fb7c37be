"""A corpus of hostile and strange files: each gets its plain answer within ten seconds, and no process is lost."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from enterprises.enums import Role
from riskreport.ground.imports.reading import FileRefused, read_file
from tests import factories
from tests.ground.imports import hostile as h
from tests.imports import problems, send

pytestmark = pytest.mark.django_db
COPY = "Copy the rows into the template and upload that."
DAMAGED = (
    "The file is damaged or was not copied completely. Open it once in Excel or WPS, save it as .xlsx and upload it "
    "again."
)
BOMB = f"The file unpacks to far more than a list needs. {COPY}"
LIES = f"The file says other sizes of its parts than they have; it may have been made to do harm. {COPY}"
ENTITIES = f"The file holds definitions (DTD) that no Excel workbook needs; it may have been made to do harm. {COPY}"
MACROS = "The file contains macros. Save it as .xlsx without macros and upload that."
PROTECTED = "The file is protected by a password. Remove the password, save it and upload it again."
ENCODING = (
    "The inside of the file is written in an unusual encoding. Open it in Excel or WPS, save it as .xlsx and upload it "
    "again."
)
CRASHED = f"The file could not be read: it is built in an unusual way or needs too much memory. {COPY}"
TOO_MANY = "The list has more than 200000 rows. Split it into several files."
NO_LIST = "No worksheet with a list was found in the file. Put headings and rows on a visible worksheet."
NEEDED = "An Excel workbook (.xlsx) or a CSV file is needed."
UNKNOWN = f"This is no Excel workbook and no text. {NEEDED}"
WEB_PAGE = (
    "This is a web page or XML that was only named like a workbook. Open it in Excel or WPS, save it as .xlsx and "
    "upload that."
)


def far(place: str) -> str:
    return (
        f"A cell lies far outside the list ({place}). Delete everything to the right of and below the list, or copy "
        "the rows into the template, and upload it again."
    )


def macro(name: str = "xl/vbaProject.bin") -> bytes:
    return h.raw(more={name: b"x"})


DTD = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
WITH_DTD = h.SHEET.format(rows=h.RIGHT, rest="").replace("<worksheet", f"{DTD}<worksheet", 1)

SHOULD_FAIL = {
    "an empty file": (lambda: b"", "The file is empty. Choose the right file and upload it again."),
    "a file of 21 MB": (
        lambda: b"a" * (21 * 1024 * 1024),
        "The file has 21.0 MB; at most 20 MB are accepted. Split the list into several files.",
    ),
    "a zip bomb": (h.zip_bomb, BOMB),
    "a bomb of entries that share bytes": (h.overlapping, BOMB),
    "two cells that span 140 million": (lambda: h.far_cell("ZZ200000"), CRASHED),
    "2,500 parts": (h.many_parts, f"The file consists of 2505 parts, far more than a list has. {COPY}"),
    "a size told too small": (lambda: h.with_size(h.raw(), "xl/worksheets/sheet1.xml", 100), LIES),
    "a size told too big": (lambda: h.with_size(h.raw(), "xl/worksheets/sheet1.xml", 5_000_000), LIES),
    "a size told beyond all bounds": (lambda: h.with_size(h.raw(), "xl/worksheets/sheet1.xml", 4_000_000_000), BOMB),
    "one cell at XFD1048576": (lambda: h.far_cell("XFD1048576"), far("XFD1048576")),
    "one cell at XFD1": (lambda: h.far_cell("XFD1"), far("XFD1")),
    "one cell at AAA3": (lambda: h.far_cell("AAA3"), far("AAA3")),
    "one cell at xfd9 in small letters": (lambda: h.far_cell("xfd9"), far("XFD9")),
    "one cell at A1048576": (lambda: h.far_cell("A1048576"), TOO_MANY),
    "one cell at B00999999": (lambda: h.far_cell("B00999999"), TOO_MANY),
    "one far cell in single quotes": (lambda: h.far_cell("XFD1048576", "'"), far("XFD1048576")),
    "a far cell with a space before its place": (
        lambda: h.raw(rows=h.RIGHT + '<row><c r = "XFD1048576"><v>1</v></c></row>'),
        far("XFD1048576"),
    ),
    "a far cell of a name space of its own": (
        lambda: h.raw(rows=h.RIGHT + '<x:row xmlns:x="a"><x:c x:t="n" r="XFD77"><x:v>1</x:v></x:c></x:row>'),
        far("XFD77"),
    ),
    "entities in the worksheet": (lambda: h.raw(sheet=WITH_DTD.encode()), ENTITIES),
    "a billion laughs in the workbook": (
        lambda: h.raw(more={"xl/workbook.xml": h.BOOK.format(settings="").replace("<workbook", DTD + "<workbook", 1)}),
        ENTITIES,
    ),
    "an entity from another file": (
        lambda: h.raw(more={"_rels/.rels": h.RELS.replace("<Rel", '<!DOCTYPE r SYSTEM "file:///etc/passwd"><Rel', 1)}),
        ENTITIES,
    ),
    "a worksheet in UTF-16": (
        lambda: h.raw(sheet=h.SHEET.format(rows=h.RIGHT, rest="").encode("utf-16")),
        ENCODING,
    ),
    "a worksheet in UTF-16 without a mark": (
        lambda: h.raw(sheet=h.SHEET.format(rows=h.RIGHT, rest="").encode("utf-16-le")),
        ENCODING,
    ),
    "macros": (macro, MACROS),
    "macros of the fourth Excel": (lambda: macro("xl/macrosheets/sheet1.xml"), MACROS),
    "macros told by the content type": (
        lambda: h.raw(more={"[Content_Types].xml": h.TYPES.replace("openxmlformats", "sheet.macroEnabled", 1)}),
        MACROS,
    ),
    "a workbook with a password": (h.password_protected, PROTECTED),
    "a zip with a password": (h.encrypted_zip, PROTECTED),
    "an .xls": (
        h.old_excel,
        "This is a workbook of the old kind (.xls). Open it in Excel or WPS, save it as .xlsx and upload that.",
    ),
    "an .xlsb": (
        lambda: h.raw(more={"xl/workbook.bin": b"x"}),
        "This is a binary workbook (.xlsb). Open it in Excel or WPS, save it as .xlsx and upload that.",
    ),
    "an .ods": (
        lambda: h.raw(more={"content.xml": "x", "mimetype": "x"}),
        "This is an OpenDocument file (.ods). Save it as .xlsx and upload that.",
    ),
    "a .docx": (
        lambda: h.raw(more={"word/document.xml": "x"}),
        "This is a Word document. Copy the list into the Excel template and upload that.",
    ),
    "a zip with a workbook in it": (
        lambda: h.raw(more={"xl/workbook.xml": None, "名单.xlsx": b"x"}),
        "This is an archive. Unpack it and upload the Excel workbook (.xlsx) in it.",
    ),
    "a zip of something else": (
        lambda: h.raw(more={"xl/workbook.xml": None}),
        "This zip archive is no Excel workbook. Save the list as .xlsx and upload it again.",
    ),
    "a RAR": (
        lambda: b"Rar!\x1a\x07" + b"x" * 99,
        "This is an archive. Unpack it and upload the Excel workbook (.xlsx) in it.",
    ),
    "a PDF": (lambda: b"%PDF-1.7 x", f"This is a PDF. {NEEDED}"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 99, f"This is a picture. {NEEDED}"),
    "a web page named .xls": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", WEB_PAGE),
    "a workbook in XML of 2003": (lambda: b'<?xml version="1.0"?><Workbook/>', WEB_PAGE),
    "a program": (lambda: b"\x7fELF\x02\x01\x01\0\0\0" + b"\xfe\xff\0" * 50, UNKNOWN),
    "half a workbook": (lambda: h.cut(h.raw()), DAMAGED),
    "a workbook with a changed byte": (h.bad_crc, DAMAGED),
    "a workbook without its worksheet": (lambda: h.raw(more={"xl/worksheets/sheet1.xml": None}), DAMAGED),
    "a worksheet that ends in the middle": (
        lambda: h.raw(sheet=h.SHEET.format(rows=h.RIGHT, rest="").encode()[:-60]),
        DAMAGED,
    ),
    "a workbook without rows": (lambda: h.raw(rows=""), NO_LIST),
    "headings alone": (
        lambda: h.book([h.HEAD]),
        "Below the headings there is no row. Fill in the list and upload it again.",
    ),
    "only an explanation": (
        lambda: h.raw(more={"xl/workbook.xml": h.BOOK.format(settings="").replace("底数清单", "填写说明")}),
        NO_LIST,
    ),
    "201 columns": (
        lambda: h.csv([[f"列{number}" for number in range(201)], ["x"] * 201]),
        "The list has 201 columns; at most 200 are accepted. Delete those that are not needed.",
    ),
    "200,001 rows": (lambda: b"\xef\xbb\xbf" + h.csv([h.HEAD, *[["x"]] * 200_001]), TOO_MANY),
    "a CSV with a torn quotation": (
        lambda: h.csv([h.HEAD, ['"昆山', "x"]]),
        "Line 2 of the CSV file can't be split into cells: a quotation mark is missing or a cell is too long. Save the "
        "list as .xlsx and upload that.",
    ),
    "a CSV with zero bytes": (lambda: h.csv([h.HEAD]) + b"\0\0", UNKNOWN),
    "a CSV in no encoding": (lambda: h.csv([h.HEAD]) + b"\xff\xff\xff\x80", UNKNOWN),
}  # fmt: skip


@dataclass
class Right:
    """A strange file that is read: how many rows are right, what the first says, and which cells are wrong."""

    make: object
    count: int = 1
    says: dict = field(default_factory=dict)
    wrong: list = field(default_factory=list)


FULL_WIDTH = h.code(1).translate({ord(one): ord(one) + 0xFEE0 for one in "0123456789ABCDEFGHJKLMNPQRTUWXY"})
SHOULD_PASS = {
    "a plain list": Right(lambda: h.book([h.HEAD, h.line()]), says={"name": "昆山第1养老院", "employees": "35"}),
    "a list written part by part": Right(h.raw),
    "formatting to the last row and column": Right(lambda: h.formatted_below(3_000)),
    "a title and merged cells": Right(h.merged, 2, {"town": factories.HUAQIAO}),
    "formulas with their results": Right(h.formulas, 1, {"employees": "35", "address": "光明路1号"}),
    "a date of 1900": Right(lambda: h.dated(is_1904=False), 1, {"joined": "2021-10-01"}),
    "a date of 1904": Right(lambda: h.dated(is_1904=True), 1, {"joined": "2021-10-01"}),
    "a day that lost its format": Right(lambda: h.counted(44470), 1, {"joined": "2021-10-01"}),
    "a day that lost its format, counted from 1904": Right(
        lambda: h.counted(44470 - 1462, is_1904=True), 1, {"joined": "2021-10-01"}
    ),
    "a number that is no believable day": Right(lambda: h.counted(12345), 0, wrong=["G2"]),
    "an hour of a day that lost its format": Right(lambda: h.counted(44470.5), 0, wrong=["G2"]),
    "an explanation, hidden and blank sheets before it": Right(h.several_sheets),
    "full-width digits and letters": Right(
        lambda: h.book([h.HEAD, h.line(code=FULL_WIDTH, employees="３５", address="１号")]),
        says={"credit_code": h.code(1), "employees": "35", "address": "1号"},
    ),
    "full-width brackets stay": Right(
        lambda: h.book([h.HEAD, h.line(name="昆山养老院（总院）")]), says={"name": "昆山养老院（总院）"}
    ),
    "small letters and dashes in a code": Right(
        lambda: h.book([h.HEAD, h.line(code=f"{h.code(1)[:8]}-{h.code(1)[8:]}".lower())]),
        says={"credit_code": h.code(1)},
    ),
    "numbers as text": Right(lambda: h.book([h.HEAD, h.line(employees="35")]), says={"employees": "35"}),
    "text as numbers": Right(lambda: h.book([h.HEAD, h.line(address=18)]), says={"address": "18"}),
    "hard spaces and line ends": Right(
        lambda: h.book([h.HEAD, h.line(name=" \u00a0昆山养老院\u3000\u200b")]), says={"name": "昆山养老院"}
    ),
    "control characters": Right(
        lambda: h.book([h.HEAD, h.line(name="昆山\x01养\x0b老院\x7f")]), says={"name": "昆山养 老院"}
    ),
    "text that begins with =": Right(
        lambda: h.book([h.HEAD, h.line(address="=1+1")]), says={"address": "=1+1"}
    ),
    "text that begins with @ and -": Right(
        lambda: h.book([h.HEAD, h.line(name="-院", address="@号")]), says={"name": "-院", "address": "@号"}
    ),
    "markup is text": Right(
        lambda: h.book([h.HEAD, h.line(name="<script>alert(1)</script>")]), says={"name": "<script>alert(1)</script>"}
    ),
    "trailing blank rows": Right(lambda: h.book([h.HEAD, h.line(), *[[""] * 7] * 50])),
    "blank rows between": Right(lambda: h.book([h.HEAD, [], h.line(1), [], [" "], h.line(2)]), 2),
    "headings in row 6": Right(lambda: h.book([["填报单位：民政局"], [], ["日期", "2021"], [], [], h.HEAD, h.line()])),
    "a list that begins at C4": Right(
        lambda: h.book([[], [], [], ["", "", *h.HEAD], ["", "", *h.line()]]), says={"town": factories.HUAQIAO}
    ),
    "marks and spaces in headings": Right(
        lambda: h.book([[f"* {one[:2]} {one[2:]}" for one in h.HEAD], h.line()]),
    ),
    "days written in many ways": Right(
        lambda: h.book(
            [h.HEAD, *[h.line(number, joined=text) for number, text in enumerate(
                ("2021/10/1", "2021.10.01", "2021年10月1日", "20211001", "2021-10-01 00:00:00"), start=1)]]
        ),
        5,
        {"joined": "2021-10-01"},
    ),
    "CSV in UTF-8": Right(lambda: h.csv([h.HEAD, h.line()])),
    "CSV in UTF-8 with its mark": Right(lambda: b"\xef\xbb\xbf" + h.csv([h.HEAD, h.line()])),
    "CSV in GB18030": Right(
        lambda: h.csv([h.HEAD, h.line(name="㐀䶮养老院")], encoding="gb18030"), says={"name": "㐀䶮养老院"}
    ),
    "CSV in UTF-16 between tabs": Right(lambda: h.csv([h.HEAD, h.line()], encoding="utf-16", sign="\t")),
    "CSV between semicolons, lines of Unix": Right(lambda: h.csv([h.HEAD, h.line()], sign=";", end="\n")),
    "CSV with wrapped codes": Right(
        lambda: h.csv([h.HEAD, h.line(code=f'"=""{h.code(1)}"""')]), says={"credit_code": h.code(1)}
    ),
    "two rows for one code": Right(
        lambda: h.book([h.HEAD, h.line(1), h.line(2), h.line(1, name="另一家")]),
        1,
        wrong=["B2", "B4"],
    ),
    "a code as a number has lost its end": Right(
        lambda: h.book([h.HEAD, h.line(code=913205830000000000), h.line(2)]), 1, wrong=["B2"]
    ),
    "an error of Excel": Right(
        lambda: h.book([h.HEAD, h.line(1), h.line(2)], change=h.not_available),
        1,
        wrong=["D3"],
    ),
    "a name of 200 characters": Right(lambda: h.book([h.HEAD, h.line(1, name="院" * 200), h.line(2)]), 1, wrong=["A2"]),
    "a day that is none": Right(lambda: h.book([h.HEAD, h.line(1, joined="2021-02-30"), h.line(2)]), 1, wrong=["G2"]),
}  # fmt: skip


@pytest.fixture
def keeper():
    factories.category("1401")
    factories.region()
    return factories.user(Role.KEEPER, of=factories.bureau("civil"))


@pytest.mark.parametrize("case", SHOULD_FAIL)
def test_what_is_refused_is_refused_with_its_sentence(case, keeper):
    make, sentence = SHOULD_FAIL[case]
    content = make()
    began = time.monotonic()
    try:
        with translation.override("en"):
            batch = send("enterprises", keeper, content, language="en")
    except FileRefused as refusal:
        said = str(refusal)
        assert not list(Path(settings.MEDIA_ROOT, "imports").rglob("*.part"))
    else:
        assert (batch.state, batch.job.state, batch.job.error) == ("failed", "failed", batch.problem)
        said = batch.problem
    assert said == sentence
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("case", SHOULD_PASS)
def test_what_is_merely_strange_is_read(case, keeper):
    right = SHOULD_PASS[case]
    content = right.make()
    began = time.monotonic()
    batch = send("enterprises", keeper, content, language="en")
    assert time.monotonic() - began < 10
    assert batch.state == "preview", (batch.problem, batch.reading)
    assert [cell for cell, _found, _wanted in problems(batch)] == right.wrong
    rows = list(batch.rows.filter(state="new").order_by("number"))
    assert len(rows) == right.count
    assert {key: rows[0].values[key] for key in right.says} == right.says


def test_there_are_sixty_at_least():
    assert len(SHOULD_FAIL) + len(SHOULD_PASS) >= 60


def test_without_the_guard_the_reader_dies_and_that_is_answered_too():
    path = Path(settings.MEDIA_ROOT, "far.xlsx")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(h.far_cell("XFD1048576"))
    ask = {"file": str(path), "out": str(path.with_suffix(".rows")), "known": [], "skip": []}
    with translation.override("en"):
        with pytest.raises(FileRefused) as guarded:
            read_file(ask)
        with pytest.raises(FileRefused) as crashed:
            read_file(ask | {"guard": False})
    assert (str(guarded.value), str(crashed.value)) == (far("XFD1048576"), CRASHED)


def test_a_reader_that_takes_too_long_is_stopped():
    path = Path(settings.MEDIA_ROOT, "long.xlsx")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(h.dense_bomb())
    ask = {"file": str(path), "out": str(path.with_suffix(".rows")), "known": [], "skip": [], "seconds": 1}
    with translation.override("en"), pytest.raises(FileRefused) as stopped:
        read_file(ask)
    assert str(stopped.value) in {CRASHED, f"The file was not read within 1 seconds and was stopped. {COPY}"}
