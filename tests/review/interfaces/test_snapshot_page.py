"""A snapshot as a person reads it: changes marked, what is personal masked, remarks where they belong."""

import json

import pytest

from review.domain.remarks import add_remark
from review.domain.sections import save_risk, withdraw_risk
from review.interfaces.snapshot_page import build_page, place_label, places_of
from review.queries.desk import handed_in, remarks_for
from review.queries.words import words_of
from tests import factories

pytestmark = pytest.mark.django_db


def blocks_of(filing, **more):
    given = handed_in(filing)
    return build_page(given.content, words_of(given.content), before=given.content_before, **more)


def block(blocks, key):
    return next(row for row in blocks if row.key == key)


def test_blocks_come_in_the_order_of_writing_with_words_for_codes():
    blocks = blocks_of(factories.filing("submitted"))
    assert [row.key for row in blocks] == ["basic", "check-civil-fire", "check-civil-power", "risks", "attachments"]
    fire = block(blocks, "check-civil-fire")
    assert (fire.present, [row.code for row in fire.absent]) == (1, ["MZ-02"])
    assert "消防" in fire.title
    card = block(blocks, "risks").risks[0]
    assert (card.name, card.kind, card.floor) == ("MZ风险01", "", "")
    assert any(line.value == "火灾" for line in card.lines)
    assert card.measures[0].value == ["加装喷淋"]


def test_telephones_are_masked_unless_asked_for():
    filing = factories.filing("submitted")
    phone, masked = factories.BASIC["principal_phone"], "138****5678"

    def shown(**more):
        return json.dumps([str(row) for row in blocks_of(filing, **more)], ensure_ascii=False)

    assert masked in shown()
    assert phone not in shown()
    assert factories.PERSON["responsible_phone"] not in shown()
    assert phone in shown(show_phones=True)


def test_what_differs_from_the_hand_in_before_is_marked_with_what_stood_there():
    filing = factories.filing("returned", present=("01", "03"))
    writer = factories.writer_of(filing)
    factories.save(filing, "basic", factories.BASIC | {"employees": "40"})
    kept = filing.declared_risks.get(item__code="MZ-01")
    save_risk(
        filing_id=filing.pk, user=writer, risk_id=kept.pk, seen_version=kept.version,
        values={"name": "改名的风险", "level": "major", "rank": "principal", "measures": {"emergency": ["新演练"],
                "management": ["新制度"]}},
    )  # fmt: skip
    answers = {"MZ-03": {"answer": "absent", "note": ""}}
    factories.save(filing, "check-civil-power", {"answers": answers})
    factories.own_risk(filing)
    filing.refresh_from_db()
    factories.move(filing, "submit")
    blocks = blocks_of(filing)
    changed = [line for _title, lines in block(blocks, "basic").groups for line in lines if line.changed]
    assert [(line.value, line.old) for line in changed] == [("40", "35")]
    assert block(blocks, "check-civil-power").answers[0].changed
    cards = {card.name: card for card in block(blocks, "risks").risks}
    assert {name: card.kind for name, card in cards.items()} == {
        "改名的风险": "changed",
        "锅炉房燃气泄漏": "added",
        "MZ风险03": "removed",
    }
    assert [(line.value, line.old) for line in cards["改名的风险"].lines if line.changed][:2] == [
        (cards["改名的风险"].lines[0].value, cards["改名的风险"].lines[0].old),
        ("改名的风险", "MZ风险01"),
    ]
    assert any(line.changed for line in cards["改名的风险"].measures)


def test_a_level_below_the_catalogue_is_shown_with_its_reason():
    filing = factories.filing("drafting")
    risk = filing.declared_risks.get()
    reason = "居室已全部改为不燃材料并加装喷淋。"
    save_risk(
        filing_id=filing.pk, user=factories.writer_of(filing), risk_id=risk.pk, seen_version=risk.version,
        values={"level": "general", "lower_reason": reason},
    )  # fmt: skip
    factories.move(filing, "submit")
    card = block(blocks_of(filing), "risks").risks[0]
    assert (card.floor, card.level, card.reason) == ("larger", "general", reason)


def test_remarks_stand_where_they_are_pinned_and_a_lost_place_is_the_list_of_risks():
    filing = factories.filing("in_review", present=("01", "03"))
    gone = filing.declared_risks.get(item__code="MZ-03")
    reviewer = filing.claimed_by
    for section, lineage in (("basic", ""), ("risks", str(gone.lineage)), ("attachments", "")):
        add_remark(filing_id=filing.pk, user=reviewer, section=section, text=f"针对{section}", lineage=lineage)
    blocks = blocks_of(filing, remarks=list(remarks_for(reviewer, filing)))
    assert [row.text for row in block(blocks, "basic").remarks] == ["针对basic"]
    cards = {card.lineage: card for card in block(blocks, "risks").risks}
    assert [row.text for row in cards[str(gone.lineage)].remarks] == ["针对risks"]
    assert ("basic", block(blocks, "basic").title) in places_of(blocks)
    assert "MZ风险03" in place_label(cards[str(gone.lineage)].remarks[0], blocks)
    lost = cards[str(gone.lineage)].remarks[0]
    other = factories.filing("submitted")
    assert block(blocks_of(other, remarks=[lost]), "risks").remarks == [lost]


def test_the_undertaking_of_a_final_report_is_a_block_but_no_place_for_remarks():
    blocks = blocks_of(factories.filing("filed"))
    assert block(blocks, "undertaking").lines[0].value == factories.SIGNED["signed_name"]
    assert "undertaking" not in dict(places_of(blocks))


def test_withdrawn_risks_are_not_in_a_snapshot():
    filing = factories.filing("drafting")
    own = factories.own_risk(filing)
    withdraw_risk(filing_id=filing.pk, risk_id=own.pk, user=factories.writer_of(filing))
    filing.refresh_from_db()
    factories.move(filing, "submit")
    assert [card.name for card in block(blocks_of(filing), "risks").risks] == ["MZ风险01"]


def test_pages_of_the_self_check_come_in_the_order_of_the_catalogue():
    given = handed_in(factories.filing("submitted"))
    turned = {key: dict(reversed(page.items())) for key, page in reversed(given.content["answers"].items())}
    content = given.content | {"answers": turned | {"check-gone-page": {"X-1": {"answer": "absent", "note": ""}}}}
    pages = [row for row in build_page(content, words_of(content)) if row.kind == "answers"]
    assert [row.key for row in pages] == ["check-civil-fire", "check-civil-power", "check-gone-page"]
    assert [row.code for row in pages[0].answers] == ["MZ-01", "MZ-02"]
