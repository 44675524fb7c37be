"""The steps of a report in the browser: one effect per key, refusals that say why, papers and receipts."""

import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enterprises.enums import Role
from review.domain.remarks import add_remark
from review.enums import FilingState
from review.models import Remark, Snapshot
from riskreport.ground.models import Event
from tests import factories
from tests.review.domain.test_attachments import PDF

pytestmark = pytest.mark.django_db


def sign_in(client, person):
    person.language = "en"
    person.save()
    client.force_login(person)
    return person


def url(name, filing, *args):
    return reverse(name, args=[filing.pk, *args])


def test_starting_prefills_and_opens_the_first_page(client):
    filing = factories.filing()
    sign_in(client, factories.writer_of(filing))
    answer = client.post(url("filing_move", filing, "start"), {"key": "k", "seen_version": filing.version})
    assert answer.url == url("filing_section", filing, "basic")
    filing.refresh_from_db()
    assert filing.state == FilingState.DRAFTING
    assert client.get(url("filing_move", filing, "start")).status_code == 405
    assert client.post(url("filing_move", filing, "nonsense")).status_code == 404


def test_submitting_twice_with_one_key_makes_one_snapshot_and_the_same_receipt(client):
    filing = factories.filing(FilingState.DRAFTING)
    sign_in(client, factories.writer_of(filing))
    sent = {"key": "k1", "seen_version": filing.version, "action": "submit"}
    answers = [client.post(url("filing_undertaking", filing), sent) for _twice in range(2)]
    assert [answer.url for answer in answers] == [url("receipt", filing)] * 2
    assert Snapshot.objects.filter(filing=filing).count() == 1
    assert Event.objects.filter(kind="filing.submit", object_id=filing.pk).count() == 1
    shown = client.get(url("receipt", filing)).content.decode()
    assert Snapshot.objects.get(filing=filing).sha256 in shown


def test_submitting_an_incomplete_report_names_what_is_open(client):
    filing = factories.filing(FilingState.DRAFTING)
    writer = sign_in(client, factories.writer_of(filing))
    factories.save(filing, "basic", factories.BASIC | {"legal_name": ""}, by=writer)
    page = client.get(url("filing_check", filing)).content.decode()
    assert f"{url('filing_section', filing, 'basic')}#id_legal_name" in page
    sent = {"key": "k1", "seen_version": filing.version, "action": "submit"}
    answer = client.post(url("filing_undertaking", filing), sent)
    assert answer.status_code == 409
    assert not filing.snapshots.exists()


def test_filing_wants_the_tick_and_keeps_what_was_typed(client):
    filing = factories.filing(FilingState.APPROVED)
    sign_in(client, factories.writer_of(filing))
    sent = {
        "key": "k1",
        "seen_version": filing.version,
        "action": "file",
        "signed_name": "钱丽华",
        "signed_post": "院长",
    }
    answer = client.post(url("filing_undertaking", filing), sent)
    assert answer.status_code == 422
    assert 'value="钱丽华"' in answer.content.decode()
    assert client.post(url("filing_undertaking", filing), sent | {"certified": "on"}).status_code == 302
    repeated = client.post(url("filing_undertaking", filing), sent | {"certified": "on"})
    assert repeated.url == url("receipt", filing)
    other = client.post(url("filing_undertaking", filing), sent | {"certified": "on", "signed_name": "别人"})
    assert other.status_code == 409
    filing.refresh_from_db()
    assert filing.state == FilingState.FILED
    assert filing.snapshots.filter(stage="final").count() == 1


def test_one_stage_report_is_certified_and_filed(client):
    filing = factories.filing(FilingState.DRAFTING, stages=1)
    sign_in(client, factories.writer_of(filing))
    assert client.get(url("filing_undertaking", filing)).context["action"] == "file"
    sent = {"key": "k", "seen_version": filing.version, "action": "file", "signed_name": "钱丽华", "certified": "on"}
    assert client.post(url("filing_undertaking", filing), sent).status_code == 302
    filing.refresh_from_db()
    assert filing.state == FilingState.FILED


def test_zero_risk_is_confirmed_point_by_point(client):
    filing = factories.filing(FilingState.DRAFTING, present=())
    sign_in(client, factories.writer_of(filing))
    sent = {"key": "k", "seen_version": filing.version, "action": "submit"}
    assert client.post(url("filing_undertaking", filing), sent).status_code == 422
    assert client.post(url("filing_undertaking", filing), sent | {"confirm-0": "on"}).status_code == 302


def test_changed_risk_after_approval_is_submitted_again_with_the_difference(client):
    filing = factories.filing(FilingState.APPROVED)
    writer = sign_in(client, factories.writer_of(filing))
    assert client.get(url("filing_undertaking", filing)).context["action"] == "file"
    factories.own_risk(filing, by=writer)
    page = client.get(url("filing_check", filing))
    assert "Different from what was approved" in page.content.decode()
    assert client.get(url("filing_undertaking", filing)).context["action"] == "submit"
    status = client.get(url("filing", filing))
    assert status.context["main"]["action"] == "submit"
    sent = {"key": "k", "seen_version": filing.version, "action": "submit"}
    assert client.post(url("filing_undertaking", filing), sent).status_code == 302
    filing.refresh_from_db()
    assert filing.state == FilingState.SUBMITTED


def test_stale_page_is_told_what_happened_meanwhile(client):
    filing = factories.filing(FilingState.SUBMITTED)
    sign_in(client, factories.writer_of(filing))
    seen = filing.version
    factories.move(filing, "claim")
    answer = client.post(url("filing_move", filing, "withdraw"), {"key": "k", "seen_version": seen})
    assert answer.status_code == 409
    assert "has changed since you opened the page" in answer.content.decode()


def test_refused_step_keeps_the_reason_that_was_typed(client):
    filing = factories.filing(FilingState.FILED)
    sign_in(client, factories.writer_of(filing))
    sent = {"key": "k", "seen_version": filing.version - 1, "reason": "新增一台锅炉，需要补报。"}
    answer = client.post(url("filing_move", filing, "reopen"), sent)
    assert answer.status_code == 409
    assert "新增一台锅炉，需要补报。" in answer.content.decode()
    assert client.post(url("filing_move", filing, "reopen"), sent | {"seen_version": filing.version}).status_code == 302


def test_next_leads_only_to_pages_of_ours(client):
    filing = factories.filing(FilingState.SUBMITTED)
    sign_in(client, factories.reviewer_of(filing))
    sent = {"key": "k", "seen_version": filing.version, "next": "https://elsewhere.example/"}
    assert client.post(url("filing_move", filing, "claim"), sent).url == url("review", filing)
    sent = {"key": "k2", "seen_version": filing.version + 1, "next": "/filings/"}
    assert client.post(url("filing_move", filing, "put_back"), sent).url == "/filings/"


def test_a_remark_on_the_risks_or_the_files_stands_on_their_pages(client):
    filing = factories.filing(FilingState.IN_REVIEW, present=("01",))
    for place in ("risks", "attachments"):
        add_remark(filing_id=filing.pk, user=filing.claimed_by, section=place, text=f"请补充 {place}")
    factories.move(filing, "return", by=filing.claimed_by)
    sign_in(client, factories.writer_of(filing))
    shown = {}
    for key in ("basic", "risks", "measures", "people", "attachments"):
        page = client.get(url("filing_section", filing, key)).content.decode()
        shown[key] = [place for place in ("risks", "attachments") if f"请补充 {place}" in page]
    of_risks = {key: ["risks"] for key in ("risks", "measures", "people")}
    assert shown == {"basic": [], **of_risks, "attachments": ["attachments"]}


def test_remarks_of_a_return_are_ticked_off_and_back(client):
    filing = factories.filing(FilingState.IN_REVIEW)
    reviewer = filing.claimed_by
    snapshot = filing.snapshots.get()
    remark = Remark.objects.create(
        snapshot=snapshot, department=filing.department, author=reviewer, section="basic", text="请核对人数",
        created_at=snapshot.created_at,
    )  # fmt: skip
    factories.move(filing, "return", by=reviewer)
    writer = sign_in(client, factories.writer_of(filing))
    page = client.get(url("filing", filing))
    assert page.context["mend_url"] == url("filing_section", filing, "basic")
    (shown,) = page.context["returned"].remarks
    assert (shown.text, shown.place) == ("请核对人数", "Basic information")
    sections = {key: client.get(url("filing_section", filing, key)) for key in ("basic", "check-civil-fire")}
    asked = {key: [row.text for row in page.context["remarks_here"]] for key, page in sections.items()}
    assert asked == {"basic": ["请核对人数"], "check-civil-fire": []}
    client.post(url("filing_settle", filing, remark.pk), {"settled": "1"})
    remark.refresh_from_db()
    assert remark.settled_by == writer
    assert client.get(url("filing", filing)).context["mend_url"] == ""
    client.post(url("filing_settle", filing, remark.pk), {"settled": "0"})
    remark.refresh_from_db()
    assert remark.settled_by is None
    foreign = factories.filing(FilingState.RETURNED)
    assert client.post(url("filing_settle", foreign, remark.pk)).status_code == 404
    assert client.post(url("filing_settle", filing, 0)).status_code == 404
    factories.move(filing, "submit")
    assert client.post(url("filing_settle", filing, remark.pk)).status_code == 409
    assert client.get(url("filing", filing)).context["returned"].open_count == 1
    factories.move(filing, "claim", by=reviewer)
    factories.move(filing, "approve", by=reviewer)
    assert client.get(url("filing", filing)).context["returned"] is None  # nothing is left to mend


def test_comment_among_departments_is_no_remark_for_the_enterprise(client):
    filing = factories.filing(FilingState.RETURNED)
    snapshot = filing.snapshots.get()
    comment = Remark.objects.create(
        snapshot=snapshot, department=factories.township(), author=factories.user(Role.INSPECTOR), section="basic",
        text="内部意见", created_at=snapshot.created_at,
    )  # fmt: skip
    sign_in(client, factories.writer_of(filing))
    assert "内部意见" not in client.get(url("filing", filing)).content.decode()
    assert client.post(url("filing_settle", filing, comment.pk)).status_code == 404


def test_papers_are_made_from_snapshots_only(client):
    filing = factories.filing(FilingState.DRAFTING)
    sign_in(client, factories.writer_of(filing))
    for name in ("filing_print", "receipt", "receipt_pdf"):
        answer = client.get(url(name, filing))
        assert answer["Content-Type"].startswith("text/html")
    assert client.get(url("filing_print", filing, 1)).status_code == 404
    assert client.get(url("receipt", filing) + "?number=7").status_code == 404
    factories.move(filing, "submit")
    for address in (url("filing_print", filing), url("filing_print", filing, 1), url("receipt_pdf", filing)):
        answer = client.get(address)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")


def test_same_snapshot_gives_the_same_paper(client):
    filing = factories.filing(FilingState.SUBMITTED)
    sign_in(client, factories.writer_of(filing))
    papers = {hashlib.sha256(client.get(url("filing_print", filing)).content).hexdigest() for _twice in range(2)}
    assert len(papers) == 1


def test_file_is_attached_fetched_as_a_download_and_taken_off(client):
    filing = factories.filing(FilingState.DRAFTING)
    sign_in(client, factories.writer_of(filing))
    files = [SimpleUploadedFile("盖章件.pdf", PDF), SimpleUploadedFile("程序.pdf", b"MZ")]
    page = client.post(url("filing_attach", filing), {"kind": "stamped", "file": files})
    assert page.status_code == 422
    assert "程序.pdf" in page.content.decode()
    row = filing.attachments.get()
    answer = client.get(url("filing_attachment", filing, row.pk))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.post(url("filing_attach", filing), {"kind": "stamped"}).status_code == 422
    assert client.get(url("filing_attach", filing)).url == url("filing_section", filing, "attachments")
    assert client.post(url("filing_attachment_remove", filing, row.pk)).status_code == 302
    assert client.post(url("filing_attachment_remove", filing, 0)).status_code == 404
    row.refresh_from_db()
    assert row.removed_at is not None


def test_file_of_another_report_is_not_found(client):
    filing, foreign = factories.filing(FilingState.DRAFTING), factories.filing(FilingState.DRAFTING)
    other = factories.attachment(foreign)
    sign_in(client, factories.writer_of(filing))
    assert client.get(url("filing_attachment", foreign, other.pk)).status_code == 404
    assert client.get(url("filing_attachment", filing, other.pk)).status_code == 404
    lost = factories.attachment(filing)
    assert client.get(url("filing_attachment", filing, lost.pk)).status_code == 404


def test_reader_sees_what_was_handed_in_and_not_the_draft(client):
    filing = factories.filing(FilingState.RETURNED)
    factories.save(filing, "basic", factories.BASIC | {"products": "还没有提交的文字"})
    sign_in(client, factories.reviewer_of(filing))
    page = client.get(url("filing_check", filing)).content.decode()
    assert "还没有提交的文字" not in page
    assert factories.BASIC["products"] in page
    empty = factories.filing(FilingState.DRAFTING)
    assert "Nothing has been handed in yet" in client.get(url("filing_check", empty)).content.decode()


def test_phones_are_masked_for_oversight(client):
    filing = factories.filing(FilingState.SUBMITTED)
    sign_in(client, factories.user(Role.OVERSIGHT))
    page = client.get(url("filing_check", filing)).content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "args", "queries"),
    [
        ("filing", (), 10),
        ("filing_section", ("basic",), 8),
        ("filing_section", ("check-civil-fire",), 8),
        ("filing_section", ("risks",), 8),
        ("filing_section", ("measures",), 8),
        ("filing_section", ("people",), 9),
        ("filing_section", ("attachments",), 9),
        ("filing_check", (), 9),
        ("filing_undertaking", (), 8),
    ],
)
def test_pages_ask_the_same_few_queries_however_many_risks(
    client, django_assert_num_queries, name, args, queries, count
):
    filing = factories.filing(FilingState.DRAFTING)
    sign_in(client, factories.writer_of(filing))
    for _more in range(count - 1):
        factories.own_risk(filing)
    client.get(url(name, filing, *args))  # the first request writes the session
    with django_assert_num_queries(queries):
        client.get(url(name, filing, *args))


@pytest.mark.parametrize("part", ["description", "level", "measures", "person"])
def test_pages_of_a_risk_ask_at_most_twelve_queries(client, django_assert_max_num_queries, part):
    filing = factories.filing(FilingState.APPROVED)
    sign_in(client, factories.writer_of(filing))
    address = url("filing_risk", filing, filing.declared_risks.get().lineage, part)
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)


def test_paper_report_of_a_reviewer_stays_within_twelve_queries(client, django_assert_max_num_queries):
    filing = factories.filing(FilingState.DRAFTING, paper=True)
    client.force_login(filing.entered_by)
    for address in (url("filing", filing), url("filing_section", filing, "basic"), url("filing_check", filing)):
        client.get(address)
        with django_assert_max_num_queries(12):
            client.get(address)


def test_text_from_outside_stays_text_on_paper(client):
    filing = factories.filing(FilingState.DRAFTING)
    evil = '#panic("x") *b* $x$ <a> @b \\ #import "/etc/passwd"'
    factories.save(filing, "basic", factories.BASIC | {"products": evil, "legal_name": "#let"})
    factories.move(filing, "submit")
    sign_in(client, factories.writer_of(filing))
    answer = client.get(url("filing_print", filing))
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert json.loads(filing.snapshots.get().content)["basic"]["products"] == evil
    assert io.BytesIO(answer.content).seek(0, 2) > 5000


def test_open_points_are_listed_in_the_order_of_the_steps(client):
    filing = factories.filing(FilingState.DRAFTING)
    factories.save(filing, "basic", factories.BASIC | {"employees": ""})
    factories.save(filing, "check-civil-power", {"answers": {"MZ-03": {"answer": "", "note": ""}}})
    sign_in(client, factories.writer_of(filing))
    page = client.get(url("filing_check", filing))
    steps = [step.key for step in page.context["steps"]]
    places = [steps.index(row.section) for row in page.context["blocking"]]
    assert places == sorted(places)
    assert len(set(places)) > 1


def test_only_a_reviewed_report_names_who_decides(client):
    for stages, label in ((1, "Department in charge"), (2, "Decided by")):
        filing = factories.filing(FilingState.DRAFTING, stages=stages)
        sign_in(client, factories.writer_of(filing))
        facts = dict(client.get(url("filing", filing)).context["facts"])
        assert facts[label] == filing.department.label
