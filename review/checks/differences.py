"""What differs between two contents: for the two-stage rule, for the review page, for two windows on one filing."""

from dataclasses import dataclass
from typing import Any

from review.enums import Answered

IGNORED_RISK_KEYS = {"item_id"}


@dataclass(frozen=True)
class Difference:
    """One difference: the section, the risk's lineage if it is one, the field, and both values."""

    section: str
    field: str
    old: Any
    new: Any
    lineage: str = ""
    kind: str = "changed"


def risk_part(content: dict) -> dict:
    """Return the part of a content that only review may change: answers and risks, in a comparable form."""
    return {
        "answers": {
            f"{section}/{code}": value.get("answer")
            for section, answers in content["answers"].items()
            for code, value in answers.items()
            if value.get("answer") in set(Answered)
        },
        "risks": {row["lineage"]: _comparable(row) for row in content["risks"]},
    }


def _comparable(row: dict) -> dict:
    return {key: value for key, value in row.items() if key not in IGNORED_RISK_KEYS}


def differences(old: dict, new: dict) -> list[Difference]:
    """Return what changed from one content to the other, section by section, risks by lineage."""
    found = _fields("basic", old["basic"], new["basic"])
    for section in sorted({*old["answers"], *new["answers"]}):
        found += _fields(section, old["answers"].get(section, {}), new["answers"].get(section, {}))
    before = {row["lineage"]: _comparable(row) for row in old["risks"]}
    after = {row["lineage"]: _comparable(row) for row in new["risks"]}
    for lineage in sorted({*before, *after}):
        found += _risk(lineage, before.get(lineage), after.get(lineage))
    if old["attachments"] != new["attachments"]:
        had, has = ([row["name"] for row in content["attachments"]] for content in (old, new))
        found.append(Difference("attachments", "name", had, has))
    return found


def _fields(section: str, old: dict, new: dict, lineage: str = "") -> list[Difference]:
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return [Difference(section, key, old.get(key), new.get(key), lineage) for key in keys]


def _risk(lineage: str, old: dict | None, new: dict | None) -> list[Difference]:
    if old is None and new is not None:
        return [Difference("risks", "name", None, new["name"], lineage, "added")]
    if old is not None and new is None:
        return [Difference("risks", "name", old["name"], None, lineage, "removed")]
    return _fields("risks", old or {}, new or {}, lineage)
