"""The past of the crowd's reports as plain rows: the same moves, columns, snapshots and events as the executor writes.

One stage: started and filed; some visited and found to lack risks, reopened, filed again with them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from enterprises.enums import RegionLevel, Scale
from enterprises.models import Department, User
from review.domain.content import BASIC, UNDERTAKING
from review.domain.demo import names
from review.domain.demo.content import Writer
from review.domain.demo.crowd import Member
from review.domain.demo.history import WRITING_TIME
from review.domain.demo.pouring import pour, pour_changes, stamp
from review.domain.demo.sizes import ABOVE_DONE
from review.domain.demo.stories import Calendar
from review.domain.demo.variants import SHARED, Form, Variant, Variants
from review.domain.demo.vocabulary import vocabulary
from review.enums import LEAVES_FAULT, Action, FilingState, Stage, VisitOutcome
from review.models import Campaign, DeclaredRisk, Filing, FilingSection, Snapshot, Visit
from review.queries.content import canonical, sha256_of
from riskreport.ground.domain.many_rows import encode, reserve_ids
from riskreport.ground.models import Event
from risks.models import Risk, Standing

S, A = FilingState, Action
RECTIFIED_WITHIN = dt.timedelta(days=15)
STILL_OPEN = 25  # one in so many units has not mended its faults by the day
VISITING = "emergency"  # the line whose bureaus visit above the township
FILING_LABEL = Filing._meta.label_lower
REST = ("lineage", "responsible_name", "responsible_phone")
# The tables in the order that their keys depend on each other, with the columns that are written.
TABLES: dict[type, tuple[str, ...]] = {
    FilingSection: ("filing_id", "key", "data", "version", "updated_by_id", "updated_at"),
    DeclaredRisk: (*SHARED, *REST, "filing_id", "order", "updated_by_id", "updated_at"),
    Snapshot: ("id", "filing_id", "number", "stage", "content", "sha256", "created_by_id", "created_at"),
    Risk: (
        *SHARED, *REST, "enterprise_id", "town_id", "category_id", "filing_id", "snapshot_id", "recorded_on",
    ),
    Standing: (
        "enterprise_id", "first_reported_on", "last_verified_on", "open_faults", "overdue_faults", "zero_risk",
        "zero_risk_checked_on",
    ),
    Visit: ("id", "filing_id", "level", "department_id", "visited_on", "outcome", "zero_risk", "rectify_by"),
    Event: ("at", "kind", "actor_id", "object_type", "object_id", "enterprise_id", "data"),
}  # fmt: skip
MOVED = (
    "state", "version", "risks_major", "risks_larger", "catalogue_versions", "filed_at", "first_filed_at",
    "first_filed_on",
)  # fmt: skip
Moves = dict[str, dt.datetime]


@dataclass
class Report:
    """One report while its past is written."""

    member: Member
    filing: int
    department: int
    version: int = 1
    snapshots: int = 0
    risks: list[tuple[Form, str, str, str]] = field(default_factory=list)
    basic: str = ""
    verified: dt.date | None = None
    faults: int = 0
    late: int = 0


class Pasts:
    """Writes the pasts of some thousand reports at a time."""

    def __init__(
        self, rng: Random, writer: Writer, campaign: Campaign, today: dt.date, reviewers: dict[int, list[User]]
    ):
        self.rng, self.campaign, self.today, self.reviewers = rng, campaign, today, reviewers
        self.variants = Variants(writer)
        self.calendar = Calendar(campaign.opens_on, today)
        self.end = float(len(self.calendar.days)) - 0.01
        self.above_end = self.calendar.position(today + dt.timedelta(days=ABOVE_DONE + 1)) - 0.01
        self.departments = dict(Department.objects.filter(line=VISITING).values_list("region_id", "pk"))
        self.levels = dict(Department.objects.values_list("pk", "level"))  # some towns are the county's
        self.reason = vocabulary()["messages"]["reopen"][0]
        self.rows: dict[type, list[tuple]] = defaultdict(list)
        self.moved: list[tuple] = []
        self.keys: Iterator[int] = iter(())
        self.visits: Iterator[int] = iter(())

    def write(self, members: list[Member]) -> None:
        """Write what happened to the reports of these units.

        Side effects, in the caller's transaction, in order: contents, snapshots, ledger, Standing, visits and events;
        then the reports' own columns. The events owe no reactions.
        """
        first, last = members[0].pk, members[-1].pk
        rows = Filing.objects.filter(campaign=self.campaign, enterprise__gte=first, enterprise__lte=last)
        known = {unit: (pk, office) for unit, pk, office in rows.values_list("enterprise_id", "pk", "department_id")}
        filed = [member for member in members if member.lot.filed]
        again = sum(member.lot.outcome == VisitOutcome.SUPPLEMENT for member in filed)
        self.keys = iter(reserve_ids(Snapshot, len(filed) + again))
        visits = sum(bool(member.lot.level) + (member.lot.outcome == VisitOutcome.RECTIFY) for member in filed)
        self.visits = iter(reserve_ids(Visit, visits))
        for member in members:
            report = Report(member, *known[member.pk], basic=canonical(member.basic))
            if member.lot.filed:
                self._filed(report)
            elif member.lot.begun:
                self._begun(report)
        for model, names_of_columns in TABLES.items():
            pour(model, names_of_columns, self.rows.pop(model, []))
        pour_changes(Filing, MOVED, self.moved)
        self.moved = []

    # --- the moves --------------------------------------------------------------------------------------------------
    def _begun(self, report: Report) -> None:
        at = self.calendar.moment(self.rng.uniform(0.5, self.end))
        self._event(report, A.START, S.NOT_STARTED, S.DRAFTING, at, report.member.user)
        self._section(report, BASIC, report.basic, 1, at)
        self.moved.append((report.filing, S.DRAFTING.value, report.version, 0, 0, "{}", None, None, None))

    def _filed(self, report: Report) -> None:
        lot, user = report.member.lot, report.member.user
        at = self._moments(lot.scale == Scale.ABOVE, supplemented := lot.outcome == VisitOutcome.SUPPLEMENT)
        variant = self.variants.choose(report.member.codes, lot.risks)
        self._event(report, A.START, S.NOT_STARTED, S.DRAFTING, at["start"], user)
        self._section(report, BASIC, report.basic, 1, at["start"])
        if supplemented:
            blank = self.variants.choose(report.member.codes, 0)
            self._file(report, blank, S.DRAFTING, at["filed"])
            self._visit(report, at["visited"])
            reviewer = self.rng.choice(self.reviewers[report.department]).pk
            self._event(report, A.REOPEN, S.FILED, S.SUPPLEMENT_OPEN, at["reopened"], reviewer, self.reason)
        report.risks = [self._risk(form) for form in variant.forms]
        last = at["again"] if supplemented else at["filed"]
        snapshot = self._file(report, variant, S.SUPPLEMENT_OPEN if supplemented else S.DRAFTING, last)
        self._content(report, variant, last, 2 if supplemented else 1)
        self._ledger(report, snapshot, last)
        if lot.level and not supplemented:
            self._visit(report, at["visited"])
        self._stand(report, at)
        self.moved.append((
            report.filing, S.FILED.value, report.version, variant.major, variant.larger, variant.catalogues,
            stamp(last), stamp(at["filed"]), at["filed"].date().isoformat(),
        ))  # fmt: skip

    def _moments(self, above: bool, supplemented: bool) -> Moves:
        """Return when it was started, filed, visited, and where it was supplemented reopened and filed again."""
        rng = self.rng
        end = self.above_end if above else self.end
        shape = (2.2, 2.6) if above else (3.2, 2.2)
        filed = 0.3 + rng.betavariate(*shape) * (end - 0.3)
        if supplemented:
            filed = min(filed, self.end - rng.uniform(11, 40))
        visited = min(filed + rng.uniform(1, 30 if not supplemented else 6), self.end)
        reopened = visited + rng.uniform(0.1, 1)
        positions = {
            "start": max(0.01, filed - rng.uniform(0.1, 8)), "filed": filed, "visited": visited, "reopened": reopened,
            "again": reopened + rng.uniform(0.2, 4),
        }  # fmt: skip
        return {name: self.calendar.moment(position) for name, position in positions.items()}

    def _file(self, report: Report, variant: Variant, came: FilingState, at: dt.datetime) -> int:
        """Note the hand-in and its event; return the key of its snapshot."""
        report.snapshots += 1
        key, user = next(self.keys), report.member.user
        risks = [form.text(lineage, name, phone) for form, lineage, name, phone in report.risks]
        text = variant.content(report.basic, risks, self._undertaking(report, at))
        self.rows[Snapshot].append((
            key, report.filing, report.snapshots, Stage.FINAL.value, text, sha256_of(text), user, stamp(at),
        ))  # fmt: skip
        self._event(report, A.FILE, came, S.FILED, at, user, snapshot=key, number=report.snapshots)
        return key

    def _undertaking(self, report: Report, at: dt.datetime) -> str:
        signed = {
            "certified": True,
            "signed_name": report.member.basic["principal_name"],
            "signed_post": "主要负责人",
            "at": at.astimezone(dt.UTC).isoformat(),
        }
        return canonical(signed)

    # --- the rows ---------------------------------------------------------------------------------------------------
    def _event(
        self, report: Report, action: Action, came: FilingState, went: FilingState, at: dt.datetime, actor: int,
        reason: str = "", **more: Any,
    ) -> None:  # fmt: skip
        report.version += 1
        data = {"from": came.value, "to": went.value, "version": report.version, "reason": reason, **more}
        self._note(report, f"filing.{action.value}", at, actor, data)

    def _note(self, report: Report, kind: str, at: dt.datetime, actor: int, data: dict[str, Any]) -> None:
        unit = report.member.pk
        self.rows[Event].append((stamp(at), kind, actor, FILING_LABEL, report.filing, unit, encode(data)))

    def _section(self, report: Report, key: str, data: str, version: int, at: dt.datetime) -> None:
        self.rows[FilingSection].append((report.filing, key, data, version, report.member.user, stamp(at)))

    def _content(self, report: Report, variant: Variant, at: dt.datetime, version: int) -> None:
        typed, user = at - WRITING_TIME, report.member.user
        for key, answers in variant.pages:
            self._section(report, key, answers, version, typed)
        self._section(report, UNDERTAKING, self._undertaking(report, at), version, at)
        moment = stamp(typed)
        self.rows[DeclaredRisk] += [
            (*form.columns, lineage.replace("-", ""), name, phone, report.filing, order, user, moment)
            for order, (form, lineage, name, phone) in enumerate(report.risks)
        ]

    def _risk(self, form: Form) -> tuple[Form, str, str, str]:
        digits = f"{self.rng.getrandbits(128):032x}"
        lineage = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
        return form, lineage, names.person(self.rng), names.phone(self.rng)

    def _ledger(self, report: Report, snapshot: int, at: dt.datetime) -> None:
        unit, on = report.member, at.date().isoformat()
        self.rows[Risk] += [
            (
                *form.columns, lineage.replace("-", ""), name, phone, unit.pk, unit.town, unit.codes[0],
                report.filing, snapshot, on,
            )
            for form, lineage, name, phone in report.risks
            if form.in_ledger
        ]  # fmt: skip

    def _visit(self, report: Report, at: dt.datetime) -> None:
        """Note the visit, and that of the day by which faults were mended and looked at again."""
        lot = report.member.lot
        by = at + RECTIFIED_WITHIN if lot.outcome == VisitOutcome.RECTIFY else None
        self._note_visit(report, at, lot.outcome, by)
        report.verified, report.faults = at.date(), int(lot.outcome in LEAVES_FAULT)
        if by is not None and by.date() <= self.today and report.filing % STILL_OPEN:
            self._note_visit(report, by, VisitOutcome.PASSED.value, None)
            report.verified, report.faults = by.date(), 0
        report.late = int(by is not None and report.faults and by.date() < self.today)

    def _note_visit(self, report: Report, at: dt.datetime, outcome: str, by: dt.datetime | None) -> None:
        """Note a visit and its event, which names who recorded it."""
        unit, lot, pk = report.member, report.member.lot, next(self.visits)
        on, mended = at.date().isoformat(), by.date().isoformat() if by else None
        without = lot.risks == 0 or lot.outcome == VisitOutcome.SUPPLEMENT
        place = {RegionLevel.COUNTY: unit.county, RegionLevel.CITY: unit.county // 100 * 100}.get(lot.level)
        office = self.departments[place] if place else report.department
        level = self.levels[office]
        self.rows[Visit].append((pk, report.filing, level, office, on, outcome, without, mended))
        data = {"visit": pk, "level": level, "on": on, "outcome": outcome, "rectify_by": mended}
        self._note(report, "visit.recorded", at, self.rng.choice(self.reviewers[office]).pk, data)

    def _stand(self, report: Report, at: Moves) -> None:
        """Note the Standing that follows from report and visits."""
        first, last = at["filed"].date().isoformat(), report.verified.isoformat() if report.verified else None
        nothing = report.member.lot.risks == 0
        self.rows[Standing].append((
            report.member.pk, first, last, report.faults, report.late, nothing, last if nothing else None,
        ))  # fmt: skip
