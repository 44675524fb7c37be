"""Real processes for these tests: workers with the tests' own doings, beat, a web server; and an empty broker."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

CALM = ("--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")


@pytest.fixture(autouse=True)
def _registered(transactional_db, monkeypatch):
    """Let this process owe the reactions that the workers know; start with an empty broker, nudge without pause."""
    from riskreport.ground.domain import nudge
    from tests.processes import doings  # noqa: F401  its reactions and jobs register themselves

    monkeypatch.setitem(nudge._silent, "until", -1.0)
    empty_broker()
    yield
    empty_broker()


def empty_broker() -> None:
    """Throw away every message that waits, as a Redis does that was wiped or a disk that was swapped."""
    from django.conf import settings

    if settings.REDIS_URL:
        import redis

        redis.Redis.from_url(settings.REDIS_URL).flushdb()
    else:
        for message in Path(settings.BROKER_DIR, "messages").iterdir():
            message.unlink(missing_ok=True)


@pytest.fixture
def wipe_broker() -> Callable[[], None]:
    """A function that throws away every message that waits."""
    return empty_broker


@pytest.fixture
def worker(start_process) -> Callable:
    """A function that starts a worker of a queue which knows the tests' doings."""

    def start(queue: str = "quick", **environment: str):
        name = f"{queue}-{time.monotonic_ns()}@test"
        command = ("-m", "celery", "-A", "tests.processes.worker", "worker", "-Q", queue, "-n", name)
        return start_process(*command, *CALM, until="ready.", **environment)

    return start


@pytest.fixture
def beat(start_process, tmp_path) -> Callable:
    """A function that starts beat."""

    def start():
        schedule = str(tmp_path / "beat-schedule")
        command = ("-m", "celery", "-A", "riskreport", "beat", "--pidfile=", "-s", schedule, "--loglevel", "INFO")
        return start_process(*command, until="maxinterval")

    return start


@pytest.fixture
def web(start_process) -> Callable[..., str]:
    """A function that starts the web server and returns its address."""

    def start(**environment: str) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = ("-m", "gunicorn", "riskreport.wsgi:application", "--bind", f"127.0.0.1:{port}", "--threads", "2")
        start_process(*command, "--worker-class", "gthread", until="Booting worker", **environment)
        return f"http://127.0.0.1:{port}"

    return start


@pytest.fixture
def stone(tmp_path) -> Path:
    """The stone that one worker stumbles over and is killed."""
    path = tmp_path / "stone"
    path.touch()
    return path


@pytest.fixture
def eventually() -> Callable:
    """A function that waits until a question is answered with yes, and says what it was when it is not."""

    def wait(question: Callable[[], object], patience: float = 15) -> None:
        deadline = time.monotonic() + patience
        while not question():
            assert time.monotonic() < deadline, f"not so after {patience} s"
            time.sleep(0.1)

    return wait
