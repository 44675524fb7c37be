"""The self-check guide of a category on paper (一业一策自查自评指南): what to look for, what to do, boxes to tick.

A paper is Chinese whatever the reader's language: it hangs in the office of a Chinese enterprise.
"""

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from enterprises.models import Category
from riskreport.ground.documents.typeset import qr_svg, typeset
from risks.enums import Level
from risks.interfaces.catalogue_page import shown_groups
from risks.models import Catalogue

PAPER_LANGUAGE = "zh-hans"


def guide_groups(category: Category, catalogues: list[Catalogue]) -> list[dict[str, Any]]:
    """Return the groups of all catalogues that ask the category, one after the other."""
    return [group for catalogue in catalogues for group in shown_groups(catalogue, {category.pk})]


def guide_pdf(category: Category, catalogues: list[Catalogue], *, address: str, at: dt.datetime) -> bytes:
    """Return the guide as PDF on A4; ``address`` is what the QR code leads to."""
    with translation.override(PAPER_LANGUAGE):
        groups = guide_groups(category, catalogues)
        data = {
            "title": _("Self-check guide, one trade one policy"),
            "unit": category.label,
            "sector": category.sector.label,
            "qr": qr_svg(address),
            "address": address,
            "sources": [
                {
                    "title": row.label,
                    "line": row.line.label,
                    "version": row.version,
                    "day": str(row.published_on),
                    "note": row.note,
                }
                for row in catalogues
            ],
            "groups": [{"name": group["name"], "items": [_item(one) for one in group["entries"]]} for group in groups],
            "count": sum(len(group["entries"]) for group in groups),
        }
    return typeset("guide.typ", data, at=at)


def _item(one: dict[str, Any]) -> dict[str, Any]:
    item = one["item"]
    return {
        "code": item.code,
        "name": item.label,
        "level": item.level,
        "level_name": str(Level(item.level).label),
        "may_be_lowered": item.may_be_lowered,
        "place": item.place,
        "accidents": one["accidents"],
        "consequence": item.consequence,
        "look_for": item.look_for,
        "measures": [{"name": row.label, "texts": row.texts} for row in one["measures"]],
        "basis": item.basis,
    }
