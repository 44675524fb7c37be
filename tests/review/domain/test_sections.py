"""Saving a filing section by section: versions, conflicts, what follows the answers, what nobody may write."""

import pytest

from enterprises.enums import Role
from review.domain.sections import ContentConflict, save_risk, save_section, withdraw_risk
from review.domain.workflow import may_edit
from review.enums import FilingState
from review.models import DeclaredRisk
from riskreport.ground.access import Refused
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
FIRE = "check-civil-fire"


def answers(**given):
    return {"answers": {f"MZ-{code[1:]}": {"answer": answer, "note": ""} for code, answer in given.items()}}


@pytest.fixture
def filing(db):
    row = factories.filing()
    factories.move(row, "start")
    return row


def test_saving_counts_the_sections_own_version(filing):
    writer, version = factories.writer_of(filing), filing.version
    first = factories.save(filing, "basic", {"employees": "3"})
    second = factories.save(filing, "basic", {"employees": "4"})
    assert (second.version, second.data, second.updated_by) == (first.version + 1, {"employees": "4"}, writer)
    filing.refresh_from_db()
    assert filing.version == version


def test_saving_the_same_again_changes_nothing(filing):
    row = factories.save(filing, "basic", {"employees": "3"})
    events = Event.objects.count()
    same = save_section(
        filing_id=filing.pk, key="basic", data={"employees": "3"}, user=factories.writer_of(filing), seen_version=0
    )
    assert same.version == row.version
    assert Event.objects.count() == events


def test_two_windows_get_both_texts(filing):
    writer = factories.writer_of(filing)
    seen = filing.sections.get(key="basic").version
    factories.save(filing, "basic", {"employees": "3"})
    with pytest.raises(ContentConflict) as conflict:
        save_section(filing_id=filing.pk, key="basic", data={"employees": "9"}, user=writer, seen_version=seen)
    assert (conflict.value.theirs, conflict.value.yours) == ({"employees": "3"}, {"employees": "9"})
    assert conflict.value.version == filing.sections.get(key="basic").version
    assert filing.sections.get(key="basic").data == {"employees": "3"}


def test_two_colleagues_on_two_sections_do_not_collide(filing):
    factories.save(filing, FIRE, answers(n01="present"))
    factories.save(filing, "check-civil-power", answers(n03="absent"))
    assert filing.sections.get(key=FIRE).version == 1
    assert filing.sections.get(key="check-civil-power").version == 1


@pytest.mark.parametrize("key", ["undertaking", "check-civil-nowhere", "check-religion-fire", "anything", "x" * 100])
def test_only_the_filings_own_sections_can_be_saved(filing, key):
    with pytest.raises(ValueError, match="not a section"):
        factories.save(filing, key, {"certified": True})


@pytest.mark.parametrize("state", ["not_started", "submitted", "in_review", "filed", "exempt", "void"])
def test_content_does_not_change_while_it_is_not_ones_turn(state):
    filing = factories.filing(state)
    answer = may_edit(factories.writer_of(filing), filing)
    assert (answer.allowed, bool(str(answer.reason))) == (False, True)
    for act in (
        lambda: factories.save(filing, "basic", {"employees": "1"}),
        lambda: factories.own_risk(filing),
        lambda: withdraw_risk(filing_id=filing.pk, risk_id=0, user=factories.writer_of(filing)),
    ):
        with pytest.raises(Refused):
            act()


@pytest.mark.parametrize("state", ["drafting", "returned", "approved", "supplement_open"])
def test_content_changes_while_it_is_the_enterprises_turn(state):
    filing = factories.filing(state)
    assert factories.save(filing, "basic", {**factories.BASIC, "employees": "77"}).data["employees"] == "77"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OFFICE, Role.KEEPER, Role.ENTERPRISE_USER, Role.OPERATOR])
def test_nobody_else_writes_the_report_of_a_unit(filing, role):
    with pytest.raises(Refused):
        factories.save(filing, "basic", {}, by=factories.user(role))


def test_an_item_answered_as_present_becomes_a_risk_with_the_catalogues_words(filing):
    factories.save(filing, FIRE, answers(n01="present", n02="absent"))
    risk = filing.declared_risks.get()
    assert (risk.name, risk.level, risk.accident_type_id) == ("MZ风险01", "larger", "08")
    assert risk.measures["emergency"] == ["每季演练"]


def test_answered_away_and_back_keeps_what_was_typed(filing):
    factories.save(filing, FIRE, answers(n01="present"))
    risk = filing.declared_risks.get()
    save_risk(
        filing_id=filing.pk,
        user=factories.writer_of(filing),
        values={"place": "三号楼"},
        risk_id=risk.pk,
        seen_version=1,
    )
    factories.save(filing, FIRE, answers(n01="absent"))
    assert DeclaredRisk.objects.get(pk=risk.pk).is_withdrawn
    factories.save(filing, FIRE, answers(n01="present"))
    back = filing.declared_risks.get()
    assert (back.is_withdrawn, back.place, back.lineage) == (False, "三号楼", risk.lineage)


def test_risks_stand_in_the_order_they_were_declared(filing):
    factories.save(filing, FIRE, answers(n02="present"))
    factories.own_risk(filing)
    factories.save(filing, "check-civil-power", answers(n03="present"))
    factories.save(filing, FIRE, answers(n01="present", n02="present"))
    names = list(filing.declared_risks.values_list("name", flat=True))
    assert names == ["MZ风险02", "锅炉房燃气泄漏", "MZ风险03", "MZ风险01"]


def test_two_windows_on_one_risk_get_both_texts(filing):
    risk = factories.own_risk(filing)
    writer = factories.writer_of(filing)
    change = {"filing_id": filing.pk, "user": writer, "risk_id": risk.pk, "seen_version": risk.version}
    save_risk(values={"place": "东侧"}, **change)
    with pytest.raises(ContentConflict) as conflict:
        save_risk(values={"place": "西侧"}, **change)
    assert (conflict.value.theirs, conflict.value.yours) == ({"place": "东侧"}, {"place": "西侧"})
    assert save_risk(values={"place": "东侧"}, **change).version == risk.version + 1


def test_only_the_columns_of_a_risk_can_be_saved(filing):
    with pytest.raises(ValueError, match="filing_id"):
        factories.own_risk(filing, filing_id=1)


def test_a_risk_of_another_filing_is_not_there(filing):
    other = factories.own_risk(factories.filing(FilingState.DRAFTING))
    with pytest.raises(DeclaredRisk.DoesNotExist):
        save_risk(
            filing_id=filing.pk,
            user=factories.writer_of(filing),
            values={"name": "x"},
            risk_id=other.pk,
            seen_version=1,
        )


def test_a_risk_of_ones_own_is_withdrawn_once_and_its_text_is_kept(filing):
    risk = factories.own_risk(filing)
    for _ in range(2):
        withdraw_risk(filing_id=filing.pk, risk_id=risk.pk, user=factories.writer_of(filing))
    row = DeclaredRisk.objects.get(pk=risk.pk)
    assert (row.is_withdrawn, row.name, row.version) == (True, "锅炉房燃气泄漏", risk.version + 1)
    assert Event.objects.filter(kind="filing.saved", data__withdrawn=True).count() == 1


def test_a_risk_of_the_catalogue_follows_its_answer_alone(filing):
    factories.save(filing, FIRE, answers(n01="present"))
    with pytest.raises(Refused):
        withdraw_risk(filing_id=filing.pk, risk_id=filing.declared_risks.get().pk, user=factories.writer_of(filing))
