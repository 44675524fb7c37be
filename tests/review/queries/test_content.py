"""The check code: what changes it, what does not, and how it is written."""

import re

from review.queries.content import check_code

CONTENT = {
    "schema": 1,
    "basic": {"legal_name": "周敏"},
    "answers": {"check-civil-fire": {"MZ-01": {"answer": "present", "note": ""}}},
    "risks": [{"lineage": "a", "name": "通道", "level": "larger"}],
    "attachments": [],
    "undertaking": {},
}


def test_check_code_is_sixteen_digits_in_groups_of_four():
    assert re.fullmatch(r"[0-9A-F]{4}( [0-9A-F]{4}){3}", check_code(CONTENT))


def test_attaching_and_certifying_leave_the_check_code_as_it_is():
    scan = {"kind": "stamped", "name": "盖章件.pdf", "size": 1, "sha256": "0" * 64}
    signed = {"certified": True, "signed_name": "周敏"}
    assert check_code(CONTENT | {"attachments": [scan], "undertaking": signed}) == check_code(CONTENT)


def test_every_other_part_changes_the_check_code():
    changed = {"schema": 2, "basic": {"legal_name": "周敏。"}, "answers": {}, "risks": []}
    assert {*CONTENT} == {*changed, "attachments", "undertaking"}
    codes = {check_code(CONTENT | {key: value}) for key, value in changed.items()}
    assert len({*codes, check_code(CONTENT)}) == len(changed) + 1
