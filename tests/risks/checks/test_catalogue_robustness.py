"""Whatever stands anywhere in a catalogue file, the checks answer with sentences and never break."""

import json
from collections.abc import Iterator

import pytest

from enterprises.domain.reference import read_data as read_enterprise_data
from risks.checks.catalogue_content import Known, catalogue_problems
from risks.domain.reference import CATALOGUES, read_data

WRONG = [None, [], {}, "", 0, -1, 1.5, float("nan"), float("inf"), True, "x" * 500, [[]], [{}], {"a": []}, [None]]


def places(value, path=()) -> Iterator[tuple]:
    """Yield the way to every value, two entries of each list."""
    if path:
        yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for number in range(min(2, len(value))):
            yield from places(value[number], (*path, number))


@pytest.fixture(scope="module")
def known():
    taxonomy = read_enterprise_data("taxonomy.json")
    return Known(
        lines={line["key"] for line in taxonomy["lines"]},
        sectors={sector["code"] for sector in taxonomy["sectors"]},
        categories={category["code"] for sector in taxonomy["sectors"] for category in sector["categories"]},
        accident_types={row["code"] for row in read_data("accident_types.json")["accident_types"]},
    )


def small_catalogue() -> dict:
    """The transport catalogue with two items and their quantified table."""
    content = json.loads((CATALOGUES / "transport.json").read_text(encoding="utf-8"))
    content["items"] = content["items"][:2]
    codes = [item["code"] for item in content["items"]]
    content["groups"] = [row for row in content["groups"] if row["key"] in {item["group"] for item in content["items"]}]
    content["quantified"]["indicators"] = {code: content["quantified"]["indicators"][code] for code in codes}
    return content


def test_anything_anywhere_is_answered_in_sentences(known):
    content = small_catalogue()
    assert catalogue_problems(content, file="transport.json", known=known) == []
    tried = 0
    for path in list(places(content)):
        parent = content
        for step in path[:-1]:
            parent = parent[step]
        right = parent[path[-1]]
        for wrong in WRONG:
            parent[path[-1]] = wrong
            for problem in catalogue_problems(content, file="transport.json", known=known):
                assert problem.text
                assert str(problem).startswith("transport.json")
            tried += 1
        parent[path[-1]] = right
    assert tried > 1000
    assert catalogue_problems(content, file="transport.json", known=known) == []
