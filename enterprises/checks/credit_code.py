"""The unified social credit code (GB 32100-2015): normalising, check digit, and which character is wrong.

Eighteen characters: registering body, kind, six digits of a division, nine of the organisation code, check digit. The
division is not compared with the place of business: a unit keeps its code when it moves.
"""

import re
import unicodedata
from operator import mul

from django.utils.translation import gettext as _

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # pragma: allowlist secret
VALUES = {mark: value for value, mark in enumerate(ALPHABET)}
SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
LENGTH = 18
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
AREA = slice(2, 8)
ORGANISATION = slice(8, 17)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
DASHES = "-‐‑‒–—―−"


def normalise(text: str) -> str:
    """Return the code in half-width capitals without spaces and dashes, whatever way it was typed."""
    if text.isascii() and text.isalnum():
        return text.upper()
    half_width = unicodedata.normalize("NFKC", str(text)).upper()
    return "".join(mark for mark in half_width if not mark.isspace() and mark not in DASHES)


def check_digit(body: str) -> str:
    """Return the last character for the first seventeen: (31 − weighted sum mod 31) mod 31 (GB 32100-2015).

    Raises ValueError for a body of another length or with a character outside the alphabet.
    """
    if len(body) != LENGTH - 1:
        raise ValueError(f"seventeen characters are wanted, not {len(body)}")
    try:
        total = sum(map(mul, WEIGHTS, map(VALUES.__getitem__, body)))
    except KeyError as error:
        raise ValueError(f"{error} is not in the alphabet of credit codes") from error
    return ALPHABET[-total % len(ALPHABET)]


def organisation_check_digit(body: str) -> str:
    """Return the ninth character of an organisation code for its first eight (GB 11714): X stands for ten."""
    total = sum(weight * int(mark, 36) for weight, mark in zip(ORGANISATION_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]


def problem_with(text: str) -> str:
    """Return what is wrong with a code, in a full sentence that names the character, or an empty string."""
    code = normalise(text)
    if len(code) != LENGTH:
        return _("The credit code “%(code)s” has %(count)s characters; 18 are wanted.") % {
            "code": code,
            "count": len(code),
        }
    for place, mark in enumerate("" if SHAPE.fullmatch(code) else code, start=1):
        found = {"code": code, "place": place, "mark": mark}
        if mark not in ALPHABET:
            return (
                _(
                    "Character %(place)s of the credit code “%(code)s” is “%(mark)s”. Digits and capital letters are "
                    "wanted, but never I, O, S, V or Z; perhaps it is 1, 0, 5 or 2."
                )
                % found
            )
        if AREA.start < place <= AREA.stop and not mark.isdigit():
            return (
                _(
                    "Character %(place)s of the credit code “%(code)s” is “%(mark)s”. Characters 3 to 8 are the digits "
                    "of a division, for example 320583."
                )
                % found
            )
    wanted = check_digit(code[:-1])
    if code[-1] != wanted:
        return _(
            "The last character of the credit code “%(code)s” is “%(mark)s”, but the first 17 give “%(wanted)s”. "
            "One of them was mistyped; compare the code with the certificate."
        ) % {"code": code, "mark": code[-1], "wanted": wanted}
    return ""


def is_valid(text: str) -> bool:
    """Return whether the text is a credit code with a right check digit."""
    return not problem_with(text)
