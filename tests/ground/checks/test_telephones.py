"""What counts as a telephone number."""

import pytest

from riskreport.ground.checks.telephones import is_telephone


@pytest.mark.parametrize("text", ["13812345678", "0512-65220000", "02584680000", "0512-65220000-123456"])
def test_mobiles_and_landlines_with_area_code_and_extension_are_numbers(text):
    assert is_telephone(text)


@pytest.mark.parametrize(
    "text", ["", "1381234567", "65220000", "１３８１２３４５６７８", "13812345678x", "0512-65220000-1234567"]
)
def test_anything_else_is_none(text):
    assert not is_telephone(text)
