"""Loading accident types, assessment presets, the rating rule and the catalogues from the JSON beside this app."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.shipped_rows import Tally, write_shipped_rows
from risks.checks.catalogue_content import Known, check_catalogue
from risks.domain.drafts import copy_rows
from risks.domain.publishing import bring_into_force
from risks.enums import NOT_YET_IN_FORCE
from risks.models import AccidentType, AssessmentPreset, Catalogue, CatalogueItem, RatingRule
from risks.models.catalogue import HEAD_FIELDS, ITEM_COLUMNS
from risks.queries.drafts import known_codes

DATA = Path(__file__).resolve().parent.parent / "data"
CATALOGUES = DATA / "catalogues"


def read_data(name: str) -> dict[str, Any]:
    """Return one of this app's data files, such as ``presets.json``."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def load_risk_reference(*, folder: Path = CATALOGUES) -> dict[str, Tally]:
    """Bring accident types, presets, the rating rule and the catalogues in line with the data files.

    Needs lines, sectors and categories (enterprises.domain.reference). Side effects, in order: accident types; presets
    and the rating rule under versions not stored yet; catalogues as publish_catalogue_file does; an event
    ``reference.loaded`` when any row was written. What is stored under a version is never changed. A second call
    writes nothing. Raises InvalidCatalogue, with nothing written, when a catalogue file is not sound.
    """
    with transaction.atomic():
        done = {
            "accident types": write_shipped_rows(
                model=AccidentType, key="code", rows=read_data("accident_types.json")["accident_types"]
            ),
            "assessment presets": _add_presets(read_data("presets.json")),
            "rating rules": _add_rating_rule(read_data("rating_rule.json")),
            "catalogues": sum((publish_catalogue_file(path=path) for path in sorted(folder.glob("*.json"))), Tally()),
        }
        touched = {kind: [tally.created, tally.changed] for kind, tally in done.items() if tally.touched}
        if touched:
            record_event(kind="reference.loaded", actor=None, data=touched)
    return done


def _add_presets(data: dict) -> Tally:
    stored = set(AssessmentPreset.objects.values_list("key", "version"))
    has_default = set(AssessmentPreset.objects.filter(is_default=True).values_list("method", flat=True))
    fresh = [entry for entry in data["presets"] if (entry["key"], entry["version"]) not in stored]
    for entry in fresh:
        definition = dict(entry["definition"])
        scales = data["scales"].get(definition.pop("scales", None), {})
        AssessmentPreset.objects.create(
            key=entry["key"],
            version=entry["version"],
            method=entry["method"],
            name=entry["name"],
            name_en=entry["name_en"],
            definition=definition | scales | {"direct": data["direct"]},
            is_default=entry["is_default"] and entry["method"] not in has_default,
        )
    return Tally(len(data["presets"]), len(fresh))


def _add_rating_rule(data: dict) -> Tally:
    """Add the rule; it becomes the current one only where none is: a city's own choice stays."""
    if RatingRule.objects.filter(version=data["version"]).exists():
        return Tally(1)
    RatingRule.objects.create(
        version=data["version"],
        title=data["title"],
        definition=data["definition"],
        published_on=_day(data),
        is_current=not RatingRule.objects.filter(is_current=True).exists(),
    )
    return Tally(1, 1)


def publish_catalogue_file(*, path: Path) -> Tally:
    """Publish the catalogue of one file unless its version, or a later one, is stored already.

    Side effects, in order: the catalogue as a draft with its items and their categories; it comes into force
    (risks.domain.publishing.bring_into_force). A stored version is left exactly as it is, and a key whose keeper has a
    draft open is left to the keeper. Raises InvalidCatalogue when the content is not sound, json.JSONDecodeError when
    the file is no JSON.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    check_catalogue(content, file=path.name, known=Known(**known_codes()))
    with transaction.atomic():
        same = Catalogue.objects.filter(key=content["key"])
        if same.filter(Q(version__gte=content["version"]) | Q(state__in=sorted(NOT_YET_IN_FORCE))).exists():
            return Tally(1)
        former = bring_into_force(catalogue=_draft(content), on=_day(content), actor=None, is_shipped=True)
    return Tally(1, 1, int(former is not None))


def _draft(content: dict) -> Catalogue:
    head = {name: content[name] for name in ("key", "version", *HEAD_FIELDS)}
    catalogue = Catalogue.objects.create(
        line_id=content["line"], sector_id=content["sector"], quantified=content.get("quantified", {}), **head
    )
    rows = []
    for order, item in enumerate(content["items"], 1):
        columns = {name: item[name] for name in ITEM_COLUMNS}
        rows.append((CatalogueItem(catalogue=catalogue, order=order, **columns), item["categories"]))
    copy_rows(catalogue, rows)
    return catalogue


def _day(content: dict) -> dt.date:
    """The date the file fixes, else the day of loading."""
    fixed = content.get("published_on")
    return dt.date.fromisoformat(fixed) if fixed else clock.today()
