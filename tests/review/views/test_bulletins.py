"""Bulletins in the browser: made, edited, issued, fetched as Word and PDF, pasted from."""

import io
import re

import pytest
from django.urls import reverse
from docx import Document

from enterprises.enums import Role
from review.enums import BulletinState, FilingState
from review.models import Bulletin, BulletinTemplate
from riskreport.ground import clock
from riskreport.ground.domain.jobs import run_job, start_job
from tests import factories

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 5


@pytest.fixture
def task():
    row = factories.campaign()
    for state in (FilingState.FILED, FilingState.NOT_STARTED):
        factories.filing(state, campaign=row)
    return row


@pytest.fixture
def office(client):
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    return person


def step(client, row, name, **given):
    return client.post(reverse("bulletin_step", args=[row.pk, name]), {"seen_version": row.version} | given)


def test_it_is_made_edited_and_issued(client, office, task):
    given = {"campaign": task.pk, "kind": "daily", "as_of": clock.today().isoformat()}
    answer = client.post(reverse("bulletin_new"), given)
    row = Bulletin.objects.get()
    assert answer.headers["Location"] == reverse("bulletin", args=[row.pk])
    assert client.post(reverse("bulletin_new"), given).headers["Location"] == answer.headers["Location"]
    page = reverse("bulletin", args=[row.pk])
    client.post(page, {"seen_version": 1, "title": "通报", "text": "第一段\n第二段"})
    stale = client.post(page, {"seen_version": 1, "title": "别的", "text": "别的"})
    assert stale.status_code == 409
    assert "第一段" in stale.content.decode()
    assert 'name="seen_version" value="2"' in stale.content.decode()
    assert step(client, row, "issue").status_code == 409  # by the version the window was opened with
    row.refresh_from_db()
    assert step(client, row, "issue").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.issued_by, row.text) == (BulletinState.ISSUED, office, "第一段\n第二段")
    shown = client.get(page).content.decode()
    assert "<textarea" not in shown
    assert step(client, row, "discard").status_code == 409
    corrected = step(client, row, "correct")
    assert corrected.headers["Location"] != page
    assert Bulletin.objects.order_by("-pk").first().edition == 2
    assert step(client, row, "burn").status_code == 404


def test_what_is_wrong_is_said(client, office, task):
    late = {"campaign": task.pk, "kind": "daily", "as_of": "2099-01-01"}
    answer = client.post(reverse("bulletin_new"), late)
    assert answer.status_code == 422
    assert "请选择任务开始之日至今天之间的日期" in answer.content.decode()
    assert client.post(reverse("bulletin_new"), {}).status_code == 422
    row = factories.bulletin(office, campaign=task)
    assert client.post(reverse("bulletin", args=[row.pk]), {"title": "", "text": ""}).status_code == 422
    assert client.get(reverse("bulletin_template", args=["hourly"])).status_code == 404


def test_the_sheet_to_paste_from_says_the_figures_as_text(client, office, task):
    row = factories.bulletin(office, campaign=task)
    page = client.get(reverse("bulletin", args=[row.pk])).content.decode()
    plain = re.search(r'<pre[^>]*id="plain">(.*?)</pre>', page, re.DOTALL).group(1)
    assert plain.startswith("苏州市安全生产风险报告工作日通报")
    assert plain.endswith("1. 昆山：应报2家，已报1家，报送率50.0%（较上期新增1家）")
    assert "\t" not in plain
    assert "<" not in plain
    table = re.search(r'<table[^>]*id="table-areas">(.*?)</table>', page, re.DOTALL).group(1)
    assert re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", table)[10:20] == [
        "昆山", "2", "1", "1", "50.0%", "50.0%", "1", "+1", "▲进度超前", "1",
    ]  # fmt: skip
    for target in re.findall(r'data-copy="#([\w-]+)"', page):
        assert f'id="{target}"' in page


def test_word_and_pdf_hold_text_and_figures_and_take_nothing_for_a_mark(client, office, task):
    row = factories.bulletin(office, campaign=task)
    nasty = "{{ 7*7 }} #panic() *粗* <w:br/> $x$"
    client.post(
        reverse("bulletin", args=[row.pk]), {"seen_version": 1, "title": "标题" + nasty, "text": f"一\n{nasty}"}
    )
    answer = client.get(reverse("bulletin_paper", args=[row.pk, "word"]))
    document = Document(io.BytesIO(answer.content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert "标题" + nasty in lines
    assert nasty in lines
    assert not any("{%" in line for line in lines)
    areas = [[cell.text for cell in found.cells] for found in document.tables[2].rows]
    assert areas[1] == ["昆山", "2", "1", "1", "50.0%", "50.0%", "1", "+1", "▲进度超前", "1"]
    assert areas[2][0] == "合计"
    ranking = [[cell.text for cell in found.cells] for found in document.tables[1].rows]
    assert ranking[1] == ["1", "昆山", "50.0%", "█" * 10 + "░" * 10, "—"]
    pdf = client.get(reverse("bulletin_paper", args=[row.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF")
    assert pdf.content == client.get(reverse("bulletin_paper", args=[row.pk, "pdf"])).content
    assert client.get(reverse("bulletin_paper", args=[row.pk, "odt"])).status_code == 404


def test_others_read_what_was_issued_and_change_nothing(client, task):
    office = factories.user(Role.OFFICE)
    row = factories.bulletin(office, campaign=task)
    client.force_login(factories.user(Role.REVIEWER))
    page = reverse("bulletin", args=[row.pk])
    assert client.get(page).status_code == 404
    client.force_login(office)
    step(client, row, "issue")
    client.force_login(factories.user(Role.REVIEWER))
    shown = client.get(page)
    assert shown.status_code == 200
    assert "印发</button>" not in shown.content.decode()
    assert client.post(page, {"seen_version": 1, "title": "x", "text": "x"}).status_code == 409
    assert client.get(reverse("bulletin_paper", args=[row.pk, "pdf"])).status_code == 200


def test_the_template_names_a_placeholder_that_is_none(client, office):
    page = reverse("bulletin_template", args=["daily"])
    answer = client.post(page, {"seen_number": 0, "title": "通报", "text": "{合格率}"})
    assert answer.status_code == 422
    assert "没有占位符{合格率}" in answer.content.decode()
    assert client.post(page, {"seen_number": 0, "title": "通报", "text": "{应报}", "nightly": "on"}).status_code == 302
    assert BulletinTemplate.objects.get().nightly
    stale = client.post(page, {"seen_number": 0, "title": "通报", "text": "{已报}"})
    assert stale.status_code == 409
    assert 'name="seen_number" value="1"' in stale.content.decode()


def test_the_nightly_job_counts_what_it_prepared(client, office, task):
    client.post(
        reverse("bulletin_template", args=["daily"]),
        {"seen_number": 0, "title": "通报", "text": "{应报}", "nightly": "on"},
    )
    for wanted in ({"made": 1, "there": 0}, {"made": 0, "there": 1}):
        job = start_job(kind="night.bulletins", owner=None, params={"night": clock.today().isoformat()})
        assert run_job(job_id=job.pk)
        job.refresh_from_db()
        assert job.result == wanted


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_for_one_unit_and_three(client, office, django_assert_num_queries, many):
    task = factories.campaign()
    for _ in range(many):
        factories.filing(campaign=task)
    page = reverse("bulletin", args=[factories.bulletin(office, campaign=task).pk])
    client.get(page)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(page)
