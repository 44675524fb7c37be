"""What a move does beside the state: the ledger, the next report, leaving the denominator."""

import datetime as dt
import json

import pytest

from review.domain.content import UNDERTAKING
from review.domain.workflow import MoveRefused
from review.enums import FilingState, Stage
from riskreport.ground import clock
from risks.enums import Level, RiskState
from risks.models import Risk, Standing
from tests import factories

pytestmark = pytest.mark.django_db


# --- what filing does -----------------------------------------------------------------------------------------------
def test_filing_posts_the_larger_and_above_risks_to_the_ledger():
    filing = factories.filing(FilingState.DRAFTING, present=("01", "02"))
    own = factories.own_risk(filing)
    general = {"level": Level.GENERAL.value, "method": "ls", "assessment": {"level": "general", "score": "9"}}
    factories.own_risk(filing, name="坠落", **general)
    for action in ("submit", "claim", "approve", "file"):
        factories.move(filing, action)
    ledger = Risk.objects.filter(enterprise=filing.enterprise).order_by("id")
    assert [(risk.name, risk.level, risk.state) for risk in ledger] == [
        ("MZ风险01", "larger", "active"),
        ("MZ风险02", "major", "active"),
        (own.name, "larger", "active"),
    ]
    assert {risk.snapshot_id for risk in ledger} == {filing.snapshots.get(stage=Stage.FINAL).pk}
    assert (filing.risks_major, filing.risks_larger) == (1, 2)
    assert not filing.zero_risk
    standing = Standing.objects.get(enterprise=filing.enterprise)
    assert (standing.first_reported_on, standing.zero_risk) == (clock.today(), False)


def test_a_supplement_rewrites_closes_and_adds_risks_in_the_ledger(at):
    filing = factories.filing(FilingState.SUPPLEMENT_OPEN, present=("01", "03"))
    before = {risk.name: risk for risk in Risk.objects.filter(enterprise=filing.enterprise)}
    first_filed_at = filing.first_filed_at
    answers = {code: {"answer": "absent", "note": ""} for code in ("MZ-01", "MZ-02")}
    factories.save(filing, "check-civil-fire", {"answers": answers})
    factories.own_risk(filing)
    at(clock.now() + dt.timedelta(days=20))
    for action in ("submit", "claim", "approve", "file"):
        factories.move(filing, action)
    after = {risk.name: risk for risk in Risk.objects.filter(enterprise=filing.enterprise)}
    assert {name: risk.state for name, risk in after.items()} == {
        "MZ风险01": RiskState.CLOSED,
        "MZ风险03": RiskState.ACTIVE,
        "锅炉房燃气泄漏": RiskState.ACTIVE,
    }
    assert after["MZ风险03"].pk == before["MZ风险03"].pk
    assert after["MZ风险01"].closed_on == clock.today()
    assert filing.first_filed_at == first_filed_at
    assert filing.filed_at > first_filed_at


def test_a_risk_that_comes_back_is_the_same_risk():
    filing = factories.filing(FilingState.SUPPLEMENT_OPEN)
    risk = Risk.objects.get(enterprise=filing.enterprise)
    answers = {"MZ-01": {"answer": "absent", "note": ""}, "MZ-02": {"answer": "absent", "note": ""}}
    factories.save(filing, "check-civil-fire", {"answers": answers})
    for action in ("submit", "claim", "approve", "file", "reopen"):
        factories.move(filing, action)
    assert Risk.objects.get(pk=risk.pk).state == RiskState.CLOSED
    answers["MZ-01"] = {"answer": "present", "note": ""}
    factories.save(filing, "check-civil-fire", {"answers": answers})
    for action in ("submit", "claim", "approve", "file"):
        factories.move(filing, action)
    assert [(row.pk, row.state, row.closed_on) for row in Risk.objects.filter(enterprise=filing.enterprise)] == [
        (risk.pk, RiskState.ACTIVE, None)
    ]


def test_a_zero_risk_report_is_filed_as_such():
    filing = factories.filing(FilingState.FILED, present=())
    assert filing.zero_risk
    assert not Risk.objects.filter(enterprise=filing.enterprise).exists()
    assert Standing.objects.get(enterprise=filing.enterprise).zero_risk


def test_the_undertaking_is_kept_in_the_final_snapshot():
    filing = factories.filing(FilingState.FILED)
    kept = json.loads(filing.snapshots.get(stage=Stage.FINAL).content)["undertaking"]
    assert (kept["signed_name"], kept["signed_post"]) == ("钱丽华", "院长")
    assert filing.sections.get(key=UNDERTAKING).data == kept


def test_the_next_report_starts_from_the_ledger_and_the_roster():
    first = factories.filing(FilingState.FILED)
    second = factories.filing(FilingState.DRAFTING, of=first.enterprise, campaign=factories.campaign())
    assert second.declared_risks.get().lineage == Risk.objects.get(enterprise=first.enterprise).lineage
    assert second.sections.get(key="basic").data == {**factories.BASIC}


def test_the_next_report_prefills_before_anybody_types():
    first = factories.filing(FilingState.FILED)
    second = factories.filing(of=first.enterprise, campaign=factories.campaign())
    factories.move(second, "start")
    assert second.sections.get(key="basic").data == factories.BASIC
    fire = second.sections.get(key="check-civil-fire").data["answers"]
    assert fire == {"MZ-01": {"answer": "present", "note": ""}}


def test_a_new_version_of_the_catalogue_keeps_the_risk_it_already_knows():
    first = factories.filing(FilingState.FILED)
    risk = Risk.objects.get(enterprise=first.enterprise)
    newer = factories.catalogue(version=2)
    second = factories.filing(of=first.enterprise, campaign=factories.campaign())
    factories.move(second, "start")
    assert second.sections.get(key="check-civil-fire").data["answers"] == {"MZ-01": {"answer": "present", "note": ""}}
    factories.complete(second)
    declared = second.declared_risks.get()
    assert declared.lineage == risk.lineage
    assert declared.item == newer.items.get(code="MZ-01")


# --- leaving the denominator ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("action", ["exempt", "void"])
def test_exempt_and_void_leave_from_today(action):
    filing = factories.filing(FilingState.SUBMITTED)
    factories.move(filing, action)
    assert (filing.left_on, filing.left_reason) == (clock.today(), factories.REASON)


def test_leaving_before_having_joined_leaves_on_the_day_of_joining():
    tomorrow = clock.today() + dt.timedelta(days=1)
    filing = factories.filing(joined_on=tomorrow)
    factories.move(filing, "exempt")
    assert filing.left_on == tomorrow


def test_void_takes_its_risks_out_of_the_ledger_and_keeps_the_day_of_filing():
    filing = factories.filing(FilingState.FILED)
    filed_at = filing.first_filed_at
    factories.move(filing, "void")
    assert Risk.objects.get(enterprise=filing.enterprise).state == RiskState.CLOSED
    assert filing.first_filed_at == filed_at
    assert Standing.objects.get(enterprise=filing.enterprise).first_reported_on is None


def test_void_leaves_the_risks_that_a_later_report_has_taken_over():
    first = factories.filing(FilingState.FILED)
    second = factories.filing(FilingState.FILED, of=first.enterprise, campaign=factories.campaign())
    factories.move(first, "void")
    risk = Risk.objects.get(enterprise=first.enterprise)
    assert (risk.state, risk.filing_id) == (RiskState.ACTIVE, second.pk)
    assert Standing.objects.get(enterprise=first.enterprise).first_reported_on == clock.today()


@pytest.mark.parametrize(("earlier", "later"), [(("01",), ()), ((), ("01",)), (("01",), ("02", "03"))])
def test_void_of_the_later_report_leaves_what_the_earlier_one_said(earlier, later):
    first = factories.filing(FilingState.FILED, present=earlier)
    before = set(Risk.objects.filter(enterprise=first.enterprise, state="active").values_list("lineage", "name"))
    second = factories.filing(of=first.enterprise, campaign=factories.campaign())
    factories.reach(second, FilingState.FILED, present=later)
    assert Standing.objects.get(enterprise=first.enterprise).zero_risk is (not later)
    factories.move(second, "void")
    after = set(Risk.objects.filter(enterprise=first.enterprise, state="active").values_list("lineage", "name"))
    assert after == before
    assert Standing.objects.get(enterprise=first.enterprise).zero_risk is (not earlier)


@pytest.mark.parametrize("state", ["filed", "supplement_open"])
def test_what_was_filed_can_be_declared_void_but_not_exempt(state):
    filing = factories.filing(state)
    for person in (factories.reviewer_of(filing), factories.office_of(filing)):
        with pytest.raises(MoveRefused):
            factories.move(filing, "exempt", by=person)


def test_a_supplement_on_its_way_through_review_is_not_exempt_either():
    filing = factories.filing(FilingState.SUPPLEMENT_OPEN)
    factories.move(filing, "submit")
    with pytest.raises(MoveRefused):
        factories.move(filing, "exempt")
