"""check_progress holds on what real moves wrote, and names each thing that was corrupted."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from enterprises.enums import Role
from review.enums import FilingState
from review.interfaces import board_lists
from review.models import Decision, Filing, Snapshot
from review.queries import consistency
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.models import Event, Pending
from risks.domain.reference import read_data
from risks.models import Rating, RatingRule, Risk
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(db):
    data = read_data("rating_rule.json")
    return RatingRule.objects.create(
        version=1, title=data["title"], definition=data["definition"], published_on="2022-01-01", is_current=True
    )


@pytest.fixture
def filed(rule):
    """A final report in two stages with two risks, rated."""
    row = factories.filing(FilingState.FILED, present=("01", "02"))
    run_due_reactions(queue="quick")
    return row


def differences(capsys) -> list[str]:
    """Run the command as a program does and return what it names."""
    code = 0
    try:
        call_command("check_progress", "--json")
    except CommandError as error:
        code = error.returncode
    told = json.loads(capsys.readouterr().out)
    assert told["differs"] == len(told["first"])
    assert (told["agrees"], code) == (not told["first"], 1 if told["first"] else 0)
    return told["first"]


def unlocked(sql: str, values: list) -> None:
    """Change what the database refuses to change, as a careless hand at its console might, and guard it again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute(sql, values)
            for _name, create in triggers:
                cursor.execute(create)
        else:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, values)
            cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize("stages", [1, 2])
def test_every_state_that_moves_can_reach_holds(rule, capsys, stages):
    factories.user(Role.OFFICE)
    for state in factories.WAYS[stages]:
        factories.filing(state, stages=stages)
    supplemented = factories.filing(FilingState.SUPPLEMENT_OPEN, stages=stages)
    for action in factories.WAYS[stages][FilingState.FILED][1:]:
        factories.move(supplemented, action)
    voided = factories.filing(FilingState.FILED, stages=stages)
    factories.move(voided, "void")
    run_due_reactions(queue="quick")
    assert differences(capsys) == []


def test_a_second_report_takes_the_ledger_over_and_gives_it_back_when_void(rule, capsys):
    unit = factories.enterprise()
    factories.filing(FilingState.FILED, of=unit, present=("01",))
    later = factories.filing(FilingState.FILED, of=unit, present=("02",))
    run_due_reactions(queue="quick")
    assert differences(capsys) == []
    factories.move(later, "void")
    run_due_reactions(queue="quick")
    assert differences(capsys) == []
    assert [risk.name for risk in Risk.objects.filter(enterprise=unit, state="active")] == ["MZ风险01"]


def test_a_rating_that_is_still_to_be_given_is_waited_for(rule, capsys):
    factories.filing(FilingState.FILED)
    call_command("check_progress")
    said = capsys.readouterr().out
    assert "1 ratings waiting" in said
    assert "Everything agrees." in said
    Pending.objects.update(parked_at=F("due_at"))
    assert "has no rating" in differences(capsys)[0]


def corrupt_state(filing):
    Filing.objects.filter(pk=filing.pk).update(state=FilingState.APPROVED)


def corrupt_version(filing):
    Filing.objects.filter(pk=filing.pk).update(version=99)


def corrupt_counts(filing):
    Filing.objects.filter(pk=filing.pk).update(risks_larger=7)


def corrupt_first_day(filing):
    Filing.objects.filter(pk=filing.pk).update(first_filed_on=dt.date(2020, 1, 1))


def corrupt_submitted(filing):
    Filing.objects.filter(pk=filing.pk).update(submitted_at=None)


def corrupt_approved(filing):
    Filing.objects.filter(pk=filing.pk).update(approved_at=F("submitted_at") - dt.timedelta(days=9))


def corrupt_event_end(filing):
    event = Event.objects.get(kind="filing.approve")
    unlocked("UPDATE ground_event SET data = %s WHERE id = %s", [json.dumps(event.data | {"to": "returned"}), event.pk])


def corrupt_event_gone(filing):
    event = Event.objects.get(kind="filing.claim")
    unlocked("DELETE FROM ground_event WHERE id = %s", [event.pk])


def corrupt_snapshot(filing):
    last = filing.snapshots.last()
    unlocked("UPDATE review_snapshot SET content = content || ' ' WHERE id = %s", [last.pk])


def corrupt_snapshot_number(filing):
    last = filing.snapshots.last()
    unlocked("UPDATE review_snapshot SET number = 7 WHERE id = %s", [last.pk])


def corrupt_decision(filing):
    Decision.objects.filter(filing=filing).delete()


def corrupt_rating(filing):
    Rating.objects.all().delete()


def corrupt_grey(filing):
    Rating.objects.update(colour="grey")


def corrupt_ledger_level(filing):
    Risk.objects.filter(level="larger").update(level="major")


def corrupt_ledger_name(filing):
    Risk.objects.filter(level="larger").update(name="另一个风险")


def corrupt_ledger_gone(filing):
    risk = Risk.objects.filter(level="larger").first()
    Risk.objects.filter(pk=risk.pk).delete()


@pytest.mark.parametrize(
    ("corrupt", "named"),
    [
        (corrupt_state, "its state is approved, its events say filed"),
        (corrupt_version, "its version is 99, its events say 6"),
        (corrupt_counts, "its risks_larger is 7, its last final says 1"),
        (corrupt_first_day, "its first_filed_on is 2020-01-01"),
        (corrupt_submitted, "its submitted_at is None"),
        (corrupt_approved, "its approved_at is"),
        (corrupt_event_end, "the table of moves has no approve from in_review to returned"),
        (corrupt_event_gone, "starts from in_review, the event before ended in submitted"),
        (corrupt_snapshot, "snapshot 2 does not verify"),
        (corrupt_snapshot_number, "numbered [1, 7], with a gap"),
        (corrupt_decision, "no decision approved it"),
        (corrupt_rating, "its enterprise has no rating"),
        (corrupt_grey, "its enterprise is rated grey"),
        (corrupt_ledger_level, "is “MZ风险01” (major) in the ledger and “MZ风险01” (larger)"),
        (corrupt_ledger_name, "is “另一个风险” (larger) in the ledger and “MZ风险01” (larger)"),
        (corrupt_ledger_gone, "is not there in the ledger and “MZ风险01” (larger)"),
    ],
)
def test_one_thing_corrupted_is_named(filed, capsys, corrupt, named):
    assert differences(capsys) == []
    corrupt(filed)
    found = differences(capsys)
    assert any(named in text for text in found), found
    who = f"enterprise {filed.enterprise_id}"
    assert all(who in text for text in found)


def test_a_filed_report_without_its_snapshots_is_named(filed, capsys):
    Decision.objects.all().delete()
    unlocked("DELETE FROM review_snapshot", [])
    assert any("it counts as filed and has no final snapshot" in text for text in differences(capsys))
    assert not Snapshot.objects.exists()


def test_a_board_that_counts_otherwise_than_its_list_is_named(filed, capsys, monkeypatch):
    factories.user(Role.OFFICE)
    assert differences(capsys) == []
    counted = board_lists.count_by_state

    def one_too_many(**asked):
        return counted(**asked) | {"filed": 2}

    monkeypatch.setattr(board_lists, "count_by_state", one_too_many)
    assert ["the board says 2" in text for text in differences(capsys)] == [True]


def test_only_the_first_differences_are_printed(rule, capsys):
    for _ in range(3):
        factories.filing()
    Filing.objects.update(version=5)
    from review.management.commands import check_progress

    check_progress.MOST_SHOWN, kept = 2, check_progress.MOST_SHOWN
    try:
        with pytest.raises(CommandError, match="3 things differ"):
            call_command("check_progress")
    finally:
        check_progress.MOST_SHOWN = kept
    assert "and 1 more" in capsys.readouterr().out


def test_chunks_do_not_change_what_is_seen(rule, capsys, monkeypatch):
    monkeypatch.setattr(consistency, "CHUNK", 1)
    for _ in range(3):
        factories.filing(FilingState.FILED)
    run_due_reactions(queue="quick")
    call_command("check_progress", "--json")
    seen = json.loads(capsys.readouterr().out)["seen"]
    assert (seen["enterprises"], seen["filings"], seen["snapshots"], seen["risks"]) == (3, 3, 6, 3)
