"""Exports: what is seen and no more, text as text, counted, asked again for its owner, downloaded by nobody else."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from enterprises.enums import ContactKind, Role
from enterprises.models import Contact
from riskreport.ground.domain.jobs import Progress, run_job
from riskreport.ground.models import Event, Job
from riskreport.ground.models.job import JobState
from riskreport.ground.sheets import export, get_sheet, reading, workbook
from riskreport.ground.sheets.export import start_export
from riskreport.ground.sheets.selection import BadFilter, Selection
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def started(owner, query="", language="en", **fixed) -> Job:
    return start_export(sheet=get_sheet("enterprises"), owner=owner, query=query, fixed=fixed, language=language)


def done(job: Job) -> Job:
    assert run_job(job_id=job.pk)
    job.refresh_from_db()
    return job


def cells(job: Job, settings, sheet: int = 0) -> list[tuple]:
    book = openpyxl.load_workbook(Path(settings.MEDIA_ROOT, job.file))
    return list(book.worksheets[sheet].iter_rows(values_only=True))


def test_a_cell_that_looks_like_a_formula_stays_text(settings):
    names = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "http://evil.example/", "\t=1", "007"]
    for name in names:
        factories.enterprise(name=name)
    job = done(started(factories.user(Role.OFFICE)))
    sheet = openpyxl.load_workbook(Path(settings.MEDIA_ROOT, job.file)).worksheets[0]
    found = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert sorted(cell.value for cell in found) == sorted(names)
    assert {cell.data_type for cell in found} == {"s"}
    assert [cell.hyperlink for cell in found] == [None] * len(names)


def test_rows_in_are_rows_out_and_the_file_says_so(settings, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 3)
    for number in range(8):
        factories.enterprise(name=f"颐养院{number}", scale="above" if number % 2 else "below")
    person = factories.user(Role.OFFICE)
    job = done(started(person, "scale=above&sort=-name&cols=scale"))
    head, *rows = cells(job, settings)
    assert head == ("Name", "Scale")
    assert rows == [(f"颐养院{number}", "Above scale") for number in (7, 5, 3, 1)]
    about = dict(cells(job, settings, sheet=1))
    assert about["Rows"] == 4
    assert about["Filter: Scale"] == "Above scale"
    assert person.account in about["Exported by"]
    assert (job.result, job.done, job.total, job.state) == ({"rows": 4}, 4, 4, JobState.DONE)


def test_the_workbook_speaks_the_language_of_the_job(settings):
    factories.enterprise()
    with translation.override("en"):
        job = done(started(factories.user(Role.OFFICE), "cols=joined", language="zh-hans"))
        head = cells(job, settings)[0]
        assert translation.get_language() == "en"
    with translation.override("zh-hans"):
        assert head == tuple(
            str(column.heading)
            for column in Selection(get_sheet("enterprises"), job.owner, QueryDict("cols=joined"), {}).columns
        )


def test_dates_are_dates_and_personal_columns_are_masked(settings):
    unit = factories.enterprise()
    Contact.objects.create(enterprise=unit, kind=ContactKind.SAFETY, name="孙建国", phone="13987654321")
    job = done(started(factories.user(Role.OFFICE), "cols=joined,safety,phone"))
    row = cells(job, settings)[1]
    assert row[1].date() == unit.joined_on
    assert row[2:] == ("孙**", "139****4321")


def test_scope_is_asked_again_when_the_job_runs(settings):
    near, far = factories.enterprise(town=factories.HUAQIAO), factories.enterprise(town=factories.YANGSHE)
    person = factories.user(Role.OFFICE, of=factories.office())
    before, after = started(person, "sort=name"), started(person, "sort=name&size=100")
    assert {row[0] for row in cells(done(before), settings)[1:]} == {near.name, far.name}
    person.department.areas.set([factories.region(factories.KUNSHAN)])
    assert [row[0] for row in cells(done(after), settings)[1:]] == [near.name]


def test_who_lost_the_right_gets_no_file():
    factories.enterprise()
    person = factories.user(Role.OFFICE)
    lost, closed = started(person), started(person, "sort=name")
    person.role = Role.OPERATOR
    person.save()
    assert done(lost).state == JobState.FAILED
    assert lost.error == "This page is for the people of a department."
    person.role, person.is_active = Role.OFFICE, False
    person.save()
    assert done(closed).state == JobState.FAILED
    assert [lost.file, closed.file, closed.tries] == ["", "", 1]
    assert not Event.objects.filter(kind="sheet.exported").exists()


def test_an_export_is_recorded_with_filter_and_count():
    factories.enterprise(name="花桥颐养院")
    factories.enterprise()
    person = factories.user(Role.OFFICE)
    job = done(started(person, "q=花桥"))
    event = Event.objects.get(kind="sheet.exported")
    assert event.actor == person
    assert (event.object_type, event.object_id) == ("ground.job", job.pk)
    assert event.data == {"sheet": "enterprises", "query": "q=花桥", "rows": 1, "unmasked": False}


def test_a_filter_the_page_fixes_holds_in_the_export(settings):
    wanted = factories.enterprise(scale="above")
    factories.enterprise(scale="below")
    job = done(started(factories.user(Role.OFFICE), "scale=below", scale="above"))
    assert [row[0] for row in cells(job, settings)[1:]] == [wanted.name]


def test_a_filter_that_cannot_be_starts_no_job():
    with translation.override("en"), pytest.raises(BadFilter) as told:
        started(factories.user(Role.OFFICE), f"county={'9' * 31}")
    assert str(told.value).startswith(f"“{'9' * 30}…” cannot be used for “District or county-level city”.")
    assert not Job.objects.exists()


def test_progress_is_told_chunk_by_chunk(monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 2)
    monkeypatch.setattr(export, "TELL_SECONDS", 0)
    told = []
    monkeypatch.setattr(Progress, "at", lambda self, done, total=None: told.append((done, total)))
    for _number in range(5):
        factories.enterprise()
    done(started(factories.user(Role.OFFICE)))
    assert told == [(0, 5), (2, None), (4, None), (5, None), (5, 5)]


def test_a_broken_export_leaves_no_file(monkeypatch, settings):
    factories.enterprise()
    job = started(factories.user(Role.OFFICE))
    monkeypatch.setattr(export, "write_workbook", lambda path, *rest: path.write_text("half") and 1 / 0)
    assert done(job).state == JobState.WAITING
    assert list(Path(settings.MEDIA_ROOT, export.FOLDER).iterdir()) == []


def test_beyond_the_limit_a_further_worksheet_begins(monkeypatch, settings):
    monkeypatch.setattr(workbook, "ROWS_A_SHEET", 2)
    for _number in range(5):
        factories.enterprise()
    book = openpyxl.load_workbook(Path(settings.MEDIA_ROOT, done(started(factories.user(Role.OFFICE))).file))
    assert [sheet.max_row for sheet in book.worksheets] == [3, 3, 2, 7]


def test_from_the_button_to_the_file(client):
    unit = factories.enterprise(name="花桥颐养院")
    factories.enterprise(name="玉山颐养院")
    client.force_login(factories.user(Role.OFFICE))
    address = reverse("export_sheet", args=["enterprises"])
    answer = client.post(address, {"query": "q=花桥&cols=town"})
    job = Job.objects.get()
    assert answer.url == reverse("job", args=[job.pk])
    assert b'hx-headers=\'{"X-Poll": "1"}\'' in client.get(answer.url).content
    done(job)
    page = client.get(answer.url, HTTP_HX_REQUEST="true")
    assert b"hx-trigger" not in page.content
    assert reverse("job_file", args=[job.pk]).encode() in page.content
    sent = client.get(reverse("job_file", args=[job.pk]))
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(sent))).worksheets[0].iter_rows(values_only=True))
    assert rows[1:] == [(unit.name, unit.town.label)]


def test_a_double_click_starts_one_export_and_a_finished_one_can_be_made_again(client):
    factories.enterprise()
    client.force_login(factories.user(Role.OFFICE))
    address, asked = reverse("export_sheet", args=["enterprises"]), {"query": "cols=town"}
    first, second = client.post(address, asked), client.post(address, asked)
    assert first.url == second.url
    client.post(address, {"query": "cols=code"})
    assert Job.objects.count() == 2
    done(Job.objects.earliest("pk"))
    assert client.post(address, asked).url != first.url


@pytest.mark.parametrize("role", [Role.ENTERPRISE_ADMIN, Role.OPERATOR])
def test_whose_rule_refuses_starts_no_export(client, role):
    client.force_login(factories.user(role))
    assert client.post(reverse("export_sheet", args=["enterprises"])).status_code == 403
    assert client.post(reverse("export_sheet", args=["no-such-list"])).status_code == 404
    assert not Job.objects.exists()


def test_a_wrong_filter_is_answered_with_a_sentence(client):
    client.force_login(factories.user(Role.OFFICE))
    answer = client.post(reverse("export_sheet", args=["enterprises"]), {"query": "scale=huge"})
    assert answer.status_code == 403
    assert not Job.objects.exists()
