"""The wall: opened by its address alone, sums and no unit, fetched anew by its digest."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from enterprises.enums import Role
from enterprises.models import Enterprise
from review.enums import FilingState, LetterKind, LetterState
from review.models import Campaign, Letter
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db
QUERIES = 17


def opened(made, name: str = "wall", client: Client | None = None, **headers):
    return (client or Client()).get(reverse(name, args=[made.secret]), headers=headers)


def units(*kinds: tuple[int, str, str]) -> None:
    """Units of one task, each with its report in a state."""
    task = Campaign.objects.first() or factories.campaign()
    for town, category, state in kinds:
        factories.filing(state, of=factories.enterprise(town=town, category_code=category), campaign=task)


@pytest.fixture
def city():
    units(
        (factories.HUAQIAO, "1401", FilingState.FILED),
        (factories.HUAQIAO, "1401", FilingState.DRAFTING),
        (factories.YANGSHE, "1501", FilingState.NOT_STARTED),
    )


@pytest.fixture
def made():
    return factories.display()


def test_it_needs_no_sign_in_and_leaves_no_cookie(made, city):
    page = opened(made)
    assert page.status_code == 200
    assert not page.cookies
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not opened(made, "wall_figures").cookies


def test_it_names_no_unit_and_leads_to_no_list(made, city):
    for name in ("wall", "wall_figures"):
        page = opened(made, name).content.decode()
        for unit in Enterprise.objects.all():
            assert unit.name not in page
            assert unit.credit_code not in page
        assert "<a " not in page
        assert "<form" not in page


def test_it_is_read_and_never_written(made, city):
    for name in ("wall", "wall_figures"):
        address = reverse(name, args=[made.secret])
        for method in ("post", "put", "delete", "patch"):
            assert getattr(Client(), method)(address).status_code == 405


@pytest.mark.parametrize("secret", ["x", "0" * 43, "..%2f", "' OR 1=1"])
def test_a_wrong_address_is_not_there(made, secret):
    for name in ("wall", "wall_figures"):
        assert Client().get(reverse(name, args=[secret])).status_code == 404
    assert Client().get(reverse("wall", args=[made.display.digest])).status_code == 404


def test_it_shows_the_figures_of_its_area_alone(city):
    whole = opened(factories.display(), "wall_figures")
    county = opened(factories.display(region_code=factories.KUNSHAN), "wall_figures").content.decode()
    assert '<li class="wall-five-expected"><span>应报</span><b>3</b>' in whole.content.decode()
    assert '<li class="wall-five-expected"><span>应报</span><b>2</b>' in county
    assert '<li class="wall-five-rate"><span>报送率</span><b>50.0%</b>' in county
    assert "张家港" in whole.content.decode()
    assert "张家港" not in county
    assert "花桥镇" in county


def test_one_sector_counts_its_categories_alone(city):
    page = opened(factories.display(sector=factories.sector("14")), "wall_figures").content.decode()
    assert '<li class="wall-five-expected"><span>应报</span><b>2</b>' in page
    assert "民政" in page
    assert "宗教" not in page


def letter(to_region: int, kind: str = LetterKind.WARNING, **fields) -> None:
    answerer, number = factories.office(to_region), Letter.objects.count() + 1
    given = {
        "kind": kind, "state": LetterState.DELIVERED, "issuer": factories.office(), "to_region_id": to_region,
        "answerer": answerer, "subject": f"region-{to_region}", "title": "不可上墙", "body": "不可上墙", "year": 2021,
        "number": number, "number_text": f"苏安办〔2021〕{number}号", "due_on": clock.today(),
        "created_by": factories.user(Role.OFFICE), "created_at": clock.now(), "issued_at": clock.now(),
    }  # fmt: skip
    Letter.objects.create(**given | fields)


def test_letters_are_counted_by_kind_for_the_area_alone(city, made):
    yesterday = clock.today() - dt.timedelta(days=1)
    letter(factories.KUNSHAN, due_on=yesterday)
    letter(factories.KUNSHAN, state=LetterState.CLOSED, due_on=yesterday)
    letter(factories.ZHANGJIAGANG, LetterKind.SUPERVISION)
    draft = {"state": LetterState.DRAFT, "number": None, "number_text": "", "issued_at": None, "year": None}
    letter(factories.KUNSHAN, **draft)
    page = opened(made, "wall_figures").content.decode()
    row = '<th scope="row">{}</th><td>{}</td><td>{}</td><td{}</td>'
    assert row.format("警示", 2, 1, ' class="wall-down">▼ 1') in page
    assert row.format("督办", 1, 1, ">0") in page
    county = opened(factories.display(region_code=factories.ZHANGJIAGANG), "wall_figures").content.decode()
    assert "督办</th>" in county
    assert "警示</th>" not in county
    assert "不可上墙" not in page
    assert "苏安办〔" not in page
    assert "督办函件" not in opened(factories.display(sector=factories.sector("14")), "wall_figures").content.decode()


def test_a_task_of_its_own_stays_when_a_newer_one_opens(city):
    old = Campaign.objects.get()
    made, newest = factories.display(campaign=old), factories.display()
    new = factories.campaign(categories=("1401",), code="next", name="下一轮任务", opens_on=clock.today())
    assert old.name in opened(made, "wall_figures").content.decode()
    assert new.name in opened(newest, "wall_figures").content.decode()


def test_the_same_figures_are_not_sent_twice(made, city):
    first = opened(made, "wall_figures")
    assert first.headers["X-As-Of"]
    again = opened(made, "wall_figures", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["X-As-Of"]
    units((factories.YUSHAN, "1401", FilingState.NOT_STARTED))
    changed = opened(made, "wall_figures", **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_screen_has_no_language_of_its_own(made, city):
    client = Client()
    client.cookies["django_language"] = "en"
    assert "总体进展" in opened(made, client=client).content.decode()
    client.force_login(factories.user(Role.OFFICE, language="en"))
    assert "总体进展" in opened(made, "wall_figures", client).content.decode()


def test_before_any_task_it_says_so(made):
    page = opened(made)
    assert page.status_code == 200
    assert "还没有" in page.content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_it_costs_the_same_for_one_unit_and_three(django_assert_num_queries, many):
    made = factories.display()
    units(*[(factories.HUAQIAO, "1401", FilingState.NOT_STARTED)] * many)
    opened(made, "wall_figures")
    with django_assert_num_queries(QUERIES):
        opened(made, "wall_figures")
