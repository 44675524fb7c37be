"""Planning, changing, opening, holding and cancelling sessions; the four respects; the one standard."""

import dataclasses
import datetime as dt

import pytest

from enterprises.enums import Role
from review.domain.training.sessions import (
    SessionGiven,
    StaleSession,
    TrainingRefused,
    change_session,
    given_of,
    move_session,
    plan_session,
    tick_respects,
)
from review.domain.training.standard import save_standard, ship_standard, standing_standard
from review.enums import TRAINING_MOVES, TrainingState
from review.models import TrainingSession
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.models import Event, Notice
from tests import factories

pytestmark = pytest.mark.django_db


def given(**changes) -> SessionGiven:
    starts = clock.now().replace(microsecond=0) + dt.timedelta(days=2)
    known = SessionGiven(
        "养老机构培训", "classroom", factories.KUNSHAN, ("1401",), "钱老师", starts, starts + dt.timedelta(hours=2),
        "报告厅", 40,
    )  # fmt: skip
    return dataclasses.replace(known, **changes)


@pytest.fixture
def keeper():
    factories.category("1401")
    factories.category("1402")
    factories.category("1501")
    factories.region()
    return factories.user(Role.KEEPER, of=factories.bureau())


def test_a_session_is_planned_with_the_standards_test(keeper):
    session = plan_session(user=keeper, given=given())
    assert (session.state, session.department, session.level) == ("planned", keeper.department, "county")
    assert (session.questions, session.pass_mark, given_of(session)) == (10, 80, given_of(session))
    assert list(session.categories.values_list("pk", flat=True)) == ["1401"]
    assert Event.objects.get(kind="training.planned").object_id == session.pk


def test_the_same_form_twice_makes_one_session(keeper):
    said = given()
    first, second = (plan_session(user=keeper, given=said, key="k") for _number in range(2))
    assert first == second
    assert TrainingSession.objects.count() == 1
    with pytest.raises(KeyReused):
        plan_session(user=keeper, given=given(title="另一场"), key="k")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"region_id": factories.CITY}, "本辖区"),
        ({"region_id": 999}, "本辖区"),
        ({"categories": ()}, "本条线"),
        ({"categories": ("1501",)}, "本条线"),
        ({"categories": ("9999",)}, "本条线"),
        ({"ends_at": dt.datetime(2001, 1, 1, tzinfo=dt.UTC)}, "晚于"),
        ({"material_id": 987}, "资料库"),
    ],
)
def test_what_cannot_be_is_refused(keeper, changes, said):
    with pytest.raises(TrainingRefused, match=said):
        plan_session(user=keeper, given=given(**changes))
    assert not TrainingSession.objects.exists()


def test_those_who_see_every_line_train_all_categories():
    township = factories.user(Role.REVIEWER, of=factories.township())
    assert plan_session(user=township, given=given(region_id=factories.HUAQIAO, categories=())).level == "town"
    with pytest.raises(Refused):
        plan_session(user=factories.user(Role.OVERSIGHT), given=given(categories=()))


def test_a_session_is_changed_while_it_is_ahead(keeper):
    session = plan_session(user=keeper, given=given())
    said = dataclasses.replace(given_of(session), title="新题目", categories=("1401", "1402"))
    changed = change_session(session_id=session.pk, user=keeper, given=said, seen_version=1)
    assert (changed.title, changed.version) == ("新题目", 2)
    assert change_session(session_id=session.pk, user=keeper, given=said, seen_version=1).version == 2  # stands
    with pytest.raises(StaleSession):
        change_session(
            session_id=session.pk, user=keeper, given=dataclasses.replace(said, title="x"), seen_version=1
        )  # fmt: skip
    with pytest.raises(Refused):
        change_session(
            session_id=session.pk, user=factories.user(Role.KEEPER, of=factories.bureau("religion")), given=said,
            seen_version=2,
        )  # fmt: skip
    move_session(session_id=session.pk, user=keeper, to="cancelled", reason="停")
    with pytest.raises(Refused):
        change_session(session_id=session.pk, user=keeper, given=given(), seen_version=3)


def test_nobody_who_signed_up_loses_a_seat(keeper):
    session = factories.training_session(capacity=5)
    for _number in range(3):
        factories.attendance(session, came=False)
    said = dataclasses.replace(given_of(session), capacity=2)
    with pytest.raises(TrainingRefused, match="3"):
        change_session(session_id=session.pk, user=keeper, given=said, seen_version=1)
    fine = dataclasses.replace(said, capacity=3)
    assert change_session(session_id=session.pk, user=keeper, given=fine, seen_version=1).capacity == 3


def test_those_who_signed_up_are_told_of_another_time_and_of_the_end(keeper):
    session = factories.training_session()
    unit = factories.enterprise()
    factories.attendance(session, of=unit, came=False)
    person = factories.user(of=unit)
    standing = given_of(session)
    change_session(
        session_id=session.pk, user=keeper, given=dataclasses.replace(standing, note="带笔"), seen_version=1
    )  # fmt: skip
    run_due_reactions(queue="quick")
    assert not Notice.objects.filter(user=person).exists()
    change_session(
        session_id=session.pk, user=keeper, given=dataclasses.replace(standing, place="三楼"), seen_version=2
    )  # fmt: skip
    move_session(session_id=session.pk, user=keeper, to="cancelled", reason="授课人生病")
    run_due_reactions(queue="quick")
    kinds = list(Notice.objects.filter(user=person).order_by("pk").values_list("kind", "data__place", "data__reason"))
    assert kinds == [("training.changed", "三楼", "授课人生病"), ("training.cancelled", "三楼", "授课人生病")]


@pytest.mark.parametrize("state", list(TrainingState))
@pytest.mark.parametrize("to", list(TrainingState))
def test_every_state_goes_where_the_table_says(keeper, state, to):
    held_on = clock.today() if state == TrainingState.HELD else None
    session = factories.training_session(state=state, starts=dt.timedelta(hours=-1), held_on=held_on)
    if to == state or to in TRAINING_MOVES[state]:
        moved = move_session(session_id=session.pk, user=keeper, to=to, reason="停课")
        assert moved.state == to
        assert Event.objects.filter(kind=f"training.{to}").exists() == (to != state)
    else:
        with pytest.raises(TrainingRefused):
            move_session(session_id=session.pk, user=keeper, to=to, reason="停课")


def test_a_session_is_held_from_its_own_day_and_not_before_it_began(keeper):
    session = factories.training_session()
    with pytest.raises(TrainingRefused, match="尚未开始"):
        move_session(session_id=session.pk, user=keeper, to="held")
    begun = factories.training_session(starts=dt.timedelta(days=-2))
    moved = move_session(session_id=begun.pk, user=keeper, to="held")
    assert moved.held_on == clock.today() - dt.timedelta(days=2)


def test_cancelling_wants_a_reason(keeper):
    with pytest.raises(TrainingRefused, match="原因"):
        move_session(session_id=factories.training_session().pk, user=keeper, to="cancelled", reason="  ")


def test_the_four_respects_are_ticked(keeper):
    session = factories.training_session()
    assert tick_respects(session_id=session.pk, user=keeper, respects=[3, 1, 9]).respects == [1, 3]
    tick_respects(session_id=session.pk, user=keeper, respects=[1, 3])
    assert Event.objects.filter(kind="training.respects").count() == 1
    with pytest.raises(Refused):
        tick_respects(session_id=session.pk, user=factories.user(Role.OFFICE), respects=[1])
    move_session(session_id=session.pk, user=keeper, to="cancelled", reason="停")
    with pytest.raises(TrainingRefused):
        tick_respects(session_id=session.pk, user=keeper, respects=[2])


# --- the standard -----------------------------------------------------------------------------------------------------
def test_the_standard_ships_once_and_is_the_citys_offices():
    office = factories.user(Role.OFFICE)
    assert (ship_standard().created, ship_standard().created) == (1, 0)
    names = ["统一大纲", "统一教材", "统一师资", "统一考核"]
    row = save_standard(user=office, respects=names, questions=5, pass_mark=60, seen_version=1)
    assert (row.respects, row.version, ship_standard().created) == (names, 2, 0)
    assert save_standard(user=office, respects=names, questions=5, pass_mark=60, seen_version=1).version == 2
    with pytest.raises(ContentConflict):
        save_standard(user=office, respects=names, questions=6, pass_mark=60, seen_version=1)
    county = factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN))
    with pytest.raises(Refused):
        save_standard(user=county, respects=names, questions=6, pass_mark=60, seen_version=2)


def test_a_later_standard_leaves_sessions_that_stand(keeper):
    session = plan_session(user=keeper, given=given())
    names = list(standing_standard().respects)
    save_standard(user=factories.user(Role.OFFICE), respects=names, questions=5, pass_mark=60, seen_version=1)
    session.refresh_from_db()
    assert session.questions == 10
    assert plan_session(user=keeper, given=given(title="下一场")).questions == 5
