"""Accident types, presets, the rating rule and the catalogues as shipped, and the command that loads them."""

import datetime as dt
import json
import shutil
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from enterprises.domain.reference import load_enterprise_reference
from enterprises.models import Category, Region
from riskreport.ground.models import Event
from risks.checks.catalogue_content import InvalidCatalogue
from risks.domain.reference import CATALOGUES, load_risk_reference
from risks.enums import CatalogueState, Method
from risks.models import AccidentType, AssessmentPreset, Catalogue, CatalogueItem, RatingRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference(db):
    load_enterprise_reference()
    return load_risk_reference()


@pytest.fixture
def folder(tmp_path):
    """A folder of catalogues of our own, holding the civil-affairs one."""
    shutil.copy(CATALOGUES / "civil.json", tmp_path)
    load_enterprise_reference()
    return tmp_path


def rewrite(path, **changed):
    content = json.loads(path.read_text(encoding="utf-8"))
    content.update(changed)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def test_there_are_the_twenty_accident_types_and_four_more(reference):
    assert list(AccidentType.objects.values_list("code", flat=True)) == [f"{number:02}" for number in range(1, 25)]
    assert not AccidentType.objects.filter(name_en="").exists()


@pytest.mark.parametrize(("key", "parts"), [("civil", [19]), ("religion", [20]), ("transport", [41, 7])])
def test_the_pilot_catalogues_have_the_items_the_city_counted(reference, key, parts):
    catalogue = Catalogue.objects.get(key=key)
    assert [catalogue.items.filter(part=part["key"]).count() for part in catalogue.parts] == parts
    assert catalogue.items.count() == sum(parts)


def test_the_industry_catalogue_has_at_least_eighty_items(reference):
    assert Catalogue.objects.get(key="industry").items.count() >= 80


def test_every_category_of_the_pilots_and_of_industry_is_asked_about_something(reference):
    asked = set(CatalogueItem.categories.through.objects.values_list("category_id", flat=True))
    led = {"0101", "0102", "0103", "0104", "0201", "0202", "0301", "0402", "1401", "1402", "1501"}
    assert led | {f"000{number}" for number in range(1, 9)} <= asked


def test_a_catalogue_asks_each_category_its_line_leads_at_least_ten_things_and_no_other(reference):
    """Transport's 41 + 7 are the numbers the city published, shared by eight categories: none has ten of its own."""
    for catalogue in Catalogue.objects.exclude(key="transport").select_related("sector"):
        led = Category.objects.filter(lead_id=catalogue.line_id)
        if catalogue.sector_id:
            led = led.filter(sector_id=catalogue.sector_id)
        asked = Counter(catalogue.items.values_list("categories", flat=True))
        assert set(asked) == set(led.values_list("code", flat=True)), catalogue.key
        assert min(asked.values()) >= 10, (catalogue.key, asked)


def test_an_item_code_names_one_item_in_all_catalogues(reference):
    codes = list(CatalogueItem.objects.values_list("code", flat=True))
    assert len(set(codes)) == len(codes)


def test_every_catalogue_is_published_and_keeps_the_order_of_its_file(reference):
    for catalogue in Catalogue.objects.all():
        content = json.loads((CATALOGUES / f"{catalogue.key}.json").read_text(encoding="utf-8"))
        assert (catalogue.state, catalogue.title) == (CatalogueState.PUBLISHED, content["title"])
        assert catalogue.published_on is not None
        for stored, shipped in zip(catalogue.items.prefetch_related("categories"), content["items"], strict=True):
            assert (stored.code, stored.look_for, stored.measures) == (
                shipped["code"],
                shipped["look_for"],
                shipped["measures"],
            )
            assert sorted(category.code for category in stored.categories.all()) == sorted(shipped["categories"])


def test_every_item_of_a_quantified_catalogue_has_indicators(reference):
    quantified = [catalogue for catalogue in Catalogue.objects.all() if catalogue.quantified]
    assert [catalogue.key for catalogue in quantified] == ["transport"]
    for catalogue in quantified:
        indicators = catalogue.quantified["indicators"]
        assert all(indicators[code] for code in catalogue.items.values_list("code", flat=True))


def test_each_scoring_method_has_one_default_preset_with_texts_in_both_languages(reference):
    defaults = AssessmentPreset.objects.filter(is_default=True)
    assert set(defaults.values_list("method", flat=True)) == {Method.LS, Method.LEC, Method.LC}
    for preset in AssessmentPreset.objects.all():
        steps = [step for axis in "LECS" for step in preset.definition.get(axis, [])]
        assert steps
        assert all(step["text"] and step["text_en"] for step in steps)
        assert preset.definition["direct"][0]["key"] == "major_hazard_source"


def test_the_presets_have_the_thresholds_of_the_design(reference):
    read = {preset.key: preset.definition for preset in AssessmentPreset.objects.all()}
    assert read["lec"]["thresholds"] == {"major": 320, "larger": 160, "general": 70}
    assert read["ls-p1"]["thresholds"] == {"major": 20, "larger": 15, "general": 9}
    assert read["ls-p2"]["thresholds"] == {"major": 20, "larger": 9, "general": 4}
    assert read["ls-p3"]["thresholds"] == {"major": 20, "larger": 10, "general": 4}
    assert read["lc-transport"]["over"] == {"major": 55, "larger": 20, "general": 5}
    assert [step["value"] for step in read["lec"]["L"]] == [10, 6, 3, 1, 0.5, 0.2, 0.1]
    assert [step["value"] for step in read["lec"]["E"]] == [10, 6, 3, 2, 1, 0.5]
    assert [step["value"] for step in read["lec"]["C"]] == [100, 40, 15, 7, 3, 1]
    assert [step["value"] for step in read["lc-transport"]["C"]] == [10, 5, 2, 1]
    assert len(read["lc-transport"]["L"]) == 5


def test_the_rating_rule_has_the_weights_of_the_design(reference):
    rule = RatingRule.objects.get(is_current=True)
    weights = {term["key"]: (term["weight"], term["cap"]) for term in rule.definition["terms"]}
    assert weights == {
        "major_risks": (20, None),
        "larger_risks": (5, None),
        "overdue_report": (15, 15),
        "overdue_faults": (10, 30),
        "missing_four_ones": (3, 20),
        "open_dynamic": (5, 15),
        "four_ones_complete": (-5, -5),
        "standardised": (-5, -5),
        "no_faults": (-5, -5),
    }
    assert rule.definition["credits_cap"] == -15
    assert rule.definition["thresholds"] == {"red": 60, "orange": 30, "yellow": 5}
    direct = {entry["key"]: entry.get("value") for entry in rule.definition["direct"]}
    assert direct == {"fatal_accident": None, "false_report": None, "listed_hazard_overdue": None, "three_major": 3}
    assert "示例口径" in rule.title


def test_a_second_load_writes_nothing_and_records_nothing(reference):
    before = Event.objects.count()
    assert not any(tally.touched for tally in load_risk_reference().values())
    assert Event.objects.count() == before


def test_a_stored_version_is_left_as_it_is_when_its_file_changes(folder):
    load_risk_reference(folder=folder)
    rewrite(folder / "civil.json", title="改过的目录（示例口径）")
    assert not load_risk_reference(folder=folder)["catalogues"].touched
    assert Catalogue.objects.get(key="civil").title == "民政服务领域较大以上安全风险目录（示例口径）"


def test_a_later_version_retires_the_one_before_and_an_earlier_one_is_not_taken_back(folder):
    load_risk_reference(folder=folder)
    rewrite(folder / "civil.json", version=2, published_on="2022-01-05")
    load_risk_reference(folder=folder)
    states = list(Catalogue.objects.filter(key="civil").values_list("version", "state"))
    assert states == [(2, CatalogueState.PUBLISHED), (1, CatalogueState.RETIRED)]
    assert Catalogue.objects.get(key="civil", version=2).published_on == dt.date(2022, 1, 5)
    Catalogue.objects.filter(version=1).first().items.all().delete()
    Catalogue.objects.filter(version=1).delete()
    rewrite(folder / "civil.json", version=1)
    assert not load_risk_reference(folder=folder)["catalogues"].touched


def test_a_catalogue_without_a_fixed_date_is_published_on_the_day_of_loading(folder, at):
    at(dt.datetime(2021, 11, 3, 9, tzinfo=timezone.get_default_timezone()))
    load_risk_reference(folder=folder)
    assert Catalogue.objects.get(key="civil").published_on == dt.date(2021, 11, 3)


def test_publishing_is_an_event_about_the_catalogue(folder):
    load_risk_reference(folder=folder)
    event = Event.objects.get(kind="catalogue.published")
    assert event.object_id == Catalogue.objects.get(key="civil").pk
    assert event.data == {"key": "civil", "version": 1, "items": 19, "former": None, "shipped": True}


def test_a_broken_catalogue_leaves_nothing_behind(folder):
    rewrite(folder / "civil.json", line="tobacco")
    with pytest.raises(InvalidCatalogue, match=r"civil\.json, field line"):
        load_risk_reference(folder=folder)
    assert not AccidentType.objects.exists()
    assert not Catalogue.objects.exists()


def test_a_rule_and_a_preset_the_city_chose_stay_the_ones_in_force(db):
    load_enterprise_reference()
    RatingRule.objects.create(version=7, title="本市规则", definition={}, is_current=True, published_on="2021-10-01")
    AssessmentPreset.objects.create(
        key="own", version=1, method=Method.LS, name="本市口径", definition={}, is_default=True
    )
    load_risk_reference()
    assert RatingRule.objects.get(is_current=True).version == 7
    assert AssessmentPreset.objects.get(method=Method.LS, is_default=True).key == "own"


def test_the_command_says_what_it_loaded_and_then_that_nothing_changed(capsys):
    call_command("load_reference")
    first = capsys.readouterr().out
    assert "regions: 129 added" in first
    shipped = len(list(CATALOGUES.glob("*.json")))
    assert f"catalogues: {shipped} added" in first
    call_command("load_reference")
    assert capsys.readouterr().out.startswith("Reference data is up to date, nothing changed: regions 129")


def test_the_command_loads_all_or_nothing_and_lists_what_is_wrong(folder, monkeypatch):
    Region.objects.filter(code=320583).update(display_name="昆")
    content = json.loads((folder / "civil.json").read_text(encoding="utf-8"))
    for entry in content["items"] * 2:
        entry["level"], entry["basis"] = "low", None
    rewrite(folder / "civil.json", items=content["items"])
    monkeypatch.setattr("risks.domain.reference.load_risk_reference.__kwdefaults__", {"folder": folder})
    with pytest.raises(CommandError) as caught:
        call_command("load_reference")
    lines = str(caught.value).splitlines()
    assert lines[1].startswith("  civil.json, item MZ-01, field level:")
    assert (len(lines), lines[-1]) == (22, "  and 18 more")
    assert Region.objects.get(code=320583).display_name == "昆"
