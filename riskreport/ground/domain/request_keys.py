"""Idempotency: the same form sent twice has one effect, and a key reused for something else is refused."""

import hashlib
import json
from typing import Any

from riskreport.ground import clock
from riskreport.ground.models import RequestKey

LONGEST_KEY = 64


class KeyReused(Exception):
    """The same key came with another content. Its text is a full sentence for the person."""


def digest_of(content: Any) -> str:
    """Return the SHA-256 of a content that JSON can hold."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def earlier_answer(*, user: Any, key: str, digest: str, refusal: str) -> dict | None:
    """Return what was answered to this key before, or None when it is new.

    Call it after the parent row was locked, so that two requests with one key come one after the other. Raises
    KeyReused with ``refusal`` when the key was used for another content.
    """
    if not key:
        return None
    row = RequestKey.objects.filter(user=user, key=_stored(key)).first()
    if row is None:
        return None
    if row.digest != digest:
        raise KeyReused(refusal)
    return row.answer


def keep_answer(*, user: Any, key: str, digest: str, answer: dict) -> None:
    """Remember the answer to a key, in the act's own transaction; the unique constraint is the last guard."""
    if key:
        RequestKey.objects.create(user=user, key=_stored(key), digest=digest, answer=answer, created_at=clock.now())


def _stored(key: str) -> str:
    """The key as its column holds it: one too long, which no form of ours sends, by its digest."""
    return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()
