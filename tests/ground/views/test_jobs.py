"""Jobs belong to who started them."""

import pytest
from django.urls import reverse

from enterprises.enums import Role
from riskreport.ground import clock
from riskreport.ground.models import Job
from riskreport.ground.models.job import JobState
from tests import factories

pytestmark = pytest.mark.django_db


def job(owner, **fields) -> Job:
    given = {"kind": "export_sheet", "title": "导出的清单", "owner": owner, "created_at": clock.now()}
    return Job.objects.create(**given | fields)


def finished(owner, **fields) -> Job:
    return job(owner, **{"state": JobState.DONE, "ended_at": clock.now(), "result": {"rows": 3}} | fields)


@pytest.mark.parametrize("name", ["job", "job_file"])
def test_another_persons_job_is_like_a_missing_one(client, settings, tmp_path, name):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.xlsx").write_text("secret")
    mine, other = factories.user(Role.OFFICE), factories.user(Role.OFFICE)
    found = finished(mine, file="a.xlsx", file_name="底数清单.xlsx")
    client.force_login(other)
    assert client.get(reverse(name, args=[found.pk])).status_code == 404
    assert client.get(reverse(name, args=[found.pk + 999])).status_code == 404
    client.force_login(mine)
    assert client.get(reverse(name, args=[found.pk])).status_code == 200


@pytest.mark.parametrize("file", ["", "gone.xlsx", "../outside.xlsx", "/etc/passwd"])
def test_a_file_that_is_not_there_or_not_ours_is_missing(client, settings, tmp_path, file):
    settings.MEDIA_ROOT = tmp_path / "files"
    (tmp_path / "outside.xlsx").write_text("secret")
    mine = factories.user(Role.OFFICE)
    client.force_login(mine)
    assert client.get(reverse("job_file", args=[finished(mine, file=file).pk])).status_code == 404


def test_what_broke_is_not_told_word_for_word(client):
    mine = factories.user(Role.OFFICE)
    client.force_login(mine)
    broken = job(mine, state=JobState.FAILED, ended_at=clock.now(), tries=5, error="KeyError: secret")
    refused = job(mine, state=JobState.FAILED, ended_at=clock.now(), tries=1, error="这份清单不再对您开放。")
    assert "secret" not in client.get(reverse("job", args=[broken.pk])).content.decode()
    assert "这份清单不再对您开放。" in client.get(reverse("job", args=[refused.pk])).content.decode()


def test_polling_does_not_extend_the_session(client, at):
    mine = factories.user(Role.OFFICE)
    running = job(mine)
    client.force_login(mine)
    start = clock.now()
    client.get(reverse("job", args=[running.pk]))
    seen = client.session["seen_at"]
    at(start + clock.dt.timedelta(minutes=10))
    client.get(reverse("job", args=[running.pk]), headers={"X-Poll": "1", "HX-Request": "true"})
    assert client.session["seen_at"] == seen
    client.get(reverse("job", args=[running.pk]))
    assert client.session["seen_at"] > seen


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_jobs_asks_as_often_for_three_as_for_one(client, django_assert_num_queries, count):
    mine = factories.user(Role.OFFICE)
    for _number in range(count):
        finished(mine, file="a.xlsx")
    finished(factories.user(Role.OFFICE), title="not mine")
    client.force_login(mine)
    client.get(reverse("jobs"))
    with django_assert_num_queries(4):
        page = client.get(reverse("jobs"))
    assert page.content.decode().count("导出的清单") == count
    assert "not mine" not in page.content.decode()
