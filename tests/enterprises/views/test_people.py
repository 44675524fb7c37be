"""Signing in and out, the account, the language."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from enterprises.domain.accounts import change_own_details, change_own_password
from enterprises.enums import Role
from riskreport.ground.models import Event
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "brand-new-words-2022"


def sign_in(client, account, password=PASSWORD, **more):
    return client.post(reverse("sign_in"), {"account": account, "password": password, **more})


def test_signing_in_leads_home_and_changes_the_session(client):
    client.cookies["sessionid"] = "chosen-by-an-attacker"
    answer = sign_in(client, factories.user(Role.OFFICE).account.upper())
    assert answer.url == reverse("home")
    assert client.cookies["sessionid"].value != "chosen-by-an-attacker"
    assert client.get(reverse("account")).status_code == 200


def test_unknown_account_and_wrong_password_get_the_same_answer(client):
    known = factories.user(Role.OFFICE)

    def text(account):
        answer = sign_in(client, account, "wrong-password-1")
        assert answer.status_code == 200
        return answer.content.decode().replace(account, "…").split("<form", 1)[0]

    assert text(known.account) == text("nobody-at-all")


def test_a_closed_account_gets_the_same_answer_too(client):
    closed = factories.user(Role.OFFICE, is_active=False)
    assert sign_in(client, closed.account).status_code == 200
    assert "sessionid" not in client.cookies


def test_five_wrong_tries_lock_the_account_and_case_does_not_help(client):
    person = factories.user(Role.OFFICE)
    for number in range(5):
        account = person.account.upper() if number % 2 else person.account
        answer = sign_in(client, account, "wrong-password-1")
    assert answer.status_code == 429
    assert "sign_in_locked.html" in [template.name for template in answer.templates]
    assert sign_in(client, person.account).status_code == 429
    assert sign_in(client, factories.user(Role.OFFICE).account).status_code == 302


def test_signing_in_returns_to_the_same_place(client):
    person = factories.user(Role.OFFICE)
    wanted = reverse("enterprises") + "?scale=above"
    asked = client.get(wanted)
    assert asked.url.startswith(reverse("sign_in"))
    assert wanted in client.get(asked.url).context["next"]
    assert sign_in(client, person.account, next=wanted).url == wanted
    assert client.get(reverse("sign_in") + f"?next={wanted}").url == wanted


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_out_of_the_house(client, bad):
    assert sign_in(client, factories.user(Role.OFFICE).account, next=bad).url == reverse("home")


def test_the_demo_hint_stands_only_in_the_demo(client, settings):
    assert "demo_accounts" not in client.get(reverse("sign_in")).content.decode()
    settings.DEMO = True
    assert "demo_accounts" in client.get(reverse("sign_in")).content.decode()


def test_who_must_change_the_password_is_sent_there(client):
    person = factories.user(Role.OFFICE, must_change_password=True)
    assert sign_in(client, person.account).url == reverse("account")


def test_signing_out_needs_a_post_and_ends_the_session(client):
    client.force_login(factories.user(Role.OFFICE))
    assert client.get(reverse("sign_out")).status_code == 405
    assert client.post(reverse("sign_out")).url == reverse("sign_in")
    assert client.get(reverse("account")).status_code == 302
    assert client.post(reverse("sign_out")).status_code == 302


@pytest.mark.parametrize("name", ["sign_in", "sign_out", "set_language", "account", "stay_signed_in"])
def test_a_post_without_the_token_is_refused(name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user(Role.OFFICE))
    answer = client.post(reverse(name))
    assert answer.status_code == 403
    assert "403_csrf.html" in [template.name for template in answer.templates]


def test_staying_renews_the_session(client):
    client.force_login(factories.user(Role.OFFICE))
    client.get(reverse("account"))
    session = client.session
    session["seen_at"] -= 100
    session.save()
    assert client.post(reverse("stay_signed_in")).status_code == 204
    assert client.session["seen_at"] > session["seen_at"]
    assert Client().post(reverse("stay_signed_in")).status_code == 302


def test_the_page_knows_when_the_session_ends(client, settings):
    for role, kind in ((Role.OFFICE, "official"), (Role.ENTERPRISE_USER, "enterprise")):
        client.force_login(factories.user(role))
        page = client.get(reverse("account")).content.decode()
        assert f'data-idle="{settings.SESSION_IDLE_SECONDS[kind]}"' in page


def test_language_is_kept_on_the_person_and_in_a_cookie(client):
    person = factories.user(Role.OFFICE)
    client.post(reverse("set_language"), {"language": "en"})
    assert client.cookies["django_language"].value == "en"
    person.refresh_from_db()
    assert person.language == ""
    client.force_login(person)
    answer = client.post(reverse("set_language"), {"language": "en", "next": reverse("account")})
    assert answer.url == reverse("account")
    person.refresh_from_db()
    assert person.language == "en"
    assert client.get(reverse("account")).headers["Content-Language"] == "en"


@pytest.mark.parametrize(("language", "following"), [("xx", "/"), ("", "/"), ("en", "//evil.example")])
def test_an_unknown_language_or_place_changes_nothing(client, language, following):
    answer = client.post(reverse("set_language"), {"language": language, "next": following})
    assert answer.url == "/"
    assert ("django_language" in client.cookies) is (language == "en")


def details(**changes) -> dict:
    return {"what": "details", "name": "周文静", "post": "科长", "phone": "13812345678"} | changes


def test_own_details_are_saved(client):
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    assert client.post(reverse("account"), details(phone="０５１２－６５２２００００")).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.post, person.phone) == ("周文静", "科长", "0512-65220000")
    event = Event.objects.get(kind="account.changed")
    assert event.data == {"fields": ["name", "phone", "post"]}


def test_a_wrong_phone_keeps_what_was_typed_and_links_to_the_field(client):
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    answer = client.post(reverse("account"), details(phone="12"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_phone"' in page
    assert 'value="周文静"' in page
    person.refresh_from_db()
    assert person.phone == ""


def test_the_same_details_are_no_event():
    person = factories.user(Role.OFFICE)
    assert not change_own_details(user=person, name=person.name, post=person.post, phone=person.phone)
    assert not Event.objects.exists()


def password(**changes) -> dict:
    return {"what": "password", "old": PASSWORD, "new": NEW, "again": NEW} | changes


def test_a_new_password_keeps_this_session_and_ends_the_others(client):
    person = factories.user(Role.OFFICE, must_change_password=True)
    elsewhere = Client()
    for one in (client, elsewhere):
        sign_in(one, person.account)
    before = client.cookies["sessionid"].value
    answer = client.post(reverse("account"), password())
    assert answer.status_code == 302
    assert [message.level_tag for message in get_messages(answer.wsgi_request)][-1] == "success"
    assert client.cookies["sessionid"].value != before
    assert client.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert not person.must_change_password
    assert Event.objects.filter(kind="account.password_changed", actor=person).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"old": "not-my-password"}, "old"),
        ({"again": "something-else-22"}, "again"),
        ({"new": "short1", "again": "short1"}, "new"),
        ({"new": "12345678901", "again": "12345678901"}, "new"),
        ({"new": PASSWORD, "again": PASSWORD}, "new"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(client, changes, field):
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    answer = client.post(reverse("account"), password(**changes))
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_changing_the_password_is_one_narrow_write():
    person = factories.user(Role.OFFICE)
    type(person).objects.filter(pk=person.pk).update(phone="13800000000")
    change_own_password(user=person, password=NEW)
    person.refresh_from_db()
    assert person.phone == "13800000000"


@pytest.mark.parametrize("mail_on", [True, False])
def test_a_mail_address_is_asked_for_only_where_mail_is_set_up(client, settings, mail_on):
    settings.MAIL_ON = mail_on
    person = factories.user()
    client.force_login(person)
    assert ('name="email"' in client.get(reverse("account")).content.decode()) is mail_on
    sent = {"what": "details", "name": "周敏", "post": "", "phone": "13812345678", "email": "zhou@example.com"}
    assert client.post(reverse("account"), sent).status_code == 302
    person.refresh_from_db()
    assert person.email == ("zhou@example.com" if mail_on else "")
