"""What a unit sees of a catalogue that changed; what its keeper sees of the units."""

import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.enums import FilingState, TodoEnd
from review.models import CatalogueTodo
from riskreport.ground import clock
from tests import factories
from tests.review.domain.test_catalogue_versions import next_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.user(Role.OFFICE)


def test_the_home_and_the_page_say_what_changed_for_the_unit(client, office):
    filing = factories.filing(FilingState.FILED)
    other = factories.filing(FilingState.FILED)
    draft = next_version(
        office,
        change={"MZ-01": {"level": "major"}},
        remove=["MZ-03"],
        add=[("MZ-04", "power", ["1401"]), ("MZ-05", "power", ["1402"])],
    )
    client.force_login(factories.writer_of(filing))
    home = client.get(reverse("home"))
    assert [todo.catalogue_id for todo in home.context["todos"]] == [draft.pk]
    assert home.context["todos"][0].summary == {"added": 2, "removed": 1, "raised": 1}
    assert reverse("catalogue_change", args=[draft.pk]) in home.content.decode()
    page = client.get(reverse("catalogue_change", args=[draft.pk]))
    change = page.context["change"]
    assert [item.code for item in change.added] == ["MZ-04"]
    assert [item.code for item in change.raised] == ["MZ-01"]
    assert [item.code for item in change.removed] == ["MZ-03"]
    assert [risk.enterprise_id for risk in change.risks] == [filing.enterprise_id]
    assert [row.pk for row in page.context["reports"]] == [filing.pk]
    assert other.enterprise.name not in page.content.decode()
    client.post(reverse("catalogue_change", args=[draft.pk]))
    assert client.get(reverse("home")).context["todos"] == []
    assert set(CatalogueTodo.objects.filter(done_at=None).values_list("enterprise", flat=True)) == {other.enterprise_id}


def test_a_risk_in_the_report_being_written_is_named_and_leads_there(client, office):
    filing = factories.filing(FilingState.RETURNED)
    draft = next_version(office, change={"MZ-01": {"level": "major"}})
    client.force_login(factories.writer_of(filing))
    page = client.get(reverse("catalogue_change", args=[draft.pk]))
    written = page.context["change"].written
    assert [(risk.filing_id, risk.item.code) for risk in written] == [(filing.pk, "MZ-01")]
    assert reverse("filing_risk", args=[filing.pk, written[0].lineage]) in page.content.decode()
    assert page.context["change"].risks == []


def test_another_units_change_is_not_there(client, office):
    factories.filing(FilingState.FILED)
    draft = next_version(office, remove=["MZ-01"])
    client.force_login(factories.user(of=factories.enterprise(category_code="1501")))
    assert client.get(reverse("catalogue_change", args=[draft.pk])).status_code == 404
    assert client.post(reverse("catalogue_change", args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_queries(client, office, django_assert_num_queries, many):
    filing = factories.filing(FilingState.FILED)
    for _ in range(many - 1):
        factories.filing(FilingState.FILED, of=filing.enterprise, campaign=factories.campaign())
    draft = next_version(office, change={"MZ-01": {"level": "major"}}, add=[("MZ-04", "power", ["1401"])])
    client.force_login(factories.writer_of(filing))
    with django_assert_num_queries(18):
        client.get(reverse("catalogue_change", args=[draft.pk]))


# --- who has looked -------------------------------------------------------------------------------------------------
def concerned(town: int = factories.HUAQIAO, *, looked: bool = False, replaced: bool = False):
    """A unit with a to-do of the civil-affairs catalogue in force, and perhaps its end."""
    moment = clock.now()
    end = TodoEnd.REPLACED if replaced else TodoEnd.LOOKED if looked else ""
    unit = factories.enterprise(town=town)
    return CatalogueTodo.objects.create(
        enterprise=unit, catalogue=factories.catalogue(), created_at=moment, done_at=moment if end else None, end=end
    )


def test_the_office_sees_how_many_have_looked_by_county_and_who_has_not(client, office):
    rows = [concerned(), concerned(looked=True), concerned(factories.YANGSHE), concerned(replaced=True)]
    number = factories.catalogue().pk
    client.force_login(office)
    listed = client.get(reverse("catalogue_changes"))
    assert [(row["looked"].concerned, row["looked"].looked) for row in listed.context["rows"]] == [(3, 1)]
    assert reverse("catalogue_looks", args=[number]) in listed.content.decode()
    page = client.get(reverse("catalogue_looks", args=[number]), {"state": "open"})
    areas = [(one["label"], one["looked"].concerned, one["looked"].looked) for one in page.context["areas"]]
    assert areas == [("张家港", 1, 0), ("昆山", 2, 1)]
    assert {row.pk for row in page.context["list"].page.rows} == {rows[0].pk, rows[2].pk}
    assert "涉及3家单位，已查看1家。" in page.content.decode()
    narrowed = client.get(reverse("catalogue_looks", args=[number]) + "?" + page.context["areas"][1]["query"])
    assert [row.pk for row in narrowed.context["list"].page.rows] == [rows[0].pk]


def test_a_keeper_of_a_county_sees_its_own_units_by_town(client):
    own = concerned()
    concerned(factories.YANGSHE)
    client.force_login(factories.user(Role.KEEPER, of=factories.bureau()))
    page = client.get(reverse("catalogue_looks", args=[own.catalogue_id]))
    assert [(one["label"], one["looked"].concerned) for one in page.context["areas"]] == [("花桥镇", 1)]
    assert [row.pk for row in page.context["list"].page.rows] == [own.pk]


def test_a_change_that_concerns_no_unit_of_ones_own_is_not_there(client):
    concerned()
    client.force_login(factories.user(Role.KEEPER, of=factories.bureau("religion")))
    assert client.get(reverse("catalogue_changes")).context["rows"] == []
    for name, ask in (("catalogue_looks", client.get), ("catalogue_remind", client.post)):
        assert ask(reverse(name, args=[factories.catalogue().pk])).status_code == 404


def test_reminding_is_one_click_and_then_says_that_it_was_done(client, office):
    row = concerned()
    client.force_login(office)
    page = reverse("catalogue_looks", args=[row.catalogue_id])
    assert "一键提醒未查看单位" in client.get(page).content.decode()
    address = reverse("catalogue_remind", args=[row.catalogue_id])
    assert "向1家单位发送提醒" in client.post(address, follow=True).content.decode()
    assert "今天都已提醒过" in client.post(address, follow=True).content.decode()
    row.refresh_from_db()
    assert row.reminder.kind == "catalogue.reminded"


@pytest.mark.parametrize("many", [1, 3])
def test_the_lists_cost_the_same_queries(client, office, django_assert_num_queries, many):
    for number in range(many):
        concerned(looked=number == 2)
    client.force_login(office)
    with django_assert_num_queries(9):
        client.get(reverse("catalogue_changes"))
    with django_assert_num_queries(13):
        client.get(reverse("catalogue_looks", args=[factories.catalogue().pk]))
