"""Reminders: told once ever, made up once after missed nights, asked again when told, by inbox and by mail."""

import datetime as dt
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest

from enterprises.models import User
from riskreport.ground import clock, reminders
from riskreport.ground.access import Refused
from riskreport.ground.domain import mailing
from riskreport.ground.domain.mailing import release_parked_mails, send_mails
from riskreport.ground.domain.notices import notice_text
from riskreport.ground.domain.reminding import days_in_force, line_text, note_due, set_days, tell_due
from riskreport.ground.models import Delivery, Event, Notice, Reminder
from riskreport.ground.models.reminder import Channel, DeliveryOutcome
from riskreport.ground.reminders import Ask, Due, after, before, every, reminder
from tests import factories

pytestmark = pytest.mark.django_db
DUE = dt.date(2022, 3, 31)
SUZHOU = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def person():
    return factories.user(email="zhou@example.com", language="en")


@pytest.fixture
def open_now(monkeypatch, person):
    """One source whose objects are due for a person until taken out: {object: (person's key, day)}."""
    monkeypatch.setattr(reminders, "_sources", {})
    what: dict[int, tuple[int, dt.date]] = {1: (person.pk, DUE)}

    @reminder(
        "test.due",
        title="Test",
        counts="days",
        days=(30, 15, 7),
        one="Report %(number)s is due on %(day)s.",
        many="%(count)s reports are due.",
        many_url="jobs",
    )
    def due(ask: Ask):
        for number, (user_id, day) in sorted(what.items()):
            if (ask.objects is None or number in ask.objects) and (step := before(day, ask)):
                yield Due(user_id, number, step, {"number": number, "day": str(day)}, f"/filings/{number}/")

    return what


@pytest.fixture
def mail_on(settings):
    settings.MAIL_ON, settings.SITE_URL = True, "https://anquan.example.cn"


def night(at, day: dt.date) -> list[str]:
    """Let a night pass and return the lines that came into inboxes."""
    at(dt.datetime.combine(day, dt.time(3), SUZHOU))
    known = set(Notice.objects.values_list("pk", flat=True))
    note_due(on=day)
    tell_due(on=day)
    return [line_text(line) for row in Notice.objects.exclude(pk__in=known) for line in row.data["lines"]]


def days_before(count: int) -> dt.date:
    return DUE - dt.timedelta(days=count)


# --- steps ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("left", "step"), [(31, ""), (30, "-30"), (16, "-30"), (15, "-15"), (8, "-15"), (7, "-7"), (0, "-7"), (-1, "")]
)
def test_the_step_before_a_day_is_the_last_one_reached(left, step):
    assert before(DUE, Ask(days_before(left), (30, 15, 7))) == (step and f"{DUE} {step}")


def test_a_step_whose_day_was_before_the_object_is_none():
    assert before(DUE, Ask(days_before(20), (30, 15)), since=days_before(20)) == ""
    assert before(DUE, Ask(days_before(20), (30, 15)), since=days_before(30)) == f"{DUE} -30"


@pytest.mark.parametrize(("gone", "step"), [(2, ""), (3, "+3"), (6, "+3"), (7, "+7"), (90, "+7")])
def test_the_step_after_a_day(gone, step):
    assert after(DUE, Ask(DUE + dt.timedelta(days=gone), (3, 7))) == (step and f"{DUE} {step}")
    assert after(DUE, Ask(DUE, (3, 7)), passed=gone) == (step and f"{DUE} {step}")


@pytest.mark.parametrize(("gone", "step"), [(0, ""), (1, "+1"), (7, "+1"), (8, "+8"), (14, "+8"), (15, "+15")])
def test_every_so_many_days_after_a_day(gone, step):
    assert every(DUE, Ask(DUE + dt.timedelta(days=gone), (7,))) == (step and f"{DUE} {step}")


# --- noting and telling -----------------------------------------------------------------------------------------------
def test_each_step_is_told_once_ever(open_now, at):
    told = {left: night(at, days_before(left)) for left in (31, 30, 29, 15, 14, 7, 6, 0)}
    assert {left for left, lines in told.items() if lines} == {30, 15, 7}
    assert told[30] == ["Report 1 is due on 2022-03-31."]
    assert night(at, days_before(15)) == []  # a clock that was moved back tells nothing again


def test_missed_nights_are_made_up_once_with_the_last_step_alone(open_now, at):
    assert len(night(at, days_before(5))) == 1
    assert night(at, days_before(4)) == []
    assert Reminder.objects.get().step == f"{DUE} -7"


def test_what_was_noted_and_overtaken_by_a_later_step_is_told_once(open_now, at):
    note_due(on=days_before(15))  # and the worker was killed
    assert len(night(at, days_before(7))) == 1
    assert [row.step for row in Reminder.objects.all()] == [f"{DUE} -7"]


def test_a_day_that_was_put_off_is_reminded_of_anew(open_now, person, at):
    night(at, days_before(7))
    open_now[1] = (person.pk, DUE + dt.timedelta(days=1))
    assert night(at, days_before(6)) == ["Report 1 is due on 2022-04-01."]


def test_what_is_done_between_noting_and_telling_is_not_told(open_now, at):
    note_due(on=days_before(7))
    open_now.clear()
    told = tell_due(on=days_before(7))
    assert (told.people, told.reminders, told.settled) == (0, 0, 1)
    assert not Notice.objects.exists()


def test_what_passes_on_is_told_to_who_has_it_now(open_now, at):
    heir = factories.user()
    note_due(on=days_before(7))
    open_now[1] = (heir.pk, DUE)
    night(at, days_before(7))
    assert [row.user_id for row in Notice.objects.all()] == [heir.pk]
    assert [row.user_id for row in Reminder.objects.all()] == [heir.pk]


def test_what_is_settled_and_comes_back_is_told_after_all(open_now, person, at):
    note_due(on=days_before(7))
    kept = dict(open_now)
    open_now.clear()
    tell_due(on=days_before(7))
    open_now.update(kept)
    assert len(night(at, days_before(6))) == 1


def test_there_is_one_digest_a_person_and_day(open_now, person, at):
    open_now[2] = (person.pk, DUE)
    assert len(night(at, days_before(7))) == 2
    open_now[3] = (person.pk, DUE)
    assert night(at, days_before(7)) == []
    assert night(at, days_before(6)) == ["Report 3 is due on 2022-03-31."]
    assert Delivery.objects.filter(channel=Channel.INBOX, outcome=DeliveryOutcome.SENT).count() == 2


def test_more_than_three_of_a_source_become_one_line(open_now, person, at):
    open_now.update(dict.fromkeys(range(1, 5), (person.pk, DUE)))
    assert night(at, days_before(7)) == ["4 reports are due."]
    row = Notice.objects.get()
    assert notice_text(row) == "2022-03-24 的提醒：有 4 件事等您办理。"
    assert row.data["lines"][0]["url"] == "/jobs/"


def test_a_worker_killed_between_two_people_tells_nobody_twice(open_now, person, monkeypatch):
    monkeypatch.setattr("riskreport.ground.domain.reminding.PEOPLE", 1)
    other = factories.user()
    open_now[2] = (other.pk, DUE)

    def killed():
        raise RuntimeError

    note_due(on=days_before(7))
    with pytest.raises(RuntimeError):
        tell_due(on=days_before(7), alive=killed)
    assert Notice.objects.count() == 1
    tell_due(on=days_before(7))
    assert sorted(Notice.objects.values_list("user_id", flat=True)) == [person.pk, other.pk]


@pytest.mark.parametrize("many", [1, 3])
def test_telling_asks_as_often_for_three_people_as_for_one(open_now, many, django_assert_num_queries):
    open_now.update({number: (factories.user().pk, DUE) for number in range(1, many + 1)})
    note_due(on=days_before(7))
    with django_assert_num_queries(10):
        assert tell_due(on=days_before(7)).people == many


# --- the office's days ------------------------------------------------------------------------------------------------
def test_the_office_sets_the_days_and_none_ends_it(open_now, at):
    office = factories.user("office")
    assert set_days(user=office, days={"test.due": [10]}, seen_version=0) == 1
    assert days_in_force() == {"test.due": (10,)}
    assert night(at, days_before(15)) == []
    assert len(night(at, days_before(10))) == 1
    set_days(user=office, days={"test.due": []}, seen_version=1)
    open_now[2] = open_now[1]
    assert night(at, days_before(5)) == []
    event = Event.objects.filter(kind="reminders.days_set").first()
    assert event.data == {"old": {"test.due": [30, 15, 7]}, "new": {"test.due": [10]}}


def test_the_same_days_change_nothing_and_stale_ones_are_refused(open_now):
    office = factories.user("office")
    assert set_days(user=office, days={"test.due": [30, 15, 7]}, seen_version=0) == 0
    set_days(user=office, days={"test.due": [9]}, seen_version=0)
    with pytest.raises(Refused):
        set_days(user=office, days={"test.due": [8]}, seen_version=0)
    assert set_days(user=office, days={"test.due": [9]}, seen_version=0) == 1  # sent twice
    assert Event.objects.filter(kind="reminders.days_set").count() == 1


# --- mails ------------------------------------------------------------------------------------------------------------
def test_a_mail_lists_the_reminders_with_their_links(open_now, mail_on, at, mailoutbox):
    night(at, days_before(7))
    assert [send_mails(), send_mails()] == [1, 0]
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["zhou@example.com"], "1 reminders of the safety-risk reporting system")
    assert "· Report 1 is due on 2022-03-31.\n  https://anquan.example.cn/filings/1/" in mail.body
    assert Delivery.objects.get(channel=Channel.MAIL).outcome == DeliveryOutcome.SENT


def test_a_mail_does_not_tell_what_was_done_meanwhile(open_now, mail_on, person, at, mailoutbox):
    open_now[2] = (person.pk, DUE)
    night(at, days_before(7))
    del open_now[1]
    send_mails()
    assert "Report 1" not in mailoutbox[0].body
    assert "Report 2" in mailoutbox[0].body


def test_a_mail_with_nothing_left_to_say_ends_unsent(open_now, mail_on, at, mailoutbox):
    night(at, days_before(7))
    open_now.clear()
    Notice.objects.update(read_at=clock.now())
    assert send_mails() == 0
    assert not mailoutbox
    assert Delivery.objects.get(channel=Channel.MAIL).outcome == DeliveryOutcome.NOTHING_LEFT


@pytest.mark.parametrize("fields", [{"email": ""}, {"wants_mail": False}])
def test_without_address_or_with_mails_switched_off_the_inbox_alone_tells(open_now, mail_on, person, at, fields):
    User.objects.filter(pk=person.pk).update(**fields)
    assert len(night(at, days_before(7))) == 1
    assert list(Delivery.objects.values_list("channel", flat=True)) == [Channel.INBOX]


def test_who_switches_mails_off_before_it_is_sent_gets_none(open_now, mail_on, person, at, mailoutbox):
    night(at, days_before(7))
    User.objects.filter(pk=person.pk).update(wants_mail=False)
    assert send_mails() == 0
    assert not mailoutbox


@pytest.fixture
def refusing(monkeypatch):
    """A mail server that answers with the errors given, one a try, and takes the mail when there is none left."""
    errors: list[Exception] = []
    seen: list[str] = []

    def send(message, *args, **options):
        seen.append(message.extra_headers["Message-ID"])
        if errors:
            raise errors.pop(0)
        return 1

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    return errors, seen


def test_a_mail_is_tried_five_times_each_later_and_then_parked(open_now, mail_on, at, refusing):
    errors, seen = refusing
    errors.extend([SMTPRecipientsRefused({})] * 5)
    night(at, days_before(7))
    start = clock.now()
    tried = []
    for minutes in range(0, 1500, 5):
        at(start + dt.timedelta(minutes=minutes, seconds=10 * len(seen)))
        before_this = len(seen)
        send_mails()
        tried += [minutes] * (len(seen) - before_this)
    assert tried == [0, 10, 70, 310, 1030]
    assert len(set(seen)) == 1
    row = Delivery.objects.get(channel=Channel.MAIL)
    assert (row.outcome, row.tries, row.error) == (DeliveryOutcome.PARKED, 5, "SMTPRecipientsRefused")


@pytest.mark.parametrize("error", [ConnectionRefusedError(), SMTPServerDisconnected(), TimeoutError()])
def test_a_server_that_is_away_is_asked_once_and_counts_as_a_try_of_all(open_now, mail_on, at, refusing, error):
    errors, seen = refusing
    open_now[2] = (factories.user(email="li@example.com").pk, DUE)
    night(at, days_before(7))
    errors.append(error)
    assert send_mails() == 0
    assert len(seen) == 1
    assert [row.tries for row in Delivery.objects.filter(channel=Channel.MAIL)] == [1, 1]


def test_a_refused_mail_does_not_stop_the_others(open_now, mail_on, at, refusing):
    open_now[2] = (factories.user(email="li@example.com").pk, DUE)
    night(at, days_before(7))
    refusing[0].append(SMTPRecipientsRefused({}))
    assert send_mails() == 1
    assert sorted(Delivery.objects.filter(channel=Channel.MAIL).values_list("outcome", flat=True)) == [
        "sent",
        "waiting",
    ]


def test_parked_mails_are_released_together_once(open_now, mail_on, at, monkeypatch):
    monkeypatch.setattr(mailing, "MOST_TRIES", 1)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError()))
    night(at, days_before(7))
    send_mails()
    operator = factories.user("operator")
    assert [release_parked_mails(actor=operator), release_parked_mails(actor=operator)] == [1, 0]
    assert Event.objects.get(kind="mails.released").data == {"count": 1}
    monkeypatch.undo()
    assert Delivery.objects.get(channel=Channel.MAIL).outcome == DeliveryOutcome.WAITING


def test_words_that_this_release_cannot_put_show_the_source(open_now):
    assert line_text({"source": "gone", "count": 2, "url": "/"}) == "gone"
    assert line_text({"source": "test.due", "count": 1, "data": {}, "url": "/"}) == "Test"
