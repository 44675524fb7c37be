"""The operator's page of digests, the person's own line, the switch of mails."""

import datetime as dt

import pytest
from django.urls import reverse

from riskreport.ground import clock
from riskreport.ground.models import Delivery, Notice
from riskreport.ground.models.reminder import Channel, DeliveryOutcome
from tests import factories

pytestmark = pytest.mark.django_db


def delivery(person, channel=Channel.MAIL, outcome=DeliveryOutcome.PARKED, **fields) -> Delivery:
    moment = clock.now()
    ended = {"due_at": moment} if outcome == DeliveryOutcome.WAITING else {"ended_at": moment}
    row = {"user": person, "day": clock.today(), "channel": channel, "outcome": outcome, "created_at": moment}
    return Delivery.objects.create(**(row | ended | fields))


@pytest.fixture
def operator(client):
    person = factories.user("operator", language="en")
    client.force_login(person)
    return person


def test_the_operator_sees_numbers_and_kinds_of_errors_and_no_names(client, operator):
    person = factories.user(email="zhou@example.com", name="周敏")
    delivery(person, tries=5, error="SMTPRecipientsRefused")
    delivery(person, Channel.INBOX, DeliveryOutcome.SENT)
    page = client.get(reverse("deliveries")).content.decode()
    assert "SMTPRecipientsRefused" in page
    for hidden in (person.name, person.email, person.account, person.enterprise.name):
        assert hidden not in page


def test_mails_given_up_are_tried_again_and_a_second_click_says_so(client, operator):
    row = delivery(factories.user())
    answers = [client.post(reverse("deliveries_release"), follow=True).content.decode() for _ in range(2)]
    assert "1 mails are tried again" in answers[0]
    assert "being tried again already" in answers[1]
    row.refresh_from_db()
    assert (row.outcome, row.tries) == (DeliveryOutcome.WAITING, 0)


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_as_often_for_three_mails_as_for_one(client, operator, many, django_assert_num_queries):
    for _ in range(many):
        delivery(factories.user())
    with django_assert_num_queries(9):
        client.get(reverse("deliveries"))


def test_the_inbox_says_how_the_last_digest_came(client):
    person = factories.user(language="en")
    client.force_login(person)
    address = reverse("notices")
    assert "Your last reminders" not in client.get(address).content.decode()
    delivery(person, Channel.INBOX, DeliveryOutcome.SENT, day=clock.today() - dt.timedelta(days=1))
    delivery(person, Channel.INBOX, DeliveryOutcome.SENT)
    delivery(person, Channel.MAIL, DeliveryOutcome.WAITING)
    page = client.get(address).content.decode()
    assert f"Your last reminders of {clock.today()}" in page
    assert "Mail · Waiting" in page


def test_a_line_of_a_digest_leads_where_it_points_and_marks_it_read(client):
    person = factories.user(language="en")
    client.force_login(person)
    lines = [
        {"source": "report.due", "count": 4, "url": "/filings/"},
        {"source": "catalogue.todo", "count": 4, "url": "https://elsewhere.example/"},
    ]
    data = {"day": "2022-03-01", "count": 8, "lines": lines}
    row = Notice.objects.create(user=person, kind="reminders", data=data, created_at=clock.now())
    page = client.get(reverse("notices")).content.decode()
    assert "4 reports that you write come due" in page
    address = reverse("notice_open", args=[row.pk])
    opened = {line: client.post(address, {"line": line}).url for line in ("0", "1", "2", "²")}
    assert opened == {"0": "/filings/", "1": "/notices/", "2": "/notices/", "²": "/notices/"}
    row.refresh_from_db()
    assert row.read_at is not None


@pytest.mark.parametrize("mail_on", [True, False])
def test_a_person_switches_mails_off_where_there_are_any(client, settings, mail_on):
    settings.MAIL_ON = mail_on
    person = factories.user()
    client.force_login(person)
    sent = {"what": "details", "name": person.name, "post": "", "phone": "", "email": "zhou@example.com"}
    assert client.post(reverse("account"), sent).status_code == 302  # an unticked box is not sent
    person.refresh_from_db()
    assert person.wants_mail == (not mail_on)
    assert ('name="wants_mail"' in client.get(reverse("account")).content.decode()) == mail_on
