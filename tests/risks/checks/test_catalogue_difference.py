"""Two versions side by side: what was added, removed and changed, whose level went up, who is asked anew."""

import copy

import pytest

from risks.checks.catalogue_difference import difference_of


def item(code, **changed):
    return {
        "code": code,
        "name": f"风险{code}",
        "name_en": "",
        "categories": ["1401"],
        "group": "fire",
        "part": "1",
        "look_for": ["看一", "看二"],
        "place": "院内",
        "accident_types": ["08"],
        "consequence": "伤亡",
        "level": "larger",
        "may_be_lowered": True,
        "measures": {"engineering": ["一"]},
        "basis": "",
    } | changed


def content(*items):
    head = {"title": "目录", "title_en": "", "note": "", "groups": [], "parts": [], "quantified": {}}
    return head | {"items": list(items)}


def test_the_same_content_differs_in_nothing():
    old = content(item("A-1"), item("A-2"))
    assert difference_of(old, copy.deepcopy(old)).is_empty


def test_added_removed_and_changed_items_are_told_apart():
    found = difference_of(content(item("A-1"), item("A-2")), content(item("A-2", place="院外"), item("A-3")))
    assert [(change.kind, change.code, change.fields) for change in found.items] == [
        ("changed", "A-2", ("place",)),
        ("added", "A-3", ()),
        ("removed", "A-1", ()),
    ]
    assert not found.is_reordered


@pytest.mark.parametrize(
    ("old", "new", "raised"), [("larger", "major", True), ("major", "larger", False), ("major", "major", False)]
)
def test_only_a_higher_level_is_raised(old, new, raised):
    found = difference_of(content(item("A-1", level=old, place="甲")), content(item("A-1", level=new, place="乙")))
    assert [change.is_raised for change in found.items] == [raised]
    assert found.codes_touched == ({"A-1"} if raised else set())


def test_a_category_that_joins_is_asked_anew_and_one_that_leaves_is_touched():
    found = difference_of(content(item("A-1")), content(item("A-1", categories=["1402"])))
    assert (found.categories_touched, found.codes_touched) == ({"1402"}, {"A-1"})


def test_the_first_version_is_all_new():
    found = difference_of(None, content(item("A-1"), item("A-2", categories=["1402"])))
    assert [change.kind for change in found.items] == ["added", "added"]
    assert (found.head, found.categories_touched, found.codes_touched) == ((), {"1401", "1402"}, set())


def test_head_and_order_are_seen():
    old, new = content(item("A-1"), item("A-2")), content(item("A-2"), item("A-1")) | {"title": "新目录"}
    found = difference_of(old, new)
    assert (found.head, found.items, found.is_reordered) == (("title",), (), True)
