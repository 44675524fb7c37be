"""First-use codes and account names: how they are drawn, written and read back.

A code is twelve characters of 31 (no 0, 1, I, L, O), about 59 bits, written in three groups. An account name is two
letters for the kind and eight drawn digits: it says nothing of the unit, least of all its credit code.
"""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # pragma: allowlist secret
LENGTH, GROUP = 12, 4
ENTERPRISE_PREFIX, OFFICIAL_PREFIX = "qy", "gw"
ACCOUNT_DIGITS = 8


def draw_code(length: int = LENGTH) -> str:
    """Return a new code, as it is digested: without its dashes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def written(code: str) -> str:
    """Return a code as people read it: K7QF-3MXA-9PTD."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(text: str) -> str:
    """Return what was typed as a code: half width, capitals, without spaces and dashes."""
    half_width = unicodedata.normalize("NFKC", text).upper()
    return "".join(mark for mark in half_width if mark.isalnum())


def draw_account(prefix: str) -> str:
    """Return a new account name, which may be taken."""
    return f"{prefix}{secrets.randbelow(10**ACCOUNT_DIGITS):0{ACCOUNT_DIGITS}}"


def written_account(account: str) -> str:
    """Return a drawn account name in groups, as it stands on letters: qy 4827 1935; another name as it is."""
    prefix, digits = account[:2], account[2:]
    drawn = prefix in {ENTERPRISE_PREFIX, OFFICIAL_PREFIX} and digits.isdigit() and len(digits) == ACCOUNT_DIGITS
    return f"{prefix} {digits[:4]} {digits[4:]}" if drawn else account


def read_account(text: str) -> str:
    """Return what was typed as an account: half width, lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
