"""The credit code: how it is read, and which character is said to be wrong."""

import pytest
from django.utils.translation import override

from enterprises.checks.credit_code import (
    ALPHABET,
    check_digit,
    is_valid,
    normalise,
    organisation_check_digit,
    problem_with,
)

# A published example of the standard, and a code of which only the body was made up here.
GOOD = "91110000600037341L"
WITH_LETTERS = "51500000MJQ000015" + check_digit("51500000MJQ000015")


@pytest.mark.parametrize("code", [GOOD, WITH_LETTERS])
def test_a_right_code_has_no_problem(code):
    assert problem_with(code) == ""
    assert is_valid(code)


def test_width_case_spaces_and_dashes_do_not_matter():
    assert normalise(" ９１１１００００－６０００３７３４１ｌ ") == GOOD
    assert is_valid("91110000 6000 3734 1l")


def test_the_alphabet_has_thirty_one_characters_without_those_that_are_mistaken():
    assert len(set(ALPHABET)) == 31
    assert not set("IOSVZ") & set(ALPHABET)


def test_a_wrong_length_is_counted():
    with override("en"):
        assert "has 17 characters" in problem_with(GOOD[:-1])


def test_a_letter_outside_the_alphabet_is_named_with_its_place():
    with override("en"):
        text = problem_with(GOOD[:9] + "O" + GOOD[10:])
    assert "Character 10" in text
    assert "“O”" in text


def test_the_division_must_be_digits():
    with override("en"):
        assert "Character 4" in problem_with(GOOD[:3] + "A" + GOOD[4:])


@pytest.mark.parametrize("place", range(17))
def test_any_single_wrong_digit_is_seen(place):
    other = "1" if GOOD[place] != "1" else "2"
    assert not is_valid(GOOD[:place] + other + GOOD[place + 1 :])


def test_a_wrong_check_digit_says_what_is_wanted():
    with override("en"):
        text = problem_with(GOOD[:-1] + "A")
    assert "“A”" in text
    assert "“L”" in text


def test_a_body_of_another_length_is_refused():
    with pytest.raises(ValueError, match="seventeen"):
        check_digit("123")


def test_the_organisation_code_has_a_check_digit_of_its_own():
    assert organisation_check_digit(GOOD[8:16]) == GOOD[16]
    assert {organisation_check_digit(f"{number:08}") for number in range(400)} == set("0123456789X")
