"""Keeping a unit on its pages: the form, what it would do, the act, and what happens when somebody was quicker."""

import uuid

import pytest
from django.urls import reverse

from enterprises.domain.basic_information import store_basic
from enterprises.enums import Lifecycle, Role
from enterprises.models import Enterprise
from review.enums import FilingState
from review.models import Filing
from riskreport.ground import clock
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.models import Event, Notice
from tests import factories
from tests.ground.imports.hostile import HEAD, line
from tests.imports import take_in, workbook

pytestmark = pytest.mark.django_db
REASON = "已注销，见市场监管局通知。"
CHANGES_QUERIES = 8


@pytest.fixture
def keeper(client):
    person = factories.user(Role.KEEPER, of=factories.bureau())
    client.force_login(person)
    return person


def url(unit, act):
    return reverse("unit_keep", args=[unit.pk, act])


def body(unit, **fields):
    version = Enterprise.objects.get(pk=unit.pk).version
    given = {"seen_version": version, "key": str(uuid.uuid4()), "on": clock.today().isoformat(), "reason": REASON}
    return given | fields


def fresh(unit):
    return Enterprise.objects.get(pk=unit.pk)


def test_closing_states_its_consequence_before_it_is_done(client, keeper):
    filing = factories.filing(FilingState.DRAFTING)
    unit = filing.enterprise
    given = body(unit)
    page = client.post(url(unit, "close"), given)
    assert page.status_code == 200
    assert f"从{clock.today()}起不再计入“{filing.campaign}”应报数" in page.content.decode()
    assert fresh(unit).lifecycle == Lifecycle.ACTIVE
    answer = client.post(url(unit, "close"), given | {"step": "confirmed"})
    assert answer.url == f"/archive/{unit.pk}/"
    unit, filing = fresh(unit), Filing.objects.get(pk=filing.pk)
    assert (unit.lifecycle, unit.left_on, unit.left_reason) == (Lifecycle.CLOSED, clock.today(), REASON)
    assert (filing.left_on, filing.state) == (clock.today(), FilingState.DRAFTING)
    assert REASON in client.get(reverse("unit_changes", args=[unit.pk])).content.decode()


def test_going_back_to_the_form_keeps_what_was_written(client, keeper):
    unit = factories.enterprise()
    page = client.post(url(unit, "close"), body(unit, step="back"))
    assert REASON in page.content.decode()
    assert page.templates[0].name == "review/unit/form.html"


def test_a_change_of_nothing_is_said_before_anything_is_confirmed(client, keeper):
    unit = factories.enterprise()
    same = {"town": unit.town_id, "category": unit.category_id, "scale": unit.scale}
    answer = client.post(url(unit, "move"), body(unit, **same))
    assert (answer.status_code, answer.templates[0].name) == (422, "review/unit/form.html")
    assert answer.context["problem"]
    moved = client.post(url(unit, "move"), body(unit, **same | {"town": factories.YUSHAN}))
    assert moved.templates[0].name == "review/unit/confirm.html"


@pytest.mark.parametrize("on", ["2999-01-01", "1999-01-01"])
def test_a_day_in_the_future_or_before_joining_is_refused(client, keeper, on):
    unit = factories.enterprise()
    answer = client.post(url(unit, "close"), body(unit, on=on, step="confirmed"))
    assert answer.status_code == 409
    assert answer.context["problem"]
    assert fresh(unit).lifecycle == Lifecycle.ACTIVE


def test_a_reason_is_wanted(client, keeper):
    unit = factories.enterprise()
    answer = client.post(url(unit, "close"), body(unit, reason=" ", step="confirmed"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])


def test_who_was_slower_sees_both_texts_and_loses_nothing(client, keeper):
    unit = factories.enterprise(name="花桥颐养院")
    store_basic(enterprise=unit, values=factories.BASIC)
    mine = body(unit) | factories.BASIC | {"name": "花桥第一颐养院", "employees": "40"}
    theirs = body(unit) | factories.BASIC | {"name": "花桥中心颐养院", "step": "confirmed"}
    assert client.post(url(unit, "change"), theirs).status_code == 302
    answer = client.post(url(unit, "change"), mine | {"step": "confirmed"})
    assert answer.status_code == 409
    told = {(row["standing"], row["typed"]) for row in answer.context["differs"]}
    assert told == {("花桥中心颐养院", "花桥第一颐养院"), ("35", "40")}
    assert answer.context["form"]["name"].value() == "花桥第一颐养院"
    assert fresh(unit).name == "花桥中心颐养院"
    again = {name: answer.context["form"][name].value() for name in answer.context["form"].fields}
    assert client.post(url(unit, "change"), again | {"step": "confirmed"}).status_code == 302
    assert fresh(unit).name == "花桥第一颐养院"


def test_a_second_press_of_the_button_does_nothing(client, keeper):
    unit = factories.enterprise()
    given = body(unit, step="confirmed")
    for _press in range(2):
        assert client.post(url(unit, "suspend"), given).status_code in {302, 409}
    assert Event.objects.filter(kind="enterprise.suspended").count() == 1


def test_handing_over_to_another_area_tells_the_departments_and_leaves_the_keeper_on_the_roster_page(client, keeper):
    filing = factories.filing(FilingState.IN_REVIEW, campaign=factories.campaign())
    unit, old = filing.enterprise, filing.claimed_by
    there = factories.bureau("civil", factories.ZHANGJIAGANG)
    new, taker = factories.user(Role.REVIEWER, of=there), factories.user(Role.KEEPER, of=there)
    own = factories.user(of=unit)
    given = body(unit, town=factories.YANGSHE, category="1401", scale="none")
    page = client.post(url(unit, "move"), given).content.decode()
    assert there.short_name in page
    assert old.name in page
    assert client.post(url(unit, "move"), given | {"step": "confirmed"}).url == "/enterprises/"
    while run_due_reactions(queue="quick"):
        pass
    told = set(Notice.objects.filter(user__in=[new, taker, own, old]).values_list("user", "kind"))
    assert {(new.pk, "report.came"), (taker.pk, "unit.handed_over"), (own.pk, "unit.moved")} <= told
    assert (old.pk, "report.went") in told


@pytest.mark.parametrize(
    ("role", "town", "category", "allowed"),
    [
        ("keeper", factories.YUSHAN, "1402", True),
        ("keeper", factories.YANGSHE, "1401", True),
        ("keeper", factories.HUAQIAO, "1501", False),
        ("office", factories.YANGSHE, "1501", True),
        ("county office", factories.HUAQIAO, "1501", True),
        ("county office", factories.YANGSHE, "1401", False),
    ],
)
def test_who_may_hand_over_to_whom(client, role, town, category, allowed):
    unit = factories.enterprise()
    for code in ("1402", "1501"):
        factories.category(code)
    person = {
        "keeper": lambda: factories.user(Role.KEEPER, of=factories.bureau()),
        "office": lambda: factories.user(Role.OFFICE),
        "county office": lambda: factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN)),
    }[role]()
    client.force_login(person)
    given = body(unit, town=town, category=category, scale="none", step="confirmed")
    assert client.post(url(unit, "move"), given).status_code == (302 if allowed else 409)
    assert (fresh(unit).town_id, fresh(unit).category_id) == (
        (town, category) if allowed else (factories.HUAQIAO, "1401")
    )


def test_a_keeper_of_a_line_that_only_shares_the_lead_keeps_nothing(client):
    unit = factories.enterprise()
    client.force_login(factories.user(Role.KEEPER, of=factories.bureau("fire")))
    assert client.get(url(unit, "close")).context["refusal"]
    assert client.post(url(unit, "close"), body(unit, step="confirmed")).status_code == 409
    assert fresh(unit).lifecycle == Lifecycle.ACTIVE


def test_further_categories_are_asked_in_a_draft_that_is_open(client, keeper):
    filing = factories.filing(FilingState.DRAFTING)
    unit = filing.enterprise
    factories.catalogue("religion", categories=("1501",), prefix="ZJ")
    client.post(url(unit, "further"), body(unit, further=["1501"], step="confirmed"))
    client.force_login(factories.writer_of(filing))
    page = client.get(reverse("filing_section", args=[filing.pk, "check-religion-fire"]))
    assert "ZJ风险01" in page.content.decode()


def test_a_unit_with_a_temporary_code_gets_its_credit_code(client, keeper):
    unit = factories.enterprise(credit_code=None, temporary_code="LS32058300007", no_code_reason="awaiting")
    taken = factories.enterprise().credit_code
    answer = client.post(url(unit, "code"), body(unit, credit_code=taken, step="confirmed"))
    assert (answer.status_code, taken in answer.context["problem"]) == (409, True)
    code = factories.credit_code(777777)
    assert client.post(url(unit, "code"), body(unit, credit_code=f" {code.lower()} ", step="confirmed")).url
    unit = fresh(unit)
    assert (unit.credit_code, unit.temporary_code, unit.no_code_reason) == (code, None, "")
    assert client.get(url(unit, "code")).context["refusal"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_costs_the_same_for_three_changes_as_for_one(client, keeper, django_assert_num_queries, count):
    unit = factories.enterprise()
    for number in range(count):
        given = body(unit) | factories.BASIC | {"name": f"第{number}名", "step": "confirmed"}
        assert client.post(url(unit, "change"), given).status_code == 302
    with django_assert_num_queries(CHANGES_QUERIES):
        page = client.get(reverse("unit_changes", args=[unit.pk]))
    assert len(page.context["rows"]) == count


def test_telephones_in_the_history_are_masked_until_the_reading_is_recorded(client, keeper):
    unit = factories.enterprise()
    client.post(url(unit, "change"), body(unit) | factories.BASIC | {"name": unit.name, "step": "confirmed"})
    address = reverse("unit_changes", args=[unit.pk])
    assert factories.BASIC["safety_phone"] not in client.get(address).content.decode()
    assert client.post(address).status_code == 403
    client.force_login(factories.user(Role.OFFICE))
    assert factories.BASIC["safety_phone"] not in client.get(address).content.decode()
    assert factories.BASIC["safety_phone"] in client.post(address).content.decode()
    assert Event.objects.filter(kind="enterprise.phones_read", enterprise_id=unit.pk).count() == 1


def test_the_history_says_which_entries_came_from_a_file_and_leaves_empty_fields_out(client, keeper):
    factories.category("1401")
    factories.region()
    take_in("enterprises", keeper, workbook([HEAD, line(1)]))
    take_in("enterprises", keeper, workbook([HEAD, line(1, address="改过")]))
    rows = client.get(reverse("unit_changes", args=[Enterprise.objects.get().pk])).context["rows"]
    assert [row["text"] for row in rows] == ["由文件修改清单信息", "由文件列入底数清单"]
    assert [field["label"] for field in rows[0]["fields"]] == ["地址"]
    assert all((field["old"], field["new"]) != ("—", "—") for field in rows[1]["fields"])


def test_the_archive_leads_a_keeper_to_the_units_account(client, keeper):
    person = factories.user(Role.ENTERPRISE_ADMIN)
    address = client.get(reverse("archive", args=[person.enterprise_id])).context["accounts_url"]
    assert [row.pk for row in client.get(address).context["list"].page.rows] == [person.pk]
    client.force_login(factories.user(Role.INSPECTOR))
    assert not client.get(reverse("archive", args=[person.enterprise_id])).context["accounts_url"]
