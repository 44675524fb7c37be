"""Adding a unit, look-alikes, temporary codes; suspected duplicates and what is found of them."""

import uuid

import pytest
from django.urls import reverse

from enterprises.checks.likeness import keys_of
from enterprises.domain.likeness import refresh_likeness
from enterprises.domain.temporary_codes import next_temporary_code
from enterprises.enums import Role
from enterprises.models import Enterprise, NotTheSame
from enterprises.queries.likeness import suspected_pairs
from review.domain.obligations import Deciding
from review.models import Filing
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db
ALIKE_QUERIES = 10
WHY = "同一栋楼的另一层，持有单独证照。"


@pytest.fixture
def keeper(client):
    person = factories.user(Role.KEEPER, of=factories.bureau())
    factories.category("1401")
    client.force_login(person)
    return person


def body(**fields):
    given = {
        "key": str(uuid.uuid4()), "name": "昆山市花桥颐养院", "credit_code": factories.credit_code(555555),
        "no_code_reason": "", "town": factories.HUAQIAO, "address": "花桥镇光明路18号", "category": "1401",
        "step": "confirmed", "scale": "none", "joined_on": clock.today().isoformat(), "reason": "新开办。",
    }  # fmt: skip
    return given | fields


def add(client, **fields):
    return client.post(reverse("unit_add"), body(**fields))


def alike(**fields):
    unit = factories.enterprise(name="昆山市 花桥颐养院", address="江苏省昆山市花桥镇光明路１８号", **fields)
    refresh_likeness(enterprise_ids=[unit.pk])
    return unit


def test_a_new_unit_is_on_the_roster_and_asked_from_that_day(client, keeper):
    row = factories.campaign()
    answer = add(client, principal_name="钱丽华", principal_phone="13812345678")
    unit = Enterprise.objects.get()
    assert answer.url == f"/archive/{unit.pk}/"
    assert (unit.name, unit.town_id, unit.category_id) == ("昆山市花桥颐养院", factories.HUAQIAO, "1401")
    assert unit.contacts.get(kind="principal").phone == "13812345678"
    filing = Filing.objects.get(campaign=row)
    assert (filing.enterprise, filing.joined_on, filing.department) == (unit, clock.today(), factories.bureau())


def test_what_follows_is_shown_before_anything_is_written(client, keeper):
    row = factories.campaign()
    page = add(client, step="", principal_name="钱丽华")
    assert page.status_code == 200
    assert not Enterprise.objects.exists()
    told = page.context["follows"]
    assert row.label in told[0]
    assert factories.bureau().short_name in told[0]
    assert str(row.due_on) in told[0]
    text = page.content.decode()
    assert "钱丽华" in text
    assert "花桥镇" in text
    sent = dict(page.context["hidden"])
    assert client.post(reverse("unit_add"), sent | {"step": "back"}).context["form"]["name"].value() == sent["name"]
    assert client.post(reverse("unit_add"), sent | {"step": "confirmed"}).status_code == 302
    assert Filing.objects.get(campaign=row).enterprise.name == sent["name"]


def test_without_an_open_task_that_is_said_and_a_temporary_code_is_announced(client, keeper):
    asked = add(client, step="").context["follows"]
    coded = add(client, step="", credit_code="", no_code_reason="venue").context["follows"]
    assert len(coded) == len(asked) + 1
    assert not Enterprise.objects.exists()


def test_a_town_where_nobody_decides_is_said_before_anything_is_written(client, keeper, monkeypatch):
    factories.campaign()
    monkeypatch.setattr(Deciding, "of", lambda self, category, town: (_ for _ in ()).throw(LookupError()))
    answer = add(client, step="")
    assert (answer.status_code, bool(answer.context["problem"])) == (409, True)


def test_the_same_form_sent_twice_adds_one_unit(client, keeper):
    given = body()
    assert {client.post(reverse("unit_add"), given).url for _press in range(2)} == {
        f"/archive/{Enterprise.objects.get().pk}/"
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"credit_code": ""}, "credit_code"),
        ({"no_code_reason": "venue"}, "credit_code"),
        ({"credit_code": "91320583MA0000001I"}, "credit_code"),
        ({"town": factories.YANGSHE}, "town"),
        ({"town": ""}, "town"),
        ({"category": "1501"}, "category"),
        ({"principal_phone": "12"}, "principal_phone"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, keeper, wrong, field):
    answer = add(client, **wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Enterprise.objects.count() == 0


def test_a_code_that_stands_elsewhere_is_said_without_naming_the_unit(client, keeper):
    other = factories.enterprise(
        town=factories.YANGSHE, category_code="1501", credit_code=factories.credit_code(555555)
    )
    answer = add(client)
    assert answer.status_code == 409
    assert other.credit_code in answer.context["problem"]
    assert other.name not in answer.content.decode()


def test_a_look_alike_is_shown_and_settled_with_a_reason(client, keeper):
    other = alike()
    answer = add(client)
    assert (answer.status_code, other.name in answer.content.decode()) == (409, True)
    assert Enterprise.objects.count() == 1
    assert add(client, not_the_same=WHY).status_code == 302
    found = NotTheSame.objects.get()
    assert (found.first, found.reason, found.decided_by) == (other, WHY, keeper)
    assert suspected_pairs(keeper, most=9) == []


def test_a_look_alike_out_of_scope_is_not_named(client, keeper):
    other = alike(town=factories.YANGSHE, category_code="1501")
    answer = add(client)
    assert (answer.status_code, answer.context["alike"]) == (409, [None])
    assert other.name not in answer.content.decode()


def test_temporary_codes_are_numbered_by_county_without_gap(client, keeper):
    factories.enterprise(credit_code=None, temporary_code="LS32058300041", no_code_reason="venue")
    for number in range(2):
        add(client, name=f"第{number}寺", credit_code="", no_code_reason="venue", address=f"{number}号")
    codes = Enterprise.objects.order_by("pk").values_list("temporary_code", flat=True)
    assert list(codes) == ["LS32058300041", "LS32058300042", "LS32058300043"]
    assert next_temporary_code(town_id=factories.YANGSHE) == "LS32058200001"


@pytest.mark.parametrize("count", [1, 3])
def test_suspected_pairs_cost_the_same_for_three_as_for_one(client, keeper, django_assert_num_queries, count):
    for number in range(count):
        for _twin in range(2):
            unit = factories.enterprise(name=f"颐养院{number}", address=f"光明路{number}号")
            refresh_likeness(enterprise_ids=[unit.pk])
    client.get(reverse("units_alike"))
    with django_assert_num_queries(ALIKE_QUERIES):
        answer = client.get(reverse("units_alike"))
    assert len(answer.context["rows"]) == count


def test_a_full_page_of_pairs_says_that_more_may_follow(client, keeper, monkeypatch):
    alike()
    alike()
    assert not client.get(reverse("units_alike")).context["has_more"]
    monkeypatch.setattr("enterprises.views.alike.MOST_PAIRS", 1)
    assert "处理后将显示其余各对" in client.get(reverse("units_alike")).content.decode()


def test_only_pairs_within_the_scope_and_on_the_roster_are_suspected(client, keeper):
    own, gone = alike(), alike(lifecycle="closed", left_on=clock.today())
    other = alike(town=factories.YANGSHE)
    assert suspected_pairs(keeper, most=9) == []
    pair = suspected_pairs(factories.user(Role.OFFICE), most=9)
    assert [(one.first, one.second) for one in pair] == [(own, other)]
    assert gone.pk


def test_not_the_same_is_kept_and_not_asked_again(client, keeper):
    first, second = alike(), alike()
    address = reverse("unit_not_the_same", args=[first.pk, second.pk])
    empty = client.post(address, {f"{first.pk}-{second.pk}-reason": ""})
    assert (empty.status_code, NotTheSame.objects.count()) == (422, 0)
    assert client.post(address, {f"{first.pk}-{second.pk}-reason": WHY}).status_code == 302
    assert NotTheSame.objects.get().reason == WHY
    assert client.get(reverse("units_alike")).context["rows"] == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            ("昆山颐养（护理）有限责任公司", "花桥镇光明路18号"),
            ("昆山颐养(护理)有限公司", "昆山市花桥镇光明路１８号"),
            True,
        ),
        (("昆山颐养院", "花桥镇光明路18号"), ("昆山颐养院", "花桥镇光明路19号"), False),
        (("昆山颐养一院", "花桥镇光明路18号"), ("昆山颐养二院", "花桥镇光明路18号"), False),
        (("ABC 颐养院", "江苏省苏州市吴中区木渎镇1号"), ("abc颐养院", "木渎镇1号"), True),
    ],
)
def test_names_and_addresses_are_compared_without_what_does_not_count(one, other, same):
    assert (keys_of(*one) == keys_of(*other)) == same
