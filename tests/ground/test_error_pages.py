"""Pages for when something is wrong: they stand without what may be broken, and speak to the person."""

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from enterprises.enums import Role
from tests import factories


def test_500_and_503_need_no_context_and_no_database():
    assert "没有完成" in render_to_string("500.html")
    page = render_to_string("503.html", {"request_id": "abc12345"})
    assert "没有丢失" in page
    assert "Nothing that was acknowledged" in page
    assert "abc12345" in page


@pytest.mark.django_db
def test_the_database_away_is_a_page_and_no_trace(client, monkeypatch):
    client.force_login(factories.user(Role.OFFICE))

    def away(*args, **kwargs):
        raise OperationalError("secret host is gone")

    monkeypatch.setattr("riskreport.ground.views.inbox.notices_for_user", away)
    answer = client.get(reverse("notices"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "没有丢失" in answer.content.decode()
    assert "secret host" not in answer.content.decode()


@pytest.mark.django_db
def test_what_breaks_is_a_page_and_no_trace(monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(factories.user(Role.OFFICE))
    monkeypatch.setattr("riskreport.ground.views.inbox.notices_for_user", lambda user: 1 / 0)
    answer = client.get(reverse("notices"))
    assert answer.status_code == 500
    assert "没有完成" in answer.content.decode()
    assert "ZeroDivision" not in answer.content.decode()


@pytest.mark.django_db
def test_missing_pages_look_alike_signed_in_or_not(client):
    assert client.get("/no/such/page/").status_code == 404
    client.force_login(factories.user(Role.OFFICE))
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert reverse("sign_out") in answer.content.decode()


@pytest.mark.django_db
def test_a_refusal_tells_the_reason(client):
    client.force_login(factories.user(Role.ENTERPRISE_USER, language="en"))
    answer = client.get(reverse("enterprises"))
    assert answer.status_code == 403
    assert "for the people of a department" in answer.content.decode()
