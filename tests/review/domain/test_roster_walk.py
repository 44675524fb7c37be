"""The roster kept at random by several people; after each step the figures of every day still hold.

Units join, move, close, come back, report and are merged, on days of the past month. What is refused changes nothing.
After each step, for every day: 0 <= on time <= actual <= expected, the parts of every grouping sum to the whole, and no
unit is counted on a day when it was off the roster.
"""

import datetime as dt
from collections import Counter
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from enterprises.domain.joining import NewUnit, add_unit
from enterprises.domain.upkeep import LIFE, Deed, change_life, move_unit
from enterprises.enums import Lifecycle, Role
from enterprises.models import Enterprise
from review.domain.merging import Merge, merge_units
from review.domain.tallies.counting import count_marked
from review.domain.tallies.proving import tally_differences
from review.enums import Action, FilingState
from review.management.commands.check_progress import move_exists
from review.models import Filing
from review.queries.completion import GROUPINGS, completion, total_of
from review.queries.consistency import prove_everything
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.models import Event
from tests import factories

DAYS = 9
TOWNS = st.sampled_from([factories.YANGSHE, factories.YUSHAN, factories.HUAQIAO])
KINDS = st.sampled_from(["1401", "1402", "1501"])
SCALES = st.sampled_from(["none", "above"])
AGO = st.integers(0, DAYS)
WHICH = st.integers(0, 9)
REASON = "按市场监管局通知办理。"


class Walk(RuleBasedStateMachine):
    """Two campaigns, a handful of units, and the days each was off the roster."""

    seen: Counter = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        factories.rating_rule()
        for county in (factories.KUNSHAN, factories.ZHANGJIAGANG):
            for line in ("civil", "religion"):
                factories.bureau(line, county)
        self.office = factories.user(Role.OFFICE)
        self.campaigns = [
            factories.campaign(categories=("1401", "1402")),
            factories.campaign(categories=("1401", "1501"), scales=["none"]),
        ]
        self.absent: dict[int, list[list]] = {}
        self.number = self.steps = 0
        for _number in range(3):
            self._enter(factories.HUAQIAO, "1401", "none", DAYS + 20)

    def teardown(self) -> None:
        self.seen.update(Event.objects.values_list("kind", flat=True))
        while run_due_reactions(queue="quick"):
            pass
        found = prove_everything(move_exists).differences
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        clock.forget()
        assert found == []

    def _enter(self, town, kind, scale, ago) -> None:
        self.number += 1
        unit = NewUnit(
            name=f"第{self.number}家",
            town_id=town,
            category_id=kind,
            scale=scale,
            joined_on=self._day(ago),
            no_code_reason="awaiting",
            basic=factories.BASIC | {"address": f"光明路{self.number}号"},
        )
        row = add_unit(user=self.office, unit=unit, reason=REASON)
        factories._catalogue_for(row)

    def _day(self, ago: int) -> dt.date:
        return clock.today() - dt.timedelta(days=ago)

    def _unit(self, which) -> Enterprise:
        units = list(Enterprise.objects.exclude(lifecycle=Lifecycle.MERGED).order_by("pk"))
        return units[which % len(units)]

    def _deed(self, unit, ago) -> Deed:
        return Deed(self.office, unit.pk, unit.version, self._day(ago), REASON)

    # --- steps ------------------------------------------------------------------------------------------------------
    @rule(town=TOWNS, kind=KINDS, scale=SCALES, ago=AGO)
    def join(self, town, kind, scale, ago):
        if Enterprise.objects.count() < 7:
            self._enter(town, kind, scale, ago)

    @rule(which=WHICH, town=TOWNS, kind=KINDS, scale=SCALES, ago=AGO)
    def move(self, which, town, kind, scale, ago):
        with suppress(Refused):
            move_unit(deed=self._deed(self._unit(which), ago), town_id=town, category_id=kind, scale=scale)

    @rule(which=WHICH, step=st.sampled_from(sorted(set(LIFE) - {"return"})), ago=AGO)
    def live(self, which, step, ago):
        unit = self._unit(which)
        try:
            change_life(deed=self._deed(unit, ago), step=step)
        except Refused:
            return
        if step in {"close", "write_off"}:
            self.absent.setdefault(unit.pk, []).append([self._day(ago), None])

    @rule(which=WHICH, ago=AGO)
    def come_back(self, which, ago):
        gone = list(Enterprise.objects.filter(left_on__isnull=False, merged_into=None).order_by("pk"))
        if gone:
            unit = gone[which % len(gone)]
            on = max(self._day(ago), unit.left_on)
            change_life(deed=Deed(self.office, unit.pk, unit.version, on, REASON), step="return")
            if unit.pk in self.absent:
                self.absent[unit.pk][-1][1] = on

    @rule(which=WHICH, picks=st.sampled_from([1, 3, 5]))
    def report(self, which, picks):
        """Take a report some steps further on its way."""
        filing = Filing.objects.filter(left_on=None).order_by("pk")[which : which + 1].first()
        if filing is None:
            return
        for _pick in range(picks):
            action = {
                FilingState.NOT_STARTED: Action.START, FilingState.DRAFTING: Action.SUBMIT,
                FilingState.SUBMITTED: Action.CLAIM, FilingState.IN_REVIEW: Action.APPROVE,
                FilingState.APPROVED: Action.FILE, FilingState.FILED: Action.REOPEN,
                FilingState.SUPPLEMENT_OPEN: Action.FILE,
            }.get(FilingState(filing.state))  # fmt: skip
            if action is None:
                return
            with suppress(Refused):
                if action in {Action.SUBMIT, Action.FILE}:
                    factories._catalogue_for(filing.enterprise)
                    factories.complete(filing)
                factories.move(filing, action)

    @rule(which=WHICH, other=WHICH, ago=AGO)
    def merge(self, which, other, ago):
        survivor, absorbed = self._unit(which), self._unit(other)
        versions = (survivor.version, absorbed.version)
        given = Merge(survivor.pk, absorbed.pk, versions, self._day(ago), REASON)
        with suppress(Refused):
            merge_units(user=self.office, merge=given)
            self.absent.pop(survivor.pk, None)  # it now has reports that were counted as another's

    # --- what always holds ------------------------------------------------------------------------------------------
    @invariant()
    def the_figures_of_every_day_hold(self):
        for campaign in self.campaigns:
            for ago in (-1, 0, 1, 2, 3, 5, 8, DAYS, DAYS + 1):
                whole = completion(campaign=campaign, as_of=self._day(ago))[0].figures
                assert 0 <= whole.on_time <= whole.actual <= whole.expected
                for by in ("district_category", "scale"):
                    cells = completion(campaign=campaign, as_of=self._day(ago), by=by)
                    assert by in GROUPINGS
                    assert total_of(cells) == whole

    @invariant()
    def the_tallies_say_the_same_whatever_is_counted_of_them(self):
        """What is marked is counted one by one; what was counted must be what the filings say, after every step."""
        self.steps += 1
        if self.steps % 2:
            count_marked()
        assert tally_differences()[1] == []

    @invariant()
    def nobody_is_counted_on_a_day_off_the_roster(self):
        for filing in Filing.objects.filter(enterprise__in=list(self.absent)):
            for start, end in self.absent[filing.enterprise_id]:
                for ago in range(DAYS + 1):
                    day = self._day(ago)
                    if start <= day and (end is None or day < end):
                        assert not _counted(filing, day), (filing.pk, day, start, end)


def _counted(filing: Filing, day: dt.date) -> bool:
    away = filing.away_from and filing.away_from <= day < filing.away_until
    return filing.joined_on <= day and (filing.left_on is None or day < filing.left_on) and not away


@pytest.mark.django_db
def test_the_roster_kept_at_random_keeps_every_figure():
    Walk.seen = Counter()
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=checks,
            phases=[Phase.generate],
        ),
    )
    wanted = {
        "enterprise.moved", "enterprise.closed", "enterprise.returned", "enterprise.merged", "enterprise.added",
        "filing.file", "filing.supersede", "campaign.followed", "campaign.left", "campaign.resumed",
    }  # fmt: skip
    assert wanted - set(Walk.seen) == set()
