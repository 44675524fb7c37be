"""A snapshot as a person reads it: blocks with titles, labels and words, what changed marked, phones masked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from enterprises.checks.basic_information import FIELD, FIELDS, GROUPS, display
from review.checks.differences import Difference, differences
from review.checks.registry import CheckContext, Problem
from review.enums import Answered, AttachmentKind
from review.models import Filing, Remark
from review.queries.words import Words
from riskreport.ground.sheets.values import mask_phone
from risks.checks.assessment import explain_score
from risks.enums import LEVEL_ORDER, Level, MeasureClass, Method, Rank

RISKS, ATTACHMENTS, BASIC, UNDERTAKING = "risks", "attachments", "basic", "undertaking"


@dataclass
class Line:
    """One value with its label; ``old`` is what stood there before when it has changed."""

    label: str
    value: Any
    changed: bool = False
    old: Any = ""


@dataclass
class AnswerLine:
    """One answered item of the self-check."""

    code: str
    name: str
    level: str
    present: bool
    note: str
    changed: bool = False
    old: str = ""


@dataclass
class RiskCard:
    """One declared risk. ``kind`` is added, removed, changed or empty; ``floor`` is set when it is rated lower."""

    lineage: str
    name: str
    level: str
    item: str
    lines: list[Line]
    measures: list[Line]
    kind: str = ""
    floor: str = ""
    reason: str = ""
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The id of the card on the page, and the value that pins a remark to it."""
        return f"risk-{self.lineage}"


@dataclass
class Block:
    """One section: ``kind`` says which of the lists is filled."""

    key: str
    title: str
    kind: str
    groups: list[tuple[str, list[Line]]] = field(default_factory=list)
    answers: list[AnswerLine] = field(default_factory=list)
    risks: list[RiskCard] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    changes: int = 0
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def present(self) -> int:
        """How many items of the self-check are answered as present."""
        return sum(1 for row in self.answers if row.present)

    @property
    def absent(self) -> list[AnswerLine]:
        """The items answered as not present of which there is nothing else to say."""
        return [row for row in self.answers if not (row.present or row.changed or row.note)]


def build_page(
    content: dict,
    words: Words,
    *,
    before: dict | None = None,
    problems: Iterable[Problem] = (),
    remarks: Iterable[Remark] = (),
    show_phones: bool = False,
) -> list[Block]:
    """Return the blocks of a content, in the order it was written in.

    ``before`` is the content of the snapshot before; what differs is marked. Problems and remarks go to the block or
    the risk they are about; one about something no longer there goes to the block of risks.
    """
    found = differences(before, content) if before is not None else []
    blocks = [
        _basic_block(content["basic"], found, show_phones),
        *(_answer_block(key, answers, words, found) for key, answers in words.in_order(content["answers"])),
        _risk_block(content, before, words, found, show_phones),
        _attachment_block(content, found),
    ]
    if content["undertaking"]:
        blocks.append(_undertaking_block(content["undertaking"]))
    _pin(blocks, problems, remarks)
    return blocks


def places_of(blocks: list[Block]) -> list[tuple[str, str]]:
    """Return what a remark may be pinned to, as (value, label): each section, and each risk by its lineage."""
    places = []
    for block in blocks:
        if block.kind != UNDERTAKING:
            places.append((block.key, block.title))
        places += [(card.anchor, _("Risk: %(name)s") % {"name": card.name}) for card in block.risks]
    return places


def place_label(remark: Remark, blocks: list[Block]) -> str:
    """Return where a remark is pinned, in words."""
    value = f"risk-{remark.lineage}" if remark.lineage else remark.section
    return dict(places_of(blocks)).get(value) or _("The report as a whole")


def _basic_block(basic: dict, found: list[Difference], show_phones: bool) -> Block:
    changed = {row.field: row.old for row in found if row.section == BASIC}
    groups = []
    for key, title in GROUPS:
        lines = [
            Line(
                str(known.label),
                _basic_value(known.key, basic.get(known.key), show_phones),
                known.key in changed,
                _basic_value(known.key, changed.get(known.key), show_phones),
            )
            for known in FIELDS
            if known.group == key
        ]
        groups.append((str(title), lines))
    return Block(BASIC, _("Basic information"), BASIC, groups=groups, changes=len(changed))


def _basic_value(key: str, value: Any, show_phones: bool) -> str:
    known = FIELD[key]
    if known.personal and not show_phones:
        return mask_phone(value)
    return display(known, value)


def _answer_block(key: str, answers: dict, words: Words, found: list[Difference]) -> Block:
    changed = {row.field: row.old or {} for row in found if row.section == key}
    lines, title = [], ""
    for code, value in answers.items():
        item = words.items.get((key, code))
        title = title or (item.group if item else "")
        lines.append(
            AnswerLine(
                code,
                item.name if item else code,
                item.level if item else "",
                value.get("answer") == Answered.PRESENT,
                value.get("note", ""),
                code in changed,
                _answer_words(changed.get(code, {})),
            )
        )
    return Block(key, _("Self-check · %(group)s") % {"group": title or key}, "answers", answers=lines,
                 changes=len(changed))  # fmt: skip


def _answer_words(value: dict) -> str:
    answer = value.get("answer")
    words = Answered(answer).label if answer in set(Answered) else _("Not answered")
    return f"{words} {value.get('note', '')}".strip()


RISK_LABELS = ("point", "place", "accident_type", "consequence", "method", "responsible_department",
               "responsible_name", "responsible_post", "rank", "responsible_phone")  # fmt: skip


def risk_labels() -> dict[str, str]:
    """Return the label of each column of a risk in the active language."""
    return {
        "name": _("Name"),
        "point": _("Risk point"),
        "place": _("Place"),
        "accident_type": _("Accident type"),
        "consequence": _("Consequence"),
        "method": _("How the level was found"),
        "responsible_department": _("Responsible department"),
        "responsible_name": _("Responsible person"),
        "responsible_post": _("Post"),
        "rank": _("Rank"),
        "responsible_phone": _("Telephone"),
    }


def _risk_block(content: dict, before: dict | None, words: Words, found: list[Difference], show_phones: bool) -> Block:
    by_lineage: dict[str, list[Difference]] = {}
    for row in found:
        if row.section == RISKS:
            by_lineage.setdefault(row.lineage, []).append(row)
    cards = [_risk_card(row, by_lineage.get(row["lineage"], []), words, show_phones) for row in content["risks"]]
    kept = {row["lineage"] for row in content["risks"]}
    for row in (before or {}).get("risks", []):
        if row["lineage"] not in kept:
            card = _risk_card(row, [], words, show_phones)
            card.kind = "removed"
            cards.append(card)
    return Block(RISKS, _("Risks, measures and responsible persons"), RISKS, risks=cards, changes=len(by_lineage))


def _risk_card(row: dict, found: list[Difference], words: Words, show_phones: bool) -> RiskCard:
    labels = risk_labels()
    old = {difference.field: difference.old for difference in found if difference.kind == "changed"}
    kind = next((difference.kind for difference in found if difference.kind != "changed"), "changed" if old else "")

    def text(key: str, source: dict) -> str:
        return _risk_value(key, source, words, show_phones)

    lines = [Line(labels[key], text(key, row), key in old, text(key, {**row, **old})) for key in RISK_LABELS]
    if "name" in old:
        lines.insert(0, Line(labels["name"], row["name"], True, old["name"]))
    if "level" in old:
        lines.insert(0, Line(_("Level"), Level(row["level"]).label, True, Level(old["level"]).label))
    return RiskCard(
        row["lineage"], row["name"], row["level"], row.get("item") or "", lines, _measure_lines(row, old), kind,
        floor=_floor(row), reason=row.get("lower_reason", ""),
    )  # fmt: skip


def _measure_lines(row: dict, old: dict) -> list[Line]:
    before = old.get("measures", row.get("measures") or {}) or {}
    lines = []
    for known in MeasureClass:
        now, then = (row.get("measures") or {}).get(known.value, []), before.get(known.value, [])
        if now or then:
            lines.append(Line(str(known.label), now, now != then, then))
    return lines


def _floor(row: dict) -> str:
    """Return the catalogue's level when the risk is rated below it."""
    floor = row.get("item_level")
    if floor and LEVEL_ORDER[Level(row["level"])] < LEVEL_ORDER[Level(floor)]:
        return floor
    return ""


def _risk_value(key: str, row: dict, words: Words, show_phones: bool) -> str:
    value = row.get(key)
    if key == "accident_type":
        return words.accidents.get(value, value or "")
    if key == "method":
        label = str(Method(value).label) if value else ""
        score = explain_score(value, row.get("assessment") or {}) if value else ""
        return f"{label}（{score}）" if score else label
    if key == "rank":
        return str(Rank(value).label) if value else ""
    if key == "responsible_phone" and not show_phones:
        return mask_phone(value)
    return str(value or "")


def _attachment_block(content: dict, found: list[Difference]) -> Block:
    changed = any(row.section == ATTACHMENTS for row in found)
    lines = [
        Line(str(AttachmentKind(row["kind"]).label), f"{row['name']} · {max(1, row['size'] // 1024)} KB")
        for row in content["attachments"]
    ]
    return Block(ATTACHMENTS, _("Attachments"), ATTACHMENTS, lines=lines, changes=int(changed))


def _undertaking_block(undertaking: dict) -> Block:
    lines = [
        Line(_("Certified by"), undertaking.get("signed_name", "")),
        Line(_("Post"), undertaking.get("signed_post", "")),
        Line(_("Time"), str(undertaking.get("at", ""))[:16].replace("T", " ")),
    ]
    return Block(UNDERTAKING, _("Undertaking"), UNDERTAKING, lines=lines)


def _pin(blocks: list[Block], problems: Iterable[Problem], remarks: Iterable[Remark]) -> None:
    by_key = {block.key: block for block in blocks}
    by_lineage = {card.lineage: card for block in blocks for card in block.risks}
    for problem in problems:
        (by_lineage.get(problem.lineage) or by_key.get(problem.section) or by_key[RISKS]).problems.append(problem)
    for remark in remarks:
        place = by_lineage.get(str(remark.lineage)) if remark.lineage else by_key.get(remark.section)
        (place or by_key[RISKS]).remarks.append(remark)


def context_of(filing: Filing, words: Words, *, stamped_wanted: bool = False) -> CheckContext:
    """Return the context in which the checks judge a snapshot: the items that it answers, as they were asked."""
    items: dict[str, dict[str, dict]] = {}
    for (section, code), item in words.items.items():
        facts = {"name": item.name, "level": item.level, "may_be_lowered": item.may_be_lowered}
        items.setdefault(section, {})[code] = facts
    return CheckContext(
        items=items, stages=filing.campaign.stages, is_paper=filing.is_paper, stamped_wanted=stamped_wanted
    )
