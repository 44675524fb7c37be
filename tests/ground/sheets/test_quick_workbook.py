"""The quick writer of large lists writes what the careful one writes."""

from pathlib import Path

import openpyxl
import pytest

from enterprises.enums import Role
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.sheets import get_sheet, workbook
from riskreport.ground.sheets.export import start_export
from tests import factories

pytestmark = pytest.mark.django_db
STRANGE = ["=1+1", "+86 512", "-1", "@SUM(A1)", "http://example.com/", "0012", "\ttab", "五金<厂>&\"店'", "a\x0bb"]


def written(settings, rows_from: int, monkeypatch) -> tuple[list, dict]:
    monkeypatch.setattr(workbook, "QUICK_FROM", rows_from)
    person = factories.user(Role.OFFICE)
    job = start_export(
        sheet=get_sheet("enterprises"), owner=person, query="cols=address,joined&sort=name", fixed={}, language="en"
    )
    run_job(job_id=job.pk)
    job.refresh_from_db()
    book = openpyxl.load_workbook(Path(settings.MEDIA_ROOT, job.file))
    first = book.worksheets[0]
    cells = [[(cell.value, cell.data_type, cell.hyperlink) for cell in row] for row in first.iter_rows()]
    about = {row[0]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
    assert job.result == {"rows": len(STRANGE)}
    assert (book.sheetnames, first.freeze_panes) == (["Roster of enterprises", "About"], "B2")
    return cells, about


def test_both_writers_write_the_same_cells_and_no_formula(settings, monkeypatch):
    for number, text in enumerate(STRANGE):
        factories.enterprise(name=f"单位{number}", address=text)
    quick, quick_about = written(settings, 1, monkeypatch)
    careful, careful_about = written(settings, 1_000_000, monkeypatch)
    assert quick == careful
    assert {kind for row in quick for _value, kind, _link in row} == {"s", "d"}
    assert [row[1][0] for row in quick[1:8]] == [*STRANGE[:6], "\ttab"]
    assert quick_about["Rows"] == str(careful_about["Rows"]) == str(len(STRANGE))
    assert quick[1][2][0].date() == factories.enterprise().joined_on


def test_what_goes_wrong_while_rows_are_read_is_not_swallowed(settings, monkeypatch):
    monkeypatch.setattr(workbook, "QUICK_FROM", 1)
    factories.enterprise()
    person = factories.user(Role.OFFICE)
    job = start_export(sheet=get_sheet("enterprises"), owner=person, query="", fixed={}, language="en")
    monkeypatch.setattr("riskreport.ground.sheets.export.in_chunks", lambda *args, **more: iter([[object()]]))
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "waiting"
    assert job.error.startswith("AttributeError")
