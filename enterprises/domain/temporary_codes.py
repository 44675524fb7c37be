"""Temporary codes: LS, the county's code, a number of five digits that is given out once."""

from django.db.models import Max

from enterprises.models import Enterprise, TemporaryNumber
from enterprises.models.places import COUNTY_DIVISOR

DIGITS = 5


def next_temporary_code(*, town_id: int) -> str:
    """Return the next temporary code of the town's county.

    In the caller's transaction: the county's number is locked, counted up and given back when the act is undone, so
    there is neither a gap nor a double. The first one follows the highest that stands on the roster.
    """
    county = town_id // COUNTY_DIVISOR
    TemporaryNumber.objects.bulk_create([TemporaryNumber(county_id=county)], ignore_conflicts=True)
    row = TemporaryNumber.objects.select_for_update(of=("self",)).get(pk=county)
    start = f"LS{county}"
    if row.last == 0:
        shaped = Enterprise.objects.filter(temporary_code__regex=rf"^{start}[0-9]{{{DIGITS}}}$")
        highest = shaped.aggregate(code=Max("temporary_code"))["code"]
        row.last = int(highest.removeprefix(start)) if highest else 0
    row.last += 1
    row.save(update_fields=["last"])
    return f"{start}{row.last:0{DIGITS}}"
