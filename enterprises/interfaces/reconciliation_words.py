"""A difference of two lists in words: what each list says, field by field."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from enterprises.domain.reconciling import FIELDS, LIFECYCLE
from enterprises.enums import Lifecycle, Scale
from enterprises.models import Difference

LABELS = {
    "name": pgettext_lazy("unit", "Name"),
    "code": _l("Credit or temporary code"),
    "category": _l("Category"),
    "town": _l("Town or street"),
    "address": _l("Address"),
    "scale": _l("Scale"),
    LIFECYCLE: _l("Lifecycle"),
}
WORDS = {"scale": dict(Scale.choices), LIFECYCLE: dict(Lifecycle.choices)}


class Facing(NamedTuple):
    """One field as both lists have it."""

    key: str
    label: str
    a: str
    b: str
    differs: bool


def facing_rows(row: Difference) -> list[Facing]:
    """Return the fields of a difference side by side; what neither list says is left out."""
    keys = [*FIELDS, *([LIFECYCLE] if LIFECYCLE in row.fields else [])]
    rows = [Facing(key, str(LABELS[key]), said(key, row.a), said(key, row.b), key in row.fields) for key in keys]
    return [one for one in rows if one.a or one.b]


def said(key: str, values: dict[str, Any]) -> str:
    """Return what a list says in a field, in words."""
    if key in WORDS:
        return str(WORDS[key].get(values.get(key), ""))
    return str(values.get(f"{key}_label") or values.get(key) or "")


def what_differs(fields: list[str], a: dict[str, Any], b: dict[str, Any]) -> str:
    """Return the differing fields in one text: «地址：A → B；规模：…», or what the only list that has it says."""
    if not fields:
        spoken = [(LABELS[key], said(key, a or b)) for key in ("category", "town", "address")]
        return "；".join(f"{label}：{text}" for label, text in spoken if text)
    told = [
        _("%(field)s: %(a)s → %(b)s")
        % {"field": LABELS[key], "a": said(key, a) or "—", "b": said(key, b) or _("on the list")}
        for key in fields
    ]
    return "；".join(told)


def code_of(a: dict[str, Any], b: dict[str, Any]) -> str:
    """Return the code of a difference, that of our own list first."""
    return said("code", a) or said("code", b)
