"""The workflow walked at random by several people; after each step everything written still agrees.

Three reports are walked at once: one in two stages, one in one stage, one entered from paper. A step may be any act of
anybody, with a stale version, without its reason or out of turn; what is refused must change nothing.
"""

import datetime as dt
import json
from collections import Counter
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from enterprises.enums import Role
from review.checks.differences import risk_part
from review.domain.remarks import add_remark
from review.domain.sections import save_risk, withdraw_risk
from review.domain.snapshots import verifies
from review.domain.workflow import may_edit, moves_for
from review.enums import Action, FilingState, Outcome, Stage
from review.management.commands.check_progress import move_exists
from review.models import Filing
from review.queries.consistency import prove_everything
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.models import Event
from risks.models import Risk, Standing
from tests import factories

PEOPLE = st.sampled_from(["unit", "colleague", "reviewer", "second", "office", "stranger"])
WHICH = st.integers(0, 2)
PRESENT = st.sampled_from([(), ("01",), ("01", "02"), ("03",)])
WRITTEN = {FilingState.DRAFTING, FilingState.RETURNED, FilingState.SUPPLEMENT_OPEN}
ENDS = {Action.EXEMPT, Action.VOID}
PAGES = {"14": ("check-civil-fire", "MZ"), "00": ("check-industry-fire", "GY")}


class Walk(RuleBasedStateMachine):
    """Three reports, six people each, and what was seen of them so far."""

    seen: Counter = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        factories.rating_rule()
        self.filings = [factories.filing(), factories.filing(stages=1), factories.filing("drafting", paper=True)]
        self.people = [self._people_of(filing) for filing in self.filings]
        self.kept: dict[int, str] = {}
        self.first_days: dict[int, object] = {}

    def teardown(self) -> None:
        kinds = Event.objects.filter(object_type="review.filing").values_list("kind", flat=True)
        self.seen.update(kinds)
        while run_due_reactions(queue="quick"):
            pass
        found = prove_everything(move_exists).differences
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        clock.forget()
        assert found == []

    def _people_of(self, filing) -> dict:
        return {
            "unit": factories.user(of=filing.enterprise),
            "colleague": factories.user(Role.ENTERPRISE_ADMIN, of=filing.enterprise),
            "reviewer": filing.entered_by or factories.user(Role.REVIEWER, of=filing.department),
            "second": factories.user(Role.REVIEWER, of=filing.department),
            "office": factories.office_of(filing),
            "stranger": factories.user(Role.REVIEWER, of=factories.bureau("religion")),
        }

    # --- steps ------------------------------------------------------------------------------------------------------
    @rule(which=WHICH, who=PEOPLE, action=st.sampled_from(Action.values), reason=st.booleans(), late=st.booleans())
    def try_anything(self, which, who, action, reason, late):
        filing = self.filings[which]
        before, events = (filing.state, filing.version), Event.objects.count()
        try:
            factories.move(
                filing,
                action,
                by=self.people[which][who],
                seen_version=filing.version - late,
                reason=factories.REASON if reason else "",
            )
        except Refused:
            filing.refresh_from_db()
            assert (filing.state, filing.version) == before
            assert Event.objects.count() == events
        else:
            assert not late

    @rule(which=WHICH, picks=st.lists(st.integers(0, 9), min_size=1, max_size=6), present=PRESENT)
    def go_on(self, which, picks, present):
        """Let those whose turn it is press one of their buttons, a few times; ending a report is left to chance."""
        for pick in picks:
            self._press(which, pick, present, ENDS)

    @rule(which=WHICH, pick=st.integers(0, 9), present=PRESENT)
    def press_any_button(self, which, pick, present):
        """Let anybody press any button shown to him."""
        self._press(which, pick, present, frozenset())

    def _press(self, which, pick, present, without):
        filing = self.filings[which]
        if filing.state in WRITTEN and may_edit(self._writer(which), filing).allowed:
            factories.complete(filing, by=self._writer(which), present=present)
        shown = [
            (person, move.action)
            for person in self.people[which].values()
            for move in moves_for(person, filing)
            if move.action not in without
        ]
        if shown:
            person, action = shown[pick % len(shown)]
            with suppress(Refused):
                factories.move(filing, action, by=person)

    @rule(which=WHICH, present=PRESENT)
    def complete(self, which, present):
        filing = self.filings[which]
        person = self._writer(which)
        if may_edit(person, filing).allowed:
            factories.complete(filing, by=person, present=present)

    @rule(which=WHICH, who=PEOPLE, employees=st.integers(1, 99))
    def edit_basic(self, which, who, employees):
        filing, person = self.filings[which], self.people[which][who]
        with suppress(Refused):
            factories.save(filing, "basic", {**factories.BASIC, "employees": str(employees)}, by=person)

    @rule(which=WHICH, answer=st.sampled_from(["present", "absent"]))
    def answer_one_item(self, which, answer):
        filing = self.filings[which]
        key, prefix = PAGES[filing.category_id[:2]]
        section = filing.sections.filter(key=key).first()
        answers = dict(section.data["answers"]) if section else {}
        answers[f"{prefix}-02"] = {"answer": answer, "note": ""}
        with suppress(Refused):
            factories.save(filing, key, {"answers": answers}, by=self._writer(which))

    @rule(which=WHICH)
    def add_a_risk(self, which):
        with suppress(Refused):
            factories.own_risk(self.filings[which], by=self._writer(which))

    @rule(which=WHICH, place=st.sampled_from(["一号楼", "二号楼"]))
    def edit_a_risk(self, which, place):
        filing = self.filings[which]
        row = filing.declared_risks.last()
        if row is not None:
            values = {"place": place} | factories.PERSON
            with suppress(Refused):
                save_risk(
                    filing_id=filing.pk,
                    user=self._writer(which),
                    values=values,
                    risk_id=row.pk,
                    seen_version=row.version,
                )

    @rule(which=WHICH)
    def withdraw_a_risk(self, which):
        filing = self.filings[which]
        row = filing.declared_risks.filter(item=None).last()
        if row is not None:
            with suppress(Refused):
                withdraw_risk(filing_id=filing.pk, risk_id=row.pk, user=self._writer(which))

    @rule(which=WHICH, who=PEOPLE)
    def remark(self, which, who):
        filing = self.filings[which]
        with suppress(Refused):
            add_remark(filing_id=filing.pk, user=self.people[which][who], section="risks", text="请写清位置")

    @precondition(lambda self: self.first_days)
    @rule(days=st.integers(1, 5))
    def days_pass(self, days):
        clock.set_offset(clock._offset() + dt.timedelta(days=days).total_seconds())

    def _writer(self, which):
        return self.people[which]["reviewer" if self.filings[which].is_paper else "unit"]

    # --- what always holds ------------------------------------------------------------------------------------------
    @invariant()
    def the_state_is_the_replay_of_the_events(self):
        for filing in self.filings:
            row = Filing.objects.get(pk=filing.pk)
            state, version = FilingState.NOT_STARTED.value, 1
            moves = Event.objects.filter(object_type="review.filing", object_id=filing.pk).exclude(kind="filing.saved")
            for event in moves.exclude(kind__startswith="remark").order_by("id"):
                assert (event.data["from"], event.data["version"]) == (state, version + 1)
                state, version = event.data["to"], event.data["version"]
            assert (row.state, row.version) == (state, version)

    @invariant()
    def the_columns_fit_the_state(self):
        for filing in self.filings:
            row = Filing.objects.get(pk=filing.pk)
            assert (row.claimed_by_id is not None) == (row.state == "in_review" or self._approved_or_later(row))
            assert (row.left_on is not None) == (row.state in {"exempt", "void"})
            finals = row.snapshots.filter(stage=Stage.FINAL).order_by("number")
            assert (row.first_filed_at is not None) == finals.exists()
            if finals:
                first = self.first_days.setdefault(row.pk, (row.first_filed_at, row.first_filed_on))
                assert (row.first_filed_at, row.first_filed_on) == first
                assert row.filed_at == finals.last().created_at

    @staticmethod
    def _approved_or_later(row) -> bool:
        """An approval keeps the name of who decided until the report moves on."""
        return row.claimed_by_id is not None and row.state == "approved"

    @invariant()
    def snapshots_stay_what_they_were(self):
        for filing in self.filings:
            rows = list(filing.snapshots.order_by("number"))
            assert [row.number for row in rows] == list(range(1, len(rows) + 1))
            for row in rows:
                assert verifies(row)
                assert self.kept.setdefault(row.pk, row.content) == row.content

    @invariant()
    def the_ledger_is_the_last_final_report(self):
        for filing in self.filings:
            row = Filing.objects.get(pk=filing.pk)
            final = row.snapshots.filter(stage=Stage.FINAL).order_by("number").last()
            told = json.loads(final.content)["risks"] if final and row.state != "void" else []
            larger = {risk["lineage"]: risk["place"] for risk in told if risk["level"] in {"major", "larger"}}
            held = Risk.objects.filter(enterprise=filing.enterprise, state="active")
            assert {str(risk.lineage): risk.place for risk in held} == larger
            standing = Standing.objects.filter(enterprise=filing.enterprise).first()
            if final:
                assert (standing.first_reported_on is not None) == (row.state != "void")
            else:
                assert standing is None

    @invariant()
    def nobody_decides_what_he_wrote_and_the_final_is_what_was_approved(self):
        for filing in self.filings:
            for decision in filing.decisions.select_related("snapshot"):
                assert decision.decided_by_id != decision.snapshot.created_by_id
                assert decision.decided_by_id != filing.entered_by_id
            if filing.campaign.stages == 1:
                assert not filing.decisions.exists()
                continue
            for final in filing.snapshots.filter(stage=Stage.FINAL):
                approved = filing.decisions.filter(outcome=Outcome.APPROVED, snapshot__number__lt=final.number).last()
                assert approved is not None
                assert risk_part(json.loads(approved.snapshot.content)) == risk_part(json.loads(final.content))


@pytest.mark.django_db
def test_a_random_walk_leaves_everything_in_agreement():
    calm = settings(
        max_examples=10,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    Walk.seen.clear()
    run_state_machine_as_test(Walk, settings=calm)
    assert {f"filing.{action}" for action in ("submit", "claim", "approve", "file", "reopen")} <= set(Walk.seen)
