"""What differs between two contents, and what of it only review may change."""

import copy

from review.checks.differences import Difference, differences, risk_part

OLD = {
    "basic": {"employees": "35", "address": "光明路18号"},
    "answers": {"check-civil-fire": {"MZ-01": {"answer": "present", "note": ""}}},
    "risks": [{"lineage": "a", "name": "通道", "place": "一号楼", "item_id": 5, "level": "larger"}],
    "attachments": [{"name": "a.pdf", "sha256": "1"}],
    "undertaking": {},
}


def changed(change):
    new = copy.deepcopy(OLD)
    change(new)
    return new


def test_nothing_differs_from_itself():
    assert differences(OLD, copy.deepcopy(OLD)) == []
    assert risk_part(OLD) == risk_part(copy.deepcopy(OLD))


def test_a_basic_field_is_named_with_both_values_and_is_no_matter_of_review():
    new = changed(lambda content: content["basic"].update(employees="36"))
    assert differences(OLD, new) == [Difference("basic", "employees", "35", "36")]
    assert risk_part(OLD) == risk_part(new)


def test_a_field_that_came_or_went_is_named():
    new = changed(lambda content: content.update(basic={"employees": "35", "materials": "无"}))
    assert differences(OLD, new) == [
        Difference("basic", "address", "光明路18号", None),
        Difference("basic", "materials", None, "无"),
    ]


def test_a_field_of_a_risk_is_named_with_its_lineage():
    new = changed(lambda content: content["risks"][0].update(place="二号楼"))
    assert differences(OLD, new) == [Difference("risks", "place", "一号楼", "二号楼", "a")]
    assert risk_part(OLD) != risk_part(new)


def test_risks_added_and_removed_are_marked():
    new = changed(lambda content: content.update(risks=[{"lineage": "b", "name": "锅炉"}]))
    assert differences(OLD, new) == [
        Difference("risks", "name", "通道", None, "a", "removed"),
        Difference("risks", "name", None, "锅炉", "b", "added"),
    ]
    assert risk_part(OLD) != risk_part(new)


def test_the_order_of_risks_and_the_row_of_the_item_do_not_count():
    first = changed(lambda content: content["risks"].append({"lineage": "b", "name": "锅炉"}))
    second = copy.deepcopy(first)
    second["risks"].reverse()
    second["risks"][1]["item_id"] = 6
    assert differences(first, second) == []
    assert risk_part(first) == risk_part(second)


def test_an_answer_counts_and_its_note_does_not():
    noted = changed(lambda content: content["answers"]["check-civil-fire"]["MZ-01"].update(note="二楼"))
    other = changed(lambda content: content["answers"]["check-civil-fire"]["MZ-01"].update(answer="absent"))
    assert [row.section for row in differences(OLD, noted)] == ["check-civil-fire"]
    assert risk_part(OLD) == risk_part(noted)
    assert risk_part(OLD) != risk_part(other)


def test_a_page_that_came_or_went_is_named():
    new = changed(lambda content: content["answers"].update({"check-civil-power": {"MZ-03": {"answer": "absent"}}}))
    assert differences(OLD, new) == [Difference("check-civil-power", "MZ-03", None, {"answer": "absent"})]
    assert risk_part(OLD) != risk_part(new)


def test_an_answer_taken_back_is_as_if_it_was_not_given():
    empty = changed(
        lambda content: content["answers"]["check-civil-fire"].update({"MZ-02": {"answer": "", "note": ""}})
    )
    assert risk_part(OLD) == risk_part(empty)


def test_other_attachments_are_named():
    new = changed(lambda content: content["attachments"].append({"name": "b.pdf", "sha256": "2"}))
    assert differences(OLD, new) == [Difference("attachments", "name", ["a.pdf"], ["a.pdf", "b.pdf"])]
    assert risk_part(OLD) == risk_part(new)
