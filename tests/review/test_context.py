"""What stands around a page: the reader's own names, on parts that the process keeps."""

import pytest

from enterprises.enums import Role
from riskreport.ground import clock
from riskreport.ground.models import Notice
from riskreport.ground.ui import kept
from tests import factories

pytestmark = pytest.mark.django_db
HOME = "/"


def page_of(client, person, url=HOME):
    client.force_login(person)
    return client.get(url).content.decode()


def test_nothing_of_one_person_stands_on_the_next_persons_page(client):
    first, second = factories.user(Role.OFFICE, name="沈一<b>"), factories.user(Role.OFFICE, name="顾二")
    assert "沈一&lt;b&gt;" in page_of(client, first)
    page = page_of(client, second)
    assert "顾二" in page
    assert "沈一" not in page
    assert not kept.MARK.search(page)


def test_the_parts_are_drawn_once_for_everybody_alike(client):
    page_of(client, factories.user(Role.OFFICE))
    drawn = kept._pieces.cache_info().misses
    page_of(client, factories.user(Role.OFFICE), "/notices/?page=two")
    assert kept._pieces.cache_info().misses == drawn


def test_every_form_of_the_frame_carries_the_persons_own_token(client):
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    answer = client.get(HOME)
    token = answer.context["frame"]._token
    assert answer.content.decode().count(token) >= 3
    assert client.get(HOME).context["frame"]._token != token


def test_the_bell_says_how_many_are_unread_up_to_99(client):
    person = factories.user(Role.OFFICE)
    assert "rr-count" not in page_of(client, person)
    Notice.objects.create(user=person, kind="test", data={}, created_at=clock.now())
    assert '<span class="rr-count" aria-hidden="true">1</span>' in page_of(client, person)
    more = (Notice(user=person, kind=f"test{number}", data={}, created_at=clock.now()) for number in range(99))
    Notice.objects.bulk_create(more)
    assert '<span class="rr-count" aria-hidden="true">99+</span>' in page_of(client, person)


def test_languages_are_kept_apart(client):
    chinese, english = factories.user(Role.OFFICE), factories.user(Role.OFFICE, language="en")
    assert "退出登录" in page_of(client, chinese)
    assert "Sign out" in page_of(client, english)
    assert "退出登录" in page_of(client, chinese)


def test_a_mark_in_a_persons_name_is_no_mark(client):
    page = page_of(client, factories.user(Role.OFFICE, name="甲\ufdd0csrf_token\ufdd1乙"))
    assert "甲\ufdd0csrf_token\ufdd1乙" in page


def test_the_brand_leads_to_where_the_day_begins(client):
    page = page_of(client, factories.user(Role.REVIEWER))
    assert f'<a class="rr-brand" href="{HOME}">' in page
