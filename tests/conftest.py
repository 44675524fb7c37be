"""What every test stands on: an environment of its own, a clock that may move, and no message to a worker.

The environment is set before Django reads its settings, so the tests run under the settings that ship. What differs is
named in SETTINGS below, each line with its reason.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django
import pytest
from hypothesis import settings as properties

DATA_DIR = Path(tempfile.mkdtemp(prefix="riskreport-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
os.environ.update(
    DJANGO_SETTINGS_MODULE="riskreport.settings",
    DEMO="0",
    SECRET_KEY="only-for-the-tests-" * 3,  # pragma: allowlist secret
    DATA_DIR=str(DATA_DIR),
    LOG_LEVEL="WARNING",
)

# A property says what holds, not how fast: on a busy machine a first example takes longer than the 200 ms allowed.
properties.register_profile("house", deadline=None)
properties.load_profile("house")

SETTINGS = {
    "CLOCK_MAY_MOVE": True,  # tests stand on days of their own choosing
    "CHOICES_KEPT_SECONDS": 0,  # a test sees what it has just changed
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],  # hundreds of sign-ins, none of them real
    "STORAGES": {  # the manifest of hashed names exists only after collectstatic
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
    "ALLOWED_HOSTS": ["testserver", "localhost", "127.0.0.1"],
}


def pytest_configure():
    """Start Django now that the environment stands; pytest-django has looked for settings before this file was read.

    The name of the settings is taken out of the environment again: a worker of xdist would inherit it and read them
    before its own copy of this file has given it a data directory of its own.
    """
    from django.conf import settings

    from riskreport.ground.translations import compile_catalogues

    if DATA_DIR != settings.DATA_DIR:
        pytest.exit("Django was set up before the tests: unset DJANGO_SETTINGS_MODULE.", returncode=4)
    compile_catalogues()
    django.setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests():
    """Keep SETTINGS in force for the whole run."""
    from django.conf import settings
    from django.test import override_settings

    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    with override_settings(**SETTINGS):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Put the SQLite test database into a file: threads and worker processes can reach it, as they do in service."""
    from django.conf import settings

    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})["NAME"] = str(DATA_DIR / "test.sqlite3")


@pytest.fixture(autouse=True)
def _clock_starts_afresh():
    """Forget what the clock of the test before read from its database."""
    from riskreport.ground import clock

    clock.forget()
    yield
    clock.forget()


@pytest.fixture(autouse=True)
def _the_citys_language():
    """Start in the city's language: a request of the test before leaves its person's language active."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def nudges(request, monkeypatch):
    """The nudges that would have gone to a worker, as (task name, queue, arguments); sent only to real processes."""
    sent: list[tuple[str, str, list]] = []
    if request.node.get_closest_marker("processes") is None:
        monkeypatch.setattr(
            "riskreport.ground.domain.nudge._send", lambda name, queue, args: sent.append((name, queue, args))
        )
    return sent


@pytest.fixture
def start_process(transactional_db) -> Iterator[Callable[..., subprocess.Popen]]:
    """A function that starts a Python process on the test database and broker, killed after the test if still there.

    ``start_process("-m", "celery", …, until="ready.")`` returns once the process has written ``until``.
    """
    from django.db import connection

    started: list[subprocess.Popen] = []
    environment = os.environ | {"DATABASE_URL": _address(connection.settings_dict), "PYTHONUNBUFFERED": "1"}

    def start(*arguments: str, until: str = "", patience: float = 30, **extra: str) -> subprocess.Popen:
        log = DATA_DIR / f"process-{time.monotonic_ns()}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments], env=environment | extra, stdout=output, stderr=subprocess.STDOUT
            )
        started.append(process)
        deadline = time.monotonic() + patience
        while until and until not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, f"no {until!r} after {patience} s: {log.read_text()}"
            time.sleep(0.1)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def start_worker(start_process) -> Callable[..., subprocess.Popen]:
    """A function that starts a real worker: ``start_worker("quick")``. Use with the marker ``processes``."""

    def start(queue: str = "quick", **extra: str) -> subprocess.Popen:
        worker = (
            "-m",
            "celery",
            "-A",
            "riskreport",
            "worker",
            "-Q",
            queue,
            "-n",
            f"{queue}-{time.monotonic_ns()}@test",
        )
        calm = ("--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")
        return start_process(*worker, *calm, until="ready.", **extra)

    return start


def _address(database: dict) -> str:
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database).replace(":@", "@")


@pytest.fixture
def at(db):
    """A function that moves the clock to a moment: ``at(datetime)``."""
    from riskreport.ground import clock

    def move(moment):
        clock.set_offset(0)
        clock.set_offset((moment - clock.now()).total_seconds())

    return move
