"""By which names the columns of an imported roster are known elsewhere: in changes told to followers, in histories."""

from typing import Any

KNOWN_AS = {
    "category": "category_id",
    "town": "town_id",
    "further": "further_categories",
    "joined": "joined_on",
    "left": "left_on",
    "legal": "legal_name",
    "principal": "principal_name",
    "safety": "safety_name",
    "phone": "safety_phone",
}


def known_as(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of an imported row under the names of the entry's fields; other names stay."""
    return {KNOWN_AS.get(key, key): value for key, value in values.items()}
