"""A bulletin as Word and PDF: the text a person edited, the frozen figures in tables, a ranking with bars."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from review.checks.bulletin_text import paragraphs_of
from review.domain.bulletins.figures import PAPER_LANGUAGE
from review.domain.bulletins.making import figures_in
from review.enums import BulletinState
from review.interfaces.bulletins.figure_sheet import figure_tables, summary_lines
from review.models import Bulletin
from riskreport.ground.documents.typeset import typeset
from riskreport.ground.documents.word import render_word

BAR = 20  # blocks of a whole bar in Word, which has no drawing that every office opens alike


def bulletin_data(bulletin: Bulletin) -> dict[str, Any]:
    """Return what both documents are made of, as plain texts."""
    figures = figures_in(bulletin)
    with translation.override(PAPER_LANGUAGE):
        ranked = sorted((row for row in figures["areas"] if row["place"]), key=lambda row: row["place"])
        return {
            "title": bulletin.title,
            "unit": bulletin.department.name,
            "office": settings.OFFICE_NAME,
            "paragraphs": paragraphs_of(bulletin.text),
            "summary": [{"label": label, "value": value} for label, value in summary_lines(figures)],
            "tables": [asdict(table) for table in figure_tables(figures)],
            "ranking_title": _("Ranking by area"),
            "planned": float(figures["standing"]["planned"] or 0),
            "planned_text": figures["standing"]["planned"],
            "ranking": [_bar(row) for row in ranked],
            "state": "" if bulletin.state == BulletinState.ISSUED else str(BulletinState(bulletin.state).label),
            "campaign": figures["campaign_name"],
            "as_of": figures["as_of"],
            "day": _said(bulletin),
            "since": figures["since"],
            "edition": bulletin.edition,
            "check": bulletin.sha256[:16],
        }


def _bar(row: dict[str, Any]) -> dict[str, Any]:
    rate = float(row["rate"] or 0)
    moved = row["moved"]
    return {
        "place": str(row["place"]),
        "name": row["name"],
        "rate": row["rate"],
        "value": rate,
        "bar": "█" * round(rate / 100 * BAR) + "░" * (BAR - round(rate / 100 * BAR)),
        "moved": f"▲{moved}" if moved > 0 else f"▼{-moved}" if moved < 0 else "—",
    }


def _said(bulletin: Bulletin) -> str:
    """The day under the text: when it was issued, else made."""
    day = timezone.localtime(bulletin.issued_at or bulletin.made_at)
    return f"{day.year}年{day.month}月{day.day}日"


def bulletin_pdf(bulletin: Bulletin) -> bytes:
    """Return the bulletin as PDF."""
    return typeset("bulletin.typ", bulletin_data(bulletin), at=bulletin.issued_at or bulletin.made_at)


def bulletin_word(bulletin: Bulletin) -> bytes:
    """Return the bulletin as Word document, to be worked on in WPS or Word."""
    data = bulletin_data(bulletin)
    tables = {table["key"]: table for table in data.pop("tables")}
    areas, lines = tables["areas"], tables["lines"]
    return render_word(Path("bulletin.docx"), data | {"areas": areas, "lines": lines})
