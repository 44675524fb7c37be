"""Laying two lists of units side by side: which rows are the same unit, which stand in one list alone.

Pure: it knows lists of values, no database. Stored values by column: name, code, town (its code), address, …
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from enterprises.checks.likeness import address_key, name_key
from riskreport.ground.names import normal_name, pieces_of

NEAR_ENOUGH = 0.6  # share of pairs of characters that two names have in common
NEAR_AT_ONE_PLACE = 0.3  # the same where the addresses are the same
MOST_COMMON = 200  # a pair of characters that more names hold says nothing of one


@dataclass(eq=False)
class Entry:
    """One row of a list: its number in the file (0 for the roster), its values, the unit of the roster it is."""

    row: int
    values: dict[str, Any]
    enterprise_id: int | None = None
    version: int | None = None
    counts: bool = True  # whether it stands in the list itself; others are only known to match against


@dataclass
class Matching:
    """What came of it. ``near`` proposes, for a row that stands in B alone, one that stands in A alone."""

    pairs: list[tuple[Entry, Entry]] = field(default_factory=list)
    only_a: list[Entry] = field(default_factory=list)
    only_b: list[Entry] = field(default_factory=list)
    near: dict[Entry, Entry] = field(default_factory=dict)
    doubles: list[tuple[str, Entry]] = field(default_factory=list)


def match_lists(a: Sequence[Entry], b: Sequence[Entry]) -> Matching:
    """Match by code, then by name with town, then by name with address; what is left is proposed by likeness.

    A name that stands twice on one side matches nothing. A code that stands twice in a list counts once; the later rows
    are told as ``doubles``, each with the list it stands in.
    """
    found = Matching()
    left_a, left_b = _without_doubles("a", a, found), _without_doubles("b", b, found)
    for key in (_by_code, _by_name_and_town, _by_name_and_address):
        left_a, left_b = _match(left_a, left_b, key, found.pairs)
    found.only_a = [entry for entry in left_a if entry.counts]
    found.only_b = left_b
    found.near = _propose(found.only_a, left_b)
    return found


def differing_fields(a: dict[str, Any], b: dict[str, Any], fields: Iterable[str]) -> list[str]:
    """Return the fields in which two rows differ. What B leaves empty is no difference: it does not speak of it."""
    return [key for key in fields if b.get(key) not in (None, "") and not _equal(key, a.get(key), b[key])]


def _equal(key: str, one: Any, other: Any) -> bool:
    if key == "name":
        return normal_name(str(one or "")) == normal_name(str(other))
    if key == "address":
        return address_key(str(one or "")) == address_key(str(other))
    return one == other


def _without_doubles(side: str, entries: Sequence[Entry], found: Matching) -> list[Entry]:
    seen, kept = set(), []
    for entry in entries:
        code = entry.values.get("code")
        if code and code in seen:
            found.doubles.append((side, entry))
            continue
        seen.add(code)
        kept.append(entry)
    return kept


def _by_code(entry: Entry) -> Any:
    return entry.values.get("code") or None


def _by_name_and_town(entry: Entry) -> Any:
    name, town = name_key(entry.values.get("name") or ""), entry.values.get("town")
    return (name, town) if name and town else None


def _by_name_and_address(entry: Entry) -> Any:
    name, address = name_key(entry.values.get("name") or ""), address_key(entry.values.get("address") or "")
    return (name, address) if name and address else None


def _match(a: list[Entry], b: list[Entry], key: Any, pairs: list) -> tuple[list[Entry], list[Entry]]:
    """Pair the entries whose key stands once on each side; return those left on each."""
    known_a, known_b = _once(a, key), _once(b, key)
    taken_a, taken_b = set(), set()
    for value, entry in known_b.items():
        other = known_a.get(value)
        if other is not None:
            pairs.append((other, entry))
            taken_a.add(id(other))
            taken_b.add(id(entry))
    return [one for one in a if id(one) not in taken_a], [one for one in b if id(one) not in taken_b]


def _once(entries: list[Entry], key: Any) -> dict[Any, Entry]:
    keyed = [(value, entry) for entry in entries if (value := key(entry)) is not None]
    counts = Counter(value for value, _entry in keyed)
    return {value: entry for value, entry in keyed if counts[value] == 1}


def _propose(only_a: list[Entry], only_b: list[Entry]) -> dict[Entry, Entry]:
    """Propose to each row of B the likest row of A that nobody else is liker to, in one county when both say one."""
    pieces = {entry: set(pieces_of(name_key(entry.values.get("name") or "") or "?")) for entry in (*only_a, *only_b)}
    holders = defaultdict(list)
    for entry in only_a:
        for piece in pieces[entry]:
            holders[piece].append(entry)
    scored = []
    for order, entry in enumerate(only_b):
        rare = (holders[piece] for piece in pieces[entry] if piece in holders)
        candidates = {id(one): one for group in rare if len(group) <= MOST_COMMON for one in group}
        for other in candidates.values():
            score = _likeness(other, entry, pieces)
            if score:
                scored.append((-score, order, entry, other))
    proposed: dict[Entry, Entry] = {}
    taken = set()
    for _score, _order, entry, other in sorted(scored, key=lambda row: row[:2]):
        if entry not in proposed and other not in taken:
            proposed[entry] = other
            taken.add(other)
    return proposed


def _likeness(a: Entry, b: Entry, pieces: dict[Entry, set[str]]) -> float:
    """Return how like two rows are, from 0 to 1; 0 when it is not enough for a proposal."""
    town_a, town_b = a.values.get("town"), b.values.get("town")
    if town_a and town_b and town_a // 1000 != town_b // 1000:
        return 0
    shared = 2 * len(pieces[a] & pieces[b]) / (len(pieces[a]) + len(pieces[b]))
    place_a, place_b = (address_key(one.values.get("address") or "") for one in (a, b))
    enough = NEAR_AT_ONE_PLACE if place_a and place_a == place_b else NEAR_ENOUGH
    return shared if shared >= enough else 0
