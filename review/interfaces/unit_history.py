"""The change history of a unit in words; telephone numbers are masked unless the reading was asked for and recorded."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.checks.basic_information import FIELD, display
from enterprises.enums import Lifecycle, Scale
from enterprises.models.enterprise import NoCodeReason
from review.queries.timeline import TEXTS
from review.queries.unit_history import Changed, History
from riskreport.ground.sheets.values import NONE_TEXT, mask_phone

LABELS: dict[str, str | Promise] = {
    "name": _l("Name"),
    "code": _l("Credit or temporary code"),
    "credit_code": _l("Credit code"),
    "temporary_code": _l("Temporary code"),
    "no_code_reason": _l("Why it has no credit code"),
    "town_id": _l("Town or street"),
    "category_id": _l("Category"),
    "further_categories": _l("Further categories"),
    "scale": _l("Scale"),
    "lifecycle": _l("Lifecycle"),
    "lifecycle_on": _l("In this state since"),
    "joined_on": _l("On the roster since"),
    "left_on": _l("Left on"),
    "left_reason": _l("Reason of leaving"),
    "merged_into": _l("Merged into"),
}
CERTIFIED = _l("The final report changed the basic information")
OTHER = (_l("Changed the entry"), "neutral")
IMPORTED, NEW_BY_IMPORT = _l("Changed the entry from a file"), _l("Put on the roster from a file")
UNDONE = _l("Undid what a file had written")
CHOICES = {"scale": Scale, "lifecycle": Lifecycle, "no_code_reason": NoCodeReason}


def rows_of(history: History, *, show_phones: bool) -> list[dict[str, Any]]:
    """Return the changes as a page shows them: when, who, what, and each field with its old and new value."""
    return [_row(changed, history.names, show_phones) for changed in history.rows]


def _row(changed: Changed, names: dict[str, dict[str, str]], show_phones: bool) -> dict[str, Any]:
    event, data = changed.event, changed.event.data
    actor = event.actor
    told = [name for name in {*changed.old, *changed.new} if changed.old.get(name) or changed.new.get(name)]
    fields = sorted(told, key=_order)
    return {
        "at": event.at,
        "who": f"{actor.owner_label} · {actor.name}" if actor else _("The system"),
        "text": str(_words_of(changed)) % {name: data.get(name, "") for name in ("number", "on", "name", "code")},
        "reason": data.get("reason", ""),
        "fields": [
            {
                "label": label_of(field),
                "old": words_of(field, changed.old.get(field), names, show_phones),
                "new": words_of(field, changed.new.get(field), names, show_phones),
            }
            for field in fields
        ],
    }


def _words_of(changed: Changed) -> str | Promise:
    kind = changed.event.kind
    if kind == "roster.imported":
        return IMPORTED if changed.old else NEW_BY_IMPORT
    return {"enterprise.certified": CERTIFIED, "import.undone": UNDONE}.get(kind) or TEXTS.get(kind, OTHER)[0]


def _order(field: str) -> tuple[int, str]:
    known = [*LABELS, *FIELD]
    return (known.index(field) if field in known else len(known), field)


def label_of(field: str) -> str:
    """Return the words of a field."""
    return str(LABELS.get(field) or (FIELD[field].label if field in FIELD else field))


def words_of(field: str, value: Any, names: dict[str, dict[str, str]], show_phones: bool) -> str:
    """Return a value as a person reads it, masked where it is personal."""
    if value is None or value == "" or value == []:
        return NONE_TEXT
    if isinstance(value, list):
        return "、".join(names["category_id"].get(str(one), str(one)) for one in value)
    if field in FIELD:
        known = FIELD[field]
        return mask_phone(value) if known.personal and not show_phones else display(known, value)
    if field in CHOICES:
        return str(dict(CHOICES[field].choices).get(value, value))
    return names.get(field, {}).get(str(value), str(value))
