"""The basic information of an enterprise, each thing asked once: its fields and what each may hold.

One declaration serves the form, the check before submitting, the printed report and the archive.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from riskreport.ground.checks.telephones import is_telephone

REVENUE_BANDS = (
    ("under_300", _l("Under 3 million yuan")),
    ("300_2000", _l("3 to 20 million yuan")),
    ("2000_40000", _l("20 to 400 million yuan")),
    ("over_40000", _l("Over 400 million yuan")),
    ("not_for_profit", _l("Not run for profit")),
)
GRADES = (("0", _l("None")), ("1", _l("Grade one")), ("2", _l("Grade two")), ("3", _l("Grade three")))
YES_NO = (("yes", _l("Yes")), ("no", _l("No")))
PRODUCTION_STATES = (
    ("normal", _l("In normal operation")),
    ("partial", _l("Partly stopped")),
    ("stopped", _l("Stopped")),
    ("preparing", _l("Preparing to open")),
)


@dataclass(frozen=True)
class BasicField:
    """One field: ``kind`` is text, long, phone, whole (a count), area (square metres), degree or choice."""

    key: str
    label: str | Promise
    kind: str
    group: str
    required: bool = True
    help: str | Promise = ""
    choices: tuple = ()
    most: int = 200
    personal: bool = False


GROUPS = (
    ("people", _l("Responsible people")),
    ("place", _l("Place")),
    ("size", _l("Size and staff")),
    ("work", _l("Business and safety basics")),
)
FIELDS: tuple[BasicField, ...] = (
    BasicField("legal_name", _l("Legal representative"), "text", "people", most=40),
    BasicField("principal_name", _l("Main responsible person"), "text", "people", most=40),
    BasicField("principal_phone", _l("Telephone of the main responsible person"), "phone", "people", personal=True),
    BasicField("safety_name", _l("Safety officer"), "text", "people", most=40),
    BasicField("safety_phone", _l("Telephone of the safety officer"), "phone", "people", personal=True),
    BasicField("address", _l("Address"), "text", "place", help=_l("Street and number where the work is done.")),
    BasicField("longitude", _l("Longitude"), "degree", "place", required=False, help=_l("For example 120.6199.")),
    BasicField("latitude", _l("Latitude"), "degree", "place", required=False, help=_l("For example 31.2989.")),
    BasicField("floor_area", _l("Floor area in square metres"), "area", "place"),
    BasicField("employees", _l("Employees"), "whole", "size"),
    BasicField("outsourced", _l("Outsourced workers"), "whole", "size", help=_l("Write 0 when there are none.")),
    BasicField(
        "people_at_once",
        _l("Largest number of people on site at once"),
        "whole",
        "size",
        help=_l("Staff, residents, guests and visitors together."),
    ),
    BasicField(
        "special_operators",
        _l("Holders of special-operation certificates"),
        "whole",
        "size",
        help=_l("Electricians, welders, boiler and lift operators and the like."),
    ),
    BasicField("revenue_band", _l("Last year's revenue"), "choice", "size", choices=REVENUE_BANDS),
    BasicField("trade_code", _l("Trade code (GB/T 4754)"), "text", "work", required=False, most=5),
    BasicField(
        "products", _l("Main business, products and processes"), "long", "work", help=_l("One or two sentences.")
    ),
    BasicField(
        "materials",
        _l("Main hazardous materials and their largest quantity"),
        "long",
        "work",
        help=_l("For example: bottled oxygen, 6 cylinders. Write “none” when there are none."),
    ),
    BasicField("standard_grade", _l("Standardisation grade"), "choice", "work", choices=GRADES),
    BasicField("insurance", _l("Safety liability insurance"), "choice", "work", choices=YES_NO),
    BasicField("production_state", _l("State of operation"), "choice", "work", choices=PRODUCTION_STATES),
)
FIELD = {field.key: field for field in FIELDS}


def problem_with(field: BasicField, value: str) -> str:
    """Return what is wrong with a value, in a full sentence with an example, or an empty string."""
    value = str(value if value is not None else "").strip()
    if not value:
        return _("“%(label)s” is empty. Please fill it in.") % {"label": field.label} if field.required else ""
    found = {"label": field.label, "value": value}
    if len(value) > (1000 if field.kind == "long" else field.most):
        return _("“%(label)s” is too long.") % found
    if field.kind == "phone" and not is_telephone(value):
        return _("“%(label)s” is “%(value)s”. A telephone number is wanted, for example 13812345678.") % found
    if field.kind == "whole" and not (value.isascii() and value.isdigit() and len(value) <= 6):
        return _("“%(label)s” is “%(value)s”. A whole number is wanted, for example 35.") % found
    if field.kind == "area" and not _is_between(value, 0, 100_000_000):
        return _("“%(label)s” is “%(value)s”. A number of square metres is wanted, for example 1200.") % found
    if field.kind == "degree" and not _is_between(value, *((110, 130) if field.key == "longitude" else (25, 40))):
        return _("“%(label)s” is “%(value)s”. Degrees as a decimal are wanted, for example 120.6199.") % found
    if field.kind == "choice" and value not in {key for key, _label in field.choices}:
        return _("“%(label)s” is “%(value)s”. Please choose one of the answers given.") % found
    return ""


def _is_between(value: str, low: int, high: int) -> bool:
    try:
        return low <= Decimal(value) <= high
    except InvalidOperation:
        return False


def problems_with(values: dict) -> Iterator[tuple[str, str]]:
    """Yield (field key, sentence) for each field that is missing or wrong, and for a point given by half."""
    for field in FIELDS:
        message = problem_with(field, values.get(field.key, ""))
        if message:
            yield field.key, message
    if bool(values.get("longitude")) != bool(values.get("latitude")):
        yield "latitude", _("Give both longitude and latitude, or neither.")


def display(field: BasicField, value: str) -> str:
    """Return a value as a person reads it: the words of a choice, the rest as it is."""
    return str(dict(field.choices).get(value, value)) if field.kind == "choice" else str(value or "")
