"""How large a demo city is, on which day it stands, and how far its reporting has come."""

import datetime as dt
from dataclasses import dataclass, field

BULLETIN_DAY = dt.date(2021, 9, 30)


@dataclass(frozen=True)
class Timeline:
    """Days counted from the day the city stands on; what lies behind is below zero.

    ``milestones`` are those of the key sectors: name, day, per cent.
    """

    opened: int = -240
    above_due: int = -110
    due: int = -10
    key_opened: int = -152
    key_due: int = 120
    milestones: tuple[tuple[str, int, int], ...] = (("完成四成", -10, 40), ("完成八成", 60, 80))


# Order 140 is reported on from March; above scale due by the end of June, all by the end of December; the key sectors
# by the end of March of the next year (bulletin no. 24 of 2021, 一 and 二).
AUTUMN = Timeline(
    opened=-213,
    above_due=-92,
    due=92,
    key_opened=-91,
    key_due=182,
    milestones=(("完成四成", 61, 40), ("完成八成", 123, 80)),
)
ABOVE_DONE = -139  # all above-scale units had reported by the middle of May


@dataclass(frozen=True)
class Crowd:
    """The industrial enterprises of a whole city, in the figures that the bulletin gives of them."""

    above: int = 11_494
    below: int = 66_775
    below_filed: int = 62_234
    risks: int = 97_515
    verified: int = 21_177
    supplemented: int = 3_378

    @property
    def units(self) -> int:
        """How many there are."""
        return self.above + self.below

    @property
    def filed(self) -> int:
        """How many have reported: all above scale, and most below."""
        return self.above + self.below_filed

    def without(self, *, units: int, filed: int, risks: int) -> "Crowd":
        """Return what is left when so many units below scale are already there."""
        return Crowd(
            self.above, self.below - units, self.below_filed - filed, self.risks - risks, self.verified,
            self.supplemented,
        )  # fmt: skip


@dataclass(frozen=True)
class Training:
    """How much training there was: sessions held, units and people trained; of industry alone in a whole city."""

    sessions: int = 856
    units: int = 75_016
    people: int = 82_441
    is_industry: bool = True


@dataclass(frozen=True)
class Size:
    """A demo city: ``share`` of the pilot's units, and of ``live`` reports the moves that are made today.

    ``training`` says how much there was. One with a ``crowd`` has ``times`` the pilot's units of each key sector
    (``others`` where none is named), holds the industrial enterprises of the crowd, and stands on ``day`` unless told
    otherwise.
    """

    share: float = 1.0
    live: int = 0
    crowd: Crowd | None = None
    day: dt.date | None = None
    timeline: Timeline = Timeline()
    times: dict[str, float] = field(default_factory=dict)
    others: float = 25
    training: Training = Training(48, 900, 1010, is_industry=False)

    def count(self, category: str, pilot: int) -> int:
        """Return how many units of a kind are told one by one, given how many the pilot has."""
        if self.crowd is None:
            return max(2, round(pilot * self.share))
        times = self.times.get(category[:2], self.others)
        return max(2, round(pilot * self.share * times)) if times else 0


# The rosters of civil and of religious affairs are as large as the bulletin says.
TIMES = {"00": 0, "14": 1, "15": 1, "01": 8}
SIZES = {
    "pilot": Size(1.0, 6),
    "small": Size(0.05, 1, training=Training(6, 60, 66, is_industry=False)),
    "city": Size(crowd=Crowd(), day=BULLETIN_DAY, timeline=AUTUMN, times=TIMES, training=Training()),
    # A fiftieth of the city in the same shares.
    "sample": Size(
        0.02, crowd=Crowd(230, 1336, 1245, 1950, 424, 68), day=BULLETIN_DAY, timeline=AUTUMN, times=TIMES,
        training=Training(17, 1500, 1649),
    ),
    # A million enterprises with two million risks on the towns of the one city whose regions are shipped.
    "province": Size(
        crowd=Crowd(146_000, 848_534, 790_500, 2_000_000, 269_000, 42_900), day=BULLETIN_DAY, timeline=AUTUMN,
        times=TIMES, training=Training(10_870, 952_700, 1_047_000),
    ),
}  # fmt: skip
