"""The sheet of filings: facts are compared, two columns ask for acts, done as on the page of one report."""

from pathlib import Path

import pytest
from django.conf import settings

from enterprises.enums import Role
from review.enums import FilingState
from review.models import Filing
from riskreport.ground.access import Refused
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.models import Event
from riskreport.ground.sheets import get_sheet
from riskreport.ground.sheets.export import start_export
from tests import factories
from tests.imports import problems, send, take, undo, workbook

pytestmark = pytest.mark.django_db
HEAD = ["统一社会信用代码或临时代码", "报告任务", "申请办理的事项", "办理理由"]


def exported(user, name="filings"):
    """The workbook of all imported columns, as the person exports it to work on."""
    sheet = get_sheet(name)
    query = "&".join(f"cols={column.key}" for column in sheet.imported)
    job = start_export(sheet=sheet, owner=user, query=query, fixed={}, language="zh-hans")
    run_job(job_id=job.pk)
    job.refresh_from_db()
    return Path(settings.MEDIA_ROOT, job.file).read_bytes()


def row(filing, action="", reason=""):
    return [filing.enterprise.code, filing.campaign.name, action, reason]


@pytest.fixture
def task():
    return factories.campaign()


@pytest.fixture
def office():
    return factories.user(Role.OFFICE, of=factories.office())


def test_what_is_exported_comes_back_as_the_same(task, office):
    for state in (FilingState.NOT_STARTED, FilingState.DRAFTING, FilingState.FILED, FilingState.EXEMPT):
        factories.filing(state, campaign=task)
    no_code = {"credit_code": None, "temporary_code": "LS-320583-1", "no_code_reason": "venue"}
    factories.filing(of=factories.enterprise(**no_code), campaign=task)
    batch = send("filings", office, exported(office))
    assert problems(batch) == []
    assert (batch.counts["total"], batch.counts["same"]) == (5, 5)


def test_a_fact_that_differs_is_refused(task, office):
    filing = factories.filing(campaign=task)
    head = [*HEAD[:2], "当前阶段", "截止日期"]
    batch = send("filings", office, workbook([head, [*row(filing)[:2], "终报完成", ""]]))
    assert [cell for cell, _found, _wanted in problems(batch)] == ["C2"]
    assert send("filings", office, workbook([head, [*row(filing)[:2], "", ""]])).counts["same"] == 1
    named = [[*HEAD[:2], "企业单位"], [*row(filing)[:2], "另一家院"]]
    assert [cell for cell, _found, _wanted in problems(send("filings", office, workbook(named)))] == ["C2"]


def test_the_office_exempts_voids_and_reopens_as_on_the_page(task, office):
    fresh, drafted, filed = (
        factories.filing(state, campaign=task)
        for state in (FilingState.NOT_STARTED, FilingState.DRAFTING, FilingState.FILED)
    )
    rows = [HEAD, row(fresh, "免报", "已列入拆迁"), row(drafted, "作废", "重复建档"), row(filed)]
    batch = send("filings", office, workbook(rows))
    assert (batch.counts.get("wrong", 0), batch.counts["changed"], batch.counts["same"]) == (0, 2, 1)
    batch = take(batch, office)
    assert batch.state == "applied", batch.job.error
    states = dict(Filing.objects.values_list("pk", "state"))
    assert states == {fresh.pk: "exempt", drafted.pk: "void", filed.pk: "filed"}
    fresh.refresh_from_db()
    assert fresh.left_reason == "已列入拆迁"
    moves = Event.objects.filter(kind__in=["filing.exempt", "filing.void"]).order_by("pk")
    assert [(one.object_id, one.actor) for one in moves] == [(fresh.pk, office), (drafted.pk, office)]


def test_a_reviewer_reopens_and_may_not_void(task):
    filed = factories.filing(FilingState.FILED, campaign=task)
    reviewer = factories.reviewer_of(filed)
    batch = send("filings", reviewer, workbook([HEAD, row(filed, "作废", "重复建档")]))
    assert [cell for cell, _found, _wanted in problems(batch)] == ["C2"]
    batch = take(send("filings", reviewer, workbook([HEAD, row(filed, "开启补报", "漏报食堂")])), reviewer)
    filed.refresh_from_db()
    assert filed.state == FilingState.SUPPLEMENT_OPEN


@pytest.mark.parametrize(
    ("state", "action", "reason", "cell"),
    [
        (FilingState.NOT_STARTED, "免报", "", "D2"),
        (FilingState.NOT_STARTED, "", "已列入拆迁", "C2"),
        (FilingState.NOT_STARTED, "开启补报", "漏报", "C2"),
        (FilingState.FILED, "免报", "已列入拆迁", "C2"),
        (FilingState.NOT_STARTED, "提交", "x", "C2"),
    ],
)
def test_an_act_that_cannot_be_is_said_before(task, office, state, action, reason, cell):
    filing = factories.filing(state, campaign=task)
    batch = send("filings", office, workbook([HEAD, row(filing, action, reason)]))
    assert [found for found, _value, _wanted in problems(batch)] == [cell]


def test_each_row_refused_at_the_last_moment_gets_its_reason_and_the_others_are_done(task, office):
    first, second = factories.filing(campaign=task), factories.filing(campaign=task)
    rows = [HEAD, row(first, "免报", "已列入拆迁"), row(second, "免报", "已列入拆迁")]
    batch = send("filings", office, workbook(rows))
    factories.move(first, "start")
    batch = take(batch, office)
    assert batch.state == "applied"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (FilingState.DRAFTING, FilingState.EXEMPT)
    assert (batch.counts["applied"], batch.counts["refused"]) == ({"changed": 1, "wrong": 1}, 1)
    assert len(problems(batch)) == 1
    assert batch.errors_file


def test_done_acts_are_not_undone_by_the_file(task, office):
    filing = factories.filing(campaign=task)
    batch = take(send("filings", office, workbook([HEAD, row(filing, "免报", "已列入拆迁")])), office)
    with pytest.raises(Refused):
        undo(batch, office)
    filing.refresh_from_db()
    assert filing.state == FilingState.EXEMPT


def test_a_report_of_another_area_or_line_is_as_one_that_is_not_there(task):
    own = factories.filing(campaign=task)
    far = factories.filing(of=factories.enterprise(town=factories.YANGSHE), campaign=task)
    other = factories.filing(of=factories.enterprise(category_code="1501"), campaign=task)
    reviewer = factories.reviewer_of(own)
    unknown = factories.credit_code(820001)
    rows = [HEAD, row(far, "免报", "x"), row(other, "免报", "x"), [unknown, task.name, "免报", "x"]]
    told = problems(send("filings", reviewer, workbook(rows)))
    assert [cell for cell, _found, _wanted in told] == ["A2", "A3", "A4"]
    assert len({wanted for _cell, _found, wanted in told}) == 1


def test_only_reviewers_and_the_office_send_it_in(task):
    filing = factories.filing(campaign=task)
    for person in (factories.writer_of(filing), factories.user(Role.OVERSIGHT), factories.user(Role.KEEPER)):
        with pytest.raises(Refused):
            send("filings", person, workbook([HEAD, row(filing, "免报", "x")]))
