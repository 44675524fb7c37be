"""The inbox: one's own notices, read by opening them."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from enterprises.enums import Role
from riskreport.ground.domain import notices
from riskreport.ground.domain.notices import register_notice, send_notice
from riskreport.ground.models import Notice
from riskreport.ground.views import inbox
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    monkeypatch.setattr(notices, "_texts", dict(notices._texts))
    register_notice("tried", gettext_lazy("Report %(number)s was returned <b>"))


@pytest.fixture
def person(client):
    found = factories.user(Role.OFFICE)
    client.force_login(found)
    return found


def notice(person, number=1, url="/jobs/") -> Notice:
    send_notice(user_ids=[person.pk], kind="tried", event=None, data={"number": number}, url=url)
    return Notice.objects.latest("pk")


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_asks_as_often_for_three_as_for_one(client, person, django_assert_num_queries, count):
    for number in range(count):
        notice(person, number)
    notice(factories.user(Role.OFFICE), 99)
    client.get(reverse("notices"))
    with django_assert_num_queries(5):
        page = client.get(reverse("notices")).content.decode()
    assert page.count("was returned &lt;b&gt;") == count
    assert "Report 99" not in page


def test_opening_a_notice_reads_it_and_goes_where_it_points(client, person):
    found = notice(person)
    assert client.get(reverse("notice_open", args=[found.pk])).status_code == 405
    assert client.post(reverse("notice_open", args=[found.pk])).url == "/jobs/"
    found.refresh_from_db()
    assert found.read_at is not None


@pytest.mark.parametrize("url", ["", "https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_notice_never_leads_out_of_the_house(client, person, url):
    assert client.post(reverse("notice_open", args=[notice(person, url=url).pk])).url == reverse("notices")


def test_another_persons_notice_is_like_a_missing_one(client, person):
    other = notice(factories.user(Role.OFFICE))
    assert client.post(reverse("notice_open", args=[other.pk])).status_code == 404
    client.post(reverse("notices_read"), {"id": [other.pk]})
    other.refresh_from_db()
    assert other.read_at is None


def test_all_or_some_are_marked_as_read(client, person):
    first, second = notice(person, 1), notice(person, 2)
    client.post(reverse("notices_read"), {"id": [first.pk, "x"]})
    assert list(Notice.objects.filter(read_at=None)) == [second]
    client.post(reverse("notices_read"))
    assert not Notice.objects.filter(read_at=None).exists()


def test_the_inbox_has_pages(client, person, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 2)
    for number in range(5):
        notice(person, number)
    seen, address = [], reverse("notices")
    while address:
        answer = client.get(reverse("notices") + (address if address.startswith("?") else ""))
        seen += [one["notice"].data["number"] for one in answer.context["notices"]]
        address = answer.context["older_url"]
    assert seen == [4, 3, 2, 1, 0]
    assert client.get(reverse("notices") + "?before=٣").status_code == 200


def test_unread_ones_can_be_seen_alone(client, person):
    notice(person, 1)
    client.post(reverse("notices_read"))
    notice(person, 2)
    answer = client.get(reverse("notices") + "?only=unread")
    assert [one["notice"].data["number"] for one in answer.context["notices"]] == [2]
    assert answer.context["unread"] == 1
