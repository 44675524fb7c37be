"""Accounts of units as the keeper sees them: lists, issuing, letters, one account."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from enterprises import jobs
from enterprises.domain.issuing import LETTERS_KEPT
from enterprises.enums import Role
from enterprises.models import FirstUse, LetterBatch, User
from riskreport.ground import clock
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.models import Event, Job
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client, settings, tmp_path, monkeypatch):
    """A keeper who is signed in; the letters are not typeset."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(jobs, "letters_pdf", lambda **_: b"%PDF-letters")
    person = factories.user(Role.KEEPER)
    client.force_login(person)
    return person


def names(page) -> list[str]:
    return sorted(str(row) for row in page.context["list"].page.rows)


def issue(client, sheet="units_to_issue", *, query="", which="all", pick=()) -> LetterBatch:
    sent = {"sheet": sheet, "query": query, "which": which, "pick": list(pick)}
    answer = client.post(reverse("issue_letters"), sent)
    batch = LetterBatch.objects.latest("id")
    assert answer.url == reverse("letters", args=[batch.pk])
    run_job(job_id=batch.job_id)
    batch.refresh_from_db()
    return batch


def test_the_list_of_units_without_an_account_keeps_to_scope_and_roster(client, keeper):
    fresh = factories.enterprise(name="昆山甲养老院")
    served = factories.enterprise(name="昆山乙养老院")
    factories.user(Role.ENTERPRISE_ADMIN, of=served)
    factories.enterprise(name="张家港养老院", town=factories.YANGSHE)
    factories.enterprise(name="昆山寺院", category_code="1501")
    assert names(client.get(reverse("units_to_issue"))) == [fresh.name]
    assert names(client.get(reverse("unit_accounts"))) == [str(served.people.get())]
    assert client.get(reverse("unit_accounts")).context["without"] == 1


def test_issuing_leads_to_progress_and_then_to_the_letters(client, keeper):
    units = [factories.enterprise() for _ in range(2)]
    answer = client.post(reverse("issue_letters"), {"sheet": "units_to_issue", "which": "all", "query": ""})
    batch = LetterBatch.objects.get()
    page = client.get(answer.url).content.decode()
    assert 'hx-trigger="every 1s"' in page
    run_job(job_id=batch.job_id)
    page = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in page
    assert reverse("letters_file", args=[batch.pk]) in page
    fetched = client.post(reverse("letters_file", args=[batch.pk]))
    assert b"".join(fetched.streaming_content) == b"%PDF-letters"
    assert Event.objects.get(kind="accounts.letters_fetched").data == {"letters": 2}
    assert Job.objects.get().params["address"] == "http://testserver" + reverse("first_sign_in")
    assert User.objects.filter(enterprise__in=units).count() == 2


def test_letters_are_gone_after_a_day(client, keeper, at):
    factories.enterprise()
    batch = issue(client)
    at(clock.now() + LETTERS_KEPT + dt.timedelta(minutes=1))
    assert Path(settings.MEDIA_ROOT, batch.file).exists()
    client.force_login(keeper)
    assert client.post(reverse("letters_file", args=[batch.pk])).status_code == 302
    assert not Event.objects.filter(kind="accounts.letters_fetched").exists()


def test_only_the_ticked_get_one(client, keeper):
    units = [factories.enterprise() for _ in range(3)]
    issue(client, which="picked", pick=[units[1].pk])
    assert User.objects.get(role=Role.ENTERPRISE_ADMIN).enterprise == units[1]
    answer = client.post(reverse("issue_letters"), {"sheet": "units_to_issue", "which": "picked"})
    assert answer.url == reverse("units_to_issue")
    assert LetterBatch.objects.count() == 1


def test_issuing_again_is_for_those_who_never_signed_in(client, keeper):
    factories.enterprise()
    batch = issue(client)
    before = FirstUse.objects.get().digest
    again = issue(client, "unit_accounts", query=f"batch={batch.pk}&state=waiting")
    assert (again.again, again.made) == (True, 1)
    assert FirstUse.objects.get().digest != before
    User.objects.filter(role=Role.ENTERPRISE_ADMIN).update(last_login=clock.now())
    assert client.post(reverse("issue_letters"), {"sheet": "unit_accounts", "which": "all"}).url == reverse(
        "unit_accounts"
    )


def test_a_sheet_that_is_not_offered_is_not_there(client, keeper):
    assert client.post(reverse("issue_letters"), {"sheet": "enterprises"}).status_code == 404
    assert client.post(reverse("issue_letters"), {"sheet": "people"}).status_code == 403


def test_one_account_a_new_code_and_another_administrator(client, keeper):
    person = factories.user(Role.ENTERPRISE_ADMIN)
    page = client.post(reverse("unit_account_code", args=[person.pk]))
    assert FirstUse.objects.get(user=person).matches(page.context["code"].replace("-", ""))
    assert page["Cache-Control"].startswith("max-age=0")
    page = client.post(reverse("unit_account_replace", args=[person.pk]))
    assert not User.objects.get(pk=person.pk).is_active
    assert page.context["person"].enterprise == person.enterprise
    assert page.context["person"].pk != person.pk


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("units_to_issue", 10), ("unit_accounts", 12), ("people", 7)])
def test_lists_cost_the_same_for_one_row_and_for_three(client, name, queries, count, django_assert_num_queries):
    person = factories.user(Role.KEEPER, is_chief=name == "people")
    for number in range(count):
        unit = factories.enterprise(name=f"单位{number}")
        if name == "unit_accounts":
            factories.first_code(factories.user(Role.ENTERPRISE_ADMIN, of=unit))
        elif name == "people" and number:
            factories.first_code(factories.user(Role.REVIEWER))
    client.force_login(person)
    client.get(reverse(name))  # the session notes its first use
    with django_assert_num_queries(queries):
        assert len(client.get(reverse(name)).context["list"].page.rows) == count
