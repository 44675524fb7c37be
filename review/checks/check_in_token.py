"""The signed word in the address that a trainer's screen shows as a QR code: for one session, for a short time."""

import datetime as dt

from django.core.signing import BadSignature, Signer

MINUTES = 15
SALT = "review.training.check_in"


class BadToken(ValueError):
    """A word that was not signed here, or was changed."""


class LateToken(ValueError):
    """A word whose time is over."""


def make_token(session_id: int, now: dt.datetime) -> str:
    """Return a word for a session that holds for MINUTES from now."""
    return Signer(salt=SALT).sign(f"{session_id}.{int(now.timestamp()) + MINUTES * 60}").replace(":", "~")


def read_token(token: str, now: dt.datetime) -> int:
    """Return the session that a word is for. Raises BadToken, LateToken."""
    try:
        session, _dot, until = Signer(salt=SALT).unsign(token.replace("~", ":")).partition(".")
    except BadSignature as error:
        raise BadToken from error
    if now.timestamp() > int(until):
        raise LateToken
    return int(session)
