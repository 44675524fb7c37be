"""A sector that is data alone: an eighteenth one with a line of its own takes part in everything, with no code changed.

On the shipped reference data: added by the office through its pages, its catalogue written and published by its
keeper, units, a task, a report from draft to final. Then it stands on the board, in lists and filters, and has a guide.
"""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse

from enterprises.enums import Role
from enterprises.models import Category, Department, Enterprise, EnterpriseCategory, Region, Sector
from review.domain.campaigns import create_campaign, launch_campaign
from review.enums import FilingState
from review.models import CatalogueTodo, Filing
from riskreport.ground import clock
from riskreport.ground.domain.events import run_due_reactions
from risks.enums import CatalogueState, MeasureClass
from risks.models import Catalogue, Risk
from tests import factories

pytestmark = pytest.mark.django_db
HUAQIAO, YUSHAN = 320583104, 320583100


@pytest.fixture
def reference():
    call_command("load_reference", verbosity=0)


def sign_in(client, person):
    client.force_login(person)
    return client


def person(role, code):
    return factories.user(role, of=Department.objects.get(code=code))


def add_the_sector(client) -> None:
    """The office adds sector 18 with a new line, and its category with a co-lead and a rank map."""
    desk = sign_in(client, person(Role.OFFICE, "committee-320500"))
    new = {"code": "18", "name": "宠物服务", "name_en": "Pet services", "lead": "", "line_key": "pets"}
    new |= {"line_name": "宠物管理局", "line_name_en": "Pet Bureau", "line_short": "宠物局"}
    answer = desk.post(reverse("sector_new"), new)
    assert answer.headers["Location"] == reverse("sector", args=["18"])
    category = {"code": "1801", "name": "宠物医院", "name_en": "Pet clinics", "lead": "pets", "co_leads": ["fire"]}
    ranks = {"principal": "院长", "deputy": "副院长", "middle": "科主任", "staff": "员工"}
    category |= {f"rank-{key}": word for key, word in ranks.items()} | {f"rank-{key}-en": "" for key in ranks}
    assert desk.post(reverse("category_new", args=["18"]), category).status_code == 302


def publish_its_catalogue(client) -> Catalogue:
    """The new line's keeper writes two items in the browser and publishes."""
    desk = sign_in(client, person(Role.KEEPER, "pets-320500"))
    head = {"line": "pets", "sector": "18", "key": "pets", "title": "宠物服务目录（示例口径）", "title_en": "Pets"}
    desk.post(reverse("catalogue_new"), head)
    draft = Catalogue.objects.get(key="pets")
    form = desk.get(reverse("draft_head", args=[draft.pk])).context
    data = {name: str(form["form"][name].value() or "") for name in form["form"].fields}
    desk.post(reverse("draft_head", args=[draft.pk]), data | {"note": "示例口径", "version": form["version"]})
    for number in (1, 2):
        item = {"code": f"CW-0{number}", "group": "g1", "part": "1", "categories": "1801", "name": f"咬伤{number}"}
        item |= {"name_en": f"Bites {number}", "look_for": f"笼门未锁{number}\n无警示{number}", "place": "诊室"}
        item |= {"main_accident": "20", "consequence": "人员受伤。", "level": "larger", "may_be_lowered": "yes"}
        item |= dict.fromkeys(MeasureClass.values, f"措施{number}")
        assert desk.post(reverse("draft_item_add", args=[draft.pk]), item).status_code == 302
    page = desk.get(reverse("draft_publish", args=[draft.pk]))
    assert page.context["open_points"] == 0
    seen = page.context["form"]["version"].value()
    desk.post(reverse("draft_publish", args=[draft.pk]), {"on": clock.today().isoformat(), "version": seen})
    draft.refresh_from_db()
    assert draft.state == CatalogueState.PUBLISHED
    return draft


def unit(name, number, town=HUAQIAO, category="1801") -> Enterprise:
    return Enterprise.objects.create(
        name=name,
        credit_code=factories.credit_code(number),
        town=Region.objects.get(pk=town),
        category=Category.objects.get(pk=category),
        address="光明路1号",
        joined_on=clock.today() - dt.timedelta(days=9),
    )


def test_an_eighteenth_sector_takes_part_in_everything(reference, client):
    sectors, offices = Sector.objects.filter(is_key=True).count(), Department.objects.count()
    add_the_sector(client)
    counties = Region.objects.filter(level="county").count()
    assert Sector.objects.filter(is_key=True).count() == sectors + 1
    assert Department.objects.count() == offices + 1 + counties
    clinic, other = unit("昆山爱宠医院", 1), unit("花桥宠物诊所", 2, town=YUSHAN)
    care_home = unit("昆山颐养院", 3, category="1401")
    EnterpriseCategory.objects.create(enterprise=care_home, category=Category.objects.get(pk="1801"))
    publish_its_catalogue(client)
    run_due_reactions(queue="bulk")
    told = set(CatalogueTodo.objects.filter(catalogue__key="pets").values_list("enterprise", flat=True))
    assert told == {clinic.pk, other.pk, care_home.pk}

    today = clock.today()
    task = create_campaign(
        user=None, code="pets-2022", name="宠物服务风险报告", categories=["1801"], opens_on=today,
        due_on=today + dt.timedelta(days=30),
    )  # fmt: skip
    assert launch_campaign(campaign=task, user=None) == 2
    filing = Filing.objects.get(enterprise=clinic)
    assert filing.department.code == "pets-320583"
    factories.reach(filing, FilingState.FILED, present=("01",))
    risk = Risk.objects.get(enterprise=clinic)
    assert (risk.item.code, risk.category_id, filing.catalogue_versions) == ("CW-01", "1801", {"pets": 1})
    run_due_reactions(queue="quick")
    still = CatalogueTodo.objects.filter(catalogue__key="pets", done_at=None).values_list("enterprise", flat=True)
    assert set(still) == {other.pk, care_home.pk}
    it_is_seen(client, task, clinic, other)


def it_is_seen(client, task, clinic, other) -> None:
    """On board, lists and filters by the office, in its own lists by the new bureau, in the guide by the units."""
    desk = sign_in(client, person(Role.OFFICE, "committee-320500"))
    board = desk.get(reverse("board"), {"campaign": task.code, "by": "sector"}).content.decode()
    assert "宠物服务" in board
    for name, wanted in (("enterprises", {clinic.name, other.name}), ("filings", {clinic.name, other.name}),
                         ("risks", {clinic.name})):  # fmt: skip
        page = desk.get(reverse(name), {"sector": "18", "category": "1801"})
        assert not page.context["list"].problem
        text = page.content.decode()
        assert {unit for unit in (clinic.name, other.name) if unit in text} == wanted, name
    reviewer = sign_in(client, person(Role.REVIEWER, "pets-320583"))
    assert clinic.name in reviewer.get(reverse("filings")).content.decode()
    assert [row.pk for row in reviewer.get(reverse("guides")).context["categories"]] == ["1801"]
    stranger = sign_in(client, person(Role.REVIEWER, "religion-320583"))
    assert clinic.name not in stranger.get(reverse("filings")).content.decode()
    assert stranger.get(reverse("guide", args=["1801"])).status_code == 404
    own = sign_in(client, factories.writer_of(Filing.objects.get(enterprise=clinic)))
    assert own.get(reverse("guide", args=["1801"])).context["count"] == 2
    assert own.get(reverse("guide_paper", args=["1801"])).content.startswith(b"%PDF-")
    assert own.get(reverse("archive", args=[clinic.pk])).status_code == 200
