"""The forms of a report: drafts may be incomplete, what is stored comes back as it was, levels follow the preset."""

import pytest
from django.utils import translation

from review.interfaces.basic_form import BasicForm
from review.interfaces.level_form import LevelBasis, LevelForm, weighted_likelihood
from review.interfaces.risk_form import DescriptionForm, MeasuresForm, PersonForm, rank_names
from review.interfaces.selfcheck_form import SelfCheckForm
from review.interfaces.undertaking_form import UndertakingForm
from risks.enums import Method
from risks.queries.catalogues import item_groups_for
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    """The sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


INDICATORS = [
    {"key": "a", "name": "甲", "weight": 40, "bands": [{"text": "差", "score": 10}, {"text": "好", "score": 1}]},
    {"key": "b", "name": "乙", "weight": 35, "bands": [{"text": "差", "score": 8}, {"text": "好", "score": 2}]},
    {"key": "c", "name": "丙", "weight": 25, "bands": [{"text": "差", "score": 5}, {"text": "好", "score": 1}]},
]


def basis(**given):
    presets = {method: factories.preset(method) for method in (Method.LS, Method.LEC, Method.LC)}
    return LevelBasis(presets, **given)


def level(data, **given):
    form = LevelForm(data, basis=basis(**given))
    assert form.is_valid(), form.errors
    return form.to_stored()


def test_empty_draft_is_valid_and_says_what_the_report_needs():
    form = BasicForm({})
    assert form.is_valid()
    assert form.fields["legal_name"].required
    assert not form.fields["longitude"].required


def test_basic_information_comes_back_as_it_was_stored():
    form = BasicForm(factories.BASIC)
    assert form.is_valid()
    assert form.to_stored() == factories.BASIC
    assert form.flat_of(form.to_stored()) == factories.BASIC


def test_choice_that_is_none_of_those_given_cannot_be_kept():
    assert "revenue_band" in BasicForm({"revenue_band": "billions"}).errors


def test_lines_end_in_one_way_whatever_the_browser_sent():
    form = BasicForm({"products": "一\r\n二\r三"})
    assert form.is_valid()
    assert form.to_stored()["products"] == "一\n二\n三"


def test_self_check_leaves_out_what_has_neither_answer_nor_note():
    factories.catalogue()
    page = item_groups_for(["1401"])[0]
    form = SelfCheckForm({"answer-MZ-01": "present", "note-MZ-02": "停用"}, page=page)
    assert form.is_valid()
    stored = form.to_stored()
    assert stored == {"answers": {"MZ-01": {"answer": "present", "note": ""}, "MZ-02": {"answer": "", "note": "停用"}}}
    assert SelfCheckForm(page=page, stored=stored).flat_of(stored)["answer-MZ-01"] == "present"


def test_measures_are_one_a_line_without_blanks():
    form = MeasuresForm({"engineering": " 喷淋 \r\n\r\n报警", "emergency": ""})
    assert form.is_valid()
    assert form.to_stored() == {"measures": {"engineering": ["喷淋", "报警"]}}
    assert form.flat_of(form.to_stored())["engineering"] == "喷淋\n报警"


def test_risk_needs_a_name_even_as_a_draft():
    form = DescriptionForm({"name": " "}, types=[])
    assert "name" in form.errors
    given = {"name": "火灾", "accident_type": factories.accident_type().code}
    form = DescriptionForm(given, types=[factories.accident_type()])
    assert form.is_valid()
    assert form.to_stored() == {"name": "火灾", "point": "", "place": "", "consequence": "", "accident_type_id": "08"}


def test_ranks_carry_the_posts_of_the_trade():
    category = factories.category("1401")
    category.rank_map = {"deputy": "副院长", "en": {"deputy": "Deputy director"}}
    assert "Deputy director" in rank_names(category)["deputy"]
    with translation.override("zh-hans"):
        assert "副院长" in rank_names(category)["deputy"]
    form = PersonForm({"responsible_name": "吴强", "rank": "deputy"}, category=category)
    assert form.is_valid()
    assert form.to_stored()["rank"] == "deputy"


@pytest.mark.parametrize(
    ("likely", "serious", "score", "found"),
    [("5", "5", "25", "major"), ("4", "5", "20", "major"), ("3", "5", "15", "larger"), ("2", "4", "8", "low")],
)
def test_ls_matrix_gives_score_and_level(likely, serious, score, found):
    stored = level({"method": "ls", "ls-L": likely, "ls-S": serious})
    assert (stored["assessment"]["score"], stored["assessment"]["level"], stored["level"]) == (score, found, found)
    assert stored["assessment"]["preset"] == "ls-test"


def test_lec_is_exact_with_fractions():
    stored = level({"method": "lec", "lec-L": "0.1", "lec-E": "6", "lec-C": "15"})
    assert stored["assessment"]["score"] == "9"
    assert stored["level"] == "low"


def test_transport_level_follows_the_weighted_indicators():
    data = {"method": "lc", "ind-a": "10", "ind-b": "8", "ind-c": "5", "lc-C": "5"}
    stored = level(data, indicators=INDICATORS, offers_lc=True)
    assert stored["assessment"]["values"]["L"] == "8.05"
    assert stored["assessment"]["score"] == "40.25"
    assert stored["level"] == "larger"
    form = LevelForm(basis=basis(indicators=INDICATORS, offers_lc=True), stored=stored)
    assert form.flat_of(stored)["ind-b"] == "8"


def test_likelihood_stays_open_while_an_indicator_is():
    assert weighted_likelihood(INDICATORS, {"a": "10", "b": "8"}) == ""


@pytest.mark.parametrize("typed", ["", "abc", "NaN", "0", "11", "-3"])
def test_likelihood_that_is_no_number_on_the_scale_leaves_the_score_open(typed):
    stored = level({"method": "lc", "lc-L": typed, "lc-C": "10"}, offers_lc=True)
    assert "score" not in stored["assessment"]


def test_catalogue_level_stands_unless_a_reason_asks_for_less():
    scored = {"method": "ls", "ls-L": "1", "ls-S": "2"}
    assert level(scored, floor="larger")["level"] == "larger"
    assert level(scored | {"lower_reason": "设备已停用封存，仅留备件。"}, floor="larger")["level"] == "low"


def test_level_that_may_not_be_lowered_has_no_place_for_a_reason():
    data = {"method": "ls", "ls-L": "1", "ls-S": "2", "lower_reason": "想低一点，可以吗？"}
    form = LevelForm(data, basis=basis(floor="major", may_be_lowered=False))
    assert "lower_reason" not in form.fields
    assert form.is_valid()
    assert form.to_stored()["level"] == "major"


def test_catalogue_method_takes_the_catalogue_level_and_a_higher_one_may_be_chosen():
    assert level({"method": "catalogue"}, floor="larger")["level"] == "larger"
    assert level({"method": "catalogue", "chosen": "major"}, floor="larger")["level"] == "major"


def test_direct_condition_makes_it_major_whatever_the_score():
    preset = factories.preset(Method.LS)
    preset.definition["direct"] = [{"key": "ten_people", "text": "十人以上受威胁"}]
    form = LevelForm(
        {"method": "ls", "ls-L": "1", "ls-S": "1", "direct-ten_people": "on"}, basis=LevelBasis({"ls": preset})
    )
    assert form.is_valid()
    stored = form.to_stored()
    assert (stored["level"], stored["assessment"]["score"]) == ("major", "1")
    assert stored["assessment"]["direct"] == ["ten_people"]
    assert form.flat_of(stored)["direct-ten_people"] == "on"
    assert [field.name for field in form.direct_fields()] == ["direct-ten_people"]


def test_page_is_told_what_it_computes_with():
    config = LevelForm(basis=basis(floor="larger", indicators=INDICATORS, offers_lc=True)).config()
    assert config["weights"] == {"a": 40, "b": 35, "c": 25}
    assert config["methods"]["lc"]["above"] == {"major": 55, "larger": 20, "general": 5}
    assert config["methods"]["ls"]["factors"] == ["L", "S"]


def test_two_versions_differ_field_by_field_and_the_rest_is_carried_along():
    form = BasicForm()
    theirs, yours = dict(factories.BASIC), factories.BASIC | {"employees": "40", "insurance": "no"}
    clashes = form.clashes(theirs, yours)
    assert {clash.name: (clash.theirs, clash.yours) for clash in clashes} == {
        "employees": ("35", "40"),
        "insurance": ("yes", "no"),
    }
    assert next(clash for clash in clashes if clash.name == "insurance").yours_shown == "No"
    same = form.same_fields(clashes, yours)
    assert "employees" not in same
    assert same["address"] == factories.BASIC["address"]


def test_undertaking_of_a_final_report_wants_tick_and_name():
    form = UndertakingForm({}, problems=[], certifies=True, name="", post="")
    assert set(form.errors) == {"certified", "signed_name"}
    assert UndertakingForm({}, problems=[], certifies=False, name="", post="").is_valid()
