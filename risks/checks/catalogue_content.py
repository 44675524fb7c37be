"""What a catalogue file must hold before it is published: pure checks, each with an id and a sentence that helps."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from risks.checks.quantified_table import quantified_findings
from risks.enums import LARGER_AND_ABOVE, MeasureClass
from risks.models.catalogue import ITEM_COLUMNS

MOST_ITEMS_ON_A_SCREEN = 20
ITEM_CODE = re.compile(r"[A-Z]{2,6}-\d{1,3}")
FILE_FIELDS = ("key", "line", "sector", "title", "title_en", "version", "note", "parts", "groups", "items")
ITEM_FIELDS = (*ITEM_COLUMNS, "categories")
OPTIONAL_FIELDS = {"quantified", "published_on"}


@dataclass(frozen=True)
class Known:
    """The codes a catalogue may speak of."""

    lines: Collection[str]
    sectors: Collection[str]
    categories: Collection[str]
    accident_types: Collection[str]


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the check that found it, where it stands, and a sentence with what is wanted."""

    check: str
    file: str
    item: str
    field: str
    text: str

    def __str__(self) -> str:
        place = f"{self.file}, item {self.item}" if self.item else self.file
        return f"{place}, field {self.field}: {self.text}"


class InvalidCatalogue(ValueError):
    """A catalogue file that cannot be published. Its text lists every problem, one sentence a line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def check_catalogue(content: Any, *, file: str, known: Known) -> None:
    """Raise InvalidCatalogue with every problem of a catalogue file's ``content``; return nothing when it is sound."""
    problems = catalogue_problems(content, file=file, known=known)
    if problems:
        raise InvalidCatalogue(problems)


def catalogue_problems(content: Any, *, file: str, known: Known) -> list[Problem]:
    """Return all problems of a catalogue file, in the order a person would mend them: whole, items, items together."""
    if not isinstance(content, dict):
        text = _("The file must hold one JSON object with the catalogue's fields.")
        return [Problem("shape", file, "", "(file)", text)]
    found = _field_findings(content, FILE_FIELDS, OPTIONAL_FIELDS)
    if not found:
        found = _head_findings(content, file, known)
    problems = [Problem(check, file, "", field, text) for check, field, text in found]
    if problems:
        return problems
    for number, item in enumerate(content["items"], 1):
        name = str(item.get("code") or f"no. {number}") if isinstance(item, dict) else f"no. {number}"
        problems += [Problem(*_placed(finding, file, name)) for finding in _item_findings(item, content, known)]
    if not problems:
        problems = [Problem(check, file, item, field, text) for check, item, field, text in _together(content)]
    if not problems and content.get("quantified"):
        codes = [item["code"] for item in content["items"]]
        problems = [
            Problem("quantified", file, item, field, text)
            for item, field, text in quantified_findings(content["quantified"], codes)
        ]
    return problems


def draft_problems(content: dict, *, known: Known) -> list[Problem]:
    """Return all problems of a keeper's draft at once: whatever stands in the database has its shape already."""
    key = content["key"]
    found = [(check, "", field, text) for check, field, text in _head_findings(content, f"{key}.json", known)]
    for item in content["items"]:
        found += [(check, item["code"], field, text) for check, field, text in _item_findings(item, content, known)]
    found += [(check, item, field, text) for check, item, field, text in _together(content)]
    if content.get("quantified"):
        codes = [item["code"] for item in content["items"]]
        found += [("quantified", *finding) for finding in quantified_findings(content["quantified"], codes)]
    return [Problem(check, "", item, field, text) for check, item, field, text in found]


def _placed(finding: tuple[str, str, str], file: str, item: str) -> tuple[str, str, str, str, str]:
    check, field, text = finding
    return check, file, item, field, text


def _field_findings(content: dict, wanted: Sequence[str], optional: set[str]) -> list[tuple[str, str, str]]:
    missing = [("field_missing", name, _("This field is missing. Add it.")) for name in wanted if name not in content]
    extra = sorted(set(content) - set(wanted) - optional)
    return missing + [
        ("field_unknown", name, _("No such field is known. Remove it or mend its name.")) for name in extra
    ]


def _head_findings(content: dict, file: str, known: Known) -> list[tuple[str, str, str]]:
    found = []
    if content["key"] != file.removesuffix(".json") or not re.fullmatch(r"[a-z][a-z0-9-]{1,29}", str(content["key"])):
        wanted = _("%(found)s must be the file's own name in small letters, without .json.")
        found.append(("key", "key", _found(content["key"], wanted)))
    if not _is_one_of(content["line"], known.lines):
        wanted = _("%(found)s is not a known line. Write the key of one of the bureaus.")
        found.append(("line", "line", _found(content["line"], wanted)))
    if content["sector"] is not None and not _is_one_of(content["sector"], known.sectors):
        wanted = _("%(found)s is not a known sector. Write its code, or null.")
        found.append(("sector", "sector", _found(content["sector"], wanted)))
    if not _is_count(content["version"]):
        wanted = _("%(found)s is not a version. Write a whole number from 1.")
        found.append(("version", "version", _found(content["version"], wanted)))
    for field, most in (("title", 120), ("title_en", 200), ("note", 200)):
        found += _text_finding(field, content[field], most)
    found += _list_of_names("parts", content["parts"], 10) + _list_of_names("groups", content["groups"], 20)
    if not isinstance(content["items"], list) or not content["items"]:
        found.append(("items", "items", _("A catalogue needs at least one item. Add the first one.")))
    return found + _published_on(content.get("published_on"))


def _published_on(value: Any) -> list[tuple[str, str, str]]:
    if value is None:
        return []
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        text = _found(value, _("%(found)s is not a date. Write it like 2021-10-19, or leave it out."))
        return [("published_on", "published_on", text)]
    return []


def _found(value: Any, sentence: str) -> str:
    """The sentence with the value that was found, as a person or a file wrote it."""
    return sentence % {"found": f"“{value}”" if isinstance(value, str) else repr(value)}


def _one_of(value: str, wanted: Collection[str], sentence: str) -> str:
    """The sentence with what was found and what may stand there."""
    return sentence % {"found": value, "wanted": ", ".join(wanted)}


def _is_one_of(value: Any, codes: Collection[str]) -> bool:
    """Whether it is a text and one of the codes; a list where a code belongs is an answer too, and a wrong one."""
    return isinstance(value, str) and value in codes


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 32767


def _text_finding(field: str, value: Any, most: int) -> list[tuple[str, str, str]]:
    if value == "" and field.endswith("_en"):
        return []  # pages in English then show the Chinese words
    if not isinstance(value, str) or not value.strip():
        return [("text", field, _("This is empty. Write 1 to %(most)s characters.") % {"most": most})]
    if len(value) > most:
        return [
            (
                "text",
                field,
                _("The text has %(length)s characters. Shorten it to %(most)s or fewer.")
                % {"length": len(value), "most": most},
            )
        ]
    return []


def _list_of_names(field: str, value: Any, longest_key: int) -> list[tuple[str, str, str]]:
    whole = isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)
    if not whole or not all(
        _nonblank(entry.get("key")) and _nonblank(entry.get("name")) and isinstance(entry.get("name_en"), str)
        for entry in value
    ):
        return [("names", field, _("At least one entry is needed, each with a name."))]
    keys = [entry["key"] for entry in value]
    if len(set(keys)) < len(keys) or max(map(len, keys)) > longest_key:
        return [
            (
                "names",
                field,
                _("Each key must be its own and have at most %(most)s characters.") % {"most": longest_key},
            )
        ]
    return []


def _nonblank(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _item_findings(item: Any, content: dict, known: Known) -> list[tuple[str, str, str]]:
    if not isinstance(item, dict):
        return [("item_shape", "(item)", _("An item must be a JSON object with the item's fields."))]
    found = _field_findings(item, ITEM_FIELDS, set())
    if found:
        return found
    for field, most in (("name", 30), ("name_en", 120), ("place", 120), ("consequence", 300)):
        found += _text_finding(field, item[field], most)
    for check, field, ask in ITEM_CHECKS:
        text = ask(item[field], content, known)
        if text:
            found.append((check, field, text))
    return found


def _code(value: Any, content: dict, known: Known) -> str:
    good = isinstance(value, str) and len(value) <= 12 and ITEM_CODE.fullmatch(value)
    return (
        ""
        if good
        else _found(
            value, _("%(found)s is not an item code. Write capital letters, a hyphen and a number, like MZ-01.")
        )
    )


def _part(value: Any, content: dict, known: Known) -> str:
    keys = [part["key"] for part in content["parts"]]
    return (
        ""
        if value in keys
        else _one_of(value, keys, _("%(found)s is not a part of this catalogue. Choose one of %(wanted)s."))
    )


def _group(value: Any, content: dict, known: Known) -> str:
    keys = [group["key"] for group in content["groups"]]
    return (
        ""
        if value in keys
        else _one_of(value, keys, _("%(found)s is not a group of this catalogue. Choose one of %(wanted)s."))
    )


def _categories(value: Any, content: dict, known: Known) -> str:
    if not isinstance(value, list) or not value or len(set(map(str, value))) < len(value):
        return _("No category is named. Choose at least one, each once.")
    for code in value:
        if not _is_one_of(code, known.categories):
            return _found(code, _("%(found)s is not a known category. Write category codes like 1401."))
        if content["sector"] and not code.startswith(content["sector"]):
            return _one_of(
                code,
                [content["sector"]],
                _("Category %(found)s lies outside sector %(wanted)s, which this catalogue serves."),
            )
    return ""


def _look_for(value: Any, content: dict, known: Known) -> str:
    good = isinstance(value, list) and 2 <= len(value) <= 4 and all(map(_nonblank, value))
    return "" if good else _("Write 2 to 4 things that a person checks by looking, one a line.")


def _accident_types(value: Any, content: dict, known: Known) -> str:
    if not isinstance(value, list) or not value:
        return _("No accident type is named. Choose at least one, the main one first.")
    unknown = [str(code) for code in value if not _is_one_of(code, known.accident_types)]
    if unknown:
        return _one_of(
            ", ".join(unknown),
            [],
            _("%(found)s: no such accident type. Write codes from 01 to 24, the main one first."),
        )
    return ""


def _level(value: Any, content: dict, known: Known) -> str:
    return (
        ""
        if _is_one_of(value, LARGER_AND_ABOVE)
        else _found(value, _("%(found)s cannot be listed. Choose larger or major."))
    )


def _may_be_lowered(value: Any, content: dict, known: Known) -> str:
    return (
        "" if isinstance(value, bool) else _found(value, _("%(found)s is neither true nor false. Write true or false."))
    )


def _measures(value: Any, content: dict, known: Known) -> str:
    if not isinstance(value, dict) or set(value) != set(MeasureClass.values):
        return _one_of("", MeasureClass.values, _("Write measures in exactly the five classes %(wanted)s."))
    for name, texts in value.items():
        if not isinstance(texts, list) or not 1 <= len(texts) <= 3 or not all(map(_nonblank, texts)):
            return _one_of(
                str(MeasureClass(name).label),
                [],
                _("The class “%(found)s” needs 1 to 3 measures, one a line, none of them blank."),
            )
    return ""


def _basis(value: Any, content: dict, known: Known) -> str:
    return "" if isinstance(value, str) else _("Write a text, or leave it empty until the lead department confirms.")


ITEM_CHECKS: tuple[tuple[str, str, Callable[[Any, dict, Known], str]], ...] = (
    ("item_code", "code", _code),
    ("item_part", "part", _part),
    ("item_group", "group", _group),
    ("item_categories", "categories", _categories),
    ("item_look_for", "look_for", _look_for),
    ("item_accident_types", "accident_types", _accident_types),
    ("item_level", "level", _level),
    ("item_may_be_lowered", "may_be_lowered", _may_be_lowered),
    ("item_measures", "measures", _measures),
    ("item_basis", "basis", _basis),
)


def _together(content: dict) -> list[tuple[str, str, str, str]]:
    """What can be seen only with all items side by side."""
    items, found = content["items"], []
    for field in ("code", "name", "name_en"):
        counts = Counter(item[field] for item in items if item[field])
        found += [
            (
                "item_twice",
                item["code"],
                field,
                _found(item[field], _("%(found)s stands more than once. Each item needs its own.")),
            )
            for item in items
            if counts[item[field]] > 1
        ]
    seen: dict[str, str] = {}
    for item in items:
        for text in item["look_for"]:
            earlier = seen.setdefault(text, item["code"])
            if earlier != item["code"]:
                found.append(
                    (
                        "look_for_twice",
                        item["code"],
                        "look_for",
                        _one_of(text, [earlier], _("“%(found)s” already stands in %(wanted)s.")),
                    )
                )
    sizes = Counter(item["group"] for item in items)
    for group in content["groups"]:
        size = sizes[group["key"]]
        if not 1 <= size <= MOST_ITEMS_ON_A_SCREEN:
            text = _("The group “%(name)s” has %(size)s items. A group is one screen: give it 1 to 20.") % {
                "name": group["name"],
                "size": size,
            }
            found.append(("group_size", "", "groups", text))
    return found
