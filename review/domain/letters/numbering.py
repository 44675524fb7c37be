"""Numbers of letters: per organ, kind and year, without a gap and without a double, however many write at once."""

from django.db import connection

from review.enums import LetterKind
from review.models import LetterCounter


def take_number(*, issuer_id: int, kind: LetterKind | str, year: int) -> int:
    """Return the next number, in the transaction of the issuing itself.

    Side effects, in order: the counter's row is made when it is the first of its year; it is locked until the
    transaction ends, so others wait and find the number taken or, when it is rolled back, free; it is counted up.
    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A number is taken in the transaction of its letter.")
    kind = LetterKind(kind).value
    LetterCounter.objects.get_or_create(issuer_id=issuer_id, kind=kind, year=year)
    counter = lock_counter(issuer_id=issuer_id, kind=kind, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def lock_counter(*, issuer_id: int, kind: str, year: int) -> LetterCounter:
    """Return the counter with its row locked until the transaction ends."""
    return LetterCounter.objects.select_for_update().get(issuer_id=issuer_id, kind=kind, year=year)


def number_text(*, mark: str, word: str, year: int, number: int) -> str:
    """Return the number as it stands on paper: 苏安办督〔2021〕3号."""
    return f"{mark}{word}〔{year}〕{number}号"
