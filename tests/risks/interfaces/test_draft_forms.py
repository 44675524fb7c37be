"""The forms of a draft: what is stored comes back as it was, what cannot be read is named."""

import json

import pytest
from django.http import QueryDict
from django.utils import translation

from enterprises.enums import Role
from risks.domain.drafts import item_values, open_draft
from risks.domain.reference import CATALOGUES
from risks.enums import MeasureClass
from risks.interfaces.draft_head_form import DraftHeadForm
from risks.interfaces.draft_item_form import DraftItemForm
from risks.interfaces.indicator_text import BadIndicators, indicators_of, text_of_indicators
from tests import factories


def test_the_shipped_indicators_survive_being_written_and_read():
    table = json.loads((CATALOGUES / "transport.json").read_text(encoding="utf-8"))["quantified"]["indicators"]
    assert len(table) == 48
    assert {code: indicators_of(text_of_indicators(rows)) for code, rows in table.items()} == table


@pytest.mark.parametrize(
    "text", ["只有名称\n10 无", "名称 | Name | 很重\n10 无", "名称 | Name | 100\n十分 无", "A | B | 1\n10"]
)
def test_what_cannot_be_read_is_named(text):
    with pytest.raises(BadIndicators) as caught, translation.override("en"):
        indicators_of(text)
    assert any(line in str(caught.value) for line in text.splitlines())


@pytest.fixture
def draft(db):
    factories.catalogue()
    return open_draft(key="civil", user=factories.user(Role.OFFICE))


def posted(form) -> QueryDict:
    """What a browser would send for a form as it is shown."""
    data = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        data.setlist(name, value.split(",") if name in {"categories", "other_accidents"} else [str(value or "")])
    return data


def form_of(draft, data=None, *, stored=None):
    return DraftItemForm(data, catalogue=draft, categories=[factories.category("1401"), factories.category("1402")],
                         stored=stored)  # fmt: skip


def test_an_item_that_is_sent_back_unchanged_is_the_same(draft):
    stored = item_values(draft.items.get(code="MZ-02"), draft)
    stored["measures"] = {kind: ["一", "二"] for kind in MeasureClass.values}
    form = form_of(draft, posted(form_of(draft, stored=stored)))
    assert form.is_valid(), form.errors
    assert form.to_stored() == stored


def test_even_a_draft_needs_a_code(draft):
    form = form_of(draft, QueryDict("level=larger&group=fire&part=1"))
    assert not form.is_valid()
    assert set(form.errors) == {"code"}


def test_two_versions_of_codes_are_shown_by_name(draft):
    form = form_of(draft)
    mine = item_values(draft.items.get(code="MZ-01"), draft)
    clashes = form.clashes(mine | {"categories": ["1401"]}, mine | {"categories": ["1401", "1402"]})
    assert [(clash.name, clash.theirs, clash.yours) for clash in clashes] == [("categories", "1401", "1401,1402")]
    assert "救助管理机构" in clashes[0].yours_shown


def test_groups_are_renamed_added_ordered_and_taken_out(draft):
    form = DraftHeadForm(catalogue=draft)
    data = {name: str(form[name].value() or "") for name in form.fields}
    data |= {"groups-fire-name": "", "groups-fire-name_en": "", "groups-g1-name": "食品", "groups-g1-name_en": "Food"}
    data |= {"groups-g1-order": "1", "groups-power-order": "2", "title_en": "Civil", "note": "示例口径"}
    bound = DraftHeadForm(data, catalogue=draft)
    assert bound.is_valid(), bound.errors
    assert [row["key"] for row in bound.to_stored()["groups"]] == ["g1", "power"]
    assert bound.to_stored()["groups"][0] == {"key": "g1", "name": "食品", "name_en": "Food"}
