"""Each content check with an example that passes and one that fails."""

import copy

import pytest

from review.checks.judging import blocking, problems
from review.checks.registry import CHECKS, CheckContext, Severity
from review.queries.content import check_code

PAGE = "check-civil-fire"
ITEMS = {
    PAGE: {
        "MZ-01": {"name": "通道", "level": "larger", "may_be_lowered": True},
        "MZ-02": {"name": "电气", "level": "major", "may_be_lowered": False},
    }
}
BASIC = {
    "legal_name": "周敏",
    "principal_name": "钱丽华",
    "principal_phone": "13812345678",
    "safety_name": "孙建国",
    "safety_phone": "0512-68001234",
    "address": "光明路18号",
    "floor_area": "1200.5",
    "employees": "35",
    "outsourced": "0",
    "people_at_once": "35",
    "special_operators": "2",
    "revenue_band": "under_300",
    "products": "养老服务",
    "materials": "无",
    "standard_grade": "0",
    "insurance": "yes",
    "production_state": "normal",
}
RISK = {
    "lineage": "0b5a1c1e-0000-4000-8000-000000000001",
    "item": "MZ-01",
    "item_level": "larger",
    "may_be_lowered": True,
    "name": "通道",
    "point": "",
    "place": "一号楼",
    "accident_type": "08",
    "consequence": "伤亡",
    "level": "larger",
    "method": "catalogue",
    "assessment": {},
    "lower_reason": "",
    "measures": {"management": ["巡查"], "emergency": ["演练"]},
    "responsible_name": "吴强",
    "responsible_phone": "13711112222",
    "rank": "middle",
}


def content(**changes):
    """A content that passes every check, with changes to its basic information, its one risk or its answers."""
    whole = {
        "schema": 1,
        "basic": copy.deepcopy(BASIC),
        "answers": {PAGE: {"MZ-01": {"answer": "present", "note": ""}, "MZ-02": {"answer": "absent", "note": ""}}},
        "risks": [copy.deepcopy(RISK)],
        "attachments": [],
        "undertaking": {},
    }
    whole["basic"].update(changes.pop("basic", {}))
    whole["risks"][0].update(changes.pop("risk", {}))
    return whole | changes


def found(body, **context):
    return {(problem.check, problem.field) for problem in problems(body, CheckContext(items=ITEMS, **context))}


def test_a_complete_content_has_no_problem():
    assert problems(content(), CheckContext(items=ITEMS)) == []


FAILING = {
    "B1 empty": (content(basic={"employees": ""}), ("B1", "employees")),
    "B1 blank": (content(basic={"employees": "  "}), ("B1", "employees")),
    "B1 no number": (content(basic={"employees": "三十"}), ("B1", "employees")),
    "B1 full width": (content(basic={"employees": "３５"}), ("B1", "employees")),
    "B1 phone": (content(basic={"principal_phone": "1381234567"}), ("B1", "principal_phone")),
    "B1 phone in full width": (content(basic={"principal_phone": "１３８１２３４５６７８"}), ("B1", "principal_phone")),
    "B1 area": (content(basic={"floor_area": "-1"}), ("B1", "floor_area")),
    "B1 area no number": (content(basic={"floor_area": "NaN"}), ("B1", "floor_area")),
    "B1 choice": (content(basic={"insurance": "maybe"}), ("B1", "insurance")),
    "B1 too long": (content(basic={"legal_name": "周" * 41}), ("B1", "legal_name")),
    "B1 long text too long": (content(basic={"products": "周" * 1001}), ("B1", "products")),
    "B1 longitude": (content(basic={"longitude": "31.2", "latitude": "31.2"}), ("B1", "longitude")),
    "B1 latitude": (content(basic={"longitude": "120.6", "latitude": "120.6"}), ("B1", "latitude")),
    "B1 half a point": (content(basic={"longitude": "120.6"}), ("B1", "latitude")),
    "B1 no basic at all": (content() | {"basic": {}}, ("B1", "address")),
    "B2": (content(basic={"employees": "400", "people_at_once": "39"}), ("B2", "people_at_once")),
    "C1 not answered": (content(answers={PAGE: {"MZ-01": {"answer": "present"}}}), ("C1", "MZ-02")),
    "C1 no page": (content(answers={}), ("C1", "MZ-01")),
    "C1 no answer known": (content(answers={PAGE: {"MZ-01": {"answer": "maybe"}}}), ("C1", "MZ-01")),
    "C2": (content(risks=[]), ("C2", "MZ-01")),
    "C3": (content(risk={"level": "general", "lower_reason": "设有自动喷淋，人员很少"}), ("C3", "")),
    "R1 name": (content(risk={"name": " "}), ("R1", "name")),
    "R1 place": (content(risk={"place": ""}), ("R1", "place")),
    "R1 consequence": (content(risk={"consequence": ""}), ("R1", "consequence")),
    "R1 accident type": (content(risk={"accident_type": None}), ("R1", "accident_type")),
    "R2 not allowed": (content(risk={"level": "general", "may_be_lowered": False}), ("R2", "level")),
    "R2 no reason": (content(risk={"level": "general"}), ("R2", "lower_reason")),
    "R2 short reason": (
        content(risk={"level": "general", "lower_reason": "人很少啊人很少啊人"}),
        ("R2", "lower_reason"),
    ),
    "R3 no score": (content(risk={"method": "ls"}), ("R3", "assessment")),
    "R3 below its score": (
        content(risk={"method": "ls", "assessment": {"score": "20", "level": "major", "values": {"L": "4", "S": "5"}}}),
        ("R3", "level"),
    ),
    "R4 none": (content(risk={"measures": {}}), ("R4", "measures")),
    "R4 no emergency": (content(risk={"measures": {"engineering": ["喷淋"]}}), ("R4", "measures")),
    "R4 blank": (content(risk={"measures": {"management": [" "], "emergency": ["演练"]}}), ("R4", "measures")),
    "R4 only training": (content(risk={"measures": {"training": ["培训"], "emergency": ["演练"]}}), ("R4", "measures")),
    "R5 nobody": (content(risk={"responsible_name": ""}), ("R5", "responsible_name")),
    "R5 no rank": (content(risk={"rank": ""}), ("R5", "responsible_name")),
    "R5 larger by staff": (content(risk={"rank": "staff"}), ("R5", "rank")),
    "R5 major by middle": (content(risk={"level": "major", "rank": "middle"}), ("R5", "rank")),
    "R5 phone": (content(risk={"responsible_phone": "110"}), ("R5", "responsible_phone")),
}


@pytest.mark.parametrize(("body", "expected"), FAILING.values(), ids=FAILING)
def test_a_check_finds_what_it_is_for(body, expected):
    assert expected in found(body)


PASSING = {
    "B1 point": content(basic={"longitude": "120.6199", "latitude": "31.2989"}),
    "B1 mobile with extension": content(basic={"safety_phone": "0512-68001234-801"}),
    "B1 zero": content(basic={"floor_area": "0", "special_operators": "0"}),
    "B2 just enough": content(basic={"employees": "400", "people_at_once": "40"}),
    "R2 raised": content(risk={"level": "major", "rank": "deputy"}),
    "R3 above its score": content(
        risk={"method": "ls", "assessment": {"score": "9", "level": "general", "values": {"L": "3", "S": "3"}}}
    ),
    "R5 no phone": content(risk={"responsible_phone": ""}),
    "R5 major by deputy": content(risk={"level": "major", "rank": "deputy"}),
    "R5 major by principal": content(risk={"level": "major", "rank": "principal"}),
    "R5 larger by principal": content(risk={"rank": "principal"}),
}


@pytest.mark.parametrize("body", PASSING.values(), ids=PASSING)
def test_a_check_lets_pass_what_is_in_order(body):
    assert found(body) == set()


def test_a_lowered_risk_with_its_reason_only_asks_for_confirmation():
    body = content(risk={"level": "general", "lower_reason": "设有自动喷淋，人员很少", "rank": "staff"})
    assert found(body) == {("C3", "")}
    assert blocking(body, CheckContext(items=ITEMS)) == []


def test_odd_digits_do_not_break_the_checks():
    assert ("B1", "employees") in found(content(basic={"employees": "²", "people_at_once": "²"}))


def test_answers_to_items_nobody_asks_any_more_are_left_alone():
    answers = content()["answers"] | {"check-old-page": {"X-01": {"answer": "present"}}}
    answers[PAGE]["MZ-99"] = {"answer": "present"}
    assert found(content(answers=answers)) == set()


def test_a_paper_report_needs_its_scan():
    assert ("A1", "") in found(content(), is_paper=True)
    assert ("A1", "") in found(content(attachments=[{"kind": "other"}]), is_paper=True)
    assert found(content(attachments=[{"kind": "stamped"}]), is_paper=True) == set()


def test_a_stamped_paper_is_compared_by_the_check_code_of_the_time_it_was_attached():
    code = check_code(content())
    old, new = {"kind": "stamped", "check_code": "0" * 19}, {"kind": "stamped", "check_code": code}
    unknown, other = {"kind": "stamped"}, {"kind": "other"}

    def judged(*attachments, stamped_wanted=True):
        return found(content(attachments=list(attachments)), stamped_wanted=stamped_wanted)

    assert judged(old) == judged(old, unknown, other) == {("A2", "")}
    assert judged(new) == judged(old, new) == judged(unknown, other) == judged() == set()
    assert judged(old, stamped_wanted=False) == set()


def test_every_check_has_its_failing_example_and_its_words():
    problems(content(), CheckContext(items=ITEMS))
    shown = {expected[0] for _body, expected in FAILING.values()} | {"A1", "A2"}
    assert {known.id for known in CHECKS} == shown
    assert len({known.id for known in CHECKS}) == len(CHECKS)
    assert all(str(known.rule) and known.severity in set(Severity) for known in CHECKS)


def test_a_problem_says_where_it_is():
    (problem,) = problems(content(risk={"place": ""}), CheckContext(items=ITEMS))
    assert (problem.section, problem.field, problem.lineage) == ("risks", "place", RISK["lineage"])
    assert RISK["name"] in problem.message
