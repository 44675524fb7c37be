"""The roster of the crowd: some seventy thousand industrial enterprises over the whole city, and who signs for each."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from enterprises.domain.basic_information import CONTACTS
from enterprises.domain.roster_changes import RosterAct, RosterChange, announce_roster
from enterprises.enums import Role, Scale
from enterprises.models import Contact, Enterprise, EnterpriseCategory, Region, User
from enterprises.models.places import COUNTY_DIVISOR
from review.domain.demo import names
from review.domain.demo.lots import Lot
from review.domain.demo.people import NO_PASSWORD
from review.domain.demo.pouring import pour
from review.domain.demo.roster import FURTHER, FURTHER_SHARE, SHARES, TOWNLESS, RosterMaker
from review.domain.demo.vocabulary import Kind, kinds
from riskreport.ground.domain.many_rows import encode, reserve_ids

FIRST_TOWN, FEW = 1.8, 0.15  # the seat of a county holds more than its share, a forest farm next to nothing
UNIT = (
    "id", "name", "credit_code", "town_id", "address", "longitude", "latitude", "scale", "category_id", "trade_code",
    "joined_on", "standard_grade", "profile", "version",
)  # fmt: skip
PERSON = ("id", "password", "account", "name", "post", "phone", "role", "enterprise_id")


class Member(NamedTuple):
    """One enterprise of the crowd as its past is written from: keys, basic information, categories, lot."""

    pk: int
    user: int
    basic: dict[str, str]
    codes: tuple[str, ...]
    county: int
    town: int
    lot: Lot


class CrowdMaker:
    """Makes the units of the crowd some thousand at a time and puts them on the roster."""

    def __init__(self, maker: RosterMaker, rng: Random) -> None:
        self.maker, self.rng, self.number = maker, rng, 0
        maker.brand = names.long_brand
        industry = [kind for kind in kinds() if kind.is_industry]
        self.kinds, self.kind_weights = industry, list(accumulate(kind.count for kind in industry))
        self.towns, self.town_weights = _towns(rng)

    def make(self, lots: Sequence[Lot]) -> list[Member]:
        """Write one unit per lot with its contacts, further category and person; return them.

        Side effects, in the caller's transaction, in order: units, contacts, further categories, people; the followers
        of the roster are told, as an import tells them: look-alikes, search, and the obligations of open campaigns.
        """
        count = len(lots)
        chosen = zip(
            lots,
            self.rng.choices(self.kinds, cum_weights=self.kind_weights, k=count),
            self.rng.choices(self.towns, cum_weights=self.town_weights, k=count),
            reserve_ids(Enterprise, count),
            reserve_ids(User, count),
            strict=True,
        )
        units, members = [], []
        for lot, kind, town, pk, user in chosen:
            unit, member = self._unit(lot, kind, town, pk, user)
            units.append(unit)
            members.append(member)
        pour(Enterprise, UNIT, map(_unit_row, units, members))
        pour(Contact, ("enterprise_id", "kind", "name", "phone"), _contacts(members))
        links = ((member.pk, code) for member in members for code in member.codes[1:])
        pour(EnterpriseCategory, ("enterprise_id", "category_id"), links)
        pour(User, PERSON, self._people(members))
        joined = [RosterChange(unit.pk, RosterAct.JOINED, unit.joined_on) for unit in units]
        announce_roster(changes=joined, user=None)
        return members

    def _unit(self, lot: Lot, kind: Kind, town: Region, pk: int, user: int) -> tuple[Enterprise, Member]:
        county = self.maker.counties[town.code // COUNTY_DIVISOR]
        unit, basic = self.maker.unit(kind, county, town, lot.scale == Scale.ABOVE)
        unit.pk = pk
        if lot.filed:  # who came to the roster when the campaign was nearly over has not reported yet
            unit.joined_on = min(unit.joined_on, self.maker.opens_on)
        unit.version = 1 + lot.filed + (lot.outcome == "supplement")
        further = (FURTHER[kind.category],) if kind.category in FURTHER and self.rng.random() < FURTHER_SHARE else ()
        return unit, Member(pk, user, basic, (kind.category, *further), county.code, town.code, lot)

    def _people(self, members: Sequence[Member]) -> list[tuple]:
        rows = []
        for member in members:
            self.number += 1
            rows.append((
                member.user, NO_PASSWORD, f"crowd-{self.number:06}", member.basic["safety_name"], "安全员",
                member.basic["safety_phone"], Role.ENTERPRISE_ADMIN.value, member.pk,
            ))  # fmt: skip
        return rows


def _towns(rng: Random) -> tuple[list[Region], list[float]]:
    """Return all towns with running weights: counties by their shares, towns unequal within them."""
    weights: dict[int, list[tuple[Region, float]]] = {}
    for town in Region.objects.filter(level="town").order_by("order", "code"):
        within = weights.setdefault(town.code // COUNTY_DIVISOR, [])
        weight = rng.lognormvariate(0, 0.5) * (FIRST_TOWN if not within else 1)
        within.append((town, weight * FEW if town.display_name.endswith(TOWNLESS) else weight))
    towns, sizes = [], []
    for county, share in SHARES.items():
        whole = sum(weight for _town, weight in weights[county])
        towns += [town for town, _weight in weights[county]]
        sizes += [share * weight / whole for _town, weight in weights[county]]
    return towns, list(accumulate(sizes))


def _unit_row(unit: Enterprise, member: Member) -> tuple:
    return (
        unit.pk, unit.name, unit.credit_code, unit.town_id, unit.address, member.basic["longitude"],
        member.basic["latitude"], unit.scale.value, unit.category_id, unit.trade_code, unit.joined_on.isoformat(),
        unit.standard_grade, encode(unit.profile), unit.version,
    )  # fmt: skip


def _contacts(members: Sequence[Member]) -> list[tuple]:
    return [
        (member.pk, kind.value, member.basic[name], member.basic[phone] if phone else "")
        for member in members
        for kind, (name, phone) in CONTACTS.items()
    ]
