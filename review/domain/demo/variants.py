"""What the reports of the crowd say: a few contents per trade and number of risks, written once and filled in often."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from enterprises.models import Category
from review.domain.demo.content import Writer, Written
from review.models import DeclaredRisk, Filing
from review.queries.content import canonical, count_by_level, ledger_risks, risk_content
from risks.enums import Level
from risks.models.ledger import ASSESSED_FIELDS

VARIANTS = 8
TRIES = 200
LINEAGE, NAME, PHONE = "11111111-1111-4111-8111-111111111111", "⟪name⟫", "⟪phone⟫"
# The columns of a risk that a form and the ledger share, but for lineage, name and telephone of the person.
SHARED = tuple(
    name
    for name in ("item_id", "accident_type_id", *ASSESSED_FIELDS)
    if name not in {"responsible_name", "responsible_phone"}
)


@dataclass(frozen=True)
class Form:
    """One risk of a variant: its canonical JSON in four pieces between lineage, name and telephone; its columns."""

    pieces: tuple[str, str, str, str]
    columns: tuple[Any, ...]
    in_ledger: bool

    def text(self, lineage: str, name: str, phone: str) -> str:
        """Return the canonical JSON of the risk."""
        one, two, three, four = self.pieces
        return f"{one}{lineage}{two}{name}{three}{phone}{four}"


@dataclass(frozen=True)
class Variant:
    """A content without its unit: pages of answers by key, risks, catalogue versions."""

    answers: str
    pages: tuple[tuple[str, str], ...]
    forms: tuple[Form, ...]
    catalogues: str
    major: int
    larger: int

    def content(self, basic: str, risks: list[str], undertaking: str) -> str:
        """Return the canonical JSON of the content of review.queries.content."""
        return (
            f'{{"answers":{self.answers},"attachments":[],"basic":{basic},"catalogues":{self.catalogues},'
            f'"risks":[{",".join(risks)}],"schema":1,"undertaking":{undertaking}}}'
        )


class Variants:
    """Makes the variants of (categories, number of larger-and-above risks) when they are first asked for."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.categories = {row.pk: row for row in Category.objects.all()}
        self._known: dict[tuple[tuple[str, ...], int], list[Variant]] = {}

    def choose(self, codes: tuple[str, ...], risks: int) -> Variant:
        """Return one of the variants with exactly so many larger-and-above risks. Raises LookupError when none is."""
        key = (codes, risks)
        if key not in self._known:
            self._known[key] = [self._make(codes, risks) for _number in range(VARIANTS if risks else 2)]
        return self.writer.rng.choice(self._known[key])

    def _make(self, codes: tuple[str, ...], risks: int) -> Variant:
        filing = Filing(category=self.categories[codes[0]])
        for _try in range(TRIES):
            written = self.writer.compose(codes, filing, {}, None, count=risks)
            content = [risk_content(risk) for risk in written.risks]
            if len(ledger_risks({"risks": content})) == risks:
                return _variant(written, content)
        raise LookupError(f"no content of {codes} has {risks} larger-and-above risks")


def _variant(written: Written, content: list[dict]) -> Variant:
    counts = count_by_level({"risks": content})
    versions = {page.catalogue.key: page.catalogue.version for page in written.pages}
    return Variant(
        answers=canonical(dict(sorted(written.answers.items()))),
        pages=tuple((key, canonical({"answers": answers})) for key, answers in written.answers.items()),
        forms=tuple(_form(risk) for risk in written.risks),
        catalogues=canonical(versions),
        major=counts[Level.MAJOR],
        larger=counts[Level.LARGER],
    )


def _form(risk: DeclaredRisk) -> Form:
    risk.lineage, risk.responsible_name, risk.responsible_phone = uuid.UUID(LINEAGE), NAME, PHONE
    text = canonical(risk_content(risk))
    one, rest = text.split(LINEAGE)
    two, rest = rest.split(NAME)
    three, four = rest.split(PHONE)
    values = (getattr(risk, name) for name in SHARED)
    columns = tuple(json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value for value in values)
    return Form((one, two, three, four), columns, in_ledger=risk.level in {Level.MAJOR, Level.LARGER})
