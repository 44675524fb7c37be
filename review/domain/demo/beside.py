"""A second process that writes beside the first, where the database lets two write at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.queues import Queue
from queue import Full
from typing import Any

from django.db import connection

AHEAD = 3  # how many calls may wait
LOOK = 1.0  # seconds after which a writer that waits looks whether the other is still there


class BesideFailed(RuntimeError):
    """The second process broke off; its traceback stands on the error output."""


@contextmanager
def beside(function: Callable[[Any], None]) -> Iterator[Callable[[Any], None]]:
    """Yield a function that lets a second process call ``function`` with what it is given, one after the other.

    All are done when the block ends. On SQLite, which has one writer, and inside a transaction, which the other could
    not see, the function is called here and at once. Raises BesideFailed.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield function
        return
    connection.close()  # a connection belongs to one process
    context = get_context("fork")
    waiting: Queue = context.Queue(AHEAD)
    other = context.Process(target=_serve, args=(function, waiting), daemon=True)
    other.start()

    def hand_over(value: Any) -> None:
        while other.is_alive():
            try:
                return waiting.put(value, timeout=LOOK)
            except Full:
                continue
        raise BesideFailed

    try:
        yield hand_over
        hand_over(None)
        other.join()
    finally:
        other.terminate()
    if other.exitcode:
        raise BesideFailed


def _serve(function: Callable[[Any], None], waiting: Queue) -> None:
    while (value := waiting.get()) is not None:
        function(value)
    connection.close()
