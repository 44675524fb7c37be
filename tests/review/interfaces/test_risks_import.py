"""The risk sheet: the ledger comes back as the same, what is new or differs goes into the open report."""

import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.enums import FilingState
from review.interfaces.filing_steps import RISKS, section_url
from riskreport.ground.access import Refused
from risks.enums import Level
from risks.interfaces.cleaners import clean_measures
from risks.interfaces.words import measures_in_words
from risks.models import Risk
from tests import factories
from tests.imports import problems, send, take, workbook
from tests.review.interfaces.test_filings_import import exported

pytestmark = pytest.mark.django_db
HEAD = ["风险", "单位代码", "场所", "风险等级", "包保责任人", "职级", "管控措施"]
NEW = {
    "name": "食堂燃气泄漏",
    "place": "食堂",
    "level": "较大",
    "person": "吴强",
    "rank": "中层管理人员",
    "measures": "应急处置措施：关阀疏散",
}


def row(unit, **changed):
    given = NEW | {"code": unit.code} | changed
    return [given[key] for key in ("name", "code", "place", "level", "person", "rank", "measures")]


def standing(filing):
    return Risk.objects.get(enterprise=filing.enterprise)


def headed(user, *rows):
    return send("risks", user, workbook([HEAD, *rows]))


@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_what_is_exported_comes_back_as_the_same(who):
    filings = [factories.filing(FilingState.FILED, present=("01", "02")) for _number in range(2)]
    person = factories.writer_of(filings[0]) if who == "writer" else factories.reviewer_of(filings[0])
    batch = send("risks", person, exported(person, "risks"))
    assert problems(batch) == []
    assert (batch.counts["total"], batch.counts["same"]) == ((2, 2) if who == "writer" else (4, 4))


def test_a_new_row_becomes_a_risk_of_the_draft_once():
    filing = factories.filing(FilingState.DRAFTING)
    person = factories.writer_of(filing)
    batch = headed(person, row(filing.enterprise))
    assert (problems(batch), batch.counts["new"]) == ([], 1)
    batch = take(batch, person)
    assert batch.counts["applied"] == {"new": 1}
    risk = filing.declared_risks.get(name="食堂燃气泄漏")
    assert (risk.place, risk.level, risk.method, risk.responsible_name, risk.rank) == (
        "食堂", Level.LARGER, "ls", "吴强", "middle",
    )  # fmt: skip
    assert risk.measures == {"emergency": ["关阀疏散"]}
    take(headed(person, row(filing.enterprise, person="周敏")), person)
    risk.refresh_from_db()
    assert risk.responsible_name == "周敏"
    assert filing.declared_risks.filter(name="食堂燃气泄漏").count() == 1
    assert not Risk.objects.exists()


def test_a_changed_row_goes_into_the_supplement_and_the_ledger_stays():
    filing = factories.filing(FilingState.SUPPLEMENT_OPEN)
    person, risk = factories.writer_of(filing), standing(filing)
    head = [*HEAD[:3], "包保责任人"]
    batch = send("risks", person, workbook([head, [risk.name, filing.enterprise.code, risk.place, "周敏"]]))
    assert (problems(batch), batch.counts["changed"]) == ([], 1)
    take(batch, person)
    assert filing.declared_risks.get(lineage=risk.lineage).responsible_name == "周敏"
    risk.refresh_from_db()
    assert risk.responsible_name != "周敏"


def test_a_filed_report_is_not_changed_by_a_sheet():
    filing = factories.filing(FilingState.FILED)
    person, risk = factories.writer_of(filing), standing(filing)
    head = [*HEAD[:3], "包保责任人"]
    rows = [[risk.name, filing.enterprise.code, risk.place, "周敏"], ["新风险", filing.enterprise.code, "库房", "周敏"]]
    told = problems(send("risks", person, workbook([head, *rows])))
    assert [cell for cell, _found, _wanted in told] == ["D2", "B3"]
    assert all("补报" in wanted for _cell, _found, wanted in told)


@pytest.mark.parametrize(
    ("changed", "cell"),
    [
        ({"rank": "其他人员"}, "F2"),
        ({"level": "重大"}, "F2"),
        ({"level": "一般"}, "D2"),
        ({"measures": "随便写"}, "G2"),
    ],
)
def test_level_rank_and_measures_are_judged_as_on_the_page(changed, cell):
    filing = factories.filing(FilingState.DRAFTING)
    told = problems(headed(factories.writer_of(filing), row(filing.enterprise, **changed)))
    assert [found for found, _value, _wanted in told] == [cell]


def test_a_level_in_the_ledger_follows_from_the_method():
    filing = factories.filing(FilingState.SUPPLEMENT_OPEN)
    risk = standing(filing)
    rows = [[risk.name, filing.enterprise.code, risk.place, "重大"]]
    told = problems(send("risks", factories.writer_of(filing), workbook([HEAD[:4], *rows])))
    assert [cell for cell, _found, _wanted in told] == ["D2"]


def test_a_reviewer_writes_paper_reports_alone():
    own = factories.filing(FilingState.DRAFTING, paper=True)
    written_by_unit = factories.filing(FilingState.DRAFTING)
    reviewer = own.entered_by
    batch = headed(reviewer, row(own.enterprise), row(written_by_unit.enterprise))
    assert [cell for cell, _found, _wanted in problems(batch)] == ["B3"]
    take(batch, reviewer, "right")
    assert own.declared_risks.filter(name="食堂燃气泄漏").exists()
    assert not written_by_unit.declared_risks.filter(name="食堂燃气泄漏").exists()


def test_another_unit_or_its_ledger_number_is_as_one_that_is_not_there():
    filing = factories.filing(FilingState.DRAFTING)
    other = factories.filing(FilingState.FILED)
    person = factories.writer_of(filing)
    told = problems(
        headed(person, row(other.enterprise), row(factories.enterprise(), code=factories.credit_code(830001)))
    )
    assert len({wanted for _cell, _found, wanted in told}) == 1
    head = [*HEAD[:3], "台账编号"]
    rows = [["某风险", filing.enterprise.code, "某处", number] for number in (standing(other).pk, 987654321)]
    told = problems(send("risks", person, workbook([head, *rows])))
    assert [cell for cell, _found, _wanted in told] == ["D2", "D3"]
    assert len({wanted for _cell, _found, wanted in told}) == 1


def test_a_report_that_closed_since_the_preview_is_told_row_by_row():
    filing = factories.filing(FilingState.DRAFTING)
    person = factories.writer_of(filing)
    batch = headed(person, row(filing.enterprise))
    factories.complete(filing)
    factories.move(filing, "submit")
    batch = take(batch, person)
    assert batch.counts["applied"] == {"wrong": 1}
    assert not filing.declared_risks.filter(name="食堂燃气泄漏").exists()


def test_the_office_and_oversight_send_no_risks_in():
    filing = factories.filing(FilingState.DRAFTING)
    for role in (Role.OFFICE, Role.OVERSIGHT, Role.KEEPER):
        with pytest.raises(Refused):
            headed(factories.user(role), row(filing.enterprise))


def test_measures_survive_the_way_through_a_cell():
    measures = {"engineering": ["加装喷淋", "加装报警 两处"], "emergency": ["每季演练"]}
    assert clean_measures(measures_in_words(measures)) == measures


def test_the_risks_of_a_draft_offer_template_and_import(client):
    filing = factories.filing(FilingState.DRAFTING)
    client.force_login(factories.writer_of(filing))
    text = client.get(section_url(filing, RISKS)).content.decode()
    assert reverse("import_template", args=["risks"]) in text
    assert reverse("import_sheet", args=["risks"]) in text
