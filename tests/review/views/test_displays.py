"""The office's page of wall displays."""

import re

import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.models import DisplayToken
from tests import factories

pytestmark = pytest.mark.django_db
LIST_QUERIES = 9


@pytest.fixture
def office(client):
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    return person


def send(client, **given):
    form = {"key": "one", "name": "三楼会议室", "region": factories.region().pk}
    return client.post(reverse("displays"), form | given)


def test_the_address_is_shown_once(client, office):
    page = send(client).content.decode()
    address = re.search(r'id="display-address">http://testserver(/wall/[^<]+/)<', page).group(1)
    assert client.get(address).status_code == 200
    assert address not in client.get(reverse("displays")).content.decode()
    again = send(client)
    assert again.status_code == 200
    assert "display-address" not in again.content.decode()
    assert "第一次提交时已创建" in again.content.decode()
    assert DisplayToken.objects.count() == 1


def test_what_is_wrong_is_said_and_nothing_is_made(client, office):
    assert send(client, name="").status_code == 422
    assert send(client, region="320583104").status_code == 422
    refused = send(client, expires_on="2020-01-01")
    assert refused.status_code == 409
    assert "截止日期须晚于今天" in refused.content.decode()
    assert not DisplayToken.objects.exists()


def test_a_revoked_display_is_gone_at_once(client, office):
    made = factories.display(office)
    address = reverse("wall", args=[made.secret])
    assert client.get(address).status_code == 200
    answer = client.post(reverse("display_revoke", args=[made.display.pk]))
    assert answer.headers["Location"] == reverse("displays")
    assert client.get(address).status_code == 404
    assert client.get(reverse("wall_figures", args=[made.secret])).status_code == 404
    page = client.get(reverse("displays")).content.decode()
    assert "已收回" in page
    assert reverse("display_revoke", args=[made.display.pk]) not in page


def test_another_offices_display_is_not_there(client):
    made = factories.display(region_code=factories.ZHANGJIAGANG)
    client.force_login(factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN)))
    assert made.display.name not in client.get(reverse("displays")).content.decode()
    assert client.post(reverse("display_revoke", args=[made.display.pk])).status_code == 404
    assert DisplayToken.objects.get().revoked_at is None


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(client, office, django_assert_num_queries, many):
    for _ in range(many):
        factories.display(office, sector=factories.sector("14"))
    client.get(reverse("displays"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("displays"))
