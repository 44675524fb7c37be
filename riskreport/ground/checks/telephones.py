"""What a telephone number of the country looks like."""

import re

PATTERN = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?", re.ASCII)


def is_telephone(text: str) -> bool:
    """Return whether a text without spaces is a mobile number, or a landline with its area code and any extension."""
    return PATTERN.fullmatch(text) is not None
