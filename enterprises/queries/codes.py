"""Units by their codes, within what a person may see."""

import unicodedata

from django.db.models import Q

from enterprises.models import User
from enterprises.queries.scope import enterprises_for_user


def unit_of_code(user: User, text: str) -> int | None:
    """Return the id of the unit with this credit or temporary code within the person's scope, or None.

    A code that stands outside of the scope answers as one that is not there.
    """
    code = "".join(unicodedata.normalize("NFKC", text).upper().split())
    rows = enterprises_for_user(user).filter(Q(credit_code=code) | Q(temporary_code=code))
    return rows.values_list("pk", flat=True).first()
