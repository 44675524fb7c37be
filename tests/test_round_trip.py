"""What is exported and imported again changes nothing: every sheet that has an importer, masked or not."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from enterprises.enums import ContactKind, Lifecycle, Role, Scale
from enterprises.models import Contact, Department, Enterprise
from review.enums import FilingState
from riskreport.ground import clock
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.models import ImportRow
from riskreport.ground.sheets import declaration, get_sheet, sheet_names
from riskreport.ground.sheets.export import start_export
from risks.domain.drafts import open_draft
from tests import factories
from tests.imports import problems, send

pytestmark = pytest.mark.django_db
SHEETS = [name for name in sheet_names() if get_sheet(name).importer]


def fill_enterprises() -> None:
    """Units of every kind: with and without codes, points, people, further categories; left, suspended, strange."""
    full = factories.enterprise(
        name="昆山养老院（总院） =1+1",
        further=("1402", "1501"),
        longitude="120.961900",
        latitude="31.298900",
        scale=Scale.ABOVE,
        trade_code="8514",
        standard_grade=3,
        profile={"employees": "35", "products": "照料"},
    )
    for kind, name in zip(ContactKind, ("周敏", "钱丽华", "孙建国"), strict=True):
        phone = "" if kind == ContactKind.LEGAL else "13812345678"
        Contact.objects.create(enterprise=full, kind=kind, name=name, phone=phone)
    factories.enterprise(credit_code=None, temporary_code="LS32058300007", no_code_reason="awaiting")
    today = clock.today()
    factories.enterprise(lifecycle=Lifecycle.CLOSED, left_on=today, lifecycle_on=today, left_reason="搬迁")
    factories.enterprise(lifecycle=Lifecycle.SUSPENDED, lifecycle_on=today, town=factories.YUSHAN)


def fill_people() -> None:
    """Officials of every kind in one bureau, one of whom has left."""
    factories.user(Role.REVIEWER, name="王芳", post="科员", phone="13812345678")
    factories.user(Role.KEEPER, name="=李强", phone="0512-57300000")
    factories.user(Role.INSPECTOR, of=factories.bureau(), name="赵敏", is_active=False)


def fill_departments() -> None:
    """The office, and bureaus in its area with and without a telephone."""
    factories.bureau()
    factories.bureau("religion")
    Department.objects.update(phone="")
    Department.objects.filter(line="civil").update(phone="0512-57300000", short_name="昆山民政")


def fill_catalogue_items() -> None:
    """A draft copied from the published catalogue."""
    factories.catalogue()
    open_draft(key="civil", user=factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY)))


def fill_reports() -> None:
    """Reports of one task in several states, with risks in the ledger."""
    task = factories.campaign()
    for state in (FilingState.NOT_STARTED, FilingState.DRAFTING, FilingState.EXEMPT):
        factories.filing(state, campaign=task)
    for _number in range(2):
        factories.filing(FilingState.FILED, campaign=task, present=("01", "02"))


def fill_training() -> None:
    """People of one's own and of another department's session, come and only signed up."""
    ours = factories.training_session(starts=dt.timedelta(hours=-2))
    theirs = factories.training_session(of=factories.bureau("civil", factories.CITY))
    for number in range(3):
        factories.attendance(ours, came=number != 1, phone="13812345678" if number else "")
    factories.attendance(theirs, came=False)


FILL = {
    "catalogue_items": fill_catalogue_items,
    "departments": fill_departments,
    "enterprises": fill_enterprises,
    "filings": fill_reports,
    "people": fill_people,
    "risks": fill_reports,
    "training_people": fill_training,
}
PEOPLE = {
    "catalogue_items": lambda: factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY)),
    "departments": lambda: factories.chief(of=factories.office(factories.KUNSHAN)),
    "enterprises": lambda: factories.user(Role.KEEPER, of=factories.bureau("civil")),
    "filings": lambda: factories.user(Role.OFFICE),
    "people": factories.chief,
    "risks": lambda: factories.user(Role.REVIEWER, of=factories.bureau()),
    "training_people": lambda: factories.user(Role.KEEPER, of=factories.bureau()),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("reads", [False, True])
@pytest.mark.parametrize("name", SHEETS)
def test_what_is_exported_and_imported_again_changes_nothing(name, reads, language, monkeypatch):
    FILL[name]()
    person = PEOPLE[name]()
    sheet = get_sheet(name)
    monkeypatch.setitem(declaration._sheets, name, dataclasses.replace(sheet, reads_personal=lambda user: reads))
    before = list(sheet.importer.model.objects.order_by("pk").values())
    query = "&".join(f"cols={column.key}" for column in sheet.imported)
    job = start_export(sheet=get_sheet(name), owner=person, query=query, fixed={}, language=language)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    content = Path(settings.MEDIA_ROOT, job.file).read_bytes()
    batch = send(name, person, content, language=language)
    assert batch.state == "preview", (batch.problem, batch.mapping)
    assert problems(batch) == []
    changed = ImportRow.objects.filter(batch=batch).exclude(state="same").values_list("label", "state", "values", "old")
    assert list(changed) == []
    assert batch.counts["same"] == sheet.rows(person).count() > 1
    assert list(sheet.importer.model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("name", SHEETS)
def test_every_example_is_one_that_is_taken(name):
    FILL[name]()
    person = PEOPLE[name]()
    for column in get_sheet(name).imported:
        if column.example and column.clean:
            column.clean(str(column.example))
        elif column.example and column.choices is not None:
            column.clean_for(person)(str(column.example))


def test_what_the_page_shows_can_be_imported_again_too(monkeypatch):
    fill_enterprises()
    person = PEOPLE["enterprises"]()
    job = start_export(sheet=get_sheet("enterprises"), owner=person, query="", fixed={}, language="zh-hans")
    run_job(job_id=job.pk)
    job.refresh_from_db()
    batch = send("enterprises", person, Path(settings.MEDIA_ROOT, job.file).read_bytes())
    assert (batch.state, batch.mapping.count("")) == ("mapping", 1)  # the address, required of new units, is not shown
    assert Enterprise.objects.count() == 4
