"""Giving a screen its address and taking it away."""

import datetime as dt

import pytest

from enterprises.enums import Role
from review.domain.displays import digest_of_secret, make_display, revoke_display
from review.models import DisplayToken
from review.queries.displays import display_of, displays_for_user, regions_to_show, scope_of
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.user(Role.OFFICE)


@pytest.fixture
def county_office():
    return factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN))


def test_only_the_digest_is_kept(office):
    made = factories.display(office)
    row = DisplayToken.objects.get()
    assert row.digest == digest_of_secret(made.secret)
    assert made.secret not in str(DisplayToken.objects.values().get())
    assert made.secret not in str(list(Event.objects.values("data")))
    assert len(made.secret) >= 43
    assert display_of(row.digest) == row
    assert display_of(made.secret) is None


def test_a_form_sent_twice_makes_one_and_tells_the_secret_once(office):
    given = {"user": office, "name": "一楼大厅", "region": factories.region(), "key": "same"}
    first, second = make_display(**given), make_display(**given)
    assert first.display == second.display
    assert (bool(first.secret), second.secret) == (True, "")
    assert Event.objects.filter(kind="display.made").count() == 1
    with pytest.raises(KeyReused):
        make_display(**given | {"name": "二楼大厅"})


def test_an_office_shows_its_own_area_alone(office, county_office):
    for code in (factories.CITY, factories.ZHANGJIAGANG):
        with pytest.raises(Refused):
            make_display(user=county_office, name="大厅", region=factories.region(code))
    own = factories.display(county_office, region_code=factories.KUNSHAN).display
    city = factories.display(office).display
    assert set(displays_for_user(office)) == {own, city}
    assert set(displays_for_user(county_office)) == {own}
    assert [row.pk for row in regions_to_show(county_office)] == [factories.KUNSHAN]
    assert [row.pk for row in regions_to_show(office)] == [factories.CITY, factories.ZHANGJIAGANG, factories.KUNSHAN]
    with pytest.raises(Refused):
        revoke_display(display_id=city.pk, user=county_office)
    keeper = factories.user(Role.KEEPER)
    with pytest.raises(Refused):
        make_display(user=keeper, name="大厅", region=factories.region(factories.KUNSHAN))


def test_a_revoked_display_shows_nothing_and_a_second_call_changes_nothing(office):
    row = factories.display(office).display
    revoke_display(display_id=row.pk, user=office)
    first = DisplayToken.objects.get()
    revoke_display(display_id=row.pk, user=factories.user(Role.OFFICE))
    assert DisplayToken.objects.get().revoked_by == first.revoked_by == office
    assert Event.objects.filter(kind="display.revoked").count() == 1
    assert display_of(row.digest) is None


def test_a_display_ends_on_its_day(office, at):
    with pytest.raises(Refused, match="截止日期"):
        factories.display(office, expires_on=clock.today())
    tomorrow = clock.today() + dt.timedelta(days=1)
    row = factories.display(office, expires_on=tomorrow).display
    forever = factories.display(office).display
    assert display_of(row.digest) == row
    at(clock.now() + dt.timedelta(days=1))
    assert display_of(row.digest) is None
    at(clock.now() + dt.timedelta(days=3650))
    assert display_of(forever.digest) == forever


def test_a_display_counts_its_region_and_its_sector(office):
    factories.category("1401")
    factories.category("1501")
    whole = factories.display(office, region_code=factories.KUNSHAN).display
    assert scope_of(whole).ranges == ((320583000, 320583999),)
    assert scope_of(whole).categories is None
    narrow = factories.display(office, sector=factories.sector("14")).display
    assert scope_of(narrow).categories == frozenset({"1401"})
