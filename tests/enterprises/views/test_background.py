"""The operator's page: what stopped, let go again, and no business data."""

import pytest
from django.db import transaction
from django.urls import reverse

from enterprises.enums import Role
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import Event, Job, Pending
from riskreport.ground.models.job import JobState
from tests import factories

pytestmark = pytest.mark.django_db


def parked() -> Pending:
    with transaction.atomic():
        event = record_event(kind="tried", actor=None, data={"name": "花桥颐养院"})
    return Pending.objects.create(
        event=event,
        reaction=f"tried.{Pending.objects.count()}",
        queue="quick",
        due_at=clock.now(),
        tries=5,
        parked_at=clock.now(),
        error="IntegrityError: 花桥颐养院 stands twice",
    )


def failed(**fields) -> Job:
    given = {
        "kind": "export_sheet",
        "title": "花桥颐养院",
        "state": JobState.FAILED,
        "tries": 5,
        "error": "OSError: 花桥",
    }
    return Job.objects.create(created_at=clock.now(), ended_at=clock.now(), **given | fields)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR}))
def test_only_the_operator_opens_it(client, role):
    client.force_login(factories.user(role))
    row = parked()
    assert client.get(reverse("background")).status_code == 403
    assert client.post(reverse("release_reaction", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert row.parked_at is not None


def test_it_shows_what_stopped_without_business_data(client):
    client.force_login(factories.user(Role.OPERATOR))
    parked(), failed(), failed(error="这个单位不在辖区内。")
    page = client.get(reverse("background")).content.decode()
    assert "IntegrityError" in page
    assert "OSError" in page
    assert "花桥" not in page
    assert "这个单位" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_as_often_for_three_as_for_one(client, django_assert_num_queries, count):
    client.force_login(factories.user(Role.OPERATOR))
    for _number in range(count):
        parked(), failed(), night()
    client.get(reverse("background"))
    with django_assert_num_queries(6):
        client.get(reverse("background"))


def test_a_parked_reaction_is_let_go_once(client):
    client.force_login(factories.user(Role.OPERATOR))
    row = parked()
    assert client.get(reverse("release_reaction", args=[row.pk])).status_code == 405
    assert client.post(reverse("release_reaction", args=[row.pk])).url == reverse("background")
    row.refresh_from_db()
    assert (row.parked_at, row.tries) == (None, 0)
    assert client.post(reverse("release_reaction", args=[row.pk])).status_code == 404
    assert Event.objects.filter(kind="reaction.released").count() == 1


def night(**fields) -> Job:
    given = {"kind": "night.clean", "state": JobState.DONE, "ended_at": clock.now(), "started_at": clock.now()}
    return Job.objects.create(owner=None, params={}, created_at=clock.now(), **given | fields)


def test_the_last_night_is_shown_with_its_figures(client):
    client.force_login(factories.user(Role.OPERATOR, language="en"))
    night(result={"files": 31_415})
    night(result={"files": 7, "temporary": 0})
    night(kind="night.sweep", result={"nudged": 0})
    page = client.get(reverse("background")).content.decode()
    assert "result files <strong>7</strong>" in page
    assert "31415" not in page
    assert "temporary files" not in page
    assert "Nothing to do" in page
    assert "does not agree" not in page


def test_what_does_not_agree_is_said(client):
    client.force_login(factories.user(Role.OPERATOR, language="en"))
    night(kind="night.proof", result={"differs": 2, "filings": 5})
    page = client.get(reverse("background")).content.decode()
    assert "does not agree" in page
    assert "differences <strong>2</strong>" in page
    assert "Everything runs" not in page
