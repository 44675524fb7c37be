"""The review page and the decision: what is shown, what is refused and why, and that nothing typed is lost."""

import uuid

import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.domain.sections import save_risk
from review.enums import FilingState
from review.models import Filing, Remark
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.domain.notices import notice_text
from riskreport.ground.models import Event, Notice
from tests import factories

pytestmark = pytest.mark.django_db
REVIEW_QUERIES = 12


@pytest.fixture
def filing(client):
    row = factories.filing("in_review")
    client.force_login(row.claimed_by)
    return row


def post(client, name, filing, *args, **data):
    given = {"seen_version": filing.version, "key": str(uuid.uuid4()), "queue": "list=waiting"} | data
    return client.post(reverse(name, args=[filing.pk, *args]), given)


def fresh(filing):
    return Filing.objects.get(pk=filing.pk)


# --- the page -------------------------------------------------------------------------------------------------------
def test_the_page_shows_the_snapshot_and_never_what_is_being_written(client, filing):
    Filing.objects.get(pk=filing.pk).sections.filter(key="basic").update(data=factories.BASIC | {"products": "改过的"})
    page = client.get(reverse("review", args=[filing.pk])).content.decode()
    assert factories.BASIC["products"] in page
    assert "改过的" not in page


def test_a_report_nobody_handed_in_shows_nothing_of_its_content(client):
    drafting = factories.filing("drafting")
    client.force_login(factories.reviewer_of(drafting))
    page = client.get(reverse("review", args=[drafting.pk]))
    assert page.context["blocks"] == []
    assert factories.BASIC["products"] not in page.content.decode()


def test_previous_and_next_stay_within_the_filter(client, filing):
    campaign = filing.campaign
    others = [factories.filing("submitted", campaign=campaign) for _ in range(3)]
    page = client.get(reverse("review", args=[others[1].pk]) + "?list=waiting")
    assert page.context["place"].number == 2
    assert page.context["previous_url"] == f"/review/{others[0].pk}/?list=waiting"
    assert page.context["next_url"] == f"/review/{others[2].pk}/?list=waiting"
    assert client.get(reverse("review", args=[others[1].pk]) + "?list=mine").context["place"].number == 0


def test_what_changed_and_what_is_rated_lower_stands_on_top(client):
    filing = factories.filing("returned")
    risk = filing.declared_risks.get()
    save_risk(
        filing_id=filing.pk, user=factories.writer_of(filing), risk_id=risk.pk, seen_version=risk.version,
        values={"level": "general", "lower_reason": "居室已全部改为不燃材料并加装喷淋。"},
    )  # fmt: skip
    factories.move(filing, "submit")
    client.force_login(factories.reviewer_of(filing))
    page = client.get(reverse("review", args=[filing.pk]))
    assert page.context["changes"] == 1
    assert [card.name for card in page.context["lowered"]] == ["MZ风险01"]
    assert [row.check for row in page.context["found"]] == ["C3"]


@pytest.mark.parametrize("others", [0, 2])
def test_the_page_costs_the_same_whatever_waits_beside_it(client, filing, django_assert_num_queries, others):
    for _ in range(others):
        factories.filing("submitted", campaign=filing.campaign)
        post(client, "review_remark", filing, place="basic", text=f"第{_}条")
    client.get(reverse("review", args=[filing.pk]))
    with django_assert_num_queries(REVIEW_QUERIES):
        client.get(reverse("review", args=[filing.pk]))


def test_peers_are_a_page_and_a_fragment(client, filing):
    for _ in range(3):
        factories.filing("filed", campaign=filing.campaign, present=("02",))
    url = reverse("review_peers", args=[filing.pk])
    whole, part = client.get(url).content.decode(), client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "MZ-02" in part


def test_peers_that_do_not_agree_are_no_proof_that_nothing_is_missing(client, filing):
    for present in (("02",), ("03",), ()):
        factories.filing("filed", campaign=filing.campaign, present=present)
    page = client.get(reverse("review_peers", args=[filing.pk])).content.decode()
    assert "没有哪一项是多数同类单位都申报的" in page
    assert "本单位均已申报" not in page


def test_who_may_not_read_a_report_gets_a_404_everywhere(client, filing):
    remark = factories_remark(client, filing)
    stranger = factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.ZHANGJIAGANG))
    client.force_login(stranger)
    assert client.get(reverse("review", args=[filing.pk])).status_code == 404
    assert client.get(reverse("review_peers", args=[filing.pk])).status_code == 404
    assert client.get(reverse("review_change", args=[filing.pk, "exempt"])).status_code == 404
    for name in ("review_claim", "review_put_back", "review_remark", "review_preview", "review_decide"):
        assert post(client, name, filing).status_code == 404
    assert post(client, "review_remark_remove", filing, remark.pk).status_code == 404
    assert post(client, "review_change", filing, "exempt", reason="越权").status_code == 404
    assert fresh(filing).version == filing.version
    assert Remark.objects.filter(pk=remark.pk).exists()


def factories_remark(client, filing, text="请注明疏散出口。"):
    post(client, "review_remark", filing, place="basic", text=text)
    return Remark.objects.get(text=text)


def test_people_of_an_enterprise_have_no_desk(client, filing):
    client.force_login(factories.writer_of(filing))
    assert client.get(reverse("review", args=[filing.pk])).status_code == 403


def test_steps_are_posted_never_got(client, filing):
    for name in ("review_claim", "review_put_back", "review_remark", "review_preview", "review_decide"):
        assert client.get(reverse(name, args=[filing.pk])).status_code == 405
    events = Event.objects.count()
    client.get(reverse("review", args=[filing.pk]))
    assert Event.objects.count() == events


# --- taking and putting back ----------------------------------------------------------------------------------------
def test_taking_and_putting_back(client):
    filing = factories.filing("submitted")
    reviewer = factories.reviewer_of(filing)
    client.force_login(reviewer)
    assert client.get(reverse("review", args=[filing.pk])).context["may_claim"]
    answer = post(client, "review_claim", filing)
    assert answer.url == f"/review/{filing.pk}/?list=waiting"
    filing = fresh(filing)
    assert (filing.state, filing.claimed_by) == (FilingState.IN_REVIEW, reviewer)
    assert client.get(answer.url).context["may_decide"]
    post(client, "review_put_back", filing)
    assert fresh(filing).state == FilingState.SUBMITTED


def test_the_second_of_two_reviewers_reads_who_has_it(client):
    filing = factories.filing("submitted")
    first, second = (factories.user(Role.REVIEWER, of=filing.department) for _ in range(2))
    seen = fresh(filing)
    factories.move(filing, "claim", by=first)
    client.force_login(second)
    page = post(client, "review_claim", seen)
    assert page.status_code == 409
    assert page.context["problem"]
    assert not page.context["may_decide"]
    assert fresh(filing).claimed_by == first


def test_whoever_entered_a_paper_report_reads_why_another_must_decide(client):
    filing = factories.filing("submitted", paper=True)
    client.force_login(filing.entered_by)
    page = client.get(reverse("review", args=[filing.pk]))
    assert page.context["four_eyes"]
    assert not page.context["may_claim"]
    assert post(client, "review_claim", filing).status_code == 409


# --- remarks --------------------------------------------------------------------------------------------------------
def test_a_remark_is_pinned_kept_and_removed(client, filing):
    lineage = filing.declared_risks.get().lineage
    answer = post(client, "review_remark", filing, place=f"risk-{lineage}", text="请写清位置")
    remark = Remark.objects.get()
    assert answer.url.endswith(f"#remark-{remark.pk}")
    assert (remark.section, remark.lineage) == ("risks", lineage)
    post(client, "review_remark_remove", filing, remark.pk)
    assert not Remark.objects.exists()


def test_a_remark_without_text_or_place_comes_back_with_what_was_typed(client, filing):
    page = post(client, "review_remark", filing, place="basic", text=" ", message="已写的话")
    assert page.status_code == 422
    assert page.context["message"] == "已写的话"
    page = post(client, "review_remark", filing, place="nowhere", text="写好的批注")
    assert page.status_code == 422
    assert "写好的批注" in page.content.decode()
    page = post(client, "review_remark", filing, place="risk-x", text="写好的批注")
    assert page.status_code == 422


def test_a_remark_beside_a_typed_message_keeps_the_message(client, filing):
    answer = post(client, "review_remark", filing, place="basic", text="一条", message="已写的话")
    assert client.get(answer.url).context["message"] == "已写的话"
    other = factories.filing("submitted", campaign=filing.campaign)
    assert client.get(reverse("review", args=[other.pk])).context["message"] == ""
    post(client, "review_decide", filing, outcome="return", message="已写的话")
    assert client.get(reverse("review", args=[filing.pk])).context["message"] == ""


def test_a_remark_that_comes_too_late_is_refused_with_its_text_kept(client, filing):
    reviewer = filing.claimed_by
    factories.move(filing, "put_back")
    client.force_login(reviewer)
    page = post(client, "review_remark", filing, place="basic", text="来晚了的批注")
    assert page.status_code == 409
    assert page.context["problem"]
    assert "来晚了的批注" in str(page.context["remark_form"]["text"].value())
    assert not Remark.objects.exists()


def test_others_comment_and_cannot_remove_what_is_not_theirs(client, filing):
    own = factories_remark(client, filing)
    client.force_login(factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY)))
    page = client.get(reverse("review", args=[filing.pk]))
    assert page.context["may_remark"]
    assert page.context["writes_comment"]
    comment = factories_remark(client, filing, "市局备注")
    assert comment.department.region_id == factories.CITY
    assert post(client, "review_remark_remove", filing, own.pk).status_code == 409
    assert Remark.objects.count() == 2


def test_oversight_reads_and_writes_nothing(client, filing):
    client.force_login(factories.user(Role.OVERSIGHT))
    page = client.get(reverse("review", args=[filing.pk]))
    assert page.status_code == 200
    assert not page.context["may_remark"]
    assert post(client, "review_remark", filing, place="basic", text="督查").status_code == 409


# --- the decision ---------------------------------------------------------------------------------------------------
def test_a_return_is_previewed_with_its_remarks_in_the_order_of_the_report_and_then_sent(client, filing):
    lineage = filing.declared_risks.get().lineage
    post(client, "review_remark", filing, place=f"risk-{lineage}", text="第二处")
    post(client, "review_remark", filing, place="basic", text="第一处")
    page = post(client, "review_preview", filing, outcome="return", message="")
    assert [row.text for row in page.context["remarks"]] == ["第一处", "第二处"]
    assert "2" in page.context["message"]
    assert fresh(filing).state == FilingState.IN_REVIEW
    notice = page.context["notice"]
    answer = post(client, "review_decide", filing, outcome="return", message=page.context["message"])
    run_due_reactions(queue="quick")
    assert notice_text(Notice.objects.get(kind="report.returned")) == notice
    assert answer.url == "/review/?list=waiting"
    decision = fresh(filing).decisions.get()
    assert decision.message == page.context["message"]
    assert decision.remarks.count() == 2


def test_a_comment_of_others_is_not_in_the_preview(client, filing):
    reviewer = filing.claimed_by
    client.force_login(factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY)))
    factories_remark(client, filing, "市局备注")
    client.force_login(reviewer)
    page = post(client, "review_preview", filing, outcome="return", message="请补正")
    assert page.context["remarks"] == []
    assert "市局备注" not in page.content.decode()


def test_a_return_without_a_word_is_refused(client, filing):
    page = post(client, "review_preview", filing, outcome="return", message="  ")
    assert page.status_code == 422
    page = post(client, "review_decide", filing, outcome="return", message="  ")
    assert page.status_code == 409
    assert fresh(filing).state == FilingState.IN_REVIEW


def test_an_approval_with_open_remarks_is_refused_before_it_is_sent(client, filing):
    factories_remark(client, filing)
    page = post(client, "review_preview", filing, outcome="approve", message="同意")
    assert page.status_code == 422
    assert page.context["message"] == "同意"
    assert post(client, "review_decide", filing, outcome="approve").status_code == 409
    assert fresh(filing).state == FilingState.IN_REVIEW


def test_an_approval_goes_on_to_the_next_report_of_the_filter(client, filing):
    other = factories.filing("submitted", campaign=filing.campaign)
    assert post(client, "review_preview", filing, outcome="approve").status_code == 200
    answer = post(client, "review_decide", filing, outcome="approve")
    assert answer.url == f"/review/{other.pk}/?list=waiting"
    assert fresh(filing).state == FilingState.APPROVED


def test_a_decision_goes_on_only_to_what_the_reviewer_may_decide(client, filing):
    colleagues = factories.filing("in_review", campaign=filing.campaign)
    other = factories.user(Role.REVIEWER, of=filing.department)
    Filing.objects.filter(pk=colleagues.pk).update(claimed_by=other)
    entered = factories.filing("submitted", campaign=filing.campaign, paper=True)
    Filing.objects.filter(pk=entered.pk).update(entered_by=fresh(filing).claimed_by)
    answer = post(client, "review_decide", filing, outcome="approve", queue="")
    assert answer.url == "/review/"


def test_a_repeated_decision_is_one_decision(client, filing):
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = post(client, "review_decide", filing, outcome="approve", key=key)
        assert answer.status_code == 302
    assert fresh(filing).decisions.count() == 1
    page = post(client, "review_decide", filing, outcome="return", key=key, message="另一种内容")
    assert page.status_code == 409
    assert page.context["message"] == "另一种内容"


@pytest.mark.parametrize("step", ["review_preview", "review_decide"])
def test_a_report_that_has_moved_on_refuses_and_keeps_the_message(client, filing, step):
    seen = fresh(filing)
    factories.move(filing, "put_back")
    page = post(client, step, seen, outcome="return", message="写了很久的话")
    assert page.status_code == 409
    assert page.context["problem"]
    assert page.context["message"] == "写了很久的话"
    assert fresh(filing).state == FilingState.SUBMITTED


def test_only_the_one_who_took_it_decides(client, filing):
    client.force_login(factories.user(Role.REVIEWER, of=filing.department))
    for step in ("review_preview", "review_decide"):
        page = post(client, step, filing, outcome="return", message="请补正")
        assert page.status_code == 409
    assert fresh(filing).state == FilingState.IN_REVIEW


def test_a_decision_that_is_none_is_refused(client, filing):
    for step in ("review_preview", "review_decide"):
        assert post(client, step, filing, outcome="void", message="话").status_code == 422
