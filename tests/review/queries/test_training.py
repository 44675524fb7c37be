"""Who sees which session; coverage, and the lists its numbers open: the same rows, whatever stands in the tables."""

import datetime as dt
import random

import pytest
from django.http import QueryDict

from enterprises.enums import DepartmentKind, Lifecycle, Role
from enterprises.queries.scope import scope_for
from review.enums import TrainingState
from review.interfaces.board_lists import count_at
from review.interfaces.training_filters import counted_address
from review.queries.training import Part, Trained, coverage, sessions_for_user, training_of
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db
SHEETS = {"roster": "training_units", "trained": "training_units", "untrained": "training_units",
          "people": "training_people", "sessions": "training_sessions"}  # fmt: skip


def total(**options) -> Trained:
    return coverage(as_of=clock.today(), **options)[0].figures


# --- what counts ------------------------------------------------------------------------------------------------------
def test_a_unit_is_trained_once_however_often_its_people_came():
    unit, other = factories.enterprise(), factories.enterprise()
    first, second = factories.held_session(unit, days=3), factories.held_session(unit, days=2)
    factories.attendance(first, of=unit)
    assert total() == Trained(roster=2, trained=1, people=3, sessions=2)
    factories.attendance(second, of=other, came=False)
    assert total().trained == 1
    assert (total().untrained, str(total().rate)) == (1, "0.5")


def test_only_sessions_held_by_the_day_count():
    unit = factories.enterprise()
    factories.held_session(unit, days=5)
    opened = factories.training_session(starts=dt.timedelta(hours=-1))
    factories.attendance(opened, of=factories.enterprise())
    today = clock.today()
    assert total().trained == 1
    assert coverage(as_of=today - dt.timedelta(days=5))[0].figures.trained == 1
    assert coverage(as_of=today - dt.timedelta(days=6))[0].figures == Trained(roster=2)


def test_a_unit_that_left_is_not_on_the_roster_but_its_people_were_trained():
    today = clock.today()
    gone = factories.enterprise(lifecycle=Lifecycle.CLOSED, left_on=today, lifecycle_on=today, left_reason="搬迁")
    late = factories.enterprise(joined_on=today + dt.timedelta(days=1))
    factories.held_session(gone, late)
    assert total() == Trained(roster=0, trained=0, people=2, sessions=1)
    assert total().rate is None


def test_a_part_narrows_by_county_and_categories():
    home, away = factories.enterprise(), factories.enterprise(town=factories.YANGSHE, category_code="1501")
    factories.held_session(home, away)
    assert total(part=Part(county=factories.KUNSHAN)) == Trained(1, 1, 1, 1)
    assert total(part=Part(categories=("1402",))) == Trained()
    assert training_of(categories=["1501"], as_of=clock.today()) == Trained(1, 1, 1, 1)


def test_groups_come_by_every_dimension():
    unit = factories.enterprise()
    factories.held_session(unit)
    codes = {by: coverage(as_of=clock.today(), by=by)[0].code for by in ("district", "town", "sector", "category")}
    assert codes == {"district": factories.KUNSHAN, "town": factories.HUAQIAO, "sector": "14", "category": "1401"}
    with pytest.raises(KeyError):
        coverage(as_of=clock.today(), by="colour")


@pytest.mark.parametrize("units", [1, 3])
def test_a_grouping_costs_two_queries(units, django_assert_num_queries):
    factories.held_session(*[factories.enterprise() for _number in range(units)])
    with django_assert_num_queries(2):
        coverage(as_of=clock.today(), by="district")


# --- the numbers and their lists --------------------------------------------------------------------------------------
def world(chance: random.Random) -> None:
    today = clock.today()
    towns, lines = (factories.HUAQIAO, factories.YUSHAN, factories.YANGSHE), ("1401", "1402", "1501", "0001")
    units = []
    for _number in range(24):
        gone = chance.random() < 0.2
        left = {"lifecycle": Lifecycle.CLOSED, "left_on": today - dt.timedelta(days=chance.randint(0, 9))}
        further = ("1501",) if chance.random() < 0.2 else ()
        units.append(
            factories.enterprise(
                town=chance.choice(towns), category_code=chance.choice(lines[:3]), further=further,
                joined_on=today - dt.timedelta(days=chance.randint(0, 30)), **(left if gone else {}),
            )
        )  # fmt: skip
    for number in range(8):
        days = chance.randint(0, 12)
        kind = {"categories": chance.choice([(), ("1401",), ("1501",)])}
        if number % 4 == 3:
            session = factories.training_session(starts=dt.timedelta(days=-days), **kind)
        else:
            session = factories.held_session(days=days, **kind)
        for unit in chance.sample(units, 6):
            for _person in range(chance.choice((1, 1, 2))):
                factories.attendance(session, of=unit, came=chance.random() < 0.8)


@pytest.mark.parametrize("seed", range(3))
def test_every_number_is_that_of_the_list_it_opens(seed):
    world(random.Random(seed))
    people = (
        factories.user(Role.OFFICE),
        factories.user(Role.KEEPER, of=factories.bureau()),
        factories.user(Role.REVIEWER, of=factories.township()),
    )
    compared = 0
    for person in people:
        for as_of in (clock.today(), clock.today() - dt.timedelta(days=4)):
            for by in ("total", "district", "town", "sector", "category"):
                for group in coverage(as_of=as_of, by=by, scope=scope_for(person)):
                    codes = {} if group.code is None else {by: group.code}
                    for figure, sheet in SHEETS.items():
                        address = counted_address(figure, as_of=as_of, codes=codes)
                        told = getattr(group.figures, figure)
                        assert count_at(address, person, sheet) == told, (address, person.role)
                        compared += 1
    assert compared > 100


# --- who sees which session -------------------------------------------------------------------------------------------
def seen(person) -> set[int]:
    return set(sessions_for_user(person).values_list("pk", flat=True))


def test_a_unit_sees_what_is_offered_to_its_place_and_categories_and_what_it_went_to():
    unit = factories.enterprise(further=("1501",))
    person = factories.user(of=unit)
    kunshan = factories.training_session()
    everybody = factories.training_session(categories=(), of=factories.office())
    further = factories.training_session(categories=("1501",))
    went = factories.held_session(unit, of=factories.bureau("civil", factories.ZHANGJIAGANG))
    cancelled = factories.training_session(state=TrainingState.CANCELLED)
    factories.attendance(cancelled, of=unit, came=False)
    factories.training_session(categories=("1402",))
    factories.training_session(of=factories.bureau("civil", factories.ZHANGJIAGANG))
    factories.training_session(state=TrainingState.PLANNED)
    factories.training_session(state=TrainingState.CANCELLED)
    assert seen(person) == {kunshan.pk, everybody.pk, further.pk, went.pk, cancelled.pk}


def test_a_department_sees_those_for_its_area_and_line_its_own_and_those_its_units_came_to():
    reviewer = factories.user(Role.REVIEWER, of=factories.bureau())
    for_us = factories.training_session(of=factories.bureau("civil", factories.CITY), state=TrainingState.PLANNED)
    for_all = factories.training_session(categories=(), of=factories.office())
    ours_came = factories.held_session(factories.enterprise(), categories=("1501",), of=factories.bureau("religion"))
    factories.training_session(categories=("1501",), of=factories.bureau("religion"))
    factories.training_session(of=factories.bureau("civil", factories.ZHANGJIAGANG))
    assert seen(reviewer) == {for_us.pk, for_all.pk, ours_came.pk}
    assert seen(factories.user(Role.OPERATOR)) == set()
    assert len(seen(factories.user(Role.OVERSIGHT))) == 5
    group = factories.department(DepartmentKind.INSPECTION, factories.CITY)
    group.areas.set([factories.region(factories.ZHANGJIAGANG)])
    assert len(seen(factories.user(Role.OVERSIGHT, of=group))) == 3


def test_filters_of_the_list_of_sessions():
    office = factories.user(Role.OFFICE)
    civil = factories.training_session(title="养老机构培训")
    factories.training_session(categories=("1501",), of=factories.bureau("religion"), trainer="周敏")
    factories.training_session(categories=(), of=factories.bureau("civil", factories.ZHANGJIAGANG))

    def listed(query: str) -> int:
        assert QueryDict(query)
        return count_at(f"/?{query}", office, "training_sessions")

    assert [listed(f"county={code}") for code in (factories.KUNSHAN, factories.ZHANGJIAGANG)] == [2, 1]
    assert [listed(f"town={code}") for code in (factories.HUAQIAO, factories.YANGSHE)] == [2, 1]
    assert [listed("sector=14"), listed("category=1501"), listed("q=养老"), listed("q=周敏")] == [2, 2, 1, 1]
    assert listed(f"as_of={clock.today()}") == 0
    assert civil.state == TrainingState.OPEN
