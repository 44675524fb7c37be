"""The navigation shows what opens, and nothing that does not."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from enterprises.enums import Role
from review.navigation import ITEMS, _address, nav_for
from riskreport.ground.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(Role))
def test_every_entry_opens_for_whom_it_is_shown(client, role):
    person = factories.user(role)
    client.force_login(person)
    entries = nav_for(person)
    assert {entry["url"]: client.get(entry["url"]).status_code for entry in entries} == {
        entry["url"]: 200 for entry in entries
    }


def test_every_entry_has_an_address():
    person = factories.user(Role.ENTERPRISE_USER)
    missing = [item.url_name for item in ITEMS if not _address(item.url_name, item.args(person))]
    assert missing == []


def test_the_operator_sees_no_business_page():
    urls = {entry["url"] for entry in nav_for(factories.user(Role.OPERATOR))}
    assert urls == {reverse(name) for name in ("home", "background", "people", "notices", "jobs")}


def test_nobody_has_no_navigation():
    assert nav_for(AnonymousUser()) == []


def test_the_current_page_is_marked():
    person = factories.user(Role.OFFICE)
    assert [e["url"] for e in nav_for(person, "job") if e["current"]] == [reverse("jobs")]
    assert [e["url"] for e in nav_for(person, "enterprises") if e["current"]] == [reverse("enterprises")]


def test_the_bell_counts_unread_notices(client):
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    assert "rr-count" not in client.get(reverse("jobs")).content.decode()
    Notice.objects.bulk_create([Notice(user=person, kind="x", created_at=person.created_at) for _number in range(120)])
    page = client.get(reverse("jobs"))
    assert page.context["unread"] == 100
    assert ">99+<" in page.content.decode()


@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("review_preview", "review_queue"),
        ("review_change", "review_queue"),
        ("review_claim_several", "review_queue"),
        ("archive_history", "enterprises"),
        ("archive_snapshot", "enterprises"),
    ],
)
def test_pages_below_an_entry_keep_it_marked(address, entry):
    entries = nav_for(factories.user(Role.REVIEWER), address)
    assert [row["url"] for row in entries if row["current"]] == [reverse(entry)]
