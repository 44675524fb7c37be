"""A department's plan with its versions, and its own steps: kept by its keeper, read by whom they concern."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from enterprises.domain.preparation import StepGiven, add_plan, save_steps, ship_steps, steps_base
from enterprises.enums import Role
from enterprises.models import DepartmentPlan, DepartmentStep
from enterprises.queries.preparation import departments_readable_by
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF"


@pytest.fixture
def bureau():
    return factories.bureau("civil", factories.CITY)


@pytest.fixture
def keeper(bureau):
    return factories.user(Role.KEEPER, of=bureau)


def sent(content=PDF, name="实施方案.pdf"):
    return SimpleUploadedFile(name, content)


def files() -> int:
    folder = Path(settings.MEDIA_ROOT, "plans")
    return sum(1 for path in folder.rglob("*") if path.is_file())


def given(*titles, **changed):
    return [StepGiven(None, title, None, None, "") for title in titles]


def test_versions_of_a_plan_are_kept_and_the_same_file_is_not_kept_twice(bureau, keeper):
    before = files()
    first = add_plan(department=bureau, user=keeper, name="方案.pdf", file=sent())
    second = add_plan(department=bureau, user=keeper, name="../方案.doc", file=sent(PDF + b"\n%%EOF"), note="修订")
    again = add_plan(department=bureau, user=keeper, name="方案.pdf", file=sent(PDF + b"\n%%EOF"))
    assert [row.number for row in DepartmentPlan.objects.order_by("number")] == [1, 2]
    assert (again.pk, second.name, second.note) == (second.pk, "方案.pdf", "修订")
    assert files() == before + 2
    assert Path(settings.MEDIA_ROOT, first.path).read_bytes() == PDF


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "空.pdf"), (b"\x89PNG\r\n\x1a\n", "图.png"), (b"MZ\x90", "程序.pdf"), (b"%PDF-1.4 cut off", "断.pdf")],
)
def test_what_is_no_whole_pdf_or_word_file_is_refused_and_leaves_nothing(bureau, keeper, content, name):
    before = files()
    with pytest.raises(Refused):
        add_plan(department=bureau, user=keeper, name=name, file=sent(content, name))
    assert (files(), DepartmentPlan.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    "person",
    [
        lambda: factories.user(Role.KEEPER, of=factories.bureau("religion", factories.CITY)),
        lambda: factories.user(Role.KEEPER, of=factories.bureau("civil", factories.KUNSHAN)),
        lambda: factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY)),
        lambda: factories.user(Role.OFFICE),
    ],
    ids=["other line", "county", "reviewer", "office"],
)
def test_nobody_but_the_departments_keeper_writes(bureau, person):
    before, stranger = files(), person()
    with pytest.raises(Refused):
        add_plan(department=bureau, user=stranger, name="方案.pdf", file=sent())
    with pytest.raises(Refused):
        save_steps(department=bureau, user=stranger, steps=given("一"), seen_base=steps_base(bureau))
    assert (files(), DepartmentStep.objects.count()) == (before, 0)


def test_steps_are_written_ordered_done_and_taken_out(bureau, keeper):
    save_steps(department=bureau, user=keeper, steps=given("摸底", "编目录", "培训"), seen_base=steps_base(bureau))
    first, second, third = bureau.steps.order_by("order")
    day = clock.today()
    steps = [
        StepGiven(third.pk, "培训", day + dt.timedelta(days=9), None, "分两期"),
        StepGiven(first.pk, "摸清底数", None, day, ""),
        StepGiven(None, "审核", None, None, ""),
    ]
    save_steps(department=bureau, user=keeper, steps=steps, seen_base=steps_base(bureau))
    rows = list(bureau.steps.order_by("order").values_list("title", "due_on", "done_on", "done_by", "note"))
    assert rows == [
        ("培训", day + dt.timedelta(days=9), None, None, "分两期"),
        ("摸清底数", None, day, keeper.pk, ""),
        ("审核", None, None, None, ""),
    ]
    assert not DepartmentStep.objects.filter(pk=second.pk).exists()
    assert Event.objects.filter(kind="department.steps_saved").count() == 2


def test_who_did_a_step_stays_when_a_colleague_saves_the_list(bureau, keeper):
    day = clock.today()
    done = [StepGiven(None, "摸底", None, day, "")]
    save_steps(department=bureau, user=keeper, steps=done, seen_base=steps_base(bureau))
    row = bureau.steps.get()
    colleague = factories.user(Role.KEEPER, of=bureau)
    changed = [StepGiven(row.pk, "摸底", None, day, "补注")]
    save_steps(department=bureau, user=colleague, steps=changed, seen_base=steps_base(bureau))
    row.refresh_from_db()
    assert (row.note, row.done_by) == ("补注", keeper)


def test_two_windows_on_the_steps_are_told_apart(bureau, keeper):
    base = steps_base(bureau)
    save_steps(department=bureau, user=keeper, steps=given("甲"), seen_base=base)
    with pytest.raises(ContentConflict):
        save_steps(department=bureau, user=keeper, steps=given("乙"), seen_base=base)
    assert [row.title for row in bureau.steps.all()] == ["甲"]


def test_eight_steps_are_shipped_once_and_what_became_of_them_stays():
    religion = factories.bureau("religion", factories.CITY)
    keeper = factories.user(Role.KEEPER, of=religion)
    assert ship_steps().created == 8
    assert [row.title for row in religion.steps.all()][:2] == ["第一步", "第二步"]
    save_steps(department=religion, user=keeper, steps=[], seen_base=steps_base(religion))
    assert ship_steps().created == 0
    assert religion.steps.count() == 0


@pytest.mark.parametrize(
    ("person", "wanted"),
    [
        (lambda: factories.user(of=factories.enterprise()), {"civil-320500", "civil-320583"}),
        (lambda: factories.user(of=factories.enterprise(town=factories.YANGSHE)), {"civil-320500", "civil-320582"}),
        (
            lambda: factories.user(of=factories.enterprise(category_code="1501", further=("1402",))),
            {"civil-320500", "civil-320583", "religion-320500", "religion-320583"},
        ),
        (lambda: factories.user(Role.REVIEWER, of=factories.bureau()), {"civil-320500", "civil-320583"}),
        (
            lambda: factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY)),
            {"civil-320500", "civil-320582", "civil-320583"},
        ),
        (
            lambda: factories.user(Role.REVIEWER, of=factories.township()),
            {"civil-320500", "civil-320583", "religion-320500", "religion-320583"},
        ),
        (lambda: factories.user(Role.OPERATOR), set()),
    ],
    ids=["unit", "unit elsewhere", "unit of two lines", "county bureau", "city bureau", "township", "operator"],
)
def test_who_reads_whose_plan_and_steps(person, wanted):
    for line in ("civil", "religion"):
        for region in (factories.CITY, factories.KUNSHAN, factories.ZHANGJIAGANG):
            factories.bureau(line, region)
    assert {row.code for row in departments_readable_by(person())} == wanted
