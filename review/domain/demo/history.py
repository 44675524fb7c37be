"""The past of one report, made in memory as the executor would have made it: same table, same columns, same events."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.utils import timezone

from enterprises.models import User
from review.domain.content import BASIC, UNDERTAKING
from review.domain.demo.content import Writer, Written
from review.domain.demo.people import Cast
from review.domain.demo.stories import OFFICE, UNIT, Step
from review.domain.workflow import find_move
from review.enums import Action, FilingState, Outcome, Stage
from review.models import Decision, Filing, FilingSection, Remark, Snapshot
from review.queries.content import SCHEMA, canonical, count_by_level, ledger_risks, risk_content, sha256_of
from riskreport.ground.models import Event
from risks.domain.ledger import COPIED
from risks.enums import Level, RiskState
from risks.models import Risk, Standing

A = Action
WRITING_TIME = dt.timedelta(minutes=25)


class NoSuchMove(Exception):
    """A story holds a move that the workflow's table does not allow there."""


@dataclass
class History:
    """One filing with everything its moves wrote, not yet saved."""

    filing: Filing
    writer: Writer
    cast: Cast
    rng: Random
    basic: dict[str, str]
    written: Written | None = None
    sections: dict[str, FilingSection] = field(default_factory=dict)
    snapshots: list[Snapshot] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    events: list[tuple[Event, dict[str, Any]]] = field(default_factory=list)
    ledger: dict[str, tuple[Risk, Snapshot]] = field(default_factory=dict)
    standing: Standing | None = None
    finals: int = 0

    def play(self, steps: list[Step]) -> None:
        """Make the moves one after the other. Raises NoSuchMove."""
        actions = [step.action for step in steps]
        for number, step in enumerate(steps):
            later = actions[number + 1 :]
            self._move(step, later)
        if actions == [A.START]:
            self._leave_unfinished(steps[0].at)

    def _move(self, step: Step, later: list[Action]) -> None:
        filing = self.filing
        move = find_move(filing, step.action)
        if move is None:
            raise NoSuchMove(f"{step.action} from {filing.state}")
        user = self._actor(step)
        changes, data = getattr(self, f"_{step.action.value}", self._nothing)(step, user, later)
        before, filing.state = filing.state, move.to_state or filing.state
        for name, value in changes.items():
            setattr(filing, name, value)
        filing.version += 1
        about = {"from": str(before), "to": str(filing.state), "version": filing.version, "reason": step.reason}
        event = Event(
            at=step.at,
            kind=f"filing.{step.action.value}",
            actor=user,
            object_type=Filing._meta.label_lower,
            object_id=filing.pk,
            enterprise_id=filing.enterprise_id,
            data=about,
        )
        self.events.append((event, data))

    def _actor(self, step: Step) -> User:
        if step.by == UNIT:
            return self.cast.units[self.filing.enterprise_id]
        if step.by == OFFICE:
            return self.cast.office
        if self.filing.claimed_by is not None:
            return self.filing.claimed_by
        return self.rng.choice(self.cast.reviewers[self.filing.department_id])

    # --- what each action writes, as review/domain/effects.py does -------------------------------------------------
    def _nothing(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        return {}, {}

    def _start(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        self._section(BASIC, self.basic, user, step.at)
        if A.EXEMPT not in later:
            self.written = self.writer.write(self.filing, self.basic, user)
            if A.RETURN in later:
                self.writer.weaken(self.written)
        return {}, {}

    def _submit(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        self._revise(user, step.at)
        self._fix_versions()
        snapshot = self._snapshot(user, step.at, Stage.DRAFT)
        changes = {"submitted_at": step.at, "claimed_by": None, "claimed_at": None}
        return changes, {"snapshot": snapshot, "number": snapshot.number}

    def _withdraw(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        return {"claimed_by": None, "claimed_at": None, "catalogue_versions": {}}, {}

    _reopen = _withdraw

    def _put_back(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        return {"claimed_by": None, "claimed_at": None}, {}

    def _claim(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        return {"claimed_by": user, "claimed_at": step.at}, {}

    def _return(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        decision = self._decide(step, user, Outcome.RETURNED)
        defect = self.written.defect if self.written else None
        if defect is not None:
            remark = Remark(
                snapshot=decision.snapshot,
                decision=decision,
                department=self.filing.department,
                author=user,
                section=defect.section,
                lineage=defect.lineage,
                text=defect.text,
                created_at=step.at - dt.timedelta(minutes=4),
            )
            self.remarks.append(remark)
        return self._withdraw(step, user, later)[0], {"decision": decision}

    def _approve(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        return {"approved_at": step.at}, {"decision": self._decide(step, user, Outcome.APPROVED)}

    def _file(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        self._revise(user, step.at)
        signed = {
            "certified": True,
            "signed_name": self.basic["principal_name"],
            "signed_post": "主要负责人",
            "at": step.at.astimezone(dt.UTC).isoformat(),
        }
        self._section(UNDERTAKING, signed, user, step.at)
        self._fix_versions()
        snapshot = self._snapshot(user, step.at, Stage.FINAL)
        on = timezone.localdate(step.at)
        counts = self._post(snapshot, on)
        self.finals += 1
        changes = {
            **counts,
            "filed_at": step.at,
            "first_filed_at": self.filing.first_filed_at or step.at,
            "first_filed_on": self.filing.first_filed_on or on,
            "claimed_by": None,
            "claimed_at": None,
        }
        return changes, {"snapshot": snapshot, "number": snapshot.number}

    def _exempt(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        left_on = max(timezone.localdate(step.at), self.filing.joined_on)
        return {"left_on": left_on, "left_reason": step.reason, "claimed_by": None, "claimed_at": None}, {}

    def _void(self, step: Step, user: User, later: list[Action]) -> tuple[dict, dict]:
        """A unit of the demo owes one report, so its void report leaves the ledger empty and the unit unreported."""
        on = timezone.localdate(step.at)
        for risk, _snapshot in self.ledger.values():
            risk.state, risk.closed_on = RiskState.CLOSED, max(on, risk.recorded_on)
        self.standing = Standing(enterprise_id=self.filing.enterprise_id)
        return self._exempt(step, user, later)

    # --- parts ------------------------------------------------------------------------------------------------------
    def _revise(self, user: User, at: dt.datetime) -> None:
        """Write what was typed before this hand-in: everything the first time, what was remarked or added later."""
        written = self.written
        if written is None:
            raise NoSuchMove("a report is handed in that was never started")
        if self.decisions and self.decisions[-1].outcome == Outcome.RETURNED and written.defect is not None:
            self.writer.mend(written)
            written.defect = None
            for remark in self.remarks:
                remark.settled_by, remark.settled_at = user, at - dt.timedelta(minutes=2)
        if self.filing.first_filed_at is not None and self.filing.state == FilingState.SUPPLEMENT_OPEN:
            self.writer.supplement(self.filing, written, user)
        moment = at - WRITING_TIME
        self._section(BASIC, written.basic, user, moment)
        for key, answers in written.answers.items():
            self._section(key, {"answers": answers}, user, moment)
        for risk in written.risks:
            risk.updated_at = moment

    def _fix_versions(self) -> None:
        """Note which versions the hand-in answers."""
        pages = self.written.pages if self.written else []
        self.filing.catalogue_versions = {page.catalogue.key: page.catalogue.version for page in pages}

    def _leave_unfinished(self, at: dt.datetime) -> None:
        """A report being drafted: some pages answered, some risks without a responsible person yet."""
        if self.written is None:
            return
        user = self.cast.units[self.filing.enterprise_id]
        pages = self.written.pages[: self.rng.randint(0, len(self.written.pages))]
        codes = {item.pk for page in pages for item in page.items}
        for page in pages:
            answers = {"answers": self.written.answers[page.section_key]}
            self._section(page.section_key, answers, user, at + WRITING_TIME)
        self.written.risks = [risk for risk in self.written.risks if risk.item_id in codes]
        for risk in self.written.risks:
            risk.updated_at = at + WRITING_TIME
            if self.rng.random() < 0.6:
                risk.responsible_name = risk.responsible_post = risk.responsible_phone = risk.rank = ""

    def _section(self, key: str, data: dict, user: User, at: dt.datetime) -> None:
        row = self.sections.get(key)
        if row is None:
            self.sections[key] = FilingSection(filing=self.filing, key=key, data=data, updated_by=user, updated_at=at)
        elif row.data != data:
            row.data, row.version, row.updated_by, row.updated_at = data, row.version + 1, user, at

    def content(self) -> dict[str, Any]:
        """Return what review.queries.content.filing_content will return once the rows are saved."""
        risks = sorted(self.written.risks, key=lambda row: row.order) if self.written else []
        rows = {key: section.data for key, section in self.sections.items()}
        return {
            "schema": SCHEMA,
            "catalogues": self.filing.catalogue_versions,
            "basic": rows.get(BASIC, {}),
            "answers": {key: data["answers"] for key, data in sorted(rows.items()) if key.startswith("check-")},
            "risks": [risk_content(risk) for risk in risks],
            "attachments": [],
            "undertaking": rows.get(UNDERTAKING, {}),
        }

    def _snapshot(self, user: User, at: dt.datetime, stage: Stage) -> Snapshot:
        text = canonical(self.content())
        row = Snapshot(
            filing=self.filing,
            number=len(self.snapshots) + 1,
            stage=stage,
            schema=SCHEMA,
            content=text,
            sha256=sha256_of(text),
            created_by=user,
            created_at=at,
        )
        self.snapshots.append(row)
        return row

    def _decide(self, step: Step, user: User, outcome: Outcome) -> Decision:
        row = Decision(
            filing=self.filing,
            snapshot=self.snapshots[-1],
            department=self.filing.department,
            decided_by=user,
            outcome=outcome,
            message=step.reason,
            decided_at=step.at,
        )
        self.decisions.append(row)
        return row

    def _post(self, snapshot: Snapshot, on: dt.date) -> dict[str, int]:
        """Make the ledger say what the final says, note it in the Standing; return the counts for the filing."""
        body = self.content()
        enterprise = self.filing.enterprise
        for row in ledger_risks(body):
            known = self.ledger.get(row["lineage"])
            risk = known[0] if known else Risk(enterprise=enterprise, lineage=row["lineage"], recorded_on=on)
            for name in COPIED:
                setattr(risk, name, row[name])
            risk.accident_type_id = row["accident_type"]
            risk.town_id, risk.category_id = enterprise.town_id, enterprise.category_id
            risk.filing_id = self.filing.pk
            self.ledger[row["lineage"]] = risk, snapshot
        counts = count_by_level(body)
        major, larger = counts[Level.MAJOR], counts[Level.LARGER]
        first = self.standing.first_reported_on if self.standing else on
        self.standing = Standing(enterprise_id=enterprise.pk, first_reported_on=first, zero_risk=not (major or larger))
        return {"risks_major": major, "risks_larger": larger}
