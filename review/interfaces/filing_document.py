"""What the papers of a report say: the report on A4, from a snapshot or as it is written now, and the receipt.

Papers are Chinese whatever the reader's language: they go into the files of a Chinese office.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from enterprises.checks.basic_information import FIELD, FIELDS, GROUPS, display
from review.enums import Answered, AttachmentKind, Stage
from review.interfaces.risk_form import rank_names
from review.interfaces.undertaking_form import PROMISES
from review.models import Filing, Snapshot
from review.queries.content import check_code, count_by_level, shown_digest
from review.queries.words import Words, words_of
from riskreport.ground import clock
from riskreport.ground.documents.typeset import qr_svg, typeset
from riskreport.ground.sheets.values import mask_phone, text_of_moment
from risks.checks.assessment import explain_score
from risks.enums import Level, MeasureClass, Method

PAPER_LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class Printed:
    """What a report on paper is made from; ``snapshot`` None is one printed before it is handed in."""

    content: dict
    number: int
    stage: str
    at: dt.datetime
    snapshot: Snapshot | None = None


def printed_from(snapshot: Snapshot) -> Printed:
    """Return a snapshot as it is printed."""
    return Printed(json.loads(snapshot.content), snapshot.number, snapshot.stage, snapshot.created_at, snapshot)


def printed_now(filing: Filing, content: dict, *, number: int) -> Printed:
    """Return what a report says now as it is printed before it is handed in under that number."""
    stage = Stage.DRAFT if filing.campaign.stages == 2 else Stage.FINAL
    return Printed(content, number, stage, clock.now())


def report_number(filing: Filing) -> str:
    """Return the number a report goes by on paper: year of the task and the report's own number."""
    return f"AQFX-{filing.campaign.opens_on:%Y}-{filing.pk:07d}"


def receipt_number(snapshot: Snapshot, filing: Filing) -> str:
    """Return the number of a receipt: the report's with the number of the hand-in; unique, because both are."""
    return f"{report_number(filing)}-{snapshot.number:02d}"


def report_pdf(printed: Printed, filing: Filing, *, address: str, show_phones: bool) -> bytes:
    """Return a report as PDF on A4; ``address`` is what the QR code leads to."""
    with translation.override(PAPER_LANGUAGE):
        words = words_of(printed.content)
        data = _head(printed, filing, address) | _body(printed, filing, words, show_phones)
        data["title"] = _("Report of larger-and-above safety risks")
    return typeset("first_report.typ", data, at=printed.at)


def receipt_pdf(snapshot: Snapshot, filing: Filing, *, address: str) -> bytes:
    """Return the receipt of a hand-in as PDF on A4."""
    with translation.override(PAPER_LANGUAGE):
        data = _head(printed_from(snapshot), filing, address) | receipt_facts(snapshot, filing)
        data["title"] = _("Receipt of a safety-risk report")
        data["received"] = _receipt_sentence(snapshot, filing)
    return typeset("receipt.typ", data, at=snapshot.created_at)


def receipt_facts(snapshot: Snapshot, filing: Filing) -> dict[str, Any]:
    """Return what a receipt says, for the page and the paper: rows of (label, value) and counts by level."""
    content = json.loads(snapshot.content)
    counts = count_by_level(content)
    rows = [
        (_("Receipt number"), receipt_number(snapshot, filing)),
        (_("Unit"), filing.enterprise.name),
        (_("Credit code"), filing.enterprise.code),
        (_("Reporting task"), filing.campaign.label),
        (_("What was handed in"), str(Stage(snapshot.stage).label)),
        (_("Time"), text_of_moment(snapshot.created_at)),
        (_("Handed in by"), snapshot.created_by.name),
        (_("Reviewing department"), filing.department.label),
        (_("Check code"), check_code(content)),
    ]
    levels = [(level.value, str(level.label), counts[level]) for level in Level]
    return {"rows": rows, "levels": levels, "digest": snapshot.sha256}


def _receipt_sentence(snapshot: Snapshot, filing: Filing) -> str:
    names = {"unit": filing.enterprise.name, "task": filing.campaign.label, "number": snapshot.number}
    if snapshot.stage == Stage.FINAL:
        return _("The final report of %(unit)s for “%(task)s” was filed and is kept as hand-in %(number)s.") % names
    return _("The first report of %(unit)s for “%(task)s” was received and is kept as hand-in %(number)s.") % names


def _head(printed: Printed, filing: Filing, address: str) -> dict[str, Any]:
    return {
        "report_number": report_number(filing),
        "number": printed.number,
        "stage": str(Stage(printed.stage).label),
        "check_code": check_code(printed.content),
        "digest_short": shown_digest(printed.snapshot.sha256) if printed.snapshot else "",
        "at": text_of_moment(printed.at),
        "submitted_on": _long_date(printed.at),
        "qr": qr_svg(address),
        "address": address,
        "unit": filing.enterprise.name,
        "code": filing.enterprise.code,
        "task": filing.campaign.label,
        "category": filing.category.label,
        "town": filing.town.label,
        "department": filing.department.label,
    }


def _body(printed: Printed, filing: Filing, words: Words, show_phones: bool) -> dict[str, Any]:
    content = printed.content
    counts = count_by_level(content)
    certified = printed.snapshot is not None and printed.stage == Stage.FINAL
    return {
        "basic": [
            {"title": str(title), "rows": [_basic_row(field.key, content, show_phones) for field in _fields(key)]}
            for key, title in GROUPS
        ],
        "checks": [_check(key, answers, words) for key, answers in words.in_order(content["answers"])],
        "risks": [_risk(number, row, filing, words, show_phones) for number, row in enumerate(content["risks"], 1)],
        "counts": [{"level": level.value, "name": str(level.label), "count": counts[level]} for level in Level],
        "attachments": [
            {"kind": str(AttachmentKind(row["kind"]).label), "name": row["name"], "digest": row["sha256"][:16].upper()}
            for row in content["attachments"]
        ],
        "promises": [str(text) for text in PROMISES],
        "signed": content["undertaking"] if certified else {},
    }


def _fields(group: str) -> list:
    return [field for field in FIELDS if field.group == group]


def _basic_row(key: str, content: dict, show_phones: bool) -> list[str]:
    field, value = FIELD[key], content["basic"].get(key, "")
    shown = mask_phone(value) if field.personal and not show_phones else display(field, value)
    return [str(field.label), shown or "—", field.kind]


def _check(key: str, answers: dict, words: Words) -> dict[str, Any]:
    rows, title = [], key
    for code, given in answers.items():
        item = words.items.get((key, code))
        title = item.group if item else title
        rows.append(
            {
                "code": code,
                "name": item.name if item else code,
                "level": item.level if item else "",
                "level_name": str(Level(item.level).label) if item else "",
                "present": given.get("answer") == Answered.PRESENT,
                "note": given.get("note", ""),
            }
        )
    return {"title": title, "rows": rows}


def _risk(number: int, row: dict, filing: Filing, words: Words, show_phones: bool) -> dict[str, Any]:
    phone = row["responsible_phone"]
    return {
        "number": number,
        "name": row["name"],
        "item": row["item"] or _("Own"),
        "point": row["point"],
        "place": row["place"],
        "level": row["level"],
        "level_name": str(Level(row["level"]).label),
        "accident": words.accidents.get(row["accident_type"], ""),
        "consequence": row["consequence"],
        "method": _method(row),
        "lower_reason": row["lower_reason"],
        "floor": str(Level(row["item_level"]).label) if row.get("item_level") else "",
        "measures": [
            {"name": str(known.label), "texts": row["measures"].get(known.value, [])}
            for known in MeasureClass
            if row["measures"].get(known.value)
        ],
        "person": row["responsible_name"],
        "post": row["responsible_post"],
        "rank": rank_names(filing.category).get(row["rank"], ""),
        "department": row["responsible_department"],
        "phone": phone if show_phones else mask_phone(phone),
    }


def _method(row: dict) -> str:
    label, score = str(Method(row["method"]).label), explain_score(row["method"], row["assessment"])
    return _("%(method)s: %(score)s") % {"method": label, "score": score} if score else label


def _long_date(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.year}年{local.month}月{local.day}日"
