"""Rules of passwords say what is wanted in both languages."""

import pytest
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.utils import translation


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_short_password_is_refused_in_the_language_of_the_page(settings, language):
    rules = get_password_validators(settings.AUTH_PASSWORD_VALIDATORS)
    with translation.override(language), pytest.raises(ValidationError) as refusal:
        validate_password("k7Q#x", password_validators=rules)
    (text,) = refusal.value.messages
    assert "10" in text
    assert text.isascii() is (language == "en")
