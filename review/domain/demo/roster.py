"""The roster of the demo city: units in the real towns, each with its basic information."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from enterprises.domain.basic_information import CONTACTS
from enterprises.domain.likeness import refresh_likeness
from enterprises.domain.search import refresh_search
from enterprises.enums import ContactKind, Lifecycle, Scale
from enterprises.models import Contact, Enterprise, EnterpriseCategory, Region
from enterprises.models.enterprise import NoCodeReason
from enterprises.models.places import COUNTY_DIVISOR
from review.domain.demo import names
from review.domain.demo.sizes import Size
from review.domain.demo.vocabulary import Kind, kinds

# How the units spread over the county-level divisions, in hundredths.
SHARES = {
    320582: 12, 320581: 13, 320585: 8, 320583: 16, 320509: 14, 320506: 10, 320507: 8, 320508: 7, 320576: 7, 320505: 5,
}  # fmt: skip
ABOVE_SCALE = 0.15
# The demo accounts belong to units of one county-level city, so its first units are made there.
HOME = 320583
FIRST_AT_HOME = {"1401": 16, "1501": 4, "0103": 4, "0002": 3}
FURTHER = {"0101": "0102", "0202": "0201", "1401": "1301", "0004": "0902", "1101": "1103", "0701": "1601"}
FURTHER_SHARE = 0.12
NEWCOMERS = 0.02
# Township-level units of the statistical code that are no place where a care home or a works would stand.
TOWNLESS = ("公司", "林场", "园区", "创业服务中心", "综合保税区", "市场", "风景区", "大学科技园")


class RosterMaker:
    """Makes units one by one from a seed; names and codes never repeat."""

    def __init__(self, rng: Random, today: dt.date, opens_on: dt.date) -> None:
        self.rng, self.today, self.opens_on = rng, today, opens_on
        self.counties = {row.code: row for row in Region.objects.filter(level="county")}
        self.towns: dict[int, list[Region]] = {}
        for town in Region.objects.filter(level="town").order_by("order"):
            if not town.display_name.endswith(TOWNLESS):
                self.towns.setdefault(town.code // COUNTY_DIVISOR, []).append(town)
        self.used: set[str] = set()
        self.temporary = 0
        self.above_scale = ABOVE_SCALE
        self.brand = names.brand

    def make(self, size: Size) -> list[tuple[Enterprise, dict[str, str]]]:
        """Return unsaved units with their basic information, as many of each kind as the size wants."""
        units, at_home_first = [], dict(FIRST_AT_HOME)
        for kind in kinds():
            at_home = at_home_first.pop(kind.category, 0)
            count = max(at_home, size.count(kind.category, kind.count))
            units += [self._unit(kind, county, place) for place, county in enumerate(self._spread(count, at_home))]
        return units

    def _spread(self, count: int, at_home: int) -> Iterator[int]:
        """Yield a county per unit: first the demo's own, then the one that is furthest behind its share."""
        given = dict.fromkeys(SHARES, 0)
        for number in range(1, count + 1):
            behind = {county: share * number / 100 - given[county] for county, share in SHARES.items()}
            code = HOME if number <= at_home else max(behind, key=behind.__getitem__)
            given[code] += 1
            yield code

    def _unit(self, kind: Kind, county_code: int, place: int) -> tuple[Enterprise, dict[str, str]]:
        rng, county = self.rng, self.counties[county_code]
        town = self.towns[county_code][0] if place == 0 else rng.choice(self.towns[county_code])
        return self.unit(kind, county, town, kind.is_industry and rng.random() < self.above_scale)

    def unit(self, kind: Kind, county: Region, town: Region, above: bool) -> tuple[Enterprise, dict[str, str]]:
        """Return one unsaved unit with its basic information."""
        basic = self._basic(kind, county, town, above)
        codes = self._codes(kind, county.code, self.rng.random() < kind.without_code)
        scale = (Scale.ABOVE if above else Scale.BELOW) if kind.is_industry else Scale.UNSCALED
        contact_keys = {key for pair in CONTACTS.values() for key in pair if key}
        columns = {"address", "trade_code", "standard_grade", "longitude", "latitude"}
        enterprise = Enterprise(
            name=self._name(kind, county, town),
            town=town,
            address=basic["address"],
            longitude=Decimal(basic["longitude"]),
            latitude=Decimal(basic["latitude"]),
            scale=scale,
            category_id=kind.category,
            trade_code=kind.trade,
            lifecycle=Lifecycle.ACTIVE,
            joined_on=self._joined(),
            standard_grade=int(basic["standard_grade"]) or None,
            profile={key: value for key, value in basic.items() if key not in columns | contact_keys},
            **codes,
        )
        return enterprise, basic

    def _name(self, kind: Kind, county: Region, town: Region) -> str:
        while True:
            word = self.rng.choice(kind.words) if kind.words else ""
            name = self.rng.choice(kind.names).format(
                county=county.name, town=_short(town, county), word=word, brand=self.brand(self.rng)
            )
            if name not in self.used:
                self.used.add(name)
                return name

    def _codes(self, kind: Kind, county_code: int, is_without: bool) -> dict[str, str]:
        if is_without:
            self.temporary += 1
            reason = NoCodeReason.VENUE if kind.body == "71" else NoCodeReason.AWAITING
            return {"temporary_code": f"LS{county_code}{self.temporary:05}", "no_code_reason": reason}
        while (code := names.credit_code(self.rng, kind.body, county_code)) in self.used:
            pass
        self.used.add(code)
        return {"credit_code": code}

    def _joined(self) -> dt.date:
        """Most units are years old; a few came to the roster while the campaigns were running."""
        if self.rng.random() < NEWCOMERS:
            return self.today - dt.timedelta(days=self.rng.randint(20, 90))
        return self.opens_on - dt.timedelta(days=self.rng.randint(60, 5000))

    def _basic(self, kind: Kind, county: Region, town: Region, above: bool) -> dict[str, str]:
        """Return the basic information as a report asks it, all as text."""
        rng = self.rng
        staff = rng.randint(*kind.staff) * (6 if above else 1)
        longitude, latitude = names.point(rng, county.code)
        principal = names.person(rng)
        return {
            "legal_name": principal if rng.random() < 0.6 else names.person(rng),
            "principal_name": principal,
            "principal_phone": names.phone(rng),
            "safety_name": names.person(rng),
            "safety_phone": names.phone(rng),
            "address": names.address(rng, _before_town(county) + _short(town, county)),
            "longitude": longitude,
            "latitude": latitude,
            "floor_area": str(round(rng.randint(*kind.area), -1)),
            "employees": str(staff),
            "outsourced": str(rng.choice((0, 0, 0, 2, 4, 8, 15))),
            "people_at_once": str(staff + rng.randint(*kind.guests)),
            "special_operators": str(min(staff, rng.choice((0, 1, 2, 2, 3, 5)) * (3 if above else 1))),
            "revenue_band": "over_40000" if above and rng.random() < 0.4 else "2000_40000" if above else kind.band,
            "trade_code": kind.trade,
            "products": kind.products,
            "materials": kind.materials,
            "standard_grade": rng.choices(("0", "3", "2", "1"), (52, 32, 14, 2))[0],
            "insurance": rng.choices(("yes", "no"), (7, 3))[0],
            "production_state": rng.choices(("normal", "partial"), (19, 1))[0],
        }


def _before_town(county: Region) -> str:
    """Return what stands before the town in an address: a county-level city stands for itself, so does the park."""
    if county.name.startswith("苏州"):
        return county.name
    return county.name if county.name.endswith("市") else f"苏州市{county.name}"


def _short(town: Region, county: Region) -> str:
    """Return the town without the division's name before it and without what stands in brackets."""
    name = town.display_name.split("（")[0]
    for prefix in (county.name, county.display_name, "苏州"):
        name = name.removeprefix(prefix)
    return name


def save_roster(units: list[tuple[Enterprise, dict[str, str]]], rng: Random) -> list[Enterprise]:
    """Write units, their contacts and some further categories; return the saved units, in order."""
    saved = Enterprise.objects.bulk_create([unit for unit, _basic in units], batch_size=500)
    refresh_likeness(enterprise_ids=[unit.pk for unit in saved])
    refresh_search(ids=[unit.pk for unit in saved])
    contacts = []
    for unit, basic in units:
        for kind, (name_key, phone_key) in CONTACTS.items():
            phone = basic[phone_key] if phone_key else ""
            contacts.append(Contact(enterprise=unit, kind=ContactKind(kind), name=basic[name_key], phone=phone))
    Contact.objects.bulk_create(contacts, batch_size=1000)
    EnterpriseCategory.objects.bulk_create(
        [
            EnterpriseCategory(enterprise=unit, category_id=FURTHER[unit.category_id])
            for unit in saved
            if unit.category_id in FURTHER and rng.random() < FURTHER_SHARE
        ]
    )
    return saved
