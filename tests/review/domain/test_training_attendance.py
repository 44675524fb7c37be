"""Signing up and off, noting who came, checking in by the code, the short test."""

import datetime as dt

import pytest

from enterprises.enums import Role
from review.checks.check_in_token import make_token
from review.domain.training.attendance import add_who_came, check_in, note_attendance, sign_off, sign_up
from review.domain.training.paper import paper_for
from review.domain.training.sessions import TrainingRefused
from review.domain.training.testing import OtherQuestions, answer_test
from review.enums import TrainingState
from review.models import TrainingAttendance, TrainingTest
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
BEGUN = dt.timedelta(minutes=-10)


@pytest.fixture
def unit():
    return factories.enterprise()


@pytest.fixture
def person(unit):
    return factories.user(of=unit)


@pytest.fixture
def organiser():
    return factories.user(Role.REVIEWER, of=factories.bureau())


def rows(session) -> list[tuple]:
    return list(session.attendances.order_by("pk").values_list("name", "came", "way"))


# --- signing up -------------------------------------------------------------------------------------------------------
def test_a_unit_signs_its_people_up_and_off(person):
    session = factories.training_session()
    row = sign_up(session_id=session.pk, user=person, name="孙建国", phone="13800000000")
    assert (row.enterprise, row.came, row.phone) == (person.enterprise, False, "13800000000")
    event = Event.objects.get(kind="training.signed_up")
    assert (event.enterprise_id, event.data) == (person.enterprise_id, {"people": [row.pk]})  # and no name
    sign_off(session_id=session.pk, attendance_id=row.pk, user=person)
    sign_off(session_id=session.pk, attendance_id=row.pk, user=person)
    assert rows(session) == []
    assert Event.objects.filter(kind="training.signed_off").count() == 1


def test_a_double_click_signs_up_once(person):
    session = factories.training_session()
    first = sign_up(session_id=session.pk, user=person, name="孙建国", key="k")
    assert sign_up(session_id=session.pk, user=person, name="孙建国", key="k") == first
    assert sign_up(session_id=session.pk, user=person, name="孙建国") == first
    with pytest.raises(KeyReused):
        sign_up(session_id=session.pk, user=person, name="周敏", key="k")
    assert len(rows(session)) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": TrainingState.PLANNED}, "未开放报名"),
        ({"state": TrainingState.CANCELLED}, "未开放报名"),
        ({"starts": BEGUN}, "报名截止"),
        ({"categories": ("1501",)}, "不面向"),
        ({"capacity": 1}, "报满"),
    ],
)
def test_signing_up_is_refused_in_words(person, fields, said):
    session = factories.training_session(**fields)
    factories.attendance(session, came=False)
    with pytest.raises(Refused, match=said):
        sign_up(session_id=session.pk, user=person, name="孙建国")
    assert len(rows(session)) == 1


def test_a_unit_fills_no_hall_alone(person, monkeypatch):
    monkeypatch.setattr("review.domain.training.attendance.MOST_OF_A_UNIT", 2)
    session = factories.training_session()
    for name in ("甲", "乙"):
        sign_up(session_id=session.pk, user=person, name=name)
    with pytest.raises(TrainingRefused, match="2"):
        sign_up(session_id=session.pk, user=person, name="丙")


def test_nobody_takes_off_people_of_another_unit_or_who_came(person):
    session = factories.training_session()
    other, here = factories.attendance(session, came=False), factories.attendance(session, of=person.enterprise)
    for row in (other, here):
        sign_off(session_id=session.pk, attendance_id=row.pk, user=person)
    assert len(rows(session)) == 2
    with pytest.raises(Refused):
        sign_off(session_id=session.pk, attendance_id=here.pk, user=factories.user(Role.KEEPER))


# --- who came ---------------------------------------------------------------------------------------------------------
def test_the_organiser_notes_who_came_and_takes_back(organiser, unit):
    session = factories.training_session(starts=BEGUN)
    first = factories.attendance(session, of=unit, came=False, name="甲")
    second = factories.attendance(session, of=unit, name="乙")
    done = note_attendance(session_id=session.pk, user=organiser, came=[first.pk, second.pk], did_not=[])
    assert (done, rows(session)) == ((1, 0), [("甲", True, "list"), ("乙", True, "list")])
    assert note_attendance(session_id=session.pk, user=organiser, came=[], did_not=[second.pk]) == (0, 1)
    assert note_attendance(session_id=session.pk, user=organiser, came=[], did_not=[second.pk]) == (0, 0)
    assert rows(session) == [("甲", True, "list"), ("乙", False, "")]
    assert Event.objects.filter(kind="training.noted").count() == 2


def test_people_of_another_session_are_not_written(organiser):
    session, other = factories.training_session(starts=BEGUN), factories.training_session(starts=BEGUN)
    row = factories.attendance(other, came=False)
    assert note_attendance(session_id=session.pk, user=organiser, came=[row.pk], did_not=[]) == (0, 0)


@pytest.mark.parametrize("fields", [{}, {"state": TrainingState.PLANNED, "starts": BEGUN}])
def test_attendance_is_noted_from_the_day_on(organiser, unit, fields):
    session = factories.training_session(**{"starts": dt.timedelta(days=2)} | fields)
    with pytest.raises(Refused, match="培训当日"):
        note_attendance(session_id=session.pk, user=organiser, came=[], did_not=[])
    with pytest.raises(Refused, match="培训当日"):
        add_who_came(session_id=session.pk, user=organiser, enterprise_id=unit.pk, name="甲")


def test_who_was_not_signed_up_is_added_whatever_the_seats(organiser, unit):
    session = factories.training_session(starts=BEGUN, capacity=1)
    factories.attendance(session, name="甲", of=unit, came=False)
    for _number in range(2):
        add_who_came(session_id=session.pk, user=organiser, enterprise_id=unit.pk, name="乙", phone="13800000000")
    add_who_came(session_id=session.pk, user=organiser, enterprise_id=unit.pk, name="甲")
    assert rows(session) == [("甲", True, "list"), ("乙", True, "list")]
    assert Event.objects.filter(kind="training.noted").count() == 2


# --- the code ---------------------------------------------------------------------------------------------------------
def test_people_check_in_by_the_code(person):
    session = factories.training_session(starts=BEGUN, capacity=3)
    mine = factories.attendance(session, of=person.enterprise, came=False, name="甲")
    theirs = factories.attendance(session, came=False, name="别家")
    token = make_token(session.pk, clock.now())
    for _number in range(2):
        check_in(token=token, user=person, people=[mine.pk, theirs.pk], name="丙")
    assert rows(session) == [("甲", True, "code"), ("别家", False, ""), ("丙", True, "code")]
    assert Event.objects.filter(kind="training.checked_in").count() == 1
    with pytest.raises(TrainingRefused, match="报满"):
        check_in(token=token, user=person, people=[], name="丁")
    with pytest.raises(TrainingRefused, match="勾选"):
        check_in(token=token, user=person, people=[])


def test_a_code_is_for_its_session_its_time_and_its_day(person):
    session = factories.training_session(starts=BEGUN)
    late = make_token(session.pk, clock.now() - dt.timedelta(minutes=16))
    with pytest.raises(TrainingRefused, match="失效"):
        check_in(token=late, user=person, people=[], name="甲")
    with pytest.raises(TrainingRefused, match="不是签到码"):
        check_in(token="x", user=person, people=[], name="甲")
    ahead = factories.training_session(starts=dt.timedelta(days=3))
    with pytest.raises(Refused, match="培训当日"):
        check_in(token=make_token(ahead.pk, clock.now()), user=person, people=[], name="甲")
    elsewhere = factories.training_session(starts=BEGUN, categories=("1501",))
    with pytest.raises(TrainingRefused, match="不面向"):
        check_in(token=make_token(elsewhere.pk, clock.now()), user=person, people=[], name="甲")
    assert not TrainingAttendance.objects.exists()


# --- the short test ---------------------------------------------------------------------------------------------------
@pytest.fixture
def session(unit):
    factories.catalogue()
    row = factories.training_session(starts=BEGUN)
    factories.attendance(row, of=unit)
    return row


def answers_of(paper, wrong: int = 0) -> list[int]:
    return [(one.right + (place < wrong)) % len(one.options) for place, one in enumerate(paper.questions)]


def test_a_test_is_made_from_the_catalogue_and_kept(person, session):
    paper = paper_for(person, session)
    assert len(paper.questions) == 3  # three items, of which each gives a question on its level
    assert paper == paper_for(person, session)
    assert paper.catalogues == {"civil": 1}
    failed = answer_test(session_id=session.pk, user=person, answers=answers_of(paper, 1), paper=paper.digest)
    assert (failed.right, failed.asked, failed.passed, failed.tries) == (2, 3, False, 1)
    passed = answer_test(session_id=session.pk, user=person, answers=answers_of(paper), paper=paper.digest)
    assert (passed.right, passed.passed, passed.tries, passed.catalogues) == (3, True, 2, {"civil": 1})
    again = answer_test(session_id=session.pk, user=person, answers=answers_of(paper, 3), paper=paper.digest)
    assert (again.right, TrainingTest.objects.count()) == (3, 1)


def test_a_double_click_counts_one_try(person, session):
    paper = paper_for(person, session)
    for _number in range(2):
        row = answer_test(
            session_id=session.pk, user=person, answers=answers_of(paper, 2), paper=paper.digest, key="k"
        )  # fmt: skip
    assert (row.tries, Event.objects.filter(kind="training.tested").count()) == (1, 1)


def test_a_new_version_of_the_catalogue_asks_anew(person, session):
    paper = paper_for(person, session)
    factories.catalogue(version=2, prefix="XX")
    with pytest.raises(OtherQuestions):
        answer_test(session_id=session.pk, user=person, answers=answers_of(paper), paper=paper.digest)


def test_every_question_wants_an_answer(person, session):
    paper = paper_for(person, session)
    for answers in ([], [0, None, 1]):
        with pytest.raises(TrainingRefused, match="全部题目"):
            answer_test(session_id=session.pk, user=person, answers=answers, paper=paper.digest)


def test_only_units_that_came_take_the_test(person):
    factories.catalogue()
    row = factories.training_session(starts=BEGUN)
    factories.attendance(row, of=person.enterprise, came=False)
    with pytest.raises(Refused, match="到场单位"):
        answer_test(session_id=row.pk, user=person, answers=[], paper="")


def test_a_session_for_all_asks_of_the_units_own_categories(unit, person):
    factories.catalogue()
    factories.catalogue("religion", categories=("1501",), prefix="ZJ")
    row = factories.training_session(starts=BEGUN, categories=())
    assert paper_for(person, row).catalogues == {"civil": 1}
