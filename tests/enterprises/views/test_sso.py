"""The city's single sign-on, against a provider that really signs: who comes in, who does not, and what is kept."""

import os
import subprocess
import sys
import time
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from joserfc.jwk import RSAKey

from enterprises.domain.leaving import disable_person
from enterprises.domain.people import set_sso_id
from enterprises.enums import Role
from enterprises.models import SignIn, User
from riskreport.ground.access import Refused
from riskreport.ground.models import Event
from tests import factories
from tests.sso_provider import CLIENT_ID, CLIENT_SECRET, running_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    with running_provider() as one:
        settings.SSO_ISSUER, settings.SSO_CLIENT_ID, settings.SSO_CLIENT_SECRET = one.issuer, CLIENT_ID, CLIENT_SECRET
        yield one


@pytest.fixture
def person():
    return factories.user(Role.OFFICE, sso_id="zhang.san")


def begin(client, **asked) -> str:
    answer = client.get(reverse("sso_begin"), asked)
    assert answer.status_code == 302
    return answer.url


def come_back(client, provider, **asked):
    """Go there and back, as a browser does; return where one lands."""
    return client.get(provider.sign_in(begin(client, **asked)))


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def refused(client, answer) -> str:
    """What the sign-in page says after an answer that let nobody in."""
    assert answer.url == reverse("sign_in")
    assert not is_in(client)
    assert not SignIn.objects.exists()
    return client.get(answer.url).content.decode()


# --- who comes in -----------------------------------------------------------------------------------------------------
def test_an_official_comes_in_and_returns_to_where_they_were(client, provider, person):
    client.get(reverse("sign_in"))
    before = client.session.session_key
    answer = come_back(client, provider, next="/filings/")
    assert answer.url == "/filings/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.session.session_key != before
    assert SignIn.objects.get().user == person
    assert Event.objects.get(kind="account.signed_in_by_sso").actor == person
    person.refresh_from_db()
    assert person.last_login is not None
    assert client.get(reverse("home")).status_code == 200


def test_what_is_asked_of_the_provider(client, provider, person):
    asked = dict(parse_qsl(urlsplit(begin(client)).query))
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT_ID, "openid")
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20
    assert asked["redirect_uri"] == "http://testserver" + reverse("sso_back")


def test_a_person_is_found_by_the_claim_of_the_setting(client, provider, person, settings):
    settings.SSO_CLAIM = "employee"
    provider.person, provider.claims = "other", {"employee": "zhang.san"}
    assert come_back(client, provider).url == reverse("home")
    assert is_in(client)


def test_a_new_key_of_the_provider_is_fetched(client, provider, person):
    come_back(client, provider)
    client.post(reverse("sign_out"))
    provider.keys.append(RSAKey.generate_key(2048, {"kid": "second", "alg": "RS256", "use": "sig"}))
    assert come_back(client, provider).url == reverse("home")
    assert provider.asked.count("/keys") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_only_a_place_of_ours_is_returned_to(client, provider, person):
    assert come_back(client, provider, next="https://elsewhere.example/").url == reverse("home")


# --- who does not -----------------------------------------------------------------------------------------------------
NOT_PROVED = {
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another's audience": {"claims": {"aud": "another"}},
    "another's audience, ours authorised": {"claims": {"aud": "another", "azp": CLIENT_ID}},
    "ours among the audience, another authorised": {"claims": {"aud": [CLIENT_ID, "another"], "azp": "another"}},
    "another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "expired": {"claims": {"exp": int(time.time()) - 120}},
    "not issued yet": {"claims": {"iat": int(time.time()) + 3600}},
    "signed by a stranger": {"signer": "stranger"},
    "not signed": {"signer": "none"},
    "signed with the client's secret": {"signer": "client secret"},
    "nobody named": {"claims": {"sub": ""}},
    "a number for a name": {"claims": {"sub": 7}},
}


@pytest.mark.parametrize("fault", NOT_PROVED.values(), ids=NOT_PROVED)
def test_what_proves_nothing_lets_nobody_in(client, provider, person, fault):
    for name, value in fault.items():
        setattr(provider, name, value)
    assert "统一身份认证登录未成功" in refused(client, come_back(client, provider))
    assert not Event.objects.filter(kind="account.signed_in_by_sso").exists()


def test_a_state_that_this_browser_was_not_given_lets_nobody_in(client, provider, person):
    begin(client)
    stolen = provider.sign_in(begin(type(client)()))
    refused(client, client.get(stolen))


def test_a_state_works_once(client, provider, person):
    address = provider.sign_in(begin(client))
    client.get(address)
    client.post(reverse("sign_out"))
    assert client.get(address).url == reverse("sign_in")
    assert not is_in(client)
    assert SignIn.objects.count() == 1


def test_who_cancels_is_back_at_the_sign_in_page(client, provider, person):
    state = dict(parse_qsl(urlsplit(begin(client)).query))["state"]
    refused(client, client.get(reverse("sso_back"), {"error": "access_denied", "state": state}))


@pytest.mark.parametrize("kept", [None, "Zhang.San", "zhang.san "])
def test_nobody_is_made_and_an_identifier_fits_exactly_or_not_at_all(client, provider, kept):
    row = factories.user(Role.OFFICE, sso_id=kept)
    count = User.objects.count()
    page = refused(client, come_back(client, provider))
    assert "没有以该标识登记的在用账号" in page
    assert row.name not in page
    assert User.objects.count() == count


def test_a_disabled_account_reads_the_same_as_none(client, provider, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    page = refused(client, come_back(client, provider))
    assert "没有以该标识登记的在用账号" in page


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_provider_that_does_not_answer_leaves_the_other_door(client, provider, person, when):
    if when == "before":
        provider.is_away = True
        answer = client.get(reverse("sso_begin"))
    else:
        address = provider.sign_in(begin(client))
        provider.is_away = True
        answer = client.get(address)
    assert "统一身份认证暂时没有响应" in refused(client, answer)


def test_no_identifier_stands_in_the_log(client, provider, person, caplog):
    caplog.set_level("INFO")
    provider.signer = "stranger"
    come_back(client, provider)
    assert "single sign-on refused" in caplog.text
    assert "zhang.san" not in caplog.text


# --- second factor, sign-out ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("trust", "page"), [("ask", "second_factor"), ("trust", None)])
def test_the_second_factor_is_asked_unless_the_setting_trusts_the_provider(
    client, provider, person, settings, trust, page
):
    settings.SECOND_FACTOR, settings.SSO_SECOND_FACTOR = "officials", trust
    come_back(client, provider)
    answer = client.get(reverse("home"))
    assert (answer.status_code, answer.headers.get("Location")) == ((302, reverse(page)) if page else (200, None))


def test_a_password_is_never_trusted_with_the_second_factor(client, provider, person, settings):
    settings.SECOND_FACTOR, settings.SSO_SECOND_FACTOR = "officials", "trust"
    come_back(client, provider)
    client.post(reverse("sign_in"), {"account": person.account, "password": factories.PASSWORD})
    assert client.get(reverse("home")).url == reverse("second_factor")


def test_signing_out_ends_the_session_here_and_says_that_the_provider_keeps_its_own(client, provider, person):
    come_back(client, provider)
    page = client.post(reverse("sign_out"), follow=True).content.decode()
    assert not is_in(client)
    assert "统一身份认证仍处于登录状态" in page


# --- the door itself --------------------------------------------------------------------------------------------------
def test_the_button_stands_there_only_when_a_provider_is_set(client, settings):
    assert reverse("sso_begin") not in client.get(reverse("sign_in")).content.decode()
    settings.SSO_ISSUER, settings.SSO_NAME = "https://sso.example", "苏州市统一身份认证平台"
    page = client.get(reverse("sign_in"), {"next": "/filings/"}).content.decode()
    assert f'href="{reverse("sso_begin")}?next=/filings/"' in page
    assert "苏州市统一身份认证平台" in page


def test_without_a_provider_the_door_leads_to_the_sign_in_page(client):
    for name in ("sso_begin", "sso_back"):
        assert client.get(reverse(name)).url == reverse("sign_in")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"SSO_ISSUER": "http://sso.example", "SSO_CLIENT_ID": "a", "SSO_CLIENT_SECRET": "b"}, "begins with https://"),
        ({"SSO_ISSUER": "https://sso.example"}, "needs SSO_CLIENT_ID"),
        ({"SSO_SECOND_FACTOR": "maybe"}, "“ask” or “trust”"),
    ],
)
def test_settings_that_do_not_fit_are_refused_at_the_start(given, words):
    done = subprocess.run(
        [sys.executable, "-c", "import riskreport.settings"],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert words in done.stderr


# --- the identifier ---------------------------------------------------------------------------------------------------
def test_the_chief_keeps_identifiers_and_sees_the_field_only_where_there_is_a_single_sign_on(client, settings):
    chief = factories.chief()
    row = factories.user(Role.REVIEWER, of=chief.department)
    client.force_login(chief)
    page = reverse("person", args=[row.pk])
    assert "sso_id" not in client.get(page).content.decode()
    settings.SSO_ISSUER = "https://sso.example"
    assert "sso_id" in client.get(page).content.decode()
    assert client.post(reverse("person_sso", args=[row.pk]), {"sso_id": " li.si "}).url == page
    row.refresh_from_db()
    assert row.sso_id == "li.si"
    event = Event.objects.get(kind="person.sso_changed")
    assert (event.data, event.object_id) == ({"kept": True}, row.pk)
    assert client.post(reverse("person_sso", args=[row.pk]), {"sso_id": "x" * 201}).status_code == 422


def test_an_identifier_is_kept_for_one_person(person):
    chief = factories.chief()
    row = factories.user(Role.REVIEWER, of=chief.department)
    with pytest.raises(Refused, match="已登记在另一个账号"):
        set_sso_id(user=chief, person_id=row.pk, sso_id="zhang.san")
    assert set_sso_id(user=chief, person_id=row.pk, sso_id="li.si")
    assert not set_sso_id(user=chief, person_id=row.pk, sso_id="li.si")


def test_another_identifier_or_none_ends_the_sessions_it_opened(client, provider):
    chief = factories.chief()
    row = factories.user(Role.REVIEWER, of=chief.department)
    set_sso_id(user=chief, person_id=row.pk, sso_id="zhang.san")
    come_back(client, provider)
    assert client.get(reverse("home")).status_code == 200
    set_sso_id(user=chief, person_id=row.pk, sso_id="")
    assert client.get(reverse("home")).url.startswith(reverse("sign_in"))
    row.refresh_from_db()
    assert row.sso_id is None


def test_nobody_keeps_identifiers_of_enterprises_of_other_departments_or_their_own(person):
    chief = factories.chief()
    admin = factories.user(Role.ENTERPRISE_ADMIN)
    worker = factories.user(Role.ENTERPRISE_USER, of=admin.enterprise)
    cases = ((admin, worker, "只供部门工作人员使用"), (chief, person, "账号"), (chief, chief, "自己"))
    for user, target, words in cases:
        with pytest.raises(Refused, match=words):
            set_sso_id(user=user, person_id=target.pk, sso_id="wang.wu")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=worker.pk).update(sso_id="wang.wu")


def test_who_leaves_loses_the_identifier_so_that_a_new_account_may_have_it():
    chief = factories.chief()
    row = factories.user(Role.REVIEWER, of=chief.department)
    set_sso_id(user=chief, person_id=row.pk, sso_id="zhang.san")
    disable_person(user=chief, person_id=row.pk)
    row.refresh_from_db()
    assert row.sso_id is None
