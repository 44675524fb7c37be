"""The methods at every threshold, from the shipped presets; what is no score; the arithmetic in words."""

import itertools
import json
from decimal import Decimal

import pytest

from risks.checks.assessment import NotScored, explain_score, final_level, score
from risks.domain.reference import read_data

PRESETS = {preset["key"]: preset for preset in read_data("presets.json")["presets"]}


def level_of(preset, **values):
    return score(PRESETS[preset]["method"], PRESETS[preset]["definition"], values)[1].value


def shipped(preset):
    return PRESETS[preset]["definition"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((10, 10, 100), ("10000", "major")),
        ((3, 10, 15), ("450", "major")),
        ((1, 10, 40), ("400", "major")),
        ((0.5, 6, 100), ("300", "larger")),
        ((1, 2, 100), ("200", "larger")),
        ((10, 1, 15), ("150", "general")),
        ((1, 10, 15), ("150", "general")),
        ((10, 10, 1), ("100", "general")),
        ((10, 1, 7), ("70", "general")),
        ((3, 3, 7), ("63", "low")),
        ((0.1, 0.5, 1), ("0.05", "low")),
    ],
)
def test_lec_multiplies_exactly(values, expected):
    found, level = score("lec", shipped("lec"), dict(zip("LEC", map(str, values), strict=True)))
    assert (found, level.value) == (Decimal(expected[0]), expected[1])


def test_lec_levels_begin_at_their_thresholds():
    """Every product the three scales can make, against domain.md: ≥ 320 major, ≥ 160 larger, ≥ 70 general."""
    definition = shipped("lec")
    scales = [[Decimal(str(step["value"])) for step in definition[key]] for key in "LEC"]
    for values in itertools.product(*scales):
        product = values[0] * values[1] * values[2]
        wanted = "major" if product >= 320 else "larger" if product >= 160 else "general" if product >= 70 else "low"
        assert score("lec", definition, dict(zip("LEC", values, strict=True))) == (product, wanted)


LS = {
    "ls-p1": {"major": (20, 25), "larger": (15, 16), "general": (9, 12), "low": (1, 8)},
    "ls-p2": {"major": (20, 25), "larger": (9, 16), "general": (4, 8), "low": (1, 3)},
    "ls-p3": {"major": (20, 25), "larger": (10, 16), "general": (4, 9), "low": (1, 3)},
}


@pytest.mark.parametrize("preset", LS)
def test_ls_presets_agree_with_their_bands_in_every_cell(preset):
    for one, two in itertools.product(range(1, 6), repeat=2):
        low, high = LS[preset][level_of(preset, L=one, S=two)]
        assert low <= one * two <= high


@pytest.mark.parametrize(
    ("likelihood", "consequence", "expected"),
    [
        ("5.5", 10, "larger"),
        ("5.51", 10, "major"),
        ("10", 10, "major"),
        ("10", 5, "larger"),
        ("2", 10, "general"),
        ("2.01", 10, "larger"),
        ("4", 5, "general"),
        ("4.01", 5, "larger"),
        ("10", 2, "general"),
        ("1", 5, "low"),
        ("1.01", 5, "general"),
        ("5", 1, "low"),
        ("5.01", 1, "general"),
        ("0.01", 1, "low"),
    ],
)
def test_transport_lc_levels_begin_above_their_thresholds(likelihood, consequence, expected):
    assert level_of("lc-transport", L=likelihood, C=consequence) == expected


@pytest.mark.parametrize(
    ("preset", "values"),
    [
        ("ls-p1", {}),
        ("ls-p1", {"L": 3}),
        ("ls-p1", {"L": 0, "S": 3}),
        ("ls-p1", {"L": 6, "S": 3}),
        ("ls-p1", {"L": "2.5", "S": 3}),
        ("ls-p1", {"L": "three", "S": 3}),
        ("ls-p1", {"L": "NaN", "S": 3}),
        ("ls-p1", {"L": "sNaN", "S": 3}),
        ("ls-p1", {"L": "Infinity", "S": 3}),
        ("ls-p1", {"L": None, "S": 3}),
        ("lec", {"L": 4, "E": 10, "C": 100}),
        ("lec", {"L": 10, "E": 10}),
        ("lec", {"L": "NaN", "E": 10, "C": 100}),
        ("lec", {"L": "sNaN", "E": 10, "C": 100}),
        ("lc-transport", {"L": 0, "C": 10}),
        ("lc-transport", {"L": "10.01", "C": 10}),
        ("lc-transport", {"L": "-1", "C": 10}),
        ("lc-transport", {"L": "NaN", "C": 10}),
        ("lc-transport", {"L": 5, "C": 3}),
    ],
)
def test_values_off_the_scale_make_no_score_and_say_why(preset, values):
    with pytest.raises(NotScored, match=r"\w"):
        level_of(preset, **values)


def test_the_catalogues_level_has_no_score():
    with pytest.raises(NotScored):
        score("catalogue", {}, {})


@pytest.mark.parametrize(
    ("floor", "scored", "chosen", "lowered", "expected"),
    [
        ("larger", None, "general", False, "larger"),
        ("larger", None, "general", True, "general"),
        ("larger", "major", "larger", False, "major"),
        ("larger", "larger", "general", True, "larger"),
        (None, "general", "low", False, "general"),
        (None, None, "low", False, "low"),
        ("larger", "general", "major", False, "major"),
    ],
)
def test_the_final_level_is_the_highest_unless_lowered_by_consent(floor, scored, chosen, lowered, expected):
    assert final_level(floor=floor, scored=scored, chosen=chosen, lowered=lowered) == expected


def test_the_score_is_explained_as_arithmetic():
    assert explain_score("ls", {"values": {"L": 3, "S": 5}, "score": "15"}) == "L 3 × S 5 = 15"
    assert explain_score("lec", {"values": {"L": 3}, "score": "450"}) == "L 3 × E ? × C ? = 450"
    assert explain_score("lc", {"values": {"L": 5, "C": 10}}) == ""
    assert explain_score("catalogue", {"score": "1"}) == ""


def test_an_assessment_survives_being_kept_as_json():
    found, level = score("lec", shipped("lec"), {"L": "0.5", "E": "6", "C": "100"})
    kept = json.loads(json.dumps({"values": {"L": "0.5", "E": "6", "C": "100"}, "score": str(found), "level": level}))
    assert Decimal(kept["score"]) == found
    assert kept["level"] == "larger"
