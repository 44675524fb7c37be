"""The office's page of the days of reminders."""

import pytest
from django.urls import reverse

from riskreport.ground.domain.reminding import days_in_force, set_days
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    person = factories.user("office", language="en")
    client.force_login(person)
    return person


def sent(**days) -> dict[str, str]:
    lines = {name.replace(".", "-"): ", ".join(map(str, numbers)) for name, numbers in days_in_force().items()}
    return lines | {"version": "0"} | {name.replace("_", "-"): text for name, text in days.items()}


def test_the_page_shows_the_days_in_force_and_where_they_come_from(client, office):
    page = client.get(reverse("reminder_days")).content.decode()
    assert 'value="30, 15, 7, 3, 1"' in page
    assert page.count("示例口径") >= len(days_in_force())


def test_days_are_set_however_they_are_written(client, office):
    answer = client.post(reverse("reminder_days"), sent(report_due="20，10、 5", visit_near=""))
    assert answer.status_code == 302
    assert (days_in_force()["report.due"], days_in_force()["visit.near"]) == ((20, 10, 5), ())
    assert 'value="20, 10, 5"' in client.get(reverse("reminder_days")).content.decode()


@pytest.mark.parametrize("text", ["0", "366", "-1", "1.5", "x", "9" * 30, "²", "1 2 3 4 5 6 7 8 9"])
def test_what_are_no_days_is_refused_at_its_line(client, office, text):
    answer = client.post(reverse("reminder_days"), sent(report_due=text))
    assert answer.status_code == 422
    assert "Write at most 8 whole numbers" in answer.content.decode()
    assert days_in_force()["report.due"] == (30, 15, 7, 3, 1)


def test_who_saw_older_days_is_told_so(client, office):
    set_days(user=office, days={"report.due": [9]}, seen_version=0)
    answer = client.post(reverse("reminder_days"), sent(report_due="8"))
    assert answer.status_code == 422
    assert "Somebody else has changed the days meanwhile" in answer.content.decode()
