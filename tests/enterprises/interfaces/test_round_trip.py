"""What is exported and imported again changes nothing: every sheet that has an importer, masked or not."""

import dataclasses
from pathlib import Path

import pytest
from django.conf import settings

from enterprises.enums import ContactKind, Lifecycle, Role, Scale
from enterprises.models import Contact, Department, Enterprise
from riskreport.ground import clock
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.models import ImportRow
from riskreport.ground.sheets import declaration, get_sheet, sheet_names
from riskreport.ground.sheets.export import start_export
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
    """Officials of one department: with and without post and telephone, one disabled, one never signed in."""
    factories.user(Role.REVIEWER, phone="13812345678", post="科员")
    factories.user(Role.KEEPER, phone="0512-57300000", is_active=False)
    factories.first_code(factories.user(Role.INSPECTOR))


def fill_departments() -> None:
    """Departments of several kinds and levels."""
    factories.bureau(), factories.township()
    Department.objects.update(phone="0512-57300000")


FILL = {"enterprises": fill_enterprises, "people": fill_people, "departments": fill_departments}
PEOPLE = {
    "enterprises": lambda: factories.user(Role.KEEPER, of=factories.bureau("civil")),
    "people": factories.chief,
    "departments": lambda: factories.chief(factories.office()),
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
    assert batch.counts["same"] == len(before) > 1
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
