"""First-use codes and account names: drawn, written, read back."""

import pytest

from enterprises.checks.first_codes import (
    ALPHABET,
    draw_account,
    draw_code,
    read_account,
    read_code,
    written,
    written_account,
)


def test_a_code_is_twelve_characters_that_cannot_be_mistaken_for_each_other():
    codes = {draw_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {12}
    assert set("".join(codes)) == set(ALPHABET)
    assert not set("01ILO") & set(ALPHABET)


@pytest.mark.parametrize(
    "typed", ["K7QF-3MXA-9PTD", "k7qf3mxa9ptd", " K7QF 3MXA 9PTD ", "Ｋ７ＱＦ－３ＭＸＡ－９ＰＴＤ"]
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert read_code(typed) == "K7QF3MXA9PTD"
    assert written(read_code(typed)) == "K7QF-3MXA-9PTD"


def test_an_account_name_is_two_letters_and_eight_digits_written_in_groups():
    account = draw_account("qy")
    assert account[:2] == "qy"
    assert account[2:].isdigit()
    assert len(account) == 10
    assert written_account("qy48271935") == "qy 4827 1935"
    assert read_account("ＱＹ 4827　1935") == "qy48271935"


def test_a_name_chosen_by_somebody_is_written_as_it_is():
    assert written_account("demo-rev") == "demo-rev"
    assert written_account("qy1234") == "qy1234"
