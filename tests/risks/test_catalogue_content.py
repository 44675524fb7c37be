"""What a catalogue file must hold: the shipped ones pass, and each check bites on a file that breaks it alone."""

import copy
import json
import re
from collections import Counter

import pytest
from django.utils import translation

from risks.checks.catalogue_content import InvalidCatalogue, Known, catalogue_problems, check_catalogue
from risks.domain.reference import CATALOGUES
from risks.enums import Level


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


KNOWN = Known(lines={"civil"}, sectors={"14"}, categories={"1401", "1402", "1501"}, accident_types={"08", "19", "20"})


def item(code, **changed):
    return {
        "code": code,
        "part": "1",
        "group": "fire",
        "categories": ["1401"],
        "name": f"居室火灾{code}",
        "name_en": f"Bedroom fire {code}",
        "look_for": [f"床下堆放纸箱（{code}）", f"探测器被套上防尘罩（{code}）"],
        "place": "老人居室",
        "accident_types": ["08", "19"],
        "consequence": "同室人员在睡眠中中毒窒息。",
        "level": "larger",
        "may_be_lowered": True,
        "measures": {
            "engineering": ["安装联网感烟探测器"],
            "management": ["夜间每两小时巡查一遍"],
            "training": ["每季练习一次转移"],
            "protection": ["配备过滤式自救呼吸器"],
            "emergency": ["先移出同室人员再报警"],
        },
        "basis": "",
    } | changed


def indicator(key, weight):
    bands = [{"text": "差", "score": 10}, {"text": "好", "score": 1}]
    return {"key": key, "name": f"指标{key}", "weight": weight, "bands": bands}


def sound():
    return {
        "key": "civil",
        "line": "civil",
        "sector": "14",
        "title": "民政目录",
        "title_en": "Civil catalogue",
        "version": 1,
        "note": "示例口径",
        "parts": [{"key": "1", "name": "一", "name_en": "One"}],
        "groups": [{"key": "fire", "name": "消防", "name_en": "Fire"}],
        "items": [item("MZ-01"), item("MZ-02")],
        "quantified": {
            "method": "lc",
            "likelihood_bands": [
                {"low": 5, "high": 10, "label": "高", "text": "易发生"},
                {"low": 0, "high": 5, "label": "低", "text": "不易发生"},
            ],
            "consequence_levels": [
                {"value": 10, "label": "严重", "text": "多人死亡"},
                {"value": 1, "label": "不严重", "text": "轻伤"},
            ],
            "indicators": {code: [indicator("a", 60), indicator("b", 40)] for code in ("MZ-01", "MZ-02")},
        },
    }


def put(path, value):
    """A change to a sound catalogue: the entry at ``path`` becomes ``value``."""

    def change(content):
        target = content
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


def drop(*path):
    def change(content):
        target = content
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]

    return change


FIRST = ("items", 0)
TABLE = ("quantified",)
BROKEN = [
    # one row a broken file: the check that finds it, the item and the field it names, the change that breaks it
    ("field_missing", "", "note", drop("note")),
    ("field_unknown", "", "noet", put(["noet"], "示例口径")),
    ("key", "", "key", put(["key"], "religion")),
    ("line", "", "line", put(["line"], "tobacco")),
    ("sector", "", "sector", put(["sector"], "99")),
    ("version", "", "version", put(["version"], 0)),
    ("version", "", "version", put(["version"], True)),
    ("text", "", "title", put(["title"], "目" * 121)),
    ("text", "", "title_en", put(["title_en"], "  ")),
    ("names", "", "parts", put(["parts"], [])),
    ("names", "", "groups", put(["groups", 0, "name"], "")),
    ("names", "", "groups", drop("groups", 0, "name_en")),
    ("names", "", "groups", put(["groups"], [{"key": "fire", "name": "消防", "name_en": "Fire"}] * 2)),
    ("items", "", "items", put(["items"], [])),
    ("published_on", "", "published_on", put(["published_on"], "19.10.2021")),
    ("published_on", "", "published_on", put(["published_on"], 20211019)),
    ("item_shape", "no. 1", "(item)", put(FIRST, "MZ-01")),
    ("field_missing", "MZ-01", "measures", drop(*FIRST, "measures")),
    ("field_unknown", "MZ-01", "mesures", put([*FIRST, "mesures"], {})),
    ("text", "MZ-01", "name", put([*FIRST, "name"], "火" * 31)),
    ("text", "MZ-01", "place", put([*FIRST, "place"], None)),
    ("item_code", "mz1", "code", put([*FIRST, "code"], "mz1")),
    ("item_part", "MZ-01", "part", put([*FIRST, "part"], "2")),
    ("item_group", "MZ-01", "group", put([*FIRST, "group"], "water")),
    ("item_categories", "MZ-01", "categories", put([*FIRST, "categories"], [])),
    ("item_categories", "MZ-01", "categories", put([*FIRST, "categories"], ["1401", "1401"])),
    ("item_categories", "MZ-01", "categories", put([*FIRST, "categories"], ["9999"])),
    ("item_categories", "MZ-01", "categories", put([*FIRST, "categories"], ["1501"])),
    ("item_look_for", "MZ-01", "look_for", put([*FIRST, "look_for"], ["只有一条"])),
    ("item_look_for", "MZ-01", "look_for", put([*FIRST, "look_for"], ["一条", " "])),
    ("item_accident_types", "MZ-01", "accident_types", put([*FIRST, "accident_types"], ["99"])),
    ("item_accident_types", "MZ-01", "accident_types", put([*FIRST, "accident_types"], [])),
    ("item_level", "MZ-01", "level", put([*FIRST, "level"], "general")),
    ("item_may_be_lowered", "MZ-01", "may_be_lowered", put([*FIRST, "may_be_lowered"], "yes")),
    ("item_measures", "MZ-01", "measures", drop(*FIRST, "measures", "emergency")),
    ("item_measures", "MZ-01", "measures", put([*FIRST, "measures", "training"], [])),
    ("item_measures", "MZ-01", "measures", put([*FIRST, "measures", "training"], ["一", "二", "三", "四"])),
    ("item_basis", "MZ-01", "basis", put([*FIRST, "basis"], None)),
    ("item_twice", "MZ-02", "code", put(["items", 0, "code"], "MZ-02")),
    ("item_twice", "MZ-01", "name", put([*FIRST, "name"], "居室火灾MZ-02")),
    ("look_for_twice", "MZ-02", "look_for", put(["items", 1, "look_for", 0], "床下堆放纸箱（MZ-01）")),
    ("group_size", "", "groups", put(["items"], [item(f"MZ-{number:02}") for number in range(1, 22)])),
    ("group_size", "", "groups", lambda c: c["groups"].append({"key": "food", "name": "餐饮", "name_en": "Food"})),
    ("quantified", "", "quantified.method", put([*TABLE, "method"], "lec")),
    ("quantified", "", "quantified.indicators", drop(*TABLE, "indicators")),
    ("quantified", "MZ-02", "quantified.indicators", drop(*TABLE, "indicators", "MZ-02")),
    ("quantified", "MZ-03", "quantified.indicators", put([*TABLE, "indicators", "MZ-03"], [])),
    ("quantified", "MZ-01", "quantified.indicators", put([*TABLE, "indicators", "MZ-01"], [])),
    ("quantified", "MZ-01", "quantified.indicators", drop(*TABLE, "indicators", "MZ-01", 0, "name")),
    ("quantified", "MZ-01", "quantified.indicators", put([*TABLE, "indicators", "MZ-01", 0, "weight"], 70)),
    ("quantified", "MZ-01", "quantified.indicators", put([*TABLE, "indicators", "MZ-01", 0, "key"], "b")),
    ("quantified", "MZ-01", "quantified.indicators", put([*TABLE, "indicators", "MZ-01", 0, "bands", 0, "score"], 11)),
    ("quantified", "MZ-01", "quantified.indicators", put([*TABLE, "indicators", "MZ-01", 0, "bands", 1, "score"], 10)),
    ("quantified", "MZ-01", "quantified.indicators", put([*TABLE, "indicators", "MZ-01", 0, "bands", 1, "text"], "")),
    ("quantified", "MZ-01", "quantified.indicators", put([*TABLE, "indicators", "MZ-01", 0, "bands", 1, "score"], "x")),
    ("quantified", "", "quantified.likelihood_bands", put([*TABLE, "likelihood_bands", 1, "high"], 4)),
    ("quantified", "", "quantified.likelihood_bands", put([*TABLE, "likelihood_bands", 1, "low"], 1)),
    ("quantified", "", "quantified.likelihood_bands", put([*TABLE, "likelihood_bands"], [])),
    ("quantified", "", "quantified.likelihood_bands", drop(*TABLE, "likelihood_bands", 0, "label")),
    ("quantified", "", "quantified.consequence_levels", put([*TABLE, "consequence_levels", 1, "value"], 20)),
    ("quantified", "", "quantified.consequence_levels", put([*TABLE, "consequence_levels", 1, "text"], "")),
    ("quantified", "", "quantified.consequence_levels", put([*TABLE, "consequence_levels"], None)),
]


def test_a_sound_catalogue_has_no_problem():
    assert catalogue_problems(sound(), file="civil.json", known=KNOWN) == []


def test_a_catalogue_without_a_table_or_a_sector_is_sound_too():
    content = sound() | {"sector": None, "quantified": {}, "published_on": "2021-10-19"}
    content["items"][0]["categories"] = ["1401", "1501"]
    assert catalogue_problems(content, file="civil.json", known=KNOWN) == []


def test_english_may_be_left_out_everywhere():
    content = sound() | {"title_en": ""}
    for row in (*content["parts"], *content["groups"], *content["items"]):
        row["name_en"] = ""
    assert catalogue_problems(content, file="civil.json", known=KNOWN) == []


@pytest.mark.parametrize(
    ("check", "item_code", "field", "change"), BROKEN, ids=[f"{n}-{row[0]}-{row[2]}" for n, row in enumerate(BROKEN)]
)
def test_a_broken_file_is_found_by_its_check(check, item_code, field, change):
    content = sound()
    change(content)
    problems = catalogue_problems(content, file="civil.json", known=KNOWN)
    assert {problem.check for problem in problems} == {check}
    assert field in {problem.field for problem in problems}
    assert item_code in {problem.item for problem in problems}
    assert all(problem.text.endswith(".") and problem.file == "civil.json" for problem in problems)


def test_a_file_that_is_no_object_is_one_problem():
    assert [problem.check for problem in catalogue_problems([], file="civil.json", known=KNOWN)] == ["shape"]


def test_the_table_names_a_foreign_shape_of_itself():
    content = sound() | {"quantified": ["lc"]}
    problems = catalogue_problems(content, file="civil.json", known=KNOWN)
    assert [problem.field for problem in problems] == ["quantified.method"]


def test_the_error_names_file_item_and_field_of_every_problem_in_full_sentences():
    content = sound()
    content["items"][0]["level"] = "low"
    content["items"][1]["accident_types"] = ["77"]
    with pytest.raises(InvalidCatalogue) as caught:
        check_catalogue(content, file="civil.json", known=KNOWN)
    assert str(caught.value).splitlines() == [
        "civil.json, item MZ-01, field level: “low” cannot be listed. Choose larger or major.",
        "civil.json, item MZ-02, field accident_types: 77: no such accident type. "
        "Write codes from 01 to 24, the main one first.",
    ]


def test_checking_changes_nothing_in_what_it_reads():
    content = sound()
    before = copy.deepcopy(content)
    catalogue_problems(content, file="civil.json", known=KNOWN)
    assert content == before


SHIPPED = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(CATALOGUES.glob("*.json"))}
ITEMS = [item for content in SHIPPED.values() for item in content["items"]]
OF_EACH = pytest.mark.parametrize("shipped", SHIPPED.values(), ids=SHIPPED)

WHAT_HAPPENS = re.compile(
    "火|燃|爆|塌|垮|倒|坠|摔|跌|落|中毒|窒息|触电|雷击|溺|沉|淹|突涌|倾覆|倾翻|侧翻|翻车|撞|碰|碾|泄漏|渗漏|喷|放毒|伤|烫|"
    "夹|挤|剪切|卷|缠绕|甩|断裂|破裂|逆转|踩踏|困|滞留|猝死|误照|感染"
)
WORN = re.compile("[穿戴系佩带背挂]")
SHOES_ON_THE_HEAD = re.compile("戴[^，；。穿系]*[鞋靴]|穿(?!刺)[^，；。戴系]*(?:面罩|面屏|口罩|手套|护目镜|安全帽)")
LETTERS = {"A", "B", "C", "D", "N", "X", "UN", "pH"}


def words_of_item(entry):
    """Every Chinese sentence of an item."""
    measures = [text for texts in entry["measures"].values() for text in texts]
    return [entry["name"], entry["place"], entry["consequence"], *entry["look_for"], *measures]


@OF_EACH
def test_no_shipped_catalogue_claims_a_legal_basis_or_lacks_the_example_mark(shipped):
    assert "示例口径" in shipped["title"]
    assert not [entry["code"] for entry in shipped["items"] if entry["basis"]]


@OF_EACH
def test_the_name_of_a_shipped_item_says_what_can_happen(shipped):
    assert not [entry["name"] for entry in shipped["items"] if not WHAT_HAPPENS.search(entry["name"])]


@OF_EACH
def test_personal_protection_of_a_shipped_item_says_what_a_person_wears_or_carries(shipped):
    kept_at_hand = [
        (entry["code"], text)
        for entry in shipped["items"]
        for text in entry["measures"]["protection"]
        if not WORN.search(text)
    ]
    assert not kept_at_hand


@OF_EACH
def test_shipped_items_are_written_in_plain_chinese(shipped):
    sentences = [(entry["code"], text) for entry in shipped["items"] for text in words_of_item(entry)]
    assert not [row for row in sentences if SHOES_ON_THE_HEAD.search(row[1])]
    assert not [row for row in sentences if set(re.findall("[A-Za-z]+", row[1])) - LETTERS]


@OF_EACH
def test_a_shipped_measure_is_a_sentence_and_not_a_heading(shipped):
    measures = [
        (entry["code"], text)
        for entry in shipped["items"]
        for texts in entry["measures"].values()
        for text in texts
        if len(text) < 8
    ]
    assert not measures


def test_no_two_shipped_items_share_a_sentence():
    counts = Counter(text for entry in ITEMS for text in words_of_item(entry) if text != entry["place"])
    assert [text for text, times in counts.items() if times > 1] == []


def test_what_takes_many_at_once_is_major():
    assert not [
        entry["code"] for entry in ITEMS if "群死群伤" in entry["consequence"] and entry["level"] != Level.MAJOR
    ]


def test_work_in_a_confined_space_is_never_rated_lower():
    entered = [entry for entry in ITEMS if re.search("有限空间|受限空间|内作业|清罐|清掏|清淤|鱼舱", entry["name"])]
    assert len(entered) >= 10
    assert not [entry["code"] for entry in entered if entry["may_be_lowered"]]
