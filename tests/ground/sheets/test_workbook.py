"""The workbook of an export as it opens: text as text, days as days, ready to be read, filtered and printed."""

import dataclasses
import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from enterprises.enums import ContactKind, Role
from enterprises.models import Contact
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.models import Job
from riskreport.ground.sheets import cells, declaration, get_sheet, reading, workbook, writers
from riskreport.ground.sheets.export import start_export
from tests import factories

pytestmark = pytest.mark.django_db
STRANGE = ["=1+1", "{=1+1}", "+86 512", "-1", "@SUM(A1)", "http://example.com/", "0012"]
STRANGE += ["\ttab", "五金<厂>&\"店'", " blanks ", "两\n行"]


@pytest.fixture(params=["XlsxWriter", "rustpy-xlsxwriter"], autouse=True)
def writer(request, monkeypatch) -> str:
    """Have every workbook written by one of the two libraries, then by the other."""
    monkeypatch.setattr(workbook, "QUICK_ABOVE", 10_000 if request.param == "XlsxWriter" else 0)
    return request.param


def exported(query: str, person=None, sheet: str = "enterprises") -> Job:
    owner = person or factories.user(Role.OFFICE)
    job = start_export(sheet=get_sheet(sheet), owner=owner, query=query, fixed={}, language="en")
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.file, job.error
    return job


def opened(job: Job, settings):
    return openpyxl.load_workbook(Path(settings.MEDIA_ROOT, job.file))


@pytest.mark.parametrize("kept", [5_000, 0])
def test_text_stays_text_and_days_stay_days(kept, writer, settings, monkeypatch):
    monkeypatch.setattr(cells, "KEPT", kept)
    for number, text in enumerate(STRANGE):
        factories.enterprise(name=f"单位{number:02}", address=text)
    job = exported("cols=address,joined&sort=name")
    rows = list(opened(job, settings).worksheets[0].iter_rows(min_row=2))
    assert [row[1].value for row in rows] == STRANGE
    assert {(row[1].data_type, row[1].number_format, row[1].hyperlink) for row in rows} == {("s", "@", None)}
    assert [bool(row[1].alignment.wrap_text) for row in rows] == [
        "\n" in text and writer == "XlsxWriter" for text in STRANGE
    ]
    assert {(row[2].value.date(), row[2].number_format) for row in rows} == {
        (factories.enterprise().joined_on, "yyyy-mm-dd")
    }
    read = CalamineWorkbook.from_path(Path(settings.MEDIA_ROOT, job.file)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in read[1:]] == STRANGE
    assert read[1][2] == factories.enterprise().joined_on


def test_it_opens_ready_to_be_read_filtered_and_printed(settings):
    factories.enterprise()
    sheet = opened(exported("cols=address,joined"), settings).worksheets[0]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:C2"
    assert [int(sheet.column_dimensions[letter].width) for letter in "ABC"] == [36, 40, 12]
    assert [cell.font.bold for cell in sheet[1]] == [True] * 3
    assert (sheet.print_title_rows, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == (
        "$1:$1",
        "landscape",
        0,
    )
    assert sheet["A3"].value is None


def test_an_empty_cell_is_text_too_so_that_what_is_typed_into_it_stays_as_it_is(settings):
    factories.enterprise()
    sheet = opened(exported("cols=phone"), settings).worksheets[0]
    assert (sheet["B2"].value, sheet.column_dimensions["B"].number_format) == (None, "@")


def test_the_last_sheet_says_what_it_is(settings):
    unit = factories.enterprise()
    Contact.objects.create(enterprise=unit, kind=ContactKind.SAFETY, name="孙建国", phone="13987654321")
    person = factories.user(Role.OFFICE, name="=周敏")
    book = opened(exported("cols=phone,safety&sort=-name&scale=none", person), settings)
    said = dict(book.worksheets[-1].iter_rows(values_only=True))
    assert said.pop("Exported at").startswith("20")
    assert said == {
        "List": "Roster of enterprises",
        "Filter: Scale": "Not scaled",
        "Sorted by": "Name, falling",
        "Rows": 1,
        "Masked columns": "Safety officer、Safety officer's telephone",
        "Exported by": f"=周敏（{person.account}）",
    }
    assert {cell.font.bold for cell in book.worksheets[-1]["A"]} == {True}
    assert book.active.title == "Roster of enterprises"


def test_a_list_without_rows_has_its_heading(settings):
    book = opened(exported("q=不存在"), settings)
    assert book.worksheets[0].max_row == 1
    assert book.worksheets[0].auto_filter.ref.startswith("A1:")


def test_a_full_worksheet_is_followed_by_another_with_its_own_heading_and_filter(settings, monkeypatch):
    monkeypatch.setattr(workbook, "ROWS_A_SHEET", 3)
    monkeypatch.setattr(reading, "CHUNK", 2)
    names = [f"单位{number}" for number in range(7)]
    for name in names:
        factories.enterprise(name=name)
    book = opened(exported("cols=name&sort=name"), settings)
    lists = book.worksheets[:-1]
    assert [sheet.title for sheet in lists] == [f"Roster of enterprises{more}" for more in ("", " 2", " 3")]
    assert [[cell.value for cell in sheet["A"]] for sheet in lists] == [
        ["Name", *names[:3]],
        ["Name", *names[3:6]],
        ["Name", names[6]],
    ]
    assert [sheet.auto_filter.ref for sheet in lists] == ["A1:A4", "A1:A4", "A1:A2"]
    assert [sheet.freeze_panes for sheet in lists] == ["B2"] * 3


def test_a_title_with_signs_excel_forbids_still_names_its_sheet():
    assert workbook.worksheet_name("A/B: 'C' [?]") == "A B   C"
    assert len(workbook.worksheet_name("长" * 40)) == 28


def test_a_title_with_signs_of_xml_names_its_sheet_and_its_filter(settings, monkeypatch):
    factories.enterprise()
    sheet = dataclasses.replace(get_sheet("enterprises"), title='A&B <"C">')
    monkeypatch.setitem(declaration._sheets, "enterprises", sheet)
    book = opened(exported("cols=name"), settings)
    assert book.sheetnames == ['A&B <"C">', "About"]
    assert book.worksheets[0].print_title_rows == "$1:$1"


def test_a_whole_export_is_a_zip_whose_sums_are_right(settings):
    factories.enterprise()
    with zipfile.ZipFile(Path(settings.MEDIA_ROOT, exported("").file)) as file:
        assert file.testzip() is None


def test_what_goes_wrong_while_rows_are_read_is_not_swallowed(monkeypatch):
    factories.enterprise()
    job = start_export(
        sheet=get_sheet("enterprises"), owner=factories.user(Role.OFFICE), query="", fixed={}, language="en"
    )
    monkeypatch.setattr("riskreport.ground.sheets.export.plain_rows", lambda *args: iter([[object()]]))
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.file) == ("waiting", "")
    assert job.error.startswith("TypeError")


@pytest.mark.parametrize(("rows", "is_quick"), [(2, False), (3, True)])
def test_long_lists_are_written_quickly(rows, is_quick, settings, monkeypatch):
    monkeypatch.setattr(workbook, "QUICK_ABOVE", 2)
    for _number in range(rows):
        factories.enterprise()
    assert is_written_quickly(monkeypatch) is is_quick


def test_what_the_quick_writer_cannot_do_is_written_by_the_other(settings, monkeypatch):
    monkeypatch.setattr(workbook, "QUICK_ABOVE", 0)
    factories.enterprise()
    assert is_written_quickly(monkeypatch)
    monkeypatch.setattr(writers, "quick", None)
    assert not is_written_quickly(monkeypatch)
    monkeypatch.undo()
    assert not writers.can_write_quickly(["Name", "Town", "Name"])


def is_written_quickly(monkeypatch) -> bool:
    used = []
    for name in ("write_quickly", "write_plainly"):
        write = getattr(writers, name)
        monkeypatch.setattr(workbook, name, lambda *given, name=name, write=write: used.append(name) or write(*given))
    exported("cols=name")
    return used == ["write_quickly"]


def test_days_before_excels_calendar_are_written_as_text():
    column = get_sheet("enterprises").by_key["joined"]
    early, first = dt.date(1900, 2, 28), dt.date(1900, 3, 1)
    assert cells.Cells(column, unmasked=False).all_of([early, first]) == ["1900-02-28", first]
