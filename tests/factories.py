"""What the tests are built from: a small city, its people, a catalogue, campaigns and filings in any wished state.

Plain functions. Each takes what the test cares about and chooses the rest, the same every time. Places, lines and
offices are made once per test and found again; enterprises, campaigns and filings are new at each call. A filing
reaches its state by the moves a person would make, so whatever the executor writes is there.
"""

import datetime as dt
import itertools
import uuid
from typing import Any

from enterprises.domain.first_use import issue_codes
from enterprises.domain.search import refresh_search
from enterprises.enums import ROLES_OF, DepartmentKind, RegionLevel, Role, Scale
from enterprises.models import (
    Category,
    Department,
    Difference,
    Enterprise,
    EnterpriseCategory,
    Line,
    Reconciliation,
    Region,
    Sector,
    User,
)
from enterprises.models.reconciliation import Bucket, ReconciliationState
from enterprises.queries.deciders import Deciders
from review.domain.bulletins.making import make_bulletin
from review.domain.context import item_groups_of
from review.domain.displays import Made, make_display
from review.domain.sections import save_risk, save_section
from review.domain.workflow import Moved, move_filing
from review.enums import (
    Action,
    AttachmentKind,
    AttendanceWay,
    CampaignState,
    FilingKind,
    FilingState,
    TrainingKind,
    TrainingState,
)
from review.models import Attachment, Bulletin, Campaign, Filing, FilingSection, TrainingAttendance, TrainingSession
from riskreport.ground import clock
from risks.domain.reference import read_data
from risks.enums import CatalogueState, Level, Method, Rank
from risks.models import AccidentType, AssessmentPreset, Catalogue, CatalogueItem, RatingRule

CITY, KUNSHAN, ZHANGJIAGANG = 320500, 320583, 320582
YUSHAN, HUAQIAO, YANGSHE = 320583100, 320583104, 320582100
REGIONS = (
    (CITY, "苏州市", RegionLevel.CITY, None, 320500000, 320599999),
    (ZHANGJIAGANG, "张家港", RegionLevel.COUNTY, CITY, 320582000, 320582999),
    (KUNSHAN, "昆山", RegionLevel.COUNTY, CITY, 320583000, 320583999),
    (YANGSHE, "杨舍镇", RegionLevel.TOWN, ZHANGJIAGANG, 320582100, 320582100),
    (YUSHAN, "玉山镇", RegionLevel.TOWN, KUNSHAN, 320583100, 320583100),
    (HUAQIAO, "花桥镇", RegionLevel.TOWN, KUNSHAN, 320583104, 320583104),
)
LINES = {
    "civil": "民政局",
    "religion": "民宗局",
    "fire": "消防救援大队",
    "industry": "工信局",
    "emergency": "应急管理局",
}
SECTORS = {"00": ("工业企业", "industry"), "14": ("民政", "civil"), "15": ("宗教", "religion")}
CATEGORIES = {
    "0001": ("工业企业", "00", "industry", ()),
    "1401": ("养老机构", "14", "civil", ("fire",)),
    "1402": ("救助管理机构", "14", "civil", ()),
    "1501": ("宗教活动场所", "15", "religion", ()),
}
CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # pragma: allowlist secret
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
PASSWORD = "only-for-the-tests-7"  # pragma: allowlist secret
REASON = "安全出口没有疏散指示标志，请补正后再报。"
BASIC = {
    "legal_name": "周敏",
    "principal_name": "钱丽华",
    "principal_phone": "13812345678",
    "safety_name": "孙建国",
    "safety_phone": "13987654321",
    "address": "花桥镇光明路18号",
    "longitude": "120.961900",
    "latitude": "31.298900",
    "floor_area": "1200",
    "employees": "35",
    "outsourced": "0",
    "people_at_once": "120",
    "special_operators": "2",
    "revenue_band": "under_300",
    "trade_code": "8514",
    "products": "为老年人提供住宿和照料。",
    "materials": "无",
    "standard_grade": "3",
    "insurance": "yes",
    "production_state": "normal",
}
PERSON = {
    "responsible_department": "后勤部",
    "responsible_name": "吴强",
    "responsible_post": "副院长",
    "responsible_phone": "13711112222",
    "rank": Rank.DEPUTY.value,
}
SIGNED = {"certified": True, "signed_name": "钱丽华", "signed_post": "院长"}
_numbers = itertools.count(1)


# --- who is who -----------------------------------------------------------------------------------------------------
def region(code: int = CITY) -> Region:
    """Return a region of the small city: the city, two county-level cities, three towns; all are made at once."""
    if not Region.objects.filter(pk=code).exists():
        for order, (own, name, level, parent, low, high) in enumerate(REGIONS):
            fields = {"name": name, "display_name": name, "level": level, "parent_id": parent, "order": order}
            Region.objects.get_or_create(code=own, defaults=fields | {"low": low, "high": high})
    return Region.objects.get(pk=code)


def line(key: str = "civil") -> Line:
    """Return a line of command."""
    return Line.objects.get_or_create(key=key, defaults={"name": LINES.get(key, key)})[0]


def sector(code: str = "14") -> Sector:
    """Return a sector with its lead line; 00 is industry and no key sector."""
    name, lead = SECTORS[code]
    defaults = {"name": name, "lead": line(lead), "is_key": code != "00"}
    return Sector.objects.get_or_create(code=code, defaults=defaults)[0]


def category(code: str = "1401") -> Category:
    """Return a category: 1401 care homes (civil, fire co-leads), 1402 relief, 1501 venues, 0001 industry."""
    name, sector_code, lead, co_leads = CATEGORIES[code]
    defaults = {"name": name, "sector": sector(sector_code), "lead": line(lead)}
    row, created = Category.objects.get_or_create(code=code, defaults=defaults)
    if created:
        row.co_leads.set([line(key) for key in co_leads])
    return row


def department(kind: str = DepartmentKind.BUREAU, region_code: int = KUNSHAN, line_key: str = "civil") -> Department:
    """Return the one office of that kind in that region; ``line_key`` counts for a bureau only."""
    place = region(region_code)
    is_bureau = kind == DepartmentKind.BUREAU
    own = LINES.get(line_key, line_key) if is_bureau else DepartmentKind(kind).value
    row, created = Department.objects.get_or_create(
        code=f"{line_key if is_bureau else kind}-{region_code}",
        defaults={
            "name": f"{place.name}{own}",
            "short_name": f"{place.display_name}{own}",
            "kind": kind,
            "level": place.level,
            "line": line(line_key) if is_bureau else None,
            "region": place,
        },
    )
    if created:
        row.areas.set([place])
    return row


def bureau(line_key: str = "civil", region_code: int = KUNSHAN) -> Department:
    """Return the bureau of a line in a region."""
    return department(DepartmentKind.BUREAU, region_code, line_key)


def office(region_code: int = CITY) -> Department:
    """Return the safety committee office of a region."""
    return department(DepartmentKind.COMMITTEE, region_code)


def township(region_code: int = HUAQIAO) -> Department:
    """Return the safety office of a town."""
    return department(DepartmentKind.TOWNSHIP, region_code)


def enterprise(
    *, town: int = HUAQIAO, category_code: str = "1401", further: tuple[str, ...] = (), **fields
) -> Enterprise:
    """Return a new enterprise with a credit code whose check digit is right."""
    number = next(_numbers)
    row = Enterprise.objects.create(
        **{
            "name": f"昆山市第{number}颐养院",
            "credit_code": credit_code(number),
            "town": region(town),
            "category": category(category_code),
            "address": f"光明路{number}号",
            "joined_on": clock.today() - dt.timedelta(days=60),
            "scale": Scale.UNSCALED,
        }
        | fields
    )
    refresh_search(ids=[row.pk])
    for code in further:
        EnterpriseCategory.objects.create(enterprise=row, category=category(code))
    return row


def credit_code(number: int) -> str:
    """Return a valid credit code with ``number`` in it (GB 32100-2015)."""
    body = f"91320583MA{number:07d}"
    total = sum(CODE_CHARACTERS.index(one) * weight for one, weight in zip(body, CODE_WEIGHTS, strict=True))
    return body + CODE_CHARACTERS[(31 - total % 31) % 31]


def user(role: str = Role.ENTERPRISE_USER, *, of: Enterprise | Department | None = None, **fields) -> User:
    """Return a new person of an enterprise or a department, with PASSWORD as password."""
    owner = of or _home_of(role)
    number = next(_numbers)
    key = "enterprise" if isinstance(owner, Enterprise) else "department"
    named = {"account": f"{role}-{number}", "name": f"测试{number}", "role": role, key: owner}
    return User.objects.create_user(password=PASSWORD, **named | fields)


def _home_of(role: str) -> Enterprise | Department:
    homes = {
        Role.REVIEWER: bureau,
        Role.KEEPER: bureau,
        Role.OFFICE: office,
        Role.INSPECTOR: lambda: department(DepartmentKind.INSPECTION, CITY),
        Role.OVERSIGHT: lambda: department(DepartmentKind.DISCIPLINE, CITY),
        Role.OPERATOR: lambda: department(DepartmentKind.OPERATOR, CITY),
    }
    return homes.get(Role(role), enterprise)()


def reconciliation(*, of: User, **fields) -> Reconciliation:
    """Return a comparison that is ready, of the department of a keeper."""
    return Reconciliation.objects.create(
        **{
            "department_id": of.department_id,
            "title": f"第{next(_numbers)}次对账",
            "b_file": "x.csv",
            "b_name": "市场监管.csv",
            "state": ReconciliationState.READY,
            "counts": {"a": 1, "b": 0, "same": 0},
            "fields": ["name", "address"],
            "created_by": of,
            "created_at": clock.now(),
        }
        | fields
    )


def difference(row: Reconciliation, bucket: str = Bucket.ONLY_A, *, enterprise: Enterprise, **fields) -> Difference:
    """Return an open difference of a comparison about a unit."""
    values = {
        "name": enterprise.name,
        "code": enterprise.code,
        "town": enterprise.town_id,
        "address": enterprise.address,
    }
    return Difference.objects.create(
        **{
            "reconciliation": row,
            "bucket": bucket,
            "name": enterprise.name,
            "town_id": enterprise.town_id,
            "enterprise": enterprise,
            "a": values,
        }
        | fields
    )


# --- training ---------------------------------------------------------------------------------------------------------
def training_session(
    *, of: Department | None = None, categories: tuple[str, ...] = ("1401",), starts: dt.timedelta | None = None,
    **fields,
) -> TrainingSession:  # fmt: skip
    """Return a session of a bureau for its own area, open for sign-up and tomorrow unless told otherwise."""
    owner = of or bureau()
    begins = clock.now() + (dt.timedelta(days=1) if starts is None else starts)
    row = TrainingSession.objects.create(
        **{
            "title": f"第{next(_numbers)}期培训班",
            "kind": TrainingKind.CLASSROOM,
            "department": owner,
            "level": owner.level,
            "region": owner.region,
            "trainer": "钱老师",
            "starts_at": begins,
            "ends_at": begins + dt.timedelta(minutes=90),
            "place": "报告厅",
            "state": TrainingState.OPEN,
            "questions": 4,
            "pass_mark": 75,
            "created_at": clock.now(),
        }
        | fields
    )
    row.categories.set([category(code) for code in categories])
    return row


def attendance(
    session: TrainingSession, *, of: Enterprise | None = None, came: bool = True, **fields
) -> TrainingAttendance:
    """Return a person of a unit at a session, come unless told otherwise."""
    way = AttendanceWay.LIST if came else ""
    named = {"name": f"学员{next(_numbers)}", "enterprise": of or enterprise(), "way": way}
    return TrainingAttendance.objects.create(session=session, came=came, **named | fields)


def held_session(*units: Enterprise, days: int = 1, **fields) -> TrainingSession:
    """Return a session held some days ago to which somebody of each unit came."""
    day = dt.timedelta(days=-days)
    held = {"state": TrainingState.HELD, "held_on": clock.today() + day}
    row = training_session(starts=day, **held | fields)
    for unit in units:
        attendance(row, of=unit)
    return row


# --- what is dangerous ----------------------------------------------------------------------------------------------
def accident_type(code: str = "08") -> AccidentType:
    """Return an accident type."""
    return AccidentType.objects.get_or_create(code=code, defaults={"name": "火灾"})[0]


def catalogue(
    key: str = "civil", *, categories: tuple[str, ...] = ("1401", "1402"), prefix: str = "MZ", version: int = 1
) -> Catalogue:
    """Return a published catalogue of three items on two pages, made once per key and version.

    01 larger, 02 major and not to be lowered (page fire); 03 larger (page power).
    """
    found = Catalogue.objects.filter(key=key, version=version).first()
    if found:
        return found
    Catalogue.objects.filter(key=key, state=CatalogueState.PUBLISHED).update(state=CatalogueState.RETIRED)
    first = category(categories[0])
    row = Catalogue.objects.create(
        key=key,
        version=version,
        line=first.lead,
        sector=first.sector,
        title=f"{first.sector.name}较大以上安全风险目录",
        groups=[
            {"key": "fire", "name": "消防", "name_en": "Fire"},
            {"key": "power", "name": "用电", "name_en": "Power"},
        ],
        parts=[{"key": "1", "name": "目录", "name_en": "Catalogue"}],
    )
    rows = (("01", "fire", Level.LARGER, True), ("02", "fire", Level.MAJOR, False), ("03", "power", Level.LARGER, True))
    for order, (number, group, level, may_be_lowered) in enumerate(rows, 1):
        item = CatalogueItem.objects.create(
            catalogue=row,
            code=f"{prefix}-{number}",
            order=order,
            group=group,
            name=f"{prefix}风险{number}",
            name_en=f"{prefix} risk {number}",
            look_for=["看通道", "看标志"],
            place="住宿楼",
            accident_types=[accident_type().code],
            consequence="可能造成人员伤亡。",
            level=level,
            may_be_lowered=may_be_lowered,
            measures={"engineering": ["加装喷淋"], "management": ["每日巡查"], "emergency": ["每季演练"]},
        )
        item.categories.set([category(code) for code in categories])
    Catalogue.objects.filter(pk=row.pk).update(state=CatalogueState.PUBLISHED, published_on=clock.today())
    row.refresh_from_db()
    return row


def preset(method: str = Method.LS) -> AssessmentPreset:
    """Return the default preset of a method."""
    definitions = {
        Method.LS: {"size": 5, "thresholds": {"major": 20, "larger": 15, "general": 9}},
        Method.LEC: {
            "L": [{"value": value} for value in (10, 6, 3, 1, 0.5, 0.2, 0.1)],
            "E": [{"value": value} for value in (10, 6, 3, 2, 1, 0.5)],
            "C": [{"value": value} for value in (100, 40, 15, 7, 3, 1)],
            "thresholds": {"major": 320, "larger": 160, "general": 70},
        },
        Method.LC: {
            "C": [{"value": value} for value in (10, 5, 2, 1)],
            "over": {"major": 55, "larger": 20, "general": 5},
        },
    }
    return AssessmentPreset.objects.get_or_create(
        key=f"{method}-test",
        version=1,
        defaults={"method": method, "name": str(method), "definition": definitions[Method(method)], "is_default": True},
    )[0]


# --- reporting ------------------------------------------------------------------------------------------------------
def campaign(*, stages: int = 2, categories: tuple[str, ...] | None = None, **fields) -> Campaign:
    """Return a new open campaign: two stages decided by the county's lead bureau, or one decided by the township."""
    codes = categories or (("1401", "1402", "1501") if stages == 2 else ("0001",))
    today = clock.today()
    row = Campaign.objects.create(
        **{
            "code": f"campaign-{next(_numbers)}",
            "name": "重点行业领域风险报告" if stages == 2 else "工业企业风险报告",
            "stages": stages,
            "deciding_level": RegionLevel.COUNTY if stages == 2 else RegionLevel.TOWN,
            "scales": Scale.values,
            "opens_on": today - dt.timedelta(days=30),
            "due_on": today + dt.timedelta(days=60),
            "state": CampaignState.OPEN,
            "launched_at": clock.now(),
        }
        | fields
    )
    row.categories.set([category(code) for code in codes])
    return row


def filing(
    state: str = FilingState.NOT_STARTED,
    *,
    of: Enterprise | None = None,
    campaign: Campaign | None = None,
    stages: int = 2,
    paper: bool = False,
    present: tuple[str, ...] = ("01",),
    **fields,
) -> Filing:
    """Return a new filing brought to ``state`` by real moves; ``present`` are the last digits of the items declared.

    Its catalogue, deciding department and people are made when missing. ``paper`` lets the department write it.
    """
    task = campaign or _campaign(stages=stages)
    unit = of or enterprise(category_code="1401" if task.stages == 2 else "0001")
    _catalogue_for(unit)
    row = Filing.objects.create(
        **{
            "campaign": task,
            "enterprise": unit,
            "kind": FilingKind.OBLIGATION,
            "department": decider(unit, task.deciding_level),
            "town_id": unit.town_id,
            "category_id": unit.category_id,
            "scale": unit.scale,
            "joined_on": unit.joined_on,
            "due_on": task.due_on,
        }
        | fields
    )
    return reach(row, state, paper=paper, present=present)


_campaign = campaign


def _catalogue_for(unit: Enterprise) -> None:
    for code in (unit.category_id, *unit.category_links.values_list("category_id", flat=True)):
        if code.startswith("14"):
            catalogue()
        elif code.startswith("15"):
            catalogue("religion", categories=("1501",), prefix="ZJ")
        else:
            catalogue("industry", categories=("0001",), prefix="GY")


def decider(unit: Enterprise, level: str) -> Department:
    """Return the department that decides for a unit at that level, made when missing."""
    county = unit.town_id // 1000
    {
        RegionLevel.TOWN: lambda: township(unit.town_id),
        RegionLevel.COUNTY: lambda: bureau(unit.category.lead_id, county),
        RegionLevel.CITY: lambda: bureau(unit.category.lead_id, CITY),
    }[RegionLevel(level)]()
    return Deciders(level).find(line=unit.category.lead_id, town_id=unit.town_id)


def writer_of(filing: Filing) -> User:
    """Return the enterprise's own person, or the reviewer who enters a paper report; the same at each call."""
    if filing.is_paper:
        return filing.entered_by
    return filing.enterprise.people.order_by("id").first() or user(Role.ENTERPRISE_USER, of=filing.enterprise)


def reviewer_of(filing: Filing) -> User:
    """Return a reviewer of the deciding department who has not written the report."""
    known = filing.department.people.filter(role=Role.REVIEWER).exclude(pk=filing.entered_by_id).order_by("id")
    return known.first() or user(Role.REVIEWER, of=filing.department)


def office_of(filing: Filing) -> User:
    """Return a person of the city's safety committee office."""
    home = office(CITY)
    return home.people.filter(role=Role.OFFICE).order_by("id").first() or user(Role.OFFICE, of=home)


def move(filing: Filing, action: str, by: User | None = None, **given: Any) -> Moved:
    """Make one move as the person it belongs to (or ``by``) and bring ``filing`` up to date.

    A reason is given and the undertaking signed unless the test says otherwise.
    """
    action = Action(action)
    actor = by or _actor(filing, action)
    wanted = {"seen_version": filing.version, "reason": REASON, "given": SIGNED if action == Action.FILE else {}}
    moved = move_filing(filing_id=filing.pk, action=action, user=actor, **wanted | given)
    filing.refresh_from_db()
    return moved


def _actor(filing: Filing, action: Action) -> User:
    if action in {Action.CLAIM, Action.PUT_BACK, Action.RETURN, Action.APPROVE, Action.EXEMPT}:
        return filing.claimed_by or reviewer_of(filing)
    return office_of(filing) if action == Action.VOID else writer_of(filing)


WAYS = {
    2: {
        FilingState.NOT_STARTED: (),
        FilingState.DRAFTING: ("start",),
        FilingState.SUBMITTED: ("start", "submit"),
        FilingState.IN_REVIEW: ("start", "submit", "claim"),
        FilingState.RETURNED: ("start", "submit", "claim", "return"),
        FilingState.APPROVED: ("start", "submit", "claim", "approve"),
        FilingState.FILED: ("start", "submit", "claim", "approve", "file"),
        FilingState.SUPPLEMENT_OPEN: ("start", "submit", "claim", "approve", "file", "reopen"),
        FilingState.EXEMPT: ("exempt",),
        FilingState.VOID: ("void",),
    },
    1: {
        FilingState.NOT_STARTED: (),
        FilingState.DRAFTING: ("start",),
        FilingState.FILED: ("start", "file"),
        FilingState.SUPPLEMENT_OPEN: ("start", "file", "reopen"),
        FilingState.EXEMPT: ("exempt",),
        FilingState.VOID: ("void",),
    },
}


def reach(filing: Filing, state: str, *, paper: bool = False, present: tuple[str, ...] = ("01",)) -> Filing:
    """Bring a filing that nobody has started to ``state`` by the moves people would make. Raises KeyError when no way
    of its campaign leads there."""
    for action in WAYS[filing.campaign.stages][FilingState(state)]:
        if action == "start":
            move(filing, action, by=user(Role.REVIEWER, of=filing.department) if paper else None)
            complete(filing, present=present)
        else:
            move(filing, action)
    return filing


def complete(filing: Filing, by: User | None = None, present: tuple[str, ...] = ("01",)) -> Filing:
    """Fill in a started filing so that no check blocks: the items ending in ``present`` are there, the others not."""
    actor = by or writer_of(filing)
    save(filing, "basic", BASIC, by=actor)
    for page in item_groups_of(filing):
        answers = {
            item.code: {"answer": "present" if item.code[-2:] in present else "absent", "note": ""}
            for item in page.items
        }
        save(filing, page.section_key, {"answers": answers}, by=actor)
    for risk in filing.declared_risks.filter(is_withdrawn=False):
        save_risk(filing_id=filing.pk, user=actor, values=PERSON, risk_id=risk.pk, seen_version=risk.version)
    if filing.is_paper:
        attachment(filing, kind=AttachmentKind.STAMPED)
    filing.refresh_from_db()
    return filing


def save(filing: Filing, key: str, data: dict, by: User | None = None) -> FilingSection:
    """Save a section over whatever version stands."""
    standing = FilingSection.objects.filter(filing=filing, key=key).values_list("version", flat=True).first()
    return save_section(
        filing_id=filing.pk, key=key, data=data, user=by or writer_of(filing), seen_version=standing or 0
    )


def own_risk(filing: Filing, by: User | None = None, **values: Any):
    """Add a complete larger risk of the unit's own, scored 3 × 5 by the LS matrix."""
    scored = {"preset": preset().key, "version": 1, "values": {"L": "3", "S": "5"}, "score": "15", "level": "larger"}
    named = {
        "name": "锅炉房燃气泄漏",
        "place": "锅炉房",
        "accident_type_id": accident_type().code,
        "consequence": "可能造成爆炸。",
        "level": Level.LARGER.value,
        "method": Method.LS.value,
        "assessment": scored,
        "measures": {"engineering": ["燃气报警"], "emergency": ["关阀疏散"]},
    }
    return save_risk(filing_id=filing.pk, user=by or writer_of(filing), values=named | PERSON | values)


def attachment(filing: Filing, *, kind: str = AttachmentKind.OTHER, by: User | None = None) -> Attachment:
    """Attach a file by its row alone; nothing lies on disk."""
    return Attachment.objects.create(
        filing=filing,
        kind=kind,
        name="盖章件.pdf",
        path=f"attachments/{uuid.uuid4().hex}.pdf",
        content_type="application/pdf",
        size=1024,
        sha256="0" * 64,
        uploaded_by=by or writer_of(filing),
        uploaded_at=clock.now(),
    )


def rating_rule() -> RatingRule:
    """Return the rule that ships, in force."""
    data = read_data("rating_rule.json")
    current = RatingRule.objects.filter(is_current=True).first()
    return current or RatingRule.objects.create(**data, published_on=clock.today(), is_current=True)


def display(by: User | None = None, *, region_code: int = CITY, **fields) -> Made:
    """Return a new display on a wall with the secret of its address."""
    fields = {"name": f"第{next(_numbers)}块大屏", "region": region(region_code)} | fields
    return make_display(user=by or user(Role.OFFICE), **fields)


def bulletin(by: User | None = None, *, campaign: Campaign | None = None, kind: str = "daily", **fields) -> Bulletin:
    """Return a draft of a bulletin on today's figures."""
    given = {"campaign": campaign or _campaign(), "kind": kind, "as_of": clock.today()} | fields
    return make_bulletin(user=by or user(Role.OFFICE), **given)


# --- accounts -------------------------------------------------------------------------------------------------------
def chief(of: Department | None = None, **fields) -> User:
    """Return a chief of a department, by default a reviewer of the civil-affairs bureau."""
    home = of or bureau()
    return user(ROLES_OF[home.kind][0], of=home, is_chief=True, **fields)


def first_code(person: User, *, by: User | None = None) -> str:
    """Give a person a first-use code and return it."""
    return issue_codes(people=[person], actor=by)[0]
