"""Notices folded into one line, and one mail a night that tells how many there are."""

import datetime as dt

import pytest

from enterprises.models import User
from riskreport.ground import clock
from riskreport.ground.domain.digests import fold_notices, write_digests
from riskreport.ground.domain.jobs import run_job, start_job
from riskreport.ground.domain.mailing import send_mails
from riskreport.ground.models import Delivery, Job, Notice
from tests import factories

pytestmark = pytest.mark.django_db
NIGHT = dt.date(2022, 3, 1)


@pytest.fixture
def person():
    return factories.user(email="zhou@example.com", language="en")


def notice(person, *, kind="report.returned", url="/filings/7/", **fields) -> Notice:
    return Notice.objects.create(user=person, kind=kind, url=url, created_at=clock.now(), **fields)


def test_unread_notices_of_one_kind_about_one_thing_become_one_line(person):
    other = factories.user()
    old, new = notice(person), notice(person)
    alone = [notice(person, url="/filings/8/"), notice(person, kind="report.approved"), notice(other)]
    read = notice(person, read_at=clock.now())
    assert fold_notices() == 1
    kept = {row.pk: (row.times, row.read_at is None) for row in Notice.objects.all()}
    assert kept == {old.pk: (0, False), new.pk: (2, True), read.pk: (1, False)} | {row.pk: (1, True) for row in alone}


def test_folding_again_changes_nothing_and_what_comes_later_counts_on(person):
    for _ in range(3):
        notice(person)
    assert [fold_notices(), fold_notices()] == [2, 0]
    last = notice(person)
    fold_notices()
    last.refresh_from_db()
    assert last.times == 4
    assert Notice.objects.filter(read_at=None).count() == 1


def test_notices_that_lead_nowhere_are_never_folded(person):
    notice(person, url=""), notice(person, url="")
    assert fold_notices() == 0


@pytest.mark.parametrize("many", [1, 3])
def test_folding_asks_as_often_for_three_people_as_for_one(many, django_assert_num_queries):
    for _ in range(many):
        someone = factories.user()
        notice(someone), notice(someone)
    with django_assert_num_queries(7):
        assert fold_notices() == many


def test_the_inbox_says_how_many_stand_behind_a_line(client, person):
    notice(person, data={}), notice(person, data={})
    fold_notices()
    client.force_login(person)
    page = client.get("/notices/").content.decode()
    assert page.count("2 notices about this") == 1
    assert page.count("rr-notice-time") == 1


def test_a_mail_a_night_says_how_many_and_never_what(person, mailoutbox, settings):
    settings.SITE_URL = "https://anquan.example.cn"
    notice(person, data={"enterprise": "花桥颐养院"})
    assert [write_digests(on=NIGHT), write_digests(on=NIGHT)] == [1, 0]
    assert [send_mails(), send_mails()] == [1, 0]
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["zhou@example.com"], "1 unread notices in the safety-risk reporting system")
    assert "https://anquan.example.cn" in mail.body
    assert "花桥" not in mail.subject + mail.body


def test_nobody_is_mailed_twice_about_the_same_notices(person, mailoutbox):
    notice(person)
    write_digests(on=NIGHT)
    send_mails()
    assert write_digests(on=NIGHT + dt.timedelta(days=1)) == 0
    notice(person, url="/filings/9/")
    assert write_digests(on=NIGHT + dt.timedelta(days=2)) == 1
    send_mails()
    assert [mail.subject.split()[0] for mail in mailoutbox] == ["1", "2"]
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("fields", [{"email": ""}, {"is_active": False}, {"wants_mail": False}])
def test_without_address_account_or_wish_no_mail_is_written(person, fields):
    User.objects.filter(pk=person.pk).update(**fields)
    notice(person)
    assert write_digests(on=NIGHT) == 0


@pytest.mark.parametrize(("mail_on", "sent"), [(True, 1), (False, 0)])
def test_the_night_mails_only_when_mail_is_set_up(person, settings, mailoutbox, mail_on, sent):
    settings.MAIL_ON = mail_on
    notice(person)
    job = start_job(kind="night.digest", owner=None, params={"night": NIGHT.isoformat()})
    run_job(job_id=job.pk)
    assert Job.objects.get().state == "done"
    assert len(mailoutbox) == sent
