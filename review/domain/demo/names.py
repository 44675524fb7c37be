"""Plausible names, codes, telephones and points. All invented; a likeness to a real unit or person is chance."""

from random import Random

from enterprises.checks.credit_code import check_digit, organisation_check_digit
from review.domain.demo.vocabulary import vocabulary

# No operator of the mainland has been given numbers that begin with 161, so a demo telephone reaches nobody.
DEMO_PREFIX = "161"
SHORT_NAMES = 0.25
FURTHEST = 1.6


def person(rng: Random) -> str:
    """Return a person's name of two or three characters."""
    words = vocabulary()["words"]
    given = rng.choice(words["given_second"])
    if rng.random() > SHORT_NAMES:
        given = rng.choice(words["given_first"]) + given
    return rng.choice(words["surnames"]) + given


def phone(rng: Random) -> str:
    """Return an eleven-digit telephone that belongs to nobody."""
    return f"{DEMO_PREFIX}{rng.randrange(10**8):08}"


def address(rng: Random, place: str) -> str:
    """Return a street address in a place (district and town), as certificates write it."""
    words = vocabulary()["words"]
    return f"{place}{rng.choice(words['streets'])}{rng.choice(words['roads'])}{rng.randint(1, 899)}号"


def point(rng: Random, county_code: int) -> tuple[str, str]:
    """Return longitude and latitude, six decimals as text, near the middle of a county-level division."""
    longitude, latitude, spread = vocabulary()["centres"][str(county_code)]
    east, north = (max(-FURTHEST, min(FURTHEST, rng.gauss(0, 0.7))) for _axis in range(2))
    return f"{longitude + east * spread:.6f}", f"{latitude + north * spread * 0.8:.6f}"


def credit_code(rng: Random, body: str, county_code: int) -> str:
    """Return a valid credit code: registering body and kind, the division, and an organisation code of its own."""
    organisation = f"MA{rng.randrange(10**6):06}"
    first = f"{body}{county_code:06}{organisation}{organisation_check_digit(organisation)}"
    return first + check_digit(first)


def brand(rng: Random) -> str:
    """Return a trade name of two characters."""
    words = vocabulary()["words"]
    return rng.choice(words["brand_first"]) + rng.choice(words["brand_second"])


def long_brand(rng: Random) -> str:
    """Return a trade name of three or four characters, for a city where those of two are taken."""
    return brand(rng) + (
        brand(rng) if rng.random() < SHORT_NAMES else rng.choice(vocabulary()["words"]["brand_second"])
    )
