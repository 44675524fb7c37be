"""Names in normal form, the words of a search, the pieces an index looks up."""

import pytest

from riskreport.ground.names import normal_name, pieces_of, search_words


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("昆山（花桥）颐养院 A区", "昆山花桥颐养院a区"),
        ("昆山(花桥)颐养院Ａ区", "昆山花桥颐养院a区"),
        ("ＬＳ－320583\u3000", "ls320583"),
        ("㈱东·华\x00\n", "株东华"),
        ("STRASSE straße", "strassestrasse"),
        ("（——）", ""),
    ],
)
def test_width_case_spaces_and_signs_make_no_difference(text, normal):
    assert normal_name(text) == normal


def test_words_are_what_blanks_part_and_signs_alone_are_none():
    assert search_words(" 花桥\u3000（） Ａ-1 ") == ["花桥", "a1"]
    assert search_words("（）") == []


def test_pieces_are_pairs_or_the_one_character():
    assert pieces_of("颐") == ["颐"]
    assert pieces_of("颐养院") == ["颐养", "养院"]
