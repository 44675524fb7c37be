"""Cells that name a unit by its code."""

from django.utils.translation import gettext as _

from enterprises.models import User
from enterprises.queries.codes import unit_of_code
from riskreport.ground.sheets.cleaners import Cleaner, Wrong


def unit_code_for(user: User) -> Cleaner:
    """Return the cleaner of a unit's code: its id, when it lies within the person's scope."""

    def clean(text: str) -> int:
        unit = unit_of_code(user, text)
        if unit is None:
            raise Wrong(_("the code of a unit within your area and lines"))
        return unit

    return clean
