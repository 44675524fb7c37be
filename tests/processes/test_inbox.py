"""A report handed in through the web server reaches the inbox of the department, whatever happens to the broker."""

import http.client
import time
import urllib.parse
import uuid

import pytest
from django.test import Client

from enterprises.enums import Role
from review.enums import FilingState
from riskreport.ground.models import Notice
from tests import factories

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
NO_BROKER = {"REDIS_URL": "redis://127.0.0.1:1/0"}
CSRF = "c" * 32


@pytest.fixture
def filing():
    row = factories.filing(FilingState.DRAFTING)
    factories.user(Role.REVIEWER, of=row.department)
    return row


def hand_in(address: str, filing) -> float:
    """Hand the report in as its enterprise's person; return by how many seconds that took longer than another request.

    The other one, before, warms the web server and tells how slow the machine is just now.
    """
    browser = Client()
    browser.force_login(factories.writer_of(filing))
    form = {"csrfmiddlewaretoken": CSRF, "key": str(uuid.uuid4()), "seen_version": filing.version}
    headers = {
        "Cookie": f"sessionid={browser.cookies['sessionid'].value}; csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=20)
    moments = [time.monotonic()]
    for method, path in (("GET", "attach/"), ("POST", "move/submit/")):
        connection.request(method, f"/filings/{filing.pk}/{path}", urllib.parse.urlencode(form), headers)
        response = connection.getresponse()
        body = response.read()
        moments.append(time.monotonic())
        assert response.status == 302, body
    filing.refresh_from_db()
    assert filing.state == FilingState.SUBMITTED
    began, warm, handed_in = moments
    return (handed_in - warm) - (warm - began)


def arrived() -> int:
    return Notice.objects.filter(kind="report.to_review").count()


def test_a_report_handed_in_reaches_the_inbox(web, start_worker, eventually, filing):
    start_worker("quick")
    hand_in(web(), filing)
    eventually(lambda: arrived() == 1, patience=5)
    time.sleep(1)
    assert arrived() == 1


def test_with_the_broker_down_the_person_is_answered_at_once_and_beat_brings_it(
    web, start_worker, beat, eventually, filing
):
    start_worker("quick")
    longer = hand_in(web(**NO_BROKER), filing)
    assert longer < 4
    time.sleep(2)
    assert arrived() == 0, "the control: nobody has told the worker"
    beat()
    eventually(lambda: arrived() == 1)
