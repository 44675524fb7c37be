"""Notices once, request keys, the clock, cleaning, nudges that fail, the request's name."""

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from enterprises.enums import Role
from riskreport.ground import clock, tasks
from riskreport.ground.domain import notices as notices_module
from riskreport.ground.domain import nudge
from riskreport.ground.domain.cleaning import remove_expired
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.notices import notice_text, read_notices, register_notice, send_notice
from riskreport.ground.domain.request_keys import KeyReused, digest_of, earlier_answer, keep_answer
from riskreport.ground.models import ClockOffset, Delivery, Job, Notice, Pending, RequestKey
from riskreport.ground.models.job import JobState
from riskreport.ground.request import client_address
from tests import factories

pytestmark = pytest.mark.django_db
SUZHOU = ZoneInfo("Asia/Shanghai")
DAY = dt.datetime(2021, 12, 1, 23, 30, tzinfo=SUZHOU)


# --- notices --------------------------------------------------------------------------------------------------------
@pytest.fixture
def kind(monkeypatch):
    monkeypatch.setattr(notices_module, "_texts", {})
    register_notice("test.kind", gettext_lazy("%(name)s waits"))
    return "test.kind"


def test_a_notice_arrives_once_per_person_event_and_kind(kind):
    people = [factories.user().pk for _ in range(2)]
    event = record_event(kind="test", actor=None)
    for _ in range(2):
        assert send_notice(user_ids=[*people, people[0]], kind=kind, event=event, data={"name": "x"}, url="/a/") == 2
    assert sorted(Notice.objects.values_list("user_id", flat=True)) == sorted(people)
    other = record_event(kind="test", actor=None)
    send_notice(user_ids=people[:1], kind=kind, event=other, data={"name": "x"})
    assert Notice.objects.count() == 3


def test_a_kind_nobody_worded_is_refused(kind):
    with pytest.raises(KeyError):
        send_notice(user_ids=[factories.user().pk], kind="unknown", event=None, data={})


def test_a_notice_is_worded_from_its_data(kind):
    assert notice_text(Notice(kind=kind, data={"name": "第一颐养院"})).startswith("第一颐养院")


@pytest.mark.parametrize(("kind_of_it", "data"), [("gone", {}), ("test.kind", {}), ("test.kind", {"nome": "x"})])
def test_a_notice_that_cannot_be_worded_does_not_close_the_inbox(kind, kind_of_it, data):
    assert notice_text(Notice(kind=kind_of_it, data=data)) == kind_of_it


def test_reading_marks_ones_own_notices_only(kind):
    me, other = factories.user(), factories.user()
    for _ in range(2):
        send_notice(user_ids=[me.pk, other.pk], kind=kind, event=None, data={"name": "x"})
    mine = list(Notice.objects.filter(user=me).order_by("id"))
    theirs = Notice.objects.filter(user=other).first()
    assert read_notices(user=me, notice_ids=[mine[0].pk, theirs.pk]) == 1
    assert read_notices(user=me) == 1
    assert read_notices(user=me) == 0
    assert Notice.objects.filter(user=other, read_at=None).count() == 2


# --- request keys ---------------------------------------------------------------------------------------------------
def test_a_key_gives_the_earlier_answer_and_refuses_another_content():
    person = factories.user()
    digest = digest_of({"a": 1})
    assert earlier_answer(user=person, key="k", digest=digest, refusal="no") is None
    keep_answer(user=person, key="k", digest=digest, answer={"x": 1})
    assert earlier_answer(user=person, key="k", digest=digest, refusal="no") == {"x": 1}
    assert earlier_answer(user=factories.user(), key="k", digest=digest, refusal="no") is None
    with pytest.raises(KeyReused, match="no"):
        earlier_answer(user=person, key="k", digest=digest_of({"a": 2}), refusal="no")


def test_without_a_key_nothing_is_kept():
    person = factories.user()
    keep_answer(user=person, key="", digest="d", answer={})
    assert earlier_answer(user=person, key="", digest="d", refusal="no") is None
    assert not RequestKey.objects.exists()


def test_the_database_keeps_a_key_once():
    person = factories.user()
    keep_answer(user=person, key="k", digest="d", answer={})
    with pytest.raises(IntegrityError), transaction.atomic():
        keep_answer(user=person, key="k", digest="d", answer={})


def test_a_digest_does_not_depend_on_the_order_of_keys():
    assert digest_of({"a": 1, "b": "字"}) == digest_of({"b": "字", "a": 1})
    assert digest_of([1, 2]) != digest_of([2, 1])


# --- the clock ------------------------------------------------------------------------------------------------------
def test_the_day_is_the_citys_day(at):
    at(DAY)
    assert clock.today() == dt.date(2021, 12, 1)
    at(DAY + dt.timedelta(hours=1))
    assert clock.today() == dt.date(2021, 12, 2)


def test_a_day_ends_where_the_next_begins():
    assert clock.end_of(dt.date(2021, 12, 1)) == dt.datetime(2021, 12, 2, tzinfo=SUZHOU)


def test_asking_the_time_again_costs_no_query(django_assert_num_queries, at):
    at(DAY)
    clock.now()
    with django_assert_num_queries(0):
        clock.now()
        clock.today()


def test_the_clock_moves_only_in_the_demo_and_in_tests(settings):
    settings.CLOCK_MAY_MOVE, settings.DEMO = False, False
    ClockOffset.objects.create(seconds=1_000_000)
    clock.forget()
    with pytest.raises(ImproperlyConfigured):
        clock.set_offset(10)
    assert abs((clock.now() - timezone.now()).total_seconds()) < 5


def test_there_is_one_offset():
    clock.set_offset(5)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockOffset.objects.create(id=2, seconds=9)


# --- cleaning -------------------------------------------------------------------------------------------------------
def test_cleaning_removes_what_is_old_and_keeps_the_rest(settings, at, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    at(DAY)
    person, event = factories.user(), record_event(kind="test", actor=None)
    ages = {"old": clock.now() - dt.timedelta(days=400), "new": clock.now() - dt.timedelta(days=1)}
    for name, moment in ages.items():
        Session.objects.create(session_key=name, session_data="", expire_date=moment + dt.timedelta(days=5))
        RequestKey.objects.create(user=person, key=name, digest="d", created_at=moment)
        Pending.objects.create(event=event, reaction=name, queue="quick", due_at=moment, done_at=moment)
        Notice.objects.create(user=person, kind="k", created_at=moment, read_at=moment)
        sent = {"channel": "inbox", "outcome": "sent", "created_at": moment, "ended_at": moment}
        Delivery.objects.create(user=person, day=moment.date(), **sent)
        (tmp_path / name).write_text("rows")
        Job.objects.create(kind="k", state=JobState.DONE, created_at=moment, ended_at=moment, file=name)
    Notice.objects.create(user=person, kind="unread", created_at=ages["old"])
    Pending.objects.create(event=event, reaction="open", queue="quick", due_at=ages["old"])

    once = dict.fromkeys(("sessions", "request_keys", "reactions", "notices", "files", "deliveries"), 1)
    none = dict.fromkeys((*once, "staged_rows", "temporary", "unreferenced"), 0)
    assert remove_expired() == none | once
    assert remove_expired() == none
    assert sorted(path.name for path in Path(tmp_path).iterdir()) == ["new"]
    assert Notice.objects.filter(kind="unread").exists()
    assert Pending.objects.filter(reaction="open").exists()


def test_a_result_file_that_is_gone_already_does_not_stop_the_cleaning(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    old = clock.now() - dt.timedelta(days=30)
    Job.objects.create(kind="k", state=JobState.DONE, created_at=old, ended_at=old, file="gone.xlsx")
    assert remove_expired()["files"] == 1


def file_of(root, name, days, text="x"):
    """Write a file as old as that many days."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    moment = clock.now().timestamp() - days * 86_400
    os.utime(path, (moment, moment))
    return path


def test_uploads_that_no_record_names_are_cleaned_and_originals_never(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    filing = factories.filing()
    named = file_of(tmp_path, "attachments/2021/11/named.pdf", 400)
    row = factories.attachment(filing)
    row.path, row.removed_at = "attachments/2021/11/named.pdf", clock.now()
    row.save()
    gone = file_of(tmp_path, "attachments/2021/11/nobody.pdf", 31)
    young = file_of(tmp_path, "attachments/2021/11/young.pdf", 29)
    elsewhere = file_of(tmp_path, "somewhere/else.pdf", 400)
    assert remove_expired()["unreferenced"] == 1
    assert [path.exists() for path in (named, gone, young, elsewhere)] == [True, False, True, True]


def test_what_an_interrupted_upload_left_is_cleaned_after_a_day(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    old, young = file_of(tmp_path, "attachments/a.part", 2), file_of(tmp_path, "attachments/b.part", 0)
    whole = file_of(tmp_path, "imports/part.bin", 2)
    folder = file_of(tmp_path, "tmpabc/rows", 2).parent
    os.utime(folder, (0, 0))
    assert remove_expired()["temporary"] == 2
    assert [path.exists() for path in (old, young, whole, folder)] == [False, True, True, False]


# --- nudges and tasks -----------------------------------------------------------------------------------------------
def test_a_broker_that_is_away_is_forgiven_and_left_in_peace_for_a_while(monkeypatch, caplog):
    monkeypatch.undo()
    tries = []

    def fail(*args, **options):
        tries.append(args)
        raise ConnectionError

    monkeypatch.setattr(nudge.current_app, "send_task", fail)
    monkeypatch.setitem(nudge._silent, "until", -1.0)
    nudge.nudge_job(1, "bulk")
    nudge.nudge_reactions("quick")
    assert len(tries) == 1
    assert caplog.text.count("beat will pick it up") == 1
    monkeypatch.setitem(nudge._silent, "until", -1.0)
    nudge.nudge_reactions("quick")
    assert len(tries) == 2


def test_a_full_batch_asks_for_another_turn(monkeypatch, nudges):
    monkeypatch.setattr(tasks.events, "run_due_reactions", lambda queue, limit: limit)
    tasks.run_reactions("quick")
    assert nudges == [("ground.run_reactions", "quick", ["quick"])]


def test_the_tasks_do_their_one_thing(nudges):
    tasks.run_reactions("quick")
    tasks.run_job(0)
    tasks.sweep_jobs()
    assert nudges == []


def test_the_tasks_go_by_the_names_that_beat_and_the_nudges_use(settings):
    from celery import current_app

    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled | {"ground.run_job"} <= set(current_app.tasks)


def test_an_operator_is_a_person_without_scope():
    assert factories.user(Role.OPERATOR).is_official


@pytest.mark.parametrize(
    ("behind", "forwarded", "address"),
    [
        (False, "10.9.9.9", "127.0.0.1"),
        (True, "10.9.9.9", "10.9.9.9"),
        (True, "1.2.3.4, 10.9.9.9", "10.9.9.9"),
        (True, "nonsense", "127.0.0.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_where_a_request_comes_from_is_what_our_own_proxy_saw(rf, settings, behind, forwarded, address):
    settings.BEHIND_PROXY = behind
    assert client_address(rf.get("/", headers={"X-Forwarded-For": forwarded})) == address
