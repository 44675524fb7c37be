"""The archive of one enterprise: what it holds, for whom, and what reading it leaves behind."""

import pytest
from django.urls import reverse

from enterprises.domain.basic_information import write_basic
from enterprises.enums import Role
from review.domain.remarks import add_remark
from review.models import Snapshot
from riskreport.ground.models import Event
from risks.domain.rating import rate_enterprise
from tests import factories

pytestmark = pytest.mark.django_db
ARCHIVE_QUERIES, HISTORY_QUERIES = 11, 13
PHONE = factories.BASIC["principal_phone"]


def archive_of(client, filing):
    return client.get(reverse("archive", args=[filing.enterprise_id]))


def history_of(client, filing, **asked):
    return client.get(reverse("archive_history", args=[filing.enterprise_id]), asked)


@pytest.fixture
def filed():
    factories.rating_rule()
    filing = factories.filing("filed")
    rate_enterprise(filing.enterprise_id)
    return filing


def test_everything_of_the_enterprise_is_in_it(client, filed):
    factories.attachment(filed)
    client.force_login(factories.user(Role.INSPECTOR))
    page = archive_of(client, filed)
    assert [row["filing"] for row in page.context["filings"]] == [filed]
    assert [risk.name for risk in page.context["ledger"]] == ["MZ风险01"]
    assert page.context["rating"].colour == "yellow"
    assert any(row.counts and row.points == 5 for row in page.context["explained"])
    page = history_of(client, filed)
    assert [row.number for row in page.context["snapshots"]] == [2, 1]
    assert [row["snapshot"].decision.outcome for row in page.context["decisions"]] == ["approved"]
    assert [row.name for row in page.context["attachments"]] == ["盖章件.pdf"]
    assert len(page.context["timeline"].entries) == 5


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.KEEPER, Role.OFFICE, Role.INSPECTOR, Role.OVERSIGHT])
def test_all_who_may_read_it_open_it_with_masked_telephones(client, filed, role):
    client.force_login(factories.user(role))
    page = archive_of(client, filed)
    assert page.status_code == 200
    assert PHONE not in page.content.decode()
    assert "138****5678" in page.content.decode()
    assert page.context["may_unmask"] is (role in {Role.REVIEWER, Role.OFFICE, Role.INSPECTOR})


def test_an_enterprise_opens_its_own_alone(client, filed):
    own = factories.writer_of(filed)
    client.force_login(own)
    assert archive_of(client, filed).status_code == 200
    other = factories.enterprise()
    assert client.get(reverse("archive", args=[other.pk])).status_code == 404
    assert client.post(reverse("archive_phones", args=[other.pk])).status_code == 404


def test_a_report_that_nobody_reviews_names_who_is_in_charge(client, filed):
    one_stage = factories.filing("filed", stages=1)
    client.force_login(factories.user(Role.OFFICE))
    assert "主管部门：" not in archive_of(client, filed).content.decode()
    assert f"主管部门：{one_stage.department}" in archive_of(client, one_stage).content.decode()


def test_who_is_out_of_scope_gets_a_404(client, filed):
    snapshot = filed.snapshots.first()
    client.force_login(factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.ZHANGJIAGANG)))
    assert archive_of(client, filed).status_code == 404
    assert history_of(client, filed).status_code == 404
    assert client.post(reverse("archive_phones", args=[filed.enterprise_id])).status_code == 404
    assert client.get(reverse("archive_snapshot", args=[filed.enterprise_id, snapshot.pk])).status_code == 404
    client.force_login(factories.user(Role.OPERATOR))
    assert archive_of(client, filed).status_code == 403


def test_reading_the_telephones_in_full_is_recorded(client, filed):
    reviewer = factories.reviewer_of(filed)
    client.force_login(reviewer)
    url = reverse("archive_phones", args=[filed.enterprise_id])
    assert client.get(url).status_code == 405
    page = client.post(url)
    assert PHONE in page.content.decode()
    event = Event.objects.get(kind="enterprise.phones_read")
    assert (event.actor, event.enterprise_id) == (reviewer, filed.enterprise_id)
    assert PHONE not in archive_of(client, filed).content.decode()


@pytest.mark.parametrize("role", [Role.KEEPER, Role.OVERSIGHT])
def test_a_role_that_does_not_need_telephones_is_refused(client, filed, role):
    client.force_login(factories.user(role))
    answer = client.post(reverse("archive_phones", args=[filed.enterprise_id]))
    assert answer.status_code == 403
    assert not Event.objects.filter(kind="enterprise.phones_read").exists()


def test_a_snapshot_is_shown_as_it_was(client, filed):
    first = filed.snapshots.get(number=1)
    write_basic(enterprise=filed.enterprise, values=factories.BASIC | {"products": "后来改的"})
    client.force_login(factories.writer_of(filed))
    page = client.get(reverse("archive_snapshot", args=[filed.enterprise_id, first.pk]))
    assert page.context["verifies"]
    assert factories.BASIC["products"] in page.content.decode()
    assert "后来改的" not in page.content.decode()
    assert PHONE not in page.content.decode()
    last = filed.snapshots.get(number=2)
    assert client.get(reverse("archive_snapshot", args=[filed.enterprise_id, last.pk])).context["before"] == first


def test_a_snapshot_of_another_enterprise_is_not_found_under_this_one(client, filed):
    other = factories.filing("submitted")
    client.force_login(factories.user(Role.OFFICE))
    strange = Snapshot.objects.get(filing=other)
    assert client.get(reverse("archive_snapshot", args=[filed.enterprise_id, strange.pk])).status_code == 404


def test_an_enterprise_sees_no_comment_and_no_draft_remark(client):
    filing = factories.filing("in_review")
    add_remark(filing_id=filing.pk, user=filing.claimed_by, section="basic", text="还没发出的批注")
    add_remark(filing_id=filing.pk, user=factories.user(Role.OFFICE), section="basic", text="部门间的备注")
    client.force_login(factories.writer_of(filing))
    for url in (
        reverse("archive", args=[filing.enterprise_id]),
        reverse("archive_history", args=[filing.enterprise_id]),
        reverse("archive_snapshot", args=[filing.enterprise_id, filing.snapshots.get().pk]),
    ):
        text = client.get(url).content.decode()
        assert "还没发出的批注" not in text
        assert "部门间的备注" not in text
        assert filing.claimed_by.name not in text


def test_older_entries_are_paged_by_key(client, filed):
    client.force_login(factories.user(Role.OFFICE))
    newest = history_of(client, filed).context["timeline"].entries[0].pk
    older = history_of(client, filed, below=newest).context["timeline"].entries
    assert [row.pk < newest for row in older] == [True] * 4
    assert history_of(client, filed, below="nonsense").status_code == 200


def test_the_history_comes_with_the_remarks_that_went_out_and_as_a_fragment(client):
    filing = factories.filing("in_review")
    add_remark(filing_id=filing.pk, user=filing.claimed_by, section="basic", text="请注明出口")
    factories.move(filing, "return")
    client.force_login(factories.writer_of(filing))
    (row,) = history_of(client, filing).context["decisions"]
    assert [remark.text for remark in row["remarks"]] == ["请注明出口"]
    part = client.get(reverse("archive_history", args=[filing.enterprise_id]), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OFFICE])
def test_the_archive_costs_the_same_with_one_report_and_with_three(client, filed, django_assert_num_queries, role):
    client.force_login(factories.user(role))
    archive_of(client, filed)
    with django_assert_num_queries(ARCHIVE_QUERIES):
        archive_of(client, filed)
    for _ in range(2):
        factories.filing("filed", of=filed.enterprise)
    with django_assert_num_queries(ARCHIVE_QUERIES):
        archive_of(client, filed)


def test_the_history_costs_the_same_with_one_report_and_with_three(client, filed, django_assert_num_queries):
    client.force_login(factories.user(Role.REVIEWER))
    history_of(client, filed)
    with django_assert_num_queries(HISTORY_QUERIES):
        history_of(client, filed)
    for _ in range(2):
        factories.filing("filed", of=filed.enterprise)
    with django_assert_num_queries(HISTORY_QUERIES):
        history_of(client, filed)
