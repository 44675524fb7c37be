"""How the matrix of addresses asks: who sees which place, what an address is about, one request as somebody."""

import re
from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

# Who sees what of the four units: civil affairs in Huaqiao twice, civil affairs in Yangshe, religion in Huaqiao.
PLACES = ("own", "sibling", "other_region", "other_sector")
SEES = {
    "unit": {"own"},
    "unit_admin": {"own"},
    "reviewer": {"own", "sibling"},
    "chief": {"own", "sibling"},
    "keeper": {"own", "sibling"},
    "lead": {"own", "sibling", "other_region"},  # the city's keeper of the same line
    "township": {"own", "sibling", "other_sector"},
    "office": set(PLACES),
    "inspector": {"other_region"},
    "oversight": set(PLACES),
    "operator": set(),
}
ALL = set(SEES)
BUSINESS = ALL - {"operator"}
OFFICIALS = BUSINESS - {"unit", "unit_admin"}
REVIEWERS = {"reviewer", "chief", "township"}
KEEPERS = {"keeper", "lead", "office"}
PEOPLE_KEEPERS = {"unit_admin", "chief", "operator"}
UNITS = {"unit", "unit_admin"}
CATALOGUE_KEEPERS = {"lead", "office"}


@dataclass(frozen=True)
class Entry:
    """One address: who comes in, what it is about, and what it answers.

    ``about`` names the object in a place whose values fill the address («filing», «catalogue»), «personal» for what
    belongs to one person, «common» for what has no scope, and nothing for pages without an object. ``seen_by`` narrows
    the places for objects whose scope is another one than SEES.
    """

    roles: set[str]
    about: str = ""
    values: tuple[str, ...] = ()
    methods: str = "GET"
    public: bool = False
    answers: dict[str, set[int]] = field(default_factory=dict)
    form: dict | None = None
    body: dict | None = None
    seen_by: dict[str, set[str]] = field(default_factory=dict)


def client_of(world, role: str, *, csrf: bool = False) -> Client:
    """A browser of its own, signed in as the role; anybody signed in nowhere is «anonymous»."""
    client = Client(enforce_csrf_checks=csrf)
    client.raise_request_exception = False
    if role != "anonymous":
        client.cookies["sessionid"] = world.clients[role].cookies["sessionid"].value
    return client


KEYS = {
    "pk",
    "filing_id",
    "notice_pk",
    "job_pk",
    "pending_pk",
    "import_pk",
    "letters_pk",
    "sign_in_pk",
    "person_pk",
    "reminder_pk",
    "bulletin_pk",
}


def address_of(name: str, entry: Entry, world, role: str, place: str) -> str:
    """The address of an object in a place; «missing» is one that is not there."""
    if not entry.about:
        return reverse(name, kwargs={key: world.common[key] for key in entry.values})
    if entry.about == "personal":
        values = world.personal[role if place == "own" else "stranger"]
    elif entry.about == "common":
        values = world.common
    else:
        values = world.places["own" if place == "missing" else place][entry.about]
    filled = {key: values[key] for key in entry.values}
    if place == "missing":
        filled |= {key: 987654321 for key in filled if key in KEYS}
        filled |= {key: "missing" for key in filled if key in {"name", "code", "kind", "token"}}
    if entry.about in {"personal", "common"}:
        filled = {"pk" if key.endswith("_pk") else key: value for key, value in filled.items()}
    return reverse(name, kwargs=filled)


def send(client: Client, entry: Entry, address: str):
    """Post what the address wants: a form, or a body of JSON."""
    if entry.body is not None:
        return client.post(address, entry.body, content_type="application/json")
    return client.post(address, entry.form or {})


def sees(entry: Entry, role: str, place: str) -> bool:
    if place == "missing":
        return False
    if entry.about in {"", "common"}:
        return True
    if entry.about == "personal":
        return place == "own"
    if entry.about in {"catalogue", "category"} and role in {"reviewer", "chief", "keeper", "lead"} | UNITS:
        return place != "other_sector"  # the catalogue of their own line or category, wherever the unit stands
    return place in entry.seen_by.get(role, SEES[role])


def places_of(entry: Entry) -> tuple[str, ...]:
    if not entry.about:
        return ("own",)
    return {"personal": ("own", "sibling", "missing"), "common": ("own", "missing")}.get(
        entry.about, (*PLACES, "missing")
    )


def body(response) -> str:
    """The page without what differs from request to request: its name, its token, the address that was asked for."""
    content = (b"".join(response.streaming_content) if response.streaming else response.content).decode()
    for differing in (response.headers["X-Request-ID"], response.wsgi_request.path):
        content = content.replace(differing, "")
    return re.sub(r"[A-Za-z0-9]{64}", "", content)
