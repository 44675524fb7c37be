"""The paper for the stamp: printed before handing in, under the number and check code that the snapshot then has."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enterprises.enums import Role
from review.enums import FilingState
from review.interfaces import filing_document
from review.models import Filing
from review.queries.content import check_code
from riskreport.ground.models import Event
from tests import factories
from tests.review.domain.test_attachments import PDF

pytestmark = pytest.mark.django_db
S = FilingState


@pytest.fixture
def papers(monkeypatch):
    """What each paper was made from: the data that go to the typesetter, which still sets them."""
    made, really = [], filing_document.typeset

    def note(source, data, **given):
        made.append(data)
        return really(source, data, **given)

    monkeypatch.setattr(filing_document, "typeset", note)
    return made


def url(name, filing, *args):
    return reverse(name, args=[filing.pk, *args])


def sign_in(client, person):
    person.language = "en"
    person.save()
    client.force_login(person)


def print_now(client, filing):
    return client.get(url("filing_print_stamp", filing))


def attach(client, filing):
    sent = {"kind": "stamped", "file": SimpleUploadedFile("盖章件.pdf", PDF)}
    assert client.post(url("filing_attach", filing), sent).status_code == 302


def code_of_last(filing):
    return check_code(json.loads(filing.snapshots.last().content))


def test_paper_of_the_draft_bears_number_and_code_of_the_snapshot_it_becomes(client, papers):
    filing = factories.filing(S.DRAFTING)
    sign_in(client, factories.writer_of(filing))
    answer = print_now(client, filing)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    attach(client, filing)
    factories.move(filing, "submit")
    client.get(url("filing_print", filing, 1))
    client.get(url("receipt_pdf", filing))
    now, later, receipt = papers
    assert (now["number"], now["digest_short"]) == (1, "")
    assert later["digest_short"] != ""
    assert {now["check_code"], later["check_code"], receipt["check_code"]} == {code_of_last(filing)}
    shown = {"title", "stage", "unit", "basic", "checks", "risks", "counts", "promises", "signed", "number"}
    assert {key: now[key] for key in shown} == {key: later[key] for key in shown}
    assert code_of_last(filing) in client.get(url("receipt", filing)).content.decode()


def test_printing_writes_nothing(client):
    filing = factories.filing(S.DRAFTING)
    sign_in(client, factories.writer_of(filing))
    client.get(url("filing", filing))
    before = (Event.objects.count(), list(Filing.objects.filter(pk=filing.pk).values()), filing.snapshots.count())
    assert print_now(client, filing).status_code == 200
    after = (Event.objects.count(), list(Filing.objects.filter(pk=filing.pk).values()), filing.snapshots.count())
    assert after == before
    assert client.post(url("filing_print_stamp", filing)).status_code == 405


def test_report_barely_begun_can_be_printed(client):
    filing = factories.filing()
    factories.move(filing, "start")
    sign_in(client, factories.writer_of(filing))
    assert print_now(client, filing)["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("state", "number"),
    [(S.DRAFTING, 1), (S.RETURNED, 2), (S.SUPPLEMENT_OPEN, 3)]
    + [(state, None) for state in (S.SUBMITTED, S.IN_REVIEW, S.APPROVED, S.FILED, S.EXEMPT, S.VOID, S.NOT_STARTED)],
)
def test_only_a_report_being_written_is_printed_before_it_is_handed_in(client, papers, state, number):
    filing = factories.filing(state)
    sign_in(client, factories.writer_of(filing))
    answer = print_now(client, filing)
    assert [data["number"] for data in papers] == ([number] if number else [])
    if number is None:
        assert answer.context["reason"]


def test_reader_who_may_not_write_gets_a_reason_and_no_draft(client, papers):
    filing = factories.filing(S.DRAFTING)
    for person in (factories.reviewer_of(filing), factories.user(Role.OVERSIGHT)):
        sign_in(client, person)
        assert "Only" in print_now(client, filing).context["reason"]
    assert papers == []


def test_approved_report_with_changed_risks_is_printed_for_the_stamp_again(client, papers):
    filing = factories.filing(S.APPROVED)
    writer = factories.writer_of(filing)
    sign_in(client, writer)
    factories.own_risk(filing, by=writer)
    assert print_now(client, filing)["Content-Type"] == "application/pdf"
    assert [data["number"] for data in papers] == [2]


def test_paper_for_the_stamp_of_a_supplement_does_not_say_it_was_certified(client, papers):
    filing = factories.filing(S.SUPPLEMENT_OPEN)
    sign_in(client, factories.writer_of(filing))
    client.get(url("filing_print", filing, 2))
    print_now(client, filing)
    final, now = papers
    assert final["signed"]["certified"] is True
    assert now["signed"] == {}


def test_pages_of_writing_show_the_code_that_the_paper_must_bear(client):
    filing = factories.filing(S.DRAFTING)
    sign_in(client, factories.writer_of(filing))
    pages = [client.get(url("filing_check", filing)), client.get(url("filing_section", filing, "attachments"))]
    factories.move(filing, "submit")
    for page in pages:
        assert code_of_last(filing) in page.content.decode()
        assert url("filing_print_stamp", filing) in page.content.decode()
    assert url("filing_print_stamp", filing) not in client.get(url("filing_check", filing)).content.decode()


def test_report_filed_directly_asks_for_no_stamp(client):
    filing = factories.filing(S.DRAFTING, stages=1)
    sign_in(client, factories.writer_of(filing))
    assert url("filing_print_stamp", filing) not in client.get(url("filing_check", filing)).content.decode()
    assert print_now(client, filing)["Content-Type"] == "application/pdf"


def test_change_after_the_scan_is_confirmed_by_the_unit_and_seen_by_the_reviewer(client):
    filing = factories.filing(S.DRAFTING)
    writer = factories.writer_of(filing)
    sign_in(client, writer)
    attach(client, filing)
    sent = {"key": "k", "seen_version": filing.version, "action": "submit"}
    assert client.get(url("filing_undertaking", filing)).context["confirms"] == []
    factories.save(filing, "basic", factories.BASIC | {"employees": "36"}, by=writer)
    (point,) = client.get(url("filing_undertaking", filing)).context["confirms"]
    assert "has changed since the stamped paper was printed" in point.label
    assert client.post(url("filing_undertaking", filing), sent).status_code == 422
    assert client.post(url("filing_undertaking", filing), sent | {"confirm-0": "on"}).status_code == 302
    sign_in(client, factories.reviewer_of(filing))
    page = client.get(url("review", filing))
    assert [row.check for row in page.context["found"]] == ["A2"]
    assert page.context["check_code"] == code_of_last(filing)
    assert "The report changed after this scan was attached." in page.content.decode()


def test_scan_of_the_paper_printed_anew_settles_it(client):
    filing = factories.filing(S.DRAFTING)
    writer = factories.writer_of(filing)
    sign_in(client, writer)
    attach(client, filing)
    factories.save(filing, "basic", factories.BASIC | {"employees": "36"}, by=writer)
    sent = {"kind": "stamped", "file": SimpleUploadedFile("新盖章件.pdf", PDF + b"\n")}
    client.post(url("filing_attach", filing), sent)
    assert client.get(url("filing_undertaking", filing)).context["confirms"] == []
    factories.move(filing, "submit")
    sign_in(client, factories.reviewer_of(filing))
    assert client.get(url("review", filing)).context["found"] == []


def test_basic_information_mended_after_approval_asks_for_no_new_stamp(client):
    filing = factories.filing(S.DRAFTING)
    writer = factories.writer_of(filing)
    sign_in(client, writer)
    attach(client, filing)
    for action in ("submit", "claim", "approve"):
        factories.move(filing, action)
    factories.save(filing, "basic", factories.BASIC | {"employees": "36"}, by=writer)
    page = client.get(url("filing_undertaking", filing))
    assert (page.context["action"], page.context["confirms"]) == ("file", [])


def test_paper_report_has_no_code_to_compare(client):
    filing = factories.filing(S.SUBMITTED, paper=True)
    client.force_login(factories.reviewer_of(filing))
    page = client.get(url("review", filing))
    assert (page.context["check_code"], page.context["found"]) == ("", [])


@pytest.mark.parametrize(("state", "asks"), [(S.SUBMITTED, True), (S.RETURNED, False), (S.APPROVED, False)])
def test_the_receipt_asks_for_the_paper_only_while_the_report_waits(client, state, asks):
    filing = factories.filing()
    factories.reach(filing, state)
    sign_in(client, factories.writer_of(filing))
    page = client.get(url("receipt", filing)).content.decode()
    assert ("Have it stamped by the unit and signed." in page) is asks
    assert ("Attach the stamped scan" in page) is asks
