"""The people of the demo city: those who sign in with the demo password, and those who only stand in the records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password

from enterprises.enums import DepartmentKind, Role
from enterprises.models import Department, Enterprise, User
from review.domain.demo import names
from review.domain.demo.roster import HOME
from review.enums import FilingState

# No secret: demo_accounts prints it, and it opens only what load_city made.
PASSWORD = "demo-suzhou-2022"  # pragma: allowlist secret  # nosec B105
# An unusable password, the same at each loading.
NO_PASSWORD = "!demo"  # nosec B105
CITY, YUSHAN = 320500, 320583100
R, S = Role, FilingState


@dataclass(frozen=True)
class UnitAccount:
    """A demo sign-in of a unit: the ``place``-th unit of a category at home, whose report stands in ``state``."""

    account: str
    category: str
    place: int
    state: FilingState
    role: Role = R.ENTERPRISE_ADMIN
    note: str = ""


@dataclass(frozen=True)
class OfficeAccount:
    """A demo sign-in of a department, by the department's code."""

    account: str
    department: str
    role: Role
    post: str
    note: str
    is_chief: bool = False


UNITS = (
    UnitAccount("demo-ent", "1401", 0, S.NOT_STARTED, note="养老院，初报未开始：演示从这里开始"),
    UnitAccount("demo-ent2", "1401", 0, S.NOT_STARTED, R.ENTERPRISE_USER, note="同一养老院的填报人员"),
    UnitAccount("demo-draft", "1401", 1, S.DRAFTING, note="养老院，初报填报中"),
    UnitAccount("demo-back", "1401", 2, S.RETURNED, note="养老院，初报被退回，有意见待修改"),
    UnitAccount("demo-pass", "1401", 3, S.APPROVED, note="养老院，初报审核通过，待网上终报"),
    UnitAccount("demo-filed", "1401", 4, S.FILED, note="养老院，终报完成，有台账和企业评级"),
    UnitAccount("demo-temple", "1501", 0, S.NOT_STARTED, note="宗教活动场所，初报未开始"),
    UnitAccount("demo-trans", "0103", 0, S.NOT_STARTED, note="危险货物运输企业，初报未开始"),
    UnitAccount("demo-fac", "0002", 0, S.DRAFTING, note="工业企业，一次填报，填报中"),
)
OFFICES = (
    OfficeAccount("demo-rev", f"civil-{HOME}", R.REVIEWER, "安全科科员", "审核昆山养老、救助机构"),
    OfficeAccount(
        "demo-rev2",
        f"civil-{HOME}",
        R.REVIEWER,
        "安全科副科长",
        "同一单位的另一名审核员，代录件由他审核；本局负责人，管理本局人员",
        is_chief=True,
    ),
    OfficeAccount("demo-rev-rel", f"religion-{HOME}", R.REVIEWER, "宗教科科员", "审核昆山宗教活动场所"),
    OfficeAccount("demo-rev-trans", f"transport-{HOME}", R.REVIEWER, "安全监督科科员", "审核昆山交通运输单位"),
    OfficeAccount("demo-rev-city", f"civil-{CITY}", R.REVIEWER, "安全处主任科员", "查看全市民政，可写备注"),
    OfficeAccount("demo-town", f"safety-{YUSHAN}", R.REVIEWER, "安监办科员", "玉山镇工业企业"),
    OfficeAccount("demo-keep", f"civil-{CITY}", R.KEEPER, "养老服务处科员", "民政目录和底数清单，发放企业账号"),
    OfficeAccount(
        "demo-office", f"committee-{CITY}", R.OFFICE, "综合处副处长", "全市进度；市安委办负责人", is_chief=True
    ),
    OfficeAccount("demo-office-ks", f"committee-{HOME}", R.OFFICE, "综合科科长", "昆山进度"),
    OfficeAccount("demo-insp", f"emergency-{CITY}", R.INSPECTOR, "执法支队队员", "现场核查：应急管理牵头的单位"),
    OfficeAccount("demo-insp-town", f"safety-{YUSHAN}", R.INSPECTOR, "安监办检查员", "现场核查：玉山镇各类单位"),
    OfficeAccount("demo-group", "inspection-04", R.OVERSIGHT, "第四督导组组员", "督导昆山，只读"),
    OfficeAccount("demo-disc", f"discipline-{CITY}", R.OVERSIGHT, "监督检查室干部", "监督检查，只读"),
    OfficeAccount("demo-op", f"operator-{CITY}", R.OPERATOR, "系统运行员", "系统运行，看不到业务数据"),
)
# Where further units at home stand, so that the reviewers' queues there hold something of each kind.
ALSO_AT_HOME = {
    "1401": {
        5: S.SUBMITTED, 6: S.SUBMITTED, 7: S.SUBMITTED, 8: S.IN_REVIEW, 9: S.IN_REVIEW, 10: S.FILED, 11: S.RETURNED,
        12: S.VOID, 13: S.NOT_STARTED,
    },
    "1501": {1: S.SUBMITTED, 2: S.IN_REVIEW, 3: S.FILED},
    "0103": {1: S.SUBMITTED, 2: S.IN_REVIEW, 3: S.FILED},
    "0002": {1: S.FILED, 2: S.SUPPLEMENT_OPEN},
}  # fmt: skip


def fixed_states() -> dict[tuple[str, int], FilingState]:
    """Return (category, place at home) → state of the units whose report must stand somewhere for the demo."""
    fixed = {(category, place): state for category, places in ALSO_AT_HOME.items() for place, state in places.items()}
    return fixed | {(row.category, row.place): row.state for row in UNITS}


class Cast:
    """Who acts in the demo city: one person of each unit, two reviewers of each deciding department, one office."""

    def __init__(self, units: dict[int, User], reviewers: dict[int, list[User]], office: User) -> None:
        self.units, self.reviewers, self.office = units, reviewers, office


def make_people(
    *, rng: Random, units: Sequence[Enterprise], deciding: Iterable[int], at_home: dict[tuple[str, int], Enterprise]
) -> Cast:
    """Write every person of the demo city and return who acts.

    ``at_home`` maps (category, place) to the unit behind a demo account. One hash of the demo password serves all the
    accounts that may sign in: it is printed anyway, and hashing thirty times would take longer than the city.
    """
    password = make_password(PASSWORD)
    demo = [_unit_person(rng, row, at_home[row.category, row.place], password) for row in UNITS]
    departments = {row.code: row for row in Department.objects.all()}
    demo += [_official(rng, row, departments[row.department], password) for row in OFFICES]
    taken = {user.enterprise_id for user in demo}
    plain = [_plain(rng, unit, number) for number, unit in enumerate(units, 1) if unit.pk not in taken]
    present = {(user.department_id, user.role) for user in demo}
    for number, department_id in enumerate(sorted(set(deciding)), 1):
        wanted = 0 if department_id == departments[f"civil-{HOME}"].pk else 1
        wanted += (department_id, R.REVIEWER) not in present
        plain += [_plain_reviewer(rng, department_id, f"{number:03}{mark}") for mark in "ab"[:wanted]]
    saved = User.objects.bulk_create([*demo, *plain], batch_size=500)
    return _cast(saved)


def _cast(people: Iterable[User]) -> Cast:
    units: dict[int, User] = {}
    reviewers: dict[int, list[User]] = {}
    office = None
    for user in people:
        if user.enterprise_id is not None:
            units.setdefault(user.enterprise_id, user)
        elif user.role == R.REVIEWER and user.department_id is not None:
            reviewers.setdefault(user.department_id, []).append(user)
        elif user.account == "demo-office":
            office = user
    if office is None:
        raise LookupError("the city's safety committee office has nobody")
    return Cast(units, reviewers, office)


def _unit_person(rng: Random, row: UnitAccount, unit: Enterprise, password: str) -> User:
    post = "安全员" if row.role == R.ENTERPRISE_ADMIN else "填报员"
    return _user(rng, row.account, row.role, post, password, enterprise=unit)


def _official(rng: Random, row: OfficeAccount, department: Department, password: str) -> User:
    return _user(rng, row.account, row.role, row.post, password, department=department, is_chief=row.is_chief)


def _plain(rng: Random, unit: Enterprise, number: int) -> User:
    return _user(rng, f"unit-{number:05}", R.ENTERPRISE_ADMIN, "安全员", NO_PASSWORD, enterprise=unit)


def _plain_reviewer(rng: Random, department_id: int, mark: str) -> User:
    return _user(rng, f"reviewer-{mark}", R.REVIEWER, "科员", NO_PASSWORD, department_id=department_id)


def _user(rng: Random, account: str, role: Role, post: str, password: str, **owner: object) -> User:
    name, phone = names.person(rng), names.phone(rng)
    return User(account=account, name=name, post=post, phone=phone, role=role, password=password, **owner)


def demo_accounts() -> list[dict[str, str]]:
    """Return role, account, password, whose and note of each demo sign-in that exists, in the order of a walk."""
    notes = {row.account: row.note for row in (*UNITS, *OFFICES)}
    known = User.objects.filter(account__in=notes).select_related("enterprise", "department")
    people = {user.account: user for user in known}
    return [
        {
            "role": str(Role(people[account].role).label),
            "account": account,
            "password": PASSWORD,
            "whose": people[account].owner_label,
            "note": note,
        }
        for account, note in notes.items()
        if account in people
    ]


def is_loaded() -> bool:
    """Whether a demo city is there."""
    return User.objects.filter(account="demo-office", department__kind=DepartmentKind.COMMITTEE).exists()
