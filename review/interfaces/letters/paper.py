"""A letter on paper: what PDF and Word say, from the letter and its frozen evidence.

Papers are Chinese whatever the reader's language: they go into the files of a Chinese office.
"""

import json
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from review.domain.letters.wording import filled_terms, long_day
from review.enums import NEVER_ISSUED
from review.models import Letter
from riskreport.ground import clock
from riskreport.ground.documents.typeset import typeset
from riskreport.ground.documents.word import render_word

PAPER_LANGUAGE = "zh-hans"
WORD_TEMPLATE = Path("letter.docx")
BY_AREA, BY_REPORT = "by_area", "by_report"


def letter_pdf(letter: Letter) -> bytes:
    """Return the letter as PDF on A4; a draft is marked as one."""
    return typeset("letter.typ", paper_data(letter), at=letter.issued_at or letter.created_at)


def letter_word(letter: Letter) -> bytes:
    """Return the letter as a Word document to go on with."""
    data = {name.replace("-", "_"): value for name, value in paper_data(letter).items()}
    tables = {table["name"]: table for table in data["tables"]}
    return render_word(WORD_TEMPLATE, data | {name: tables.get(name) for name in (BY_AREA, BY_REPORT)})


def file_name(letter: Letter) -> str:
    """Return what a letter's file is called, without its ending."""
    return letter.number_text or f"{letter.title[:40]}-{letter.pk}"


def body_of(letter: Letter) -> str:
    """Return the text as it is sent: of a draft with day and interview filled in as they stand."""
    return filled_terms(letter, letter.due_on) if letter.state in NEVER_ISSUED else letter.body


def paper_data(letter: Letter) -> dict[str, Any]:
    """Return what both papers are filled in with: plain text and lists of text."""
    with translation.override(PAPER_LANGUAGE):
        content = json.loads(letter.evidence.content)
        day = timezone.localtime(letter.issued_at or clock.now()).date()
        return {
            "title": letter.title,
            "number": letter.number_text or _("(the number is given when it is issued)"),
            "issuer": letter.issuer.name,
            "addressee": letter.addressee,
            "body": [line.strip() for line in body_of(letter).splitlines() if line.strip()],
            "contact": _("Telephone: %(phone)s") % {"phone": letter.issuer.phone} if letter.issuer.phone else "",
            "copies": letter.copies.strip().rstrip("。"),
            "day": long_day(day),
            "draft": letter.state in NEVER_ISSUED,
            "draft-word": _("Draft for preview"),
            "annex-title": _("Figures the letter stands on"),
            "annex-lead": _("%(task)s, as of %(day)s") % {"task": content["campaign"]["name"], "day": content["as_of"]},
            "tables": _tables(content),
            "digest": letter.evidence.sha256,
        }


def _tables(content: dict[str, Any]) -> list[dict[str, Any]]:
    tables = []
    if content["parts"]:
        rows = [
            [row["name"], *(str(row[name]) for name in ("expected", "actual", "open")), f"{row['rate']}%"]
            for row in content["parts"]
        ]
        head = [_("Area"), _("Expected"), _("Filed"), _("Not filed"), _("Rate")]
        tables.append(_table(BY_AREA, _("By area"), head, rows, [1, 2, 3, 4]))
    if content["reports"]:
        rows = [
            [str(number), row["unit"], row["town"], row["state"], row["due_on"], str(row["days_overdue"] or "—")]
            for number, row in enumerate(content["reports"], 1)
        ]
        head = [_("No."), _("Enterprise"), _("Town or street"), _("Status"), _("Due on"), _("Days overdue")]
        title = _("Reports not filed: %(count)s") % {"count": content["reports_total"]}
        if content["reports_total"] > len(rows):
            title += _(" (the first %(count)s)") % {"count": len(rows)}
        tables.append(_table(BY_REPORT, title, head, rows, [0, 5]))
    return tables


def _table(name: str, title: str, head: list[str], rows: list[list[str]], numbers: list[int]) -> dict[str, Any]:
    return {"name": name, "title": title, "head": head, "rows": rows, "numbers": numbers}
