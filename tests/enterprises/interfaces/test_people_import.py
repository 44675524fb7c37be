"""The officials of a department from a file."""

import pytest

from enterprises.domain.people import add_person
from enterprises.enums import Role
from enterprises.interfaces.people_filters import AccountState, state_of
from enterprises.models import User
from riskreport.ground.models import EventLine
from tests import factories
from tests.imports import problems, send, take_in, undo, workbook

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "账号", "所属单位", "角色", "职务", "电话"]

FIRST = ("王芳", "wangfang-mz", "昆山民政局", "审核员", "科员", "")


def row(**changes) -> list:
    said = {
        "name": "王芳",
        "account": "wangfang-mz",
        "owner": "昆山民政局",
        "role": "审核员",
        "post": "科员",
        "phone": "",
    }
    return list((said | changes).values())


@pytest.fixture
def chief():
    return factories.chief()


def test_a_file_makes_people_without_a_password_or_a_code_and_a_second_time_changes_nothing(chief):
    content = workbook([HEAD, row(), row(name="李强", account="liqiang", role="目录管理员")])
    batch = take_in("people", chief, content)
    assert (batch.state, batch.counts["new"], problems(batch)) == ("applied", 2, [])
    person = User.objects.get(account="wangfang-mz")
    assert (person.department, person.role, person.name) == (chief.department, Role.REVIEWER, "王芳")
    assert (person.is_active, person.is_chief, person.has_usable_password()) == (True, False, False)
    assert state_of(person) == AccountState.NO_CODE
    again = send("people", chief, content)
    assert (again.counts.get("new", 0), again.counts["same"]) == (0, 2)


def test_role_and_post_change_and_the_change_is_kept(chief):
    person = factories.user(Role.REVIEWER, account="wangfang-mz", name="王芳", post="科员")
    take_in("people", chief, workbook([HEAD, row(role="目录管理员")]))
    person.refresh_from_db()
    assert person.role == Role.KEEPER
    assert EventLine.objects.get(object_id=person.pk).new == {"role": "keeper"}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"owner": "昆山民宗局"}, "C"),
        ({"role": "安委办"}, "D"),
        ({"account": "王芳"}, "B"),
        ({"phone": "12"}, "F"),
        ({"name": ""}, "A"),
    ],
)
def test_what_cannot_be_is_said_by_its_cell(chief, changes, column):
    factories.bureau("religion")
    batch = send("people", chief, workbook([HEAD, row(**changes)]))
    assert [cell for cell, _found, _wanted in problems(batch)] == [f"{column}2"]


def test_nobody_of_another_department_and_not_oneself(chief):
    foreign = factories.user(Role.REVIEWER, of=factories.bureau("religion"), account="somebody-else")
    batch = send("people", chief, workbook([HEAD, row(account=foreign.account)]))
    assert len(problems(batch)) == 1
    own = row(name=chief.name, account=chief.account, role="目录管理员", post="")
    assert [cell for cell, *_rest in problems(send("people", chief, workbook([HEAD, own])))] == ["D2"]


def test_an_import_of_people_is_undone_while_nobody_has_a_code(chief):
    batch = take_in("people", chief, workbook([HEAD, row()]))
    undo(batch, chief)
    assert not User.objects.filter(account="wangfang-mz").exists()


def test_the_list_of_a_committee_chief_comes_back_with_departments_below(chief):
    city = factories.chief(factories.office())
    add_person(user=chief, home=chief.department, name="吴敏", role=Role.KEEPER)
    rows = [
        [one.name, one.account, one.department.name, str(Role(one.role).label), one.post, ""]
        for one in User.objects.filter(department__isnull=False).select_related("department")
    ]
    batch = send("people", city, workbook([HEAD, *rows]))
    assert (problems(batch), batch.counts["same"]) == ([], 3)
