"""A list on screen and in its exported workbook says the same, cell by cell, whatever stands in it: every sheet."""

import dataclasses
import datetime as dt
import random
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.db.models import CharField, TextField
from django.http import QueryDict
from django.utils import translation

from enterprises.enums import Role
from enterprises.models import DepartmentPlan, DepartmentStep
from enterprises.models.reconciliation import Bucket, Outcome, ReconciliationState
from review.domain.bulletins.making import discard_bulletin
from review.enums import FilingState, TodoEnd, VisitOutcome
from review.models import CatalogueTodo, Extension, MaterialVersion, TrainingMaterial, Visit
from riskreport.ground import clock
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.sheets import declaration, get_sheet, sheet_names, workbook
from riskreport.ground.sheets.export import start_export
from riskreport.ground.sheets.selection import Selection
from riskreport.ground.sheets.values import text_of
from riskreport.ground.ui.table import draw_table
from tests import factories, letters
from tests.test_round_trip import FILL, PEOPLE

pytestmark = pytest.mark.django_db
SIGNS = "=+-@<>&\"'_ \n0123456789abcXYZ，。中文苏州é😀"
UNTOUCHED = {"account", "password", "key", "code", "digest"}  # texts that other things hang on


def fill_catalogues() -> None:
    factories.catalogue()
    factories.catalogue("religion", categories=("1501",), prefix="ZJ")


def fill_preparation() -> None:
    one, _other = factories.bureau(), factories.bureau("religion")
    person, now = factories.user(Role.KEEPER, of=one), clock.now()
    for number in (1, 2):
        DepartmentPlan.objects.create(
            department=one, number=number, name="方案", path=f"{number}", size=1, uploaded_by=person, uploaded_at=now
        )
    for order, done in enumerate((None, dt.date(2021, 12, 1))):
        DepartmentStep.objects.create(
            department=one, order=order, title="步骤", due_on=done, done_on=done, done_by=person if done else None
        )


def fill_reconciliations() -> None:
    keeper = factories.user(Role.KEEPER, of=factories.bureau())
    unit, other = factories.enterprise(), factories.enterprise()
    factories.reconciliation(of=keeper, state=ReconciliationState.COMPARING, category_id="1401")
    row = factories.reconciliation(of=keeper, area_id=factories.KUNSHAN, a_name="民政.xlsx")
    lone = factories.difference(row, enterprise=unit, a_row=3)
    settled = {"outcome": Outcome.EXPLAINED, "reason": "x", "settled_by": keeper, "settled_at": clock.now()}
    factories.difference(row, Bucket.ONLY_B, enterprise=other, near=lone, b_row=7, **settled)
    theirs = {"name": "旧名", "address": "旧址"}
    factories.difference(row, Bucket.DIFFERS, enterprise=other, b=theirs, fields=["name", "address"])


def fill_queue() -> None:
    task = factories.campaign()
    for _number in range(2):
        factories.filing(FilingState.SUBMITTED, campaign=task)
    factories.filing(FilingState.IN_REVIEW, campaign=task)


def fill_accounts() -> None:
    for active in (True, False):
        person = factories.user(Role.ENTERPRISE_ADMIN, of=factories.enterprise(), is_active=active)
        if active:
            factories.first_code(person)
    factories.enterprise()


def fill_todos() -> None:
    catalogue = factories.catalogue()
    person, now = factories.user(Role.ENTERPRISE_ADMIN, of=factories.enterprise()), clock.now()
    for ended in ({}, {"done_at": now, "done_by": person, "end": TodoEnd.LOOKED}):
        CatalogueTodo.objects.create(enterprise=factories.enterprise(), catalogue=catalogue, created_at=now, **ended)


def fill_visits() -> None:
    for outcome, more in ((VisitOutcome.PASSED, {}), (VisitOutcome.RECTIFY, {"rectify_by": clock.today()})):
        filing = factories.filing(FilingState.FILED)
        Visit.objects.create(
            filing=filing, level="town", department=filing.department, visited_on=clock.today(), outcome=outcome, **more
        )


def fill_campaigns() -> None:
    factories.filing(FilingState.FILED, campaign=factories.campaign())
    factories.campaign(state="closed", locks_on=clock.today() + dt.timedelta(days=90), name_en="Reports")


def fill_extensions() -> None:
    for state, more in (("asked", {}), ("granted", {"decided_at": clock.now(), "answer": "同意"})):
        filing = factories.filing()
        later = filing.due_on + dt.timedelta(days=5)
        Extension.objects.create(
            filing=filing,
            old_due_on=filing.due_on,
            new_due_on=later,
            reason="检查",
            state=state,
            asked_at=clock.now(),
            **more,
        )


def fill_bulletins() -> None:
    office, task = factories.user(Role.OFFICE), factories.campaign()
    factories.bulletin(office, campaign=task)
    row = factories.bulletin(office, campaign=task, kind="weekly")
    discard_bulletin(bulletin_id=row.pk, user=office)


def fill_sessions() -> None:
    unit = factories.enterprise()
    factories.held_session(unit, capacity=30, respects=[1, 3])
    factories.training_session(categories=(), kind="live")
    factories.enterprise()


def fill_materials() -> None:
    for language, sector in (("zh", factories.sector()), ("ko", None)):
        row = TrainingMaterial.objects.create(
            title="课件", kind="courseware", language=language, sector=sector, department=factories.bureau(),
            created_at=clock.now(), withdrawn_at=clock.now() if sector else None,
        )  # fmt: skip
        for number in (1, 2):
            MaterialVersion.objects.create(
                material=row, number=number, name="x", path=f"{row.pk}{number}", size=1, uploaded_at=clock.now()
            )


def fill_letters() -> None:
    """One under way to a bureau, one to a unit; a draft has no number to be scribbled over."""
    made = letters.world()
    letters.issued(made)
    letters.issued(made, to=f"enterprise-{made.filings[0].enterprise_id}")


FILL_MORE = {
    "bulletins": fill_bulletins,
    "catalogue_todos": fill_todos,
    "catalogues": fill_catalogues,
    "differences": fill_reconciliations,
    "materials": fill_materials,
    "follow_ups": fill_letters,
    "preparation": fill_preparation,
    "reconciliations": fill_reconciliations,
    "review_queue": fill_queue,
    "training_sessions": fill_sessions,
    "training_units": fill_sessions,
    "unit_accounts": fill_accounts,
    "units_to_issue": FILL["enterprises"],
    "visits": fill_visits,
    "campaigns": fill_campaigns,
    "extensions": fill_extensions,
}
ROLES = {
    "bulletins": Role.OFFICE,
    "campaigns": Role.OFFICE,
    "catalogues": Role.OFFICE,
    "follow_ups": Role.OFFICE,
    "preparation": Role.OFFICE,
    "review_queue": Role.REVIEWER,
}


def reader_of(name: str):
    if name in PEOPLE:
        return PEOPLE[name]()
    role = ROLES.get(name, Role.KEEPER)
    return factories.user(role, of=factories.office() if role == Role.OFFICE else factories.bureau())


def scribble(name: str, person, chance: random.Random) -> None:
    """Write something random into every free text of the rows that a column reads."""
    sheet = get_sheet(name)
    read = {field for column in sheet.columns for field in column.fields}
    rows = sheet.rows(person)
    fields = [
        field
        for field in rows.model._meta.concrete_fields
        if isinstance(field, CharField | TextField) and not field.choices and not field.unique
        and field.name in read - UNTOUCHED
    ]  # fmt: skip
    for pk in rows.values_list("pk", flat=True):
        texts = {
            field.name: "".join(chance.choices(SIGNS, k=chance.randint(1, min(field.max_length or 60, 60))))
            for field in fields
        }
        if texts:
            rows.model.objects.filter(pk=pk).update(**texts)


def said_by(cell, kind: str) -> str:
    """What a cell of the workbook says, written as the screen writes it."""
    if isinstance(cell, dt.datetime):
        rounded = cell + dt.timedelta(seconds=0.5)
        return rounded.strftime("%Y-%m-%d %H:%M") if kind == "datetime" else rounded.date().isoformat()
    return "" if cell is None else str(int(cell) if isinstance(cell, float) else cell)


def test_every_sheet_is_filled_here():
    assert set(FILL) | set(FILL_MORE) == {name for name in sheet_names() if name != "tried"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("reads", [False, True])
@pytest.mark.parametrize("name", sorted(FILL | FILL_MORE))
def test_screen_and_export_say_the_same(name, reads, language, monkeypatch):
    (FILL | FILL_MORE)[name]()
    monkeypatch.setattr(workbook, "QUICK_ABOVE", 0 if reads else 5_000)  # each of the two writers in half of the cases
    person = reader_of(name)
    if name != "catalogues":  # published ones never change, the database sees to it
        scribble(name, person, random.Random(f"{name}{reads}{language}"))
    monkeypatch.setitem(
        declaration._sheets, name, dataclasses.replace(get_sheet(name), reads_personal=lambda user: reads)
    )
    sheet = get_sheet(name)
    query = "cols=" + ",".join(sheet.by_key)
    job = start_export(sheet=sheet, owner=person, query=query, fixed={}, language=language)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.file, job.error
    head, *lines = openpyxl.load_workbook(Path(settings.MEDIA_ROOT, job.file)).worksheets[0].iter_rows(values_only=True)
    with translation.override(language):
        selection = Selection(sheet, person, QueryDict(query), {})
        rows = list(selection.order.apply(selection.full_rows))
        readers = [column.reader(unmasked=reads) for column in sheet.columns]
        shown = [
            [text_of(read(row), column.kind) for read, column in zip(readers, sheet.columns, strict=True)]
            for row in rows
        ]
        assert list(head) == [str(column.heading) for column in sheet.columns]
        drawn = draw_table(selection, rows)
    written = [[said_by(cell, column.kind) for cell, column in zip(line, sheet.columns, strict=True)] for line in lines]
    assert written == shown
    assert len(shown) > 1
    assert drawn.count("<tr") == len(shown) + 1
