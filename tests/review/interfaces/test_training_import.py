"""Who came, from a file: people of units by their codes, to one's own sessions, and nothing else."""

import datetime as dt

import pytest

from enterprises.enums import Role
from review.models import TrainingAttendance
from riskreport.ground.access import Refused
from riskreport.ground.models import Event
from tests import factories
from tests.imports import problems, send, take, take_in, undo, workbook

pytestmark = pytest.mark.django_db
HEAD = ["场次编号", "统一社会信用代码", "姓名", "联系电话", "是否到会"]
BEGUN = dt.timedelta(minutes=-10)


@pytest.fixture
def keeper():
    return factories.user(Role.KEEPER, of=factories.bureau())


def rows() -> list[tuple]:
    return list(TrainingAttendance.objects.order_by("pk").values_list("name", "came", "way", "phone"))


def test_a_list_notes_who_came_and_adds_who_was_not_signed_up(keeper):
    session, unit = factories.training_session(starts=BEGUN), factories.enterprise()
    factories.attendance(session, of=unit, came=False, name="甲")
    factories.attendance(session, of=unit, name="乙", way="code")
    number, code = str(session.pk), unit.credit_code
    content = workbook(
        [HEAD, [number, code, "甲", "", "是"], [number, code, "乙", "", "到"], [number, code, "丙", "13812345678", "√"],
         [number, code, "丁", "", "未到"]]
    )  # fmt: skip
    batch = take_in("training_people", keeper, content)
    assert problems(batch) == []
    assert rows() == [
        ("甲", True, "file", ""),
        ("乙", True, "code", ""),
        ("丙", True, "file", "13812345678"),
        ("丁", False, "", ""),
    ]
    assert Event.objects.filter(kind="training.imported").count() == 1
    undo(batch, keeper)
    assert rows() == [("甲", False, "", ""), ("乙", True, "code", "")]


def test_wrong_rows_are_told_cell_by_cell(keeper):
    session = factories.training_session(starts=BEGUN)
    ahead = factories.training_session(starts=dt.timedelta(days=3))
    foreign = factories.training_session(starts=BEGUN, of=factories.bureau("civil", factories.CITY))
    hidden = factories.training_session(starts=BEGUN, of=factories.bureau("religion"), categories=("1501",))
    unit, other = factories.enterprise(), factories.enterprise(town=factories.YANGSHE)
    content = workbook(
        [
            HEAD,
            [str(session.pk), other.credit_code, "甲", "", "是"],
            [str(ahead.pk), unit.credit_code, "甲", "", "是"],
            [str(foreign.pk), unit.credit_code, "甲", "", "是"],
            [str(hidden.pk), unit.credit_code, "甲", "", "是"],
            [str(session.pk), unit.credit_code, "甲", "123", "也许"],
        ]
    )
    batch = send("training_people", keeper, content)
    assert [(cell, found) for cell, found, _wanted in problems(batch)] == [
        ("B2", other.credit_code), ("A3", str(ahead.pk)), ("A4", str(foreign.pk)), ("A5", str(hidden.pk)),
        ("D6", "123"), ("E6", "也许"),
    ]  # fmt: skip
    with pytest.raises(Refused):
        take(batch, keeper, "right")
    assert rows() == []


def test_the_same_list_twice_changes_nothing(keeper):
    session, unit = factories.training_session(starts=BEGUN), factories.enterprise()
    content = workbook([HEAD, [str(session.pk), unit.credit_code, "甲", "", "是"]])
    take_in("training_people", keeper, content)
    batch = send("training_people", keeper, content)
    assert batch.counts["same"] == 1
    assert rows() == [("甲", True, "file", "")]
