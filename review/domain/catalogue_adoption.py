"""Reports being written follow a new version of a catalogue; those handed in keep the version they answered.

Which version a report answers (decision 15): while it is written, the one in force; from the hand-in through review,
approval and final report, the one that was in force at the hand-in; a return, a withdrawal and a supplement bring it to
the one in force again.
"""

from collections.abc import Iterator, Mapping

from django.db.models import Case, QuerySet, Value, When

from review.domain.context import item_groups_of
from review.enums import FilingState
from review.models import DeclaredRisk, Filing, FilingSection
from riskreport.ground import clock
from risks.enums import CatalogueState
from risks.models import Catalogue, CatalogueItem

FOLLOWS = {FilingState.DRAFTING, FilingState.RETURNED, FilingState.SUPPLEMENT_OPEN}
CHUNK = 500


def versions_answered(filing: Filing) -> dict[str, int]:
    """Return key → version of the catalogues that a report answers now."""
    return {page.catalogue.key: page.catalogue.version for page in item_groups_of(filing)}


def filings_that_follow() -> QuerySet[Filing]:
    """Return the reports that are being written and so follow the version in force."""
    return Filing.objects.filter(state__in=sorted(FOLLOWS))


def adopt_versions_in_force(filing: Filing, answered: Mapping[str, int]) -> None:
    """Bring one report from the versions it ``answered`` (key → version) to those in force.

    Side effects, in the caller's transaction: as adopt_version for each catalogue of which a later version is in force.
    """
    if not answered:
        return
    for row in Catalogue.objects.filter(key__in=sorted(answered), state=CatalogueState.PUBLISHED).defer("quantified"):
        if row.version > answered[row.key]:
            adopt_version(filings=Filing.objects.filter(pk=filing.pk), catalogue=row)


def adopt_version(*, filings: QuerySet[Filing], catalogue: Catalogue) -> None:
    """Hand what ``filings`` say of earlier versions of a catalogue to this one, by item code.

    Side effects, in the caller's transaction, in order: declared risks point to the item that has their code now;
    answers whose item stands in another group now move to that group's page. Nothing typed is lost: an answer to an
    item that is gone stays until its page is saved, a risk of one stays on the list until the unit takes it off. A
    second call changes nothing. The number of queries does not depend on the number of filings, but for a page of
    answers moved per CHUNK.
    """
    now = dict(catalogue.items.values_list("code", "pk"))
    earlier = CatalogueItem.objects.filter(catalogue__key=catalogue.key, catalogue__version__lt=catalogue.version)
    rows = list(earlier.filter(code__in=now).values_list("pk", "code", "group"))
    if not rows:
        return
    handed = [When(item_id=pk, then=Value(now[code])) for pk, code, _group in rows]
    risks = DeclaredRisk.objects.filter(filing__in=filings, item__in=[pk for pk, _code, _group in rows])
    risks.update(item_id=Case(*handed))
    groups = dict(catalogue.items.values_list("code", "group"))
    moved = {(code, group) for _pk, code, group in rows if groups[code] != group}
    if moved:
        _move_answers(filings, catalogue.key, moved, groups)


def _move_answers(filings: QuerySet[Filing], key: str, moved: set[tuple[str, str]], groups: dict[str, str]) -> None:
    """Move the answers of (code, former group) to the page of the group the code stands in now."""
    left = sorted({f"check-{key}-{group}" for _code, group in moved})
    for chunk in _chunks(FilingSection.objects.filter(filing__in=filings, key__in=left)):
        taken: dict[tuple[int, str], dict] = {}
        for row in chunk:
            answers = dict(row.data.get("answers", {}))
            for code in [code for code in answers if (code, row.key.removeprefix(f"check-{key}-")) in moved]:
                taken.setdefault((row.filing_id, f"check-{key}-{groups[code]}"), {})[code] = answers.pop(code)
            row.data, row.version = row.data | {"answers": answers}, row.version + 1
        FilingSection.objects.bulk_update(chunk, ["data", "version"])
        _give(taken)


def _give(taken: dict[tuple[int, str], dict]) -> None:
    """Add answers to the pages they belong to now; an answer that stands there already stays."""
    standing = {
        (row.filing_id, row.key): row
        for row in FilingSection.objects.filter(
            filing__in={filing for filing, _key in taken}, key__in={key for _filing, key in taken}
        )
    }
    fresh = []
    for (filing_id, key), answers in taken.items():
        row = standing.get((filing_id, key))
        if row is None:
            fresh.append(FilingSection(filing_id=filing_id, key=key, data={"answers": answers}, updated_at=clock.now()))
        else:
            row.data, row.version = row.data | {"answers": answers | row.data.get("answers", {})}, row.version + 1
    FilingSection.objects.bulk_create(fresh)
    FilingSection.objects.bulk_update([standing[place] for place in taken if place in standing], ["data", "version"])


def _chunks(rows: QuerySet[FilingSection]) -> Iterator[list[FilingSection]]:
    """Yield the rows in chunks by key, so that a row written in one chunk is not read again in the next."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk
