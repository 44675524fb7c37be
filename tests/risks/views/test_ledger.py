"""The ledger's list and page: filters, scope, masked telephones, the four ones; and the catalogues."""

import uuid

import pytest
from django.db import connection
from django.urls import reverse

from enterprises.enums import Role
from riskreport.ground import clock
from risks.enums import CatalogueState
from risks.interfaces.filters import risks_address
from risks.models import Catalogue, CatalogueItem, Risk
from risks.queries import said as finding
from risks.queries.said import HoldsPieces, Said
from tests import factories

pytestmark = pytest.mark.django_db
PHONE, MASKED = "13711112222", "137****2222"


def risk(unit=None, **fields):
    unit = unit or factories.enterprise()
    given = {
        "lineage": uuid.uuid4(), "name": "配电间火灾", "place": "一层配电间", "level": "larger", "rank": "deputy",
        "responsible_name": "吴强", "responsible_department": "后勤部", "responsible_phone": PHONE,
        "accident_type": factories.accident_type(), "consequence": "人员伤亡", "filing_id": 1, "snapshot_id": 1,
        "measures": {"engineering": ["加装喷淋"], "emergency": ["每季演练"], "training": [" "]},
        "recorded_on": clock.today(), "town_id": unit.town_id, "category_id": unit.category_id,
    }  # fmt: skip
    return Risk.objects.create(enterprise=unit, **given | fields)


@pytest.fixture
def office(client):
    client.force_login(factories.user(Role.OFFICE))
    return client


def listed(client, **asked) -> list[int]:
    page = client.get(reverse("risks"), asked).context["list"]
    assert not page.problem
    return sorted(row.pk for row in page.page.rows)


def test_the_list_shows_what_is_there_now_unless_the_removed_are_asked_for(office):
    active = risk()
    closed = risk(state="closed", closed_on=clock.today())
    assert listed(office) == [active.pk]
    assert listed(office, state="closed") == [closed.pk]


def test_major_risks_stand_first(office):
    larger, major = risk(), risk(level="major")
    rows = office.get(reverse("risks")).context["list"].page.rows
    assert [row.pk for row in rows] == [major.pk, larger.pk]


def test_filters_by_level_accident_place_and_text(office):
    major = risk(level="major", name="锅炉爆炸")
    larger = risk(factories.enterprise(town=factories.YANGSHE, category_code="1501"), accident_type=None)
    assert listed(office, level="major") == [major.pk]
    assert listed(office, accident_type="08") == [major.pk]
    assert listed(office, county=str(factories.ZHANGJIAGANG)) == [larger.pk]
    assert listed(office, sector="15") == [larger.pk]
    assert listed(office, q="锅炉") == [major.pk]
    assert listed(office, q=larger.enterprise.name) == [larger.pk]
    answer = office.get(risks_address(level="larger", district=factories.ZHANGJIAGANG, sector="15"))
    assert [row.pk for row in answer.context["list"].page.rows] == [larger.pk]


@pytest.mark.parametrize("few", [0, 1, 2000])
def test_a_search_finds_the_same_however_many_there_are(office, monkeypatch, few):
    monkeypatch.setattr(finding, "FEW", few)
    unit = factories.enterprise(name="昆山ABC锅炉厂")
    found = [risk(name="锅炉爆炸"), risk(place="锅炉房"), risk(point="锅炉"), risk(unit)]
    risk()
    risk(name="锅炉", state="closed", closed_on=clock.today())
    assert listed(office, q="锅炉") == [row.pk for row in found]
    assert listed(office, q="没有的") == []


def test_letters_are_found_in_either_case(office):
    row = risk(place="b1 Boiler room")
    assert listed(office, q="B1 boiler") == [row.pk]


@pytest.mark.parametrize("text", ["1 B", "b1 boiler", "r room", "炉", "（甲）", "甲）号", "ß", "straße", "%", "_"])
def test_any_piece_of_what_a_risk_says_is_found_and_nothing_else(office, text):
    row, other = risk(name="锅炉（甲）号", point="Straße", place="b1 Boiler room 100% a_b"), risk(name="桥", place="河")
    wanted = [
        one.pk for one in (row, other) if any(text.lower() in getattr(one, word).lower() for word in finding.WORDS)
    ]
    assert listed(office, q=text) == wanted


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has the index; SQLite scans")
def test_the_index_serves_what_risks_say():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")  # a few rows are scanned
    rows = Risk.objects.filter(HoldsPieces(Said(*finding.WORDS), ["锅炉"]))
    assert "risk_said" in rows.explain()


def test_telephones_are_masked_but_for_the_enterprise_itself(client):
    row = risk()
    for person, shown, hidden in (
        (factories.user(Role.OFFICE), MASKED, PHONE),
        (factories.user(Role.OVERSIGHT), MASKED, PHONE),
        (factories.user(Role.ENTERPRISE_USER, of=row.enterprise), PHONE, MASKED),
    ):
        client.force_login(person)
        for address in (reverse("risks"), reverse("risk", args=[row.pk])):
            page = client.get(address).content.decode()
            assert shown in page
            assert hidden not in page


def test_the_page_of_a_larger_risk_shows_its_four_ones(office):
    scored = {"values": {"L": 3, "S": 5}, "score": "15"}
    row = risk(method="ls", assessment=scored, lower_reason="已加装两道联锁，多年无事故。")
    answer = office.get(reverse("risk", args=[row.pk]))
    page = answer.content.decode()
    for said in ("L 3 × S 5 = 15", "一层配电间", "加装喷淋", "每季演练", "吴强", "已加装两道联锁"):
        assert said in page
    assert [one.texts for one in answer.context["plan"]] == [["加装喷淋"], ["每季演练"]]
    assert not any(value == "人员伤亡" for _label, value in answer.context["sign"])


def test_the_sign_of_a_major_risk_warns(office):
    row = risk(level="major", rank="principal", state="closed", closed_on=clock.today())
    answer = office.get(reverse("risk", args=[row.pk]))
    assert {"人员伤亡", "每季演练"} <= {value for _label, value in answer.context["sign"]}
    assert answer.context["is_closed"]


def test_a_risk_outside_the_scope_is_not_found(client):
    row = risk()
    outsiders = [
        factories.user(Role.ENTERPRISE_USER),
        factories.user(Role.REVIEWER, of=factories.bureau("religion", factories.KUNSHAN)),
        factories.user(Role.REVIEWER, of=factories.township(factories.YANGSHE)),
    ]
    for person in outsiders:
        client.force_login(person)
        assert client.get(reverse("risk", args=[row.pk])).status_code == 404
        assert listed(client) == []


def test_the_operator_sees_no_ledger(client):
    client.force_login(factories.user(Role.OPERATOR))
    for name in ("risks", "catalogues"):
        assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_the_ledger_costs_the_same_queries_for_one_row_and_three(office, django_assert_num_queries, many):
    for _ in range(many):
        risk()
    office.get(reverse("risks"))
    with django_assert_num_queries(10):
        office.get(reverse("risks"))


def test_an_enterprise_reads_the_items_of_its_own_categories(client):
    row = factories.catalogue()
    CatalogueItem.objects.get(code="MZ-03").categories.set([factories.category("1402")])
    client.force_login(factories.user(Role.ENTERPRISE_USER, of=factories.enterprise(category_code="1401")))
    answer = client.get(reverse("catalogue", args=[row.pk]))
    page = answer.content.decode()
    assert [[one["item"].code for one in group["entries"]] for group in answer.context["groups"]] == [
        ["MZ-01", "MZ-02"]
    ]
    assert "看通道" in page
    assert "加装喷淋" in page


def test_a_blank_basis_says_who_must_confirm_it(office):
    row = factories.catalogue()
    page = office.get(reverse("catalogue", args=[row.pk])).content.decode()
    assert page.count("待牵头部门确认") + page.count("To be confirmed by the lead department") == 3


def test_the_list_of_catalogues_follows_line_and_text(client):
    factories.catalogue()
    factories.catalogue("religion", categories=("1501",), prefix="ZJ")
    client.force_login(factories.user(Role.OFFICE))
    assert len(_catalogues(client)) == 2
    assert _catalogues(client, line="religion") == ["religion"]
    assert _catalogues(client, q="民政") == ["civil"]
    client.force_login(factories.user(Role.REVIEWER, of=factories.bureau("religion", factories.KUNSHAN)))
    assert _catalogues(client) == ["religion"]


def _catalogues(client, **asked) -> list[str]:
    page = client.get(reverse("catalogues"), asked).context["list"]
    assert not page.problem
    return sorted(row.key for row in page.page.rows)


def test_a_retired_catalogue_is_not_found(office):
    row = factories.catalogue()
    factories.catalogue(version=2)
    assert Catalogue.objects.get(pk=row.pk).state == CatalogueState.RETIRED
    assert office.get(reverse("catalogue", args=[row.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_catalogues_cost_the_same_queries(office, django_assert_num_queries, many):
    keys = (("civil", ("1401",), "MZ"), ("religion", ("1501",), "ZJ"), ("industry", ("0001",), "GY"))
    for key, categories, prefix in keys[:many]:
        row = factories.catalogue(key, categories=categories, prefix=prefix)
    office.get(reverse("catalogues"))
    with django_assert_num_queries(8):
        office.get(reverse("catalogues"))
    with django_assert_num_queries(8):
        office.get(reverse("catalogue", args=[row.pk]))
