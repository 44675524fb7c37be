"""Keeping people in the browser: the list and its filters, adding, a code shown once, leaving, rights at once."""

import datetime as dt

import pytest
from django.urls import reverse

from enterprises.domain.people import change_person
from enterprises.enums import Role
from enterprises.interfaces.people_filters import AccountState, in_state, state_of
from enterprises.models import FirstUse, User
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db


def rows(page) -> set[int]:
    return {row.pk for row in page.context["list"].page.rows}


@pytest.fixture
def chief(client):
    person = factories.chief()
    client.force_login(person)
    return person


def test_each_sees_the_people_they_keep(client):
    chief, city = factories.chief(), factories.chief(factories.office())
    colleague, below = factories.user(Role.KEEPER), factories.user(Role.REVIEWER, of=factories.township())
    operator, admin = factories.user(Role.OPERATOR), factories.user(Role.ENTERPRISE_ADMIN)
    plain = factories.user(Role.ENTERPRISE_USER, of=admin.enterprise)
    factories.user(Role.ENTERPRISE_USER)
    seen = {
        chief: {chief, colleague},
        city: {city, chief, colleague, below},
        operator: {operator, chief, colleague, below, city},
        admin: {admin, plain},
    }
    for user, people in seen.items():
        client.force_login(user)
        assert rows(client.get(reverse("people"))) == {one.pk for one in people}


def test_telephones_are_masked(client, chief):
    factories.user(Role.REVIEWER, phone="13812345678")
    page = client.get(reverse("people")).content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page


def people_of_each_state() -> dict[str, User]:
    found = {state: factories.user(Role.REVIEWER) for state in AccountState.values}
    factories.first_code(found["waiting"])
    factories.first_code(found["lapsed"])
    moment = clock.now()
    FirstUse.objects.filter(user=found["lapsed"]).update(
        issued_at=moment - dt.timedelta(2), expires_at=moment - dt.timedelta(1)
    )
    User.objects.filter(pk=found["no_code"].pk).update(password="!none")
    User.objects.filter(pk=found["disabled"].pk).update(is_active=False)
    return found


def test_a_filter_of_the_state_gives_what_the_badge_says(client, chief):
    found = people_of_each_state()
    everybody = User.objects.exclude(pk=chief.pk).select_related("first_use")
    assert {state_of(one).value: one.pk for one in everybody} == {state: one.pk for state, one in found.items()}
    for state, one in found.items():
        assert set(in_state(everybody, state)) == {one}
        wanted = {one.pk, chief.pk} if state == "in_use" else {one.pk}
        assert rows(client.get(reverse("people") + f"?state={state}")) == wanted


def test_filters_of_the_last_sign_in(client, chief):
    moment = clock.now()
    ages = {"new": None, "old": None, "80": 80, "100": 100, "200": 200}
    people = {}
    for name, days in ages.items():
        people[name] = factories.user(Role.REVIEWER, last_login=moment - dt.timedelta(days) if days else None)
    User.objects.filter(pk=people["old"].pk).update(created_at=moment - dt.timedelta(120))
    asked = {"never": {"new", "old"}, "90": {"old", "100", "200"}, "180": {"200"}}
    for value, names in asked.items():
        found = rows(client.get(reverse("people") + f"?last={value}")) - {chief.pk}
        assert found == {people[name].pk for name in names}


def test_a_person_is_added_and_the_code_shown_once(client, chief):
    key = client.get(reverse("person_add")).context["key"]
    sent = {"department": chief.department_id, "name": "吴敏", "role": "keeper", "post": "科员", "key": key}
    page = client.post(reverse("person_add"), sent)
    person = User.objects.get(name="吴敏")
    assert page.status_code == 200
    assert FirstUse.objects.get(user=person).matches(page.context["code"].replace("-", ""))
    assert client.post(reverse("person_add"), sent).status_code == 422
    assert User.objects.filter(name="吴敏").count() == 1
    assert page.context["code"] not in client.get(reverse("person", args=[person.pk])).content.decode()


def test_a_role_the_department_lacks_is_refused(client):
    client.force_login(factories.user(Role.OPERATOR))
    sent = {"department": factories.township().pk, "name": "吴敏", "role": "office", "key": "k"}
    assert client.post(reverse("person_add"), sent).status_code == 422
    assert not User.objects.filter(name="吴敏").exists()


def test_an_administrator_adds_without_naming_a_department(client):
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    client.force_login(admin)
    page = client.get(reverse("person_add"))
    assert set(page.context["form"].fields) == {"name", "role", "post"}
    assert client.post(reverse("person_add"), {"name": "赵云", "role": "enterprise_user"}).status_code == 200
    assert User.objects.get(name="赵云").enterprise == admin.enterprise


def test_who_leaves_is_shown_with_what_is_open_and_cannot_go_on(client):
    filing = factories.filing("in_review")
    client.force_login(factories.chief())
    person, heir = filing.claimed_by, factories.user(Role.REVIEWER)
    page = client.get(reverse("person_leave", args=[person.pk]))
    assert [(row["count"], row["needs_heir"]) for row in page.context["work"]] == [(1, False)]
    assert heir in page.context["form"].fields["heir"].queryset
    client.post(reverse("person_leave", args=[person.pk]), {"heir": heir.pk, "reason": "调离"})
    filing.refresh_from_db()
    assert filing.claimed_by == heir
    assert not User.objects.get(pk=person.pk).is_active


def test_a_refusal_is_shown_on_the_page(client):
    filing = factories.filing("drafting", paper=True)
    client.force_login(factories.chief())
    answer = client.post(reverse("person_leave", args=[filing.entered_by_id]), {})
    assert answer.status_code == 422
    assert "代录" in answer.content.decode()


def test_stale_accounts_are_shown_first_and_disabled_when_asked(client, chief):
    old = factories.user(Role.REVIEWER, last_login=clock.now() - dt.timedelta(200))
    new = factories.user(Role.REVIEWER, last_login=clock.now())
    page = client.get(reverse("people_stale") + "?last=180")
    assert page.context["people"] == [old]
    client.post(reverse("people_stale"), {"last": "180"})
    assert [User.objects.get(pk=one.pk).is_active for one in (old, new, chief)] == [False, True, True]


def test_the_chief_never_is_among_the_stale(client):
    chief = factories.chief(last_login=clock.now() - dt.timedelta(400))
    client.force_login(chief)
    User.objects.filter(pk=chief.pk).update(last_login=clock.now() - dt.timedelta(400))
    assert client.get(reverse("people_stale") + "?last=180").context["people"] == []


# --- rights change on the next request ------------------------------------------------------------------------------
def test_a_role_that_is_taken_closes_its_pages_on_the_next_request(client):
    chief, person = factories.chief(), factories.user(Role.REVIEWER)
    client.force_login(person)
    assert client.get(reverse("review_queue")).status_code == 200
    change_person(user=chief, person_id=person.pk, role=Role.KEEPER, post="")
    assert client.get(reverse("review_queue")).status_code == 403
    assert client.get(reverse("units_to_issue")).status_code == 200


def test_another_department_changes_what_is_seen_on_the_next_request(client):
    person = factories.user(Role.KEEPER)
    kunshan, zhangjiagang = factories.enterprise(), factories.enterprise(town=factories.YANGSHE)
    client.force_login(person)
    assert rows(client.get(reverse("enterprises"))) == {kunshan.pk}
    User.objects.filter(pk=person.pk).update(department=factories.bureau("civil", factories.ZHANGJIAGANG))
    assert rows(client.get(reverse("enterprises"))) == {zhangjiagang.pk}


def test_chief_no_longer_keeps_nobody_on_the_next_request(client, chief):
    assert client.get(reverse("people")).status_code == 200
    User.objects.filter(pk=chief.pk).update(is_chief=False)
    assert client.get(reverse("people")).status_code == 403


def test_one_administrator_hands_over_in_the_browser(client):
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    heir = factories.user(Role.ENTERPRISE_USER, of=admin.enterprise)
    client.force_login(admin)
    assert client.post(reverse("person_hand_over", args=[heir.pk])).url == reverse("home")
    assert client.get(reverse("people")).status_code == 403
