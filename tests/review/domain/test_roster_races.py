"""Keepers at once, on PostgreSQL: two who close and move, two who take a number, a report filed while its unit moves.

One transaction holds the unit (or the county's number), the others are started and seen to wait, then it lets go. Each
is run a second time with its guard off, to show that the fault is seen.
"""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction

from enterprises.domain import temporary_codes, upkeep
from enterprises.domain.joining import NewUnit, add_unit
from enterprises.domain.upkeep import Deed, StaleUnit, change_life, move_unit
from enterprises.enums import Lifecycle, Role
from enterprises.models import Enterprise, TemporaryNumber
from review.domain.workflow import move_filing
from review.enums import FilingState
from review.management.commands.check_progress import move_exists
from review.models import Campaign, Filing
from review.queries.consistency import prove_everything
from riskreport.ground import clock
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.models import Event
from tests import factories
from tests.review.domain.test_races import Race, waiting_for_a_lock

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
REASON = "按通知办理。"


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to lose")


@contextmanager
def held(rows, waiting: int):
    """Hold rows while the body starts its acts, and let go when ``waiting`` of them wait."""
    with transaction.atomic():
        list(rows.select_for_update())
        yield
        deadline = time.monotonic() + 10
        while waiting_for_a_lock() < waiting:
            assert time.monotonic() < deadline, "nobody waits: the acts do not lock"
            time.sleep(0.02)


def acts_on(unit, first, second):
    deeds = [Deed(person, unit.pk, unit.version, clock.today(), REASON) for person in (first, second)]
    return (
        lambda: change_life(deed=deeds[0], step="close"),
        lambda: move_unit(deed=deeds[1], town_id=factories.YUSHAN, category_id="1401", scale="none"),
    )


def race_two_keepers():
    filing = factories.filing(FilingState.DRAFTING, campaign=factories.campaign())
    unit = filing.enterprise
    people = [factories.user(Role.KEEPER, of=factories.bureau()) for _person in range(2)]
    race = Race()
    with held(Enterprise.objects.filter(pk=unit.pk), 2):
        for name, act in zip(("close", "move"), acts_on(unit, *people), strict=True):
            race.start(name, act)
    return unit, race.finish()


def test_of_two_keepers_at_once_one_acts_and_the_other_sees_what_stands():
    unit, outcomes = race_two_keepers()
    refused = [one for one in outcomes.values() if isinstance(one, StaleUnit)]
    assert len(refused) == 1
    stands = Enterprise.objects.get(pk=unit.pk)
    assert (stands.version, refused[0].unit.version) == (2, 2)
    assert Event.objects.filter(kind__in=["enterprise.closed", "enterprise.moved"]).count() == 1
    filing = Filing.objects.get(enterprise=unit)
    assert (filing.left_on is not None) == (stands.lifecycle == Lifecycle.CLOSED)
    assert filing.town_id == stands.town_id


def test_without_the_lock_both_would_act(monkeypatch):
    barrier = threading.Barrier(2, timeout=10)

    def careless(*, enterprise_ids):
        rows = {row.pk: row for row in Enterprise.objects.select_related("category").filter(pk__in=enterprise_ids)}
        barrier.wait()
        return rows

    monkeypatch.setattr(upkeep, "hold_units", careless)
    filing = factories.filing(FilingState.DRAFTING, campaign=factories.campaign())
    people = [factories.user(Role.KEEPER, of=factories.bureau()) for _person in range(2)]
    race = Race()
    for name, act in zip(("close", "move"), acts_on(filing.enterprise, *people), strict=True):
        race.start(name, act)
    outcomes = race.finish()
    assert not any(isinstance(one, StaleUnit) for one in outcomes.values())


def office_person():
    """Made and committed before a row is held: the threads must see it."""
    factories.category("1501"), factories.region(factories.HUAQIAO)
    return factories.user(Role.OFFICE)


def add_temples(office, count: int) -> Race:
    race = Race()
    for number in range(count):
        basic = {"address": f"光明路{number}号"}
        unit = NewUnit(
            f"第{number}寺", factories.HUAQIAO, "1501", "none", clock.today(), no_code_reason="venue", basic=basic
        )
        race.start(str(number), lambda unit=unit: add_unit(user=office, unit=unit, reason=REASON))
    return race


def codes() -> list[str]:
    return sorted(Enterprise.objects.values_list("temporary_code", flat=True))


def test_parallel_writers_get_each_number_once_and_leave_no_gap():
    region = factories.region(factories.KUNSHAN)
    TemporaryNumber.objects.create(county=region, last=7)
    office = office_person()
    with held(TemporaryNumber.objects.all(), 4):
        race = add_temples(office, 4)
    race.finish()
    assert codes() == [f"LS320583{number:05d}" for number in (8, 9, 10, 11)]


def test_an_act_that_is_undone_gives_its_number_back():
    factories.region(factories.KUNSHAN)
    with transaction.atomic():
        temporary_codes.next_temporary_code(town_id=factories.HUAQIAO)
        transaction.set_rollback(True)
    add_temples(office_person(), 1).finish()
    assert codes() == ["LS32058300001"]


def test_a_final_report_and_the_closing_of_its_unit_do_not_wait_for_each_other_in_a_circle():
    factories.rating_rule()
    filing = factories.filing(FilingState.APPROVED, campaign=factories.campaign())
    unit, writer = filing.enterprise, factories.writer_of(filing)
    keeper = factories.user(Role.KEEPER, of=factories.bureau())
    unit.refresh_from_db()
    deed = Deed(keeper, unit.pk, unit.version, clock.today(), REASON)
    race = Race()
    with held(Filing.objects.filter(pk=filing.pk), 2):
        race.start(
            "file",
            lambda: move_filing(
                filing_id=filing.pk, action="file", user=writer, seen_version=filing.version, given=factories.SIGNED
            ),
        )
        race.start("close", lambda: change_life(deed=deed, step="close"))
    outcomes = race.finish()
    assert not isinstance(outcomes["file"], Exception)
    assert isinstance(outcomes["close"], StaleUnit | Enterprise)  # the report counts the unit's version up
    while run_due_reactions(queue="quick"):
        pass
    assert prove_everything(move_exists).differences == []


def test_a_launch_and_an_act_on_the_roster_go_one_after_the_other():
    unit = factories.filing(campaign=factories.campaign()).enterprise
    keeper = factories.user(Role.KEEPER, of=factories.bureau())
    deed = Deed(keeper, unit.pk, unit.version, clock.today(), REASON)
    race = Race()
    with held(Campaign.objects.all(), 1):
        race.start("close", lambda: change_life(deed=deed, step="close"))
    assert isinstance(race.finish()["close"], Enterprise)
    connections.close_all()
