"""Merging on its pages: both side by side, what goes where, the act once, and the old address afterwards."""

import uuid

import pytest
from django.urls import reverse

from enterprises.enums import Lifecycle, Role
from enterprises.models import Enterprise
from review.enums import FilingState
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db
MERGE_QUERIES = 21
REASON = "重复录入。"


@pytest.fixture
def keeper(client):
    person = factories.user(Role.KEEPER, of=factories.bureau())
    client.force_login(person)
    return person


def pair(own=FilingState.DRAFTING, other=FilingState.FILED):
    factories.rating_rule()
    row = factories.campaign()
    return [factories.filing(state, campaign=row).enterprise for state in (own, other)]


def url(survivor, absorbed):
    return reverse("unit_merge", args=[survivor.pk, absorbed.pk])


def body(survivor, absorbed, **fields):
    versions = "-".join(str(Enterprise.objects.get(pk=unit.pk).version) for unit in (survivor, absorbed))
    given = {"seen_versions": versions, "key": str(uuid.uuid4()), "on": clock.today().isoformat(), "reason": REASON}
    page = {f"take_{name}": "own" for name in CHOICES}
    return page | given | {"understood": "on"} | fields


CHOICES = (
    "code", "name", "address", "legal_name", "principal_name", "principal_phone", "safety_name", "safety_phone",
    "longitude", "floor_area", "employees", "outsourced", "people_at_once", "special_operators", "revenue_band",
    "trade_code", "products", "materials", "standard_grade", "insurance", "production_state",
)  # fmt: skip


def test_the_preview_shows_both_and_what_becomes_of_the_reports(client, keeper, django_assert_num_queries):
    survivor, absorbed = pair()
    client.get(url(survivor, absorbed))
    with django_assert_num_queries(MERGE_QUERIES):
        page = client.get(url(survivor, absorbed))
    text = page.content.decode()
    assert survivor.name in text
    assert absorbed.credit_code in text
    assert [(row["kept"]["unit"], row["ended"]["unit"]) for row in page.context["rivals"]] == [
        (absorbed.name, survivor.name)
    ]
    assert (len(page.context["stay"]), page.context["leave"]) == (1, [])
    assert Enterprise.objects.filter(lifecycle=Lifecycle.MERGED).count() == 0


def test_two_of_one_name_are_told_apart_by_their_codes(client, keeper):
    survivor, absorbed = pair()
    Enterprise.objects.filter(pk=absorbed.pk).update(name=survivor.name)
    row = client.get(url(survivor, absorbed)).context["rivals"][0]
    assert absorbed.credit_code in row["kept"]["unit"]
    assert survivor.credit_code in row["ended"]["unit"]


def test_merging_leads_to_the_survivor_and_the_old_address_too(client, keeper):
    survivor, absorbed = pair()
    answer = client.post(url(survivor, absorbed), body(survivor, absorbed, take_name="other"))
    assert answer.url == f"/archive/{survivor.pk}/"
    old = client.get(reverse("archive", args=[absorbed.pk]), follow=True)
    assert old.redirect_chain == [(f"/archive/{survivor.pk}/", 302)]
    assert absorbed.name in old.content.decode()
    assert Enterprise.objects.get(pk=survivor.pk).name == absorbed.name
    person = factories.user(of=survivor)
    client.force_login(person)
    assert client.get(reverse("archive", args=[absorbed.pk])).url == f"/archive/{survivor.pk}/"
    client.force_login(factories.user())
    assert client.get(reverse("archive", args=[absorbed.pk])).status_code == 404


@pytest.mark.parametrize("missing", ["understood", "reason"])
def test_nothing_happens_without_a_reason_and_a_tick(client, keeper, missing):
    survivor, absorbed = pair()
    answer = client.post(url(survivor, absorbed), body(survivor, absorbed, **{missing: ""}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [missing])
    assert Enterprise.objects.filter(lifecycle=Lifecycle.MERGED).count() == 0


def test_a_version_gone_by_shows_the_pair_again_with_what_was_written(client, keeper):
    survivor, absorbed = pair()
    stale = body(survivor, absorbed, seen_versions="1-1")
    Enterprise.objects.filter(pk=survivor.pk).update(version=9, name="别处改过的名字")
    answer = client.post(url(survivor, absorbed), stale)
    assert answer.status_code == 409
    assert REASON in answer.content.decode()
    assert "别处改过的名字" in answer.content.decode()
    assert answer.context["form"]["seen_versions"].value().startswith("9-")


def test_the_other_unit_is_found_by_code_or_name_among_those_one_keeps(client, keeper):
    unit, twin = factories.enterprise(name="花桥颐养院"), factories.enterprise(name="花桥颐养中心")
    factories.enterprise(name="花桥颐养寺", category_code="1501")
    address = reverse("unit_merge_find", args=[unit.pk])
    for text in ("花桥", twin.credit_code.lower()):
        assert client.get(address, {"q": text}).context["found"] == [twin]
    assert client.get(address, {"q": "花"}).context["found"] == []


def test_a_unit_of_another_line_is_merged_by_the_office_alone(client):
    own = factories.enterprise()
    venue = factories.enterprise(category_code="1501")
    client.force_login(factories.user(Role.KEEPER, of=factories.bureau()))
    assert client.get(url(own, venue)).status_code == 404
    client.force_login(factories.user(Role.OFFICE))
    assert client.post(url(own, venue), body(own, venue, take_category_id="own")).status_code == 302
