"""What a board can be narrowed to: the fields above it, and the pills that say what it is narrowed to."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from enterprises.interfaces.filters import offered_areas, offered_bodies, offered_taxonomy
from review.interfaces.panels.registry import BoardRequest
from review.models import Campaign
from riskreport.ground.ui.choices import Choices

NAMES = ("county", "town", "sector", "seen_by")


def offered_narrowings(asked: BoardRequest) -> dict[str, Choices]:
    """Return what each field offers this person: what their scope holds; towns once a county is chosen."""
    language, narrowing = get_language(), asked.narrowing
    town = narrowing.town or ""
    county = narrowing.county or (town and town // 1000) or ""
    areas = offered_areas(language, asked.scope.ranges, str(county), str(town))
    lines = offered_taxonomy(language, asked.scope.categories, "", "")
    return {**areas, "sector": lines["sector"], **offered_bodies(language)}


def board_choice(asked: BoardRequest, campaigns: list[Campaign], *, has_bodies: bool) -> list[dict]:
    """Return the fields above a board: name, label, options; ``has_bodies`` offers other departments' views.

    A field with nothing to choose is left out.
    """
    offered, chosen = offered_narrowings(asked), asked.narrowing.codes()
    labels = {
        "county": _("District or county-level city"),
        "town": _("Town or street"),
        "sector": _("Sector"),
        "seen_by": _("As seen by"),
    }
    fields = [
        {
            "name": "campaign",
            "label": _("Reporting task"),
            "options": Choices((one.code, one.label) for one in campaigns).options(asked.campaign.code),
            "has_all": False,
        }
    ]
    for name, label in labels.items():
        needed = {"town": bool(asked.narrowing.county or len(offered["county"]) == 1), "seen_by": has_bodies}
        if len(offered[name]) < 2 or not needed.get(name, True):
            continue
        value = str(chosen.get("district" if name == "county" else name, ""))
        fields.append({"name": name, "label": label, "options": offered[name].options(value), "has_all": True})
    return fields


def board_pills(asked: BoardRequest) -> list[dict]:
    """Return what the board is narrowed to, each with the address without it."""
    labels = {
        "county": _("District or county-level city"),
        "town": _("Town or street"),
        "sector": _("Sector"),
        "seen_by": _("As seen by"),
    }
    codes, pills = asked.narrowing.codes(), []
    offered = offered_narrowings(asked) if codes else {}
    for name, label in labels.items():
        code = codes.get("district" if name == "county" else name)
        if code:
            taken = {name: None, "town": None} if name == "county" else {name: None}
            pills.append({"label": label, "words": _words(offered[name], str(code)), "url": asked.address(**taken)})
    return pills


def _words(choices: Choices, code: str) -> str:
    """Return what a code is called among the choices; the code itself when it is not one of them."""
    for value, label in choices:
        if isinstance(label, tuple):
            found = dict(label).get(code)
            if found:
                return found
        elif value == code:
            return label
    return code
