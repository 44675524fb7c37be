"""What happens around a request: the closed door, the idle clock, the language, a database that is away."""

import datetime as dt
import logging

import pytest
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.urls import include, path

from enterprises.enums import Role
from riskreport.ground import clock
from riskreport.ground.access import Answer, Rule, access, public, rule
from riskreport.ground.middleware import RequestIdFilter, SecretsFilter
from riskreport.ground.request import current_request_id, set_request_id
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@rule("Only the safety committee office may do this.")
def is_office(user, obj=None):
    return user.role == Role.OFFICE


def forgotten(request):
    """A view whose author forgot to say who may open it."""
    return HttpResponse("secret")


@access(is_office)
def for_the_office(request):
    return HttpResponse(f"office {request.LANGUAGE_CODE}")


@public
def for_all(request):
    return HttpResponse(request.LANGUAGE_CODE)


@public
def broken(request):
    raise {"operational": OperationalError, "interface": InterfaceError, "other": ValueError}[request.GET["how"]](
        "could not connect to server: host 10.1.2.3 user riskreport password x"
    )


handler500 = "riskreport.ground.views.failures.server_error"
urlpatterns = [
    path("forgotten/", forgotten),
    path("office/", for_the_office),
    path("all/", for_all),
    path("broken/", broken),
    path("", include("riskreport.urls")),
]


@pytest.fixture
def official(client):
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    return person


# --- the closed door ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/forgotten/", "/office/"])
def test_nobody_gets_in_without_signing_in(client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/?next=")


def test_a_view_that_names_no_rule_is_refused_to_everybody(client, official, caplog):
    response = client.get("/forgotten/")
    assert response.status_code == 403
    assert b"secret" not in response.content
    assert "declares no rule" in caplog.text


def test_a_rule_opens_to_those_it_names_and_gives_the_others_its_reason(client, official):
    assert client.get("/office/").status_code == 200
    client.force_login(factories.user(Role.INSPECTOR))
    response = client.get("/office/")
    assert response.status_code == 403
    assert "Only the safety committee office may do this." in response.content.decode()


def test_a_public_view_is_open(client):
    assert client.get("/all/").status_code == 200


def test_rights_change_with_the_next_request(client, official):
    assert client.get("/office/").status_code == 200
    type(official).objects.filter(pk=official.pk).update(role=Role.INSPECTOR)
    assert client.get("/office/").status_code == 403
    type(official).objects.filter(pk=official.pk).update(role=Role.OFFICE, is_active=False)
    assert client.get("/office/").status_code == 302


def test_rules_compose_and_keep_the_reason_of_the_one_that_refused():
    yes, no, never = (Rule(lambda user, obj, given=given: given) for given in ANSWERS)
    assert (yes & no)(None) == ANSWERS[1]
    assert (no & yes)(None) == ANSWERS[1]
    assert (yes & yes)(None).allowed
    assert (yes | no)(None).allowed
    assert (no | yes)(None).allowed
    assert (no | never)(None) == ANSWERS[1]
    assert repr(is_office & is_office) == "<Rule (is_office & is_office)>"


ANSWERS = (Answer(True), Answer(False, "no"), Answer(False, "never"))


# --- the idle clock -------------------------------------------------------------------------------------------------
def idle(at, client, minutes, **headers):
    at(clock.now() + dt.timedelta(minutes=minutes))
    return client.get("/office/", headers=headers)


def test_a_session_nobody_uses_ends(client, official, at):
    assert idle(at, client, 0).status_code == 200
    assert idle(at, client, 14).status_code == 200
    assert idle(at, client, 14).status_code == 200
    assert idle(at, client, 16).status_code == 302
    assert idle(at, client, 0).status_code == 302


def test_people_of_an_enterprise_have_thirty_minutes(client, at):
    client.force_login(factories.user(Role.ENTERPRISE_USER))
    assert idle(at, client, 0).status_code == 403
    assert idle(at, client, 29).status_code == 403
    assert idle(at, client, 31).status_code == 302


def test_polling_never_keeps_a_session_alive(client, official, at):
    idle(at, client, 0)
    for _ in range(4):
        assert idle(at, client, 3, **{"X-Poll": "1"}).status_code == 200
    assert idle(at, client, 4, **{"X-Poll": "1"}).status_code == 302


def test_polling_writes_no_session(client, official, at):
    idle(at, client, 0)
    before = Session.objects.get().session_data
    idle(at, client, 5, **{"X-Poll": "1"})
    assert Session.objects.get().session_data == before


def test_a_busy_session_is_written_once_a_minute(client, official, at, django_assert_max_num_queries):
    idle(at, client, 0)
    before = Session.objects.get().session_data
    client.get("/office/")
    assert Session.objects.get().session_data == before
    idle(at, client, 2)
    assert Session.objects.get().session_data != before


# --- language -------------------------------------------------------------------------------------------------------
def test_chinese_first_then_the_cookies_then_the_persons_own_language(client, official, settings):
    assert client.get("/office/").content == b"office zh-hans"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/office/").content == b"office en"
    type(official).objects.filter(pk=official.pk).update(language="zh-hans")
    response = client.get("/office/")
    assert response.content == b"office zh-hans"
    assert response.headers["Content-Language"] == "zh-hans"


def test_the_browsers_wishes_and_unknown_languages_do_not_count(client, settings):
    assert client.get("/all/", headers={"Accept-Language": "en"}).content == b"zh-hans"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert client.get("/all/").content == b"zh-hans"


# --- a database that is away ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["operational", "interface"])
def test_a_database_that_is_away_is_said_so_without_a_trace(client, how, caplog):
    response = client.get("/broken/", {"how": how})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    page = response.content.decode()
    assert "Traceback" not in page
    assert "10.1.2.3" not in page + caplog.text
    assert response.headers["X-Request-ID"] in page


def test_a_database_that_is_away_before_the_view_is_said_so_too(client, official, monkeypatch):
    from django.contrib.sessions.backends.db import SessionStore

    def away(self):
        raise OperationalError("could not connect to server: host 10.1.2.3")

    monkeypatch.setattr(SessionStore, "load", away)
    client.raise_request_exception = False
    response = client.get("/office/")
    assert response.status_code == 503
    assert b"10.1.2.3" not in response.content


def test_another_failure_is_no_database_away(client):
    client.raise_request_exception = False
    response = client.get("/broken/", {"how": "other"})
    assert response.status_code == 500
    assert b"10.1.2.3" not in response.content


def test_the_real_addresses_use_the_same_answer():
    from riskreport import urls

    assert urls.handler500 == handler500


# --- the request's name ---------------------------------------------------------------------------------------------
def test_each_request_has_a_name_of_its_own_or_the_proxys(client):
    first, second = (client.get("/all/").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    assert client.get("/all/", headers={"X-Request-ID": "proxy-0001"}).headers["X-Request-ID"] == "proxy-0001"


@pytest.mark.parametrize("given", ["short", "with space 12345", "x" * 33, "a\nb-12345678", "<script>-12345"])
def test_a_name_that_is_no_name_is_replaced(client, given):
    assert client.get("/all/", headers={"X-Request-ID": given}).headers["X-Request-ID"] != given


def test_the_name_stands_on_every_log_line():
    record = logging.LogRecord("x", logging.INFO, "", 0, "", (), None)
    set_request_id("request-1")
    assert RequestIdFilter().filter(record)
    assert record.request_id == "request-1" == current_request_id()
    set_request_id("")
    RequestIdFilter().filter(record)
    assert record.request_id == "-"


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/wall/{'r_SrxP8l3N9Z-ezsb' * 2}-/figures/", "/wall/…/figures/"),
        (f"/wall/{'a' * 43}", "/wall/…"),
        (
            "/review/filings/1234567/sections/check-civil-elderly/",
            "/review/filings/1234567/sections/check-civil-elderly/",
        ),
    ],
)
def test_a_secret_of_an_address_stays_out_of_the_log(path, logged):
    record = logging.LogRecord("x", logging.ERROR, "", 0, "%s: %s", ("Internal Server Error", path), None)
    assert SecretsFilter().filter(record)
    assert record.getMessage() == f"Internal Server Error: {logged}"


def test_a_page_that_is_not_there_gives_a_stranger_no_cookie(client, db):
    answer = client.get("/nowhere/")
    assert answer.status_code in (302, 404)
    assert not answer.cookies


def test_the_pages_carry_a_policy_without_inline_code(client):
    policy = client.get("/all/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
