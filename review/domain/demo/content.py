"""What the reports of the demo city say: answers, declared risks, and what a reviewer finds lacking."""

import uuid
from dataclasses import dataclass, field
from random import Random
from typing import Any

from review.domain.content import risk_from_item
from review.domain.demo import names
from review.domain.demo.vocabulary import own_risks, vocabulary
from review.enums import Answered
from review.models import DeclaredRisk, Filing
from risks.checks.assessment import score
from risks.enums import Level, Method, Rank
from risks.models import AssessmentPreset, CatalogueItem
from risks.queries.catalogues import ItemGroup, item_groups_for

HOW_MANY_PRESENT = ((0, 1, 2, 3, 4, 5), (21, 30, 24, 13, 8, 4))
HOW_MANY_OWN = ((0, 1, 2), (21, 52, 27))
ALSO_OWN = 0.08
LOWERED = 0.04
SCORED_BY_LC = 0.4
LC_VALUES = {
    Level.LARGER: (("5", "5"), ("6", "5"), ("3", "10"), ("4.5", "10")),
    Level.MAJOR: (("6.5", "10"), ("7", "10")),
}
OFFICES = {
    "14": ("护理部", "后勤保障部", "安全管理办公室"),
    "15": ("寺务（堂务）办公室", "消防安全小组", "客堂"),
    "00": ("安全环保部", "设备部", "生产部"),
}
# What a hand-in may lack, by section: the column and what a hasty writer puts there.
WEAK: dict[str, tuple[str, Any]] = {
    "people": ("responsible_post", "负责人"),
    "measures": ("measures", {"management": ["加强管理，定期检查。"], "emergency": ["发现问题及时处理。"]}),
    "risks": ("place", "全单位"),
}
RANKS = {
    Level.MAJOR: ((Rank.PRINCIPAL, Rank.DEPUTY), (4, 6)),
    Level.LARGER: ((Rank.PRINCIPAL, Rank.DEPUTY, Rank.MIDDLE), (1, 3, 6)),
    Level.GENERAL: ((Rank.MIDDLE, Rank.STAFF), (5, 5)),
}


@dataclass
class Defect:
    """What a reviewer will remark on: the first hand-in holds ``weak`` in that place, the mended one ``good``."""

    section: str
    text: str
    column: str
    weak: Any
    good: Any
    lineage: uuid.UUID | None = None


@dataclass
class Written:
    """What one report says, before it is written to the tables."""

    basic: dict[str, str]
    pages: list[ItemGroup]
    answers: dict[str, dict[str, dict[str, str]]]
    risks: list[DeclaredRisk]
    defect: Defect | None = None
    versions: dict[str, int] = field(default_factory=dict)

    def put(self, defect: Defect, value: Any) -> None:
        """Write the weak or the good value into its place, as another save would."""
        if defect.lineage is None:
            self.basic = {**self.basic, defect.column: value}
            self.versions["basic"] = self.versions.get("basic", 1) + 1
            return
        risk = next(row for row in self.risks if row.lineage == defect.lineage)
        setattr(risk, defect.column, value)
        risk.version += 1


class Writer:
    """Invents contents from the published catalogues; the same seed gives the same text."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.presets = {row.method: row for row in AssessmentPreset.objects.filter(is_default=True)}
        self.pages: dict[tuple[str, ...], list[ItemGroup]] = {}

    def write(self, filing: Filing, basic: dict[str, str], user: Any) -> Written:
        """Return a whole content, with no blocking problem, for a filing whose unit has these basic data."""
        codes = (filing.category_id, *(link.category_id for link in filing.enterprise.category_links.all()))
        return self.compose(codes, filing, basic, user)

    def compose(
        self, codes: tuple[str, ...], filing: Filing, basic: dict[str, str], user: Any, count: int | None = None
    ) -> Written:
        """Return a content that answers the catalogues of these categories, ``count`` of whose items are present."""
        if codes not in self.pages:
            self.pages[codes] = item_groups_for(codes)
        pages = self.pages[codes]
        items = [item for page in pages for item in page.items]
        present = self._present(items, self.rng.choices(*HOW_MANY_PRESENT)[0] if count is None else count)
        risks = [
            self._from_item(filing, item, order, user)
            for order, item in enumerate(row for page in pages for row in page.items if row.pk in present)
        ]
        risks += self._own(filing, user, bool(pages), bool(risks), len(risks))
        answers = {
            page.section_key: {
                item.code: {"answer": (Answered.PRESENT if item.pk in present else Answered.ABSENT).value, "note": ""}
                for item in page.items
            }
            for page in pages
        }
        return Written(basic, pages, answers, risks)

    def _present(self, items: list[CatalogueItem], count: int) -> set[int]:
        """Choose the items a unit says are present: the first of a catalogue more often, a major one seldom."""
        left = {item.pk: (0.35 if item.level == Level.MAJOR else 1) / (1 + 0.35 * n) for n, item in enumerate(items)}
        chosen: set[int] = set()
        while left and len(chosen) < count:
            found = self.rng.choices(list(left), list(left.values()))[0]
            chosen.add(found)
            del left[found]
        return chosen

    def _from_item(self, filing: Filing, item: CatalogueItem, order: int, user: Any) -> DeclaredRisk:
        risk = risk_from_item(filing=filing, item=item, order=order, user=user)
        if item.level == Level.LARGER and item.may_be_lowered and self.rng.random() < LOWERED:
            self._score(risk, Method.LS, {"L": "3", "S": "3"})
            risk.level = Level.GENERAL.value
            risk.lower_reason = self.rng.choice(vocabulary()["messages"]["lower"])
        elif item.catalogue.key == "transport" and self.rng.random() < SCORED_BY_LC:
            likelihood, consequence = self.rng.choice(LC_VALUES[Level(item.level)])
            self._score(risk, Method.LC, {"L": likelihood, "C": consequence})
        return self._finish(risk, filing)

    def _own(self, filing: Filing, user: Any, has_pages: bool, has_risks: bool, order: int) -> list[DeclaredRisk]:
        """Return risks of the unit's own: the rule where no catalogue is published yet, an exception elsewhere."""
        known = own_risks(filing.category.sector_id)
        wanted = int(has_risks and self.rng.random() < ALSO_OWN) if has_pages else self.rng.choices(*HOW_MANY_OWN)[0]
        rows = self.rng.sample(known, min(wanted, len(known)))
        return [self._own_risk(filing, user, row, order + n) for n, row in enumerate(rows)]

    def supplement(self, filing: Filing, written: Written, user: Any) -> None:
        """Add what a reopened report was to supplement: one more risk of the unit's own, if one is left."""
        named = {risk.name for risk in written.risks}
        row = next((row for row in own_risks(filing.category.sector_id) if row["name"] not in named), None)
        if row is not None:
            order = 1 + max((risk.order for risk in written.risks), default=-1)
            written.risks.append(self._own_risk(filing, user, row, order))

    def _own_risk(self, filing: Filing, user: Any, row: dict, order: int) -> DeclaredRisk:
        risk = DeclaredRisk(
            filing=filing,
            name=row["name"],
            point=row["point"],
            place=row["place"],
            accident_type_id=row["accident"],
            consequence=row["consequence"],
            measures=row["measures"],
            order=order,
            updated_by=user,
        )
        self._score(risk, Method.LS, {"L": row["L"], "S": row["S"]})
        risk.level = risk.assessment["level"]
        return self._finish(risk, filing)

    def _score(self, risk: DeclaredRisk, method: Method, values: dict[str, str]) -> None:
        preset = self.presets[method]
        found, level = score(method, preset.definition, values)
        risk.method = method.value
        risk.assessment = {
            "preset": preset.key,
            "version": preset.version,
            "values": values,
            "score": str(found),
            "level": level.value,
        }

    def _finish(self, risk: DeclaredRisk, filing: Filing) -> DeclaredRisk:
        """Give the risk its lineage and a responsible person whose rank fits its level."""
        rng = self.rng
        risk.lineage = uuid.UUID(int=rng.getrandbits(128), version=4)
        rank = rng.choices(*RANKS[Level(risk.level)])[0]
        risk.rank = rank.value
        posts = filing.category.rank_map.get(rank.value, "负责人").split("（")[0].split("、")
        risk.responsible_name = names.person(rng)
        risk.responsible_post = rng.choice(posts)
        risk.responsible_department = rng.choice(OFFICES.get(filing.category.sector_id, ("安全管理部", "综合管理部")))
        risk.responsible_phone = names.phone(rng)
        risk.point = risk.point or risk.place.split("、")[0]
        return risk

    def weaken(self, written: Written) -> None:
        """Make the first hand-in lack something; ``written.defect`` says what, and how it is mended."""
        remarks = {row["section"]: row["text"] for row in vocabulary()["remarks"]}
        if written.risks:
            risk = self.rng.choice(written.risks)
            section, (column, weak) = self.rng.choice(list(WEAK.items()))
            defect = Defect(section, remarks[section], column, weak, getattr(risk, column), risk.lineage)
        else:
            good, half = written.basic["people_at_once"], int(written.basic["employees"]) // 2
            defect = Defect("basic", remarks["basic"], "people_at_once", str(max(1, half)), good)
        written.defect = defect
        written.put(defect, defect.weak)

    def mend(self, written: Written) -> None:
        """Mend what was remarked on."""
        if written.defect is not None:
            written.put(written.defect, written.defect.good)
