"""`python -m riskreport.run`: what dies is started again, and nothing stays behind, however it ends."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ports import free_port

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc"),
]
PROGRAMS = {"gunicorn", "quick", "bulk", "beat"}


class Run:
    """A start of the system without demo data, in a directory of its own."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir, self.log, self.port = data_dir, data_dir / "run.log", port
        environment = {key: text for key, text in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
        data_dir.mkdir(exist_ok=True)
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "riskreport.run"],
                env=environment | {"DATA_DIR": str(data_dir), "PORT": str(port)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def programs(self) -> dict[str, int]:
        """The pids of the four programs that run, by name, found by the data directory in their environment."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_text().split("\0")
                ours = f"DATA_DIR={self.data_dir}\0" in (folder / "environ").read_text()
                parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
            except OSError:
                continue
            name = next((name for name in PROGRAMS if name in words), "")
            if ours and name and (name != "gunicorn" or not self._is_gunicorn(parent)):
                found[name] = int(folder.name)
        return found

    def _is_gunicorn(self, pid: str) -> bool:
        try:
            return "gunicorn" in Path("/proc", pid, "cmdline").read_text().split("\0")
        except OSError:
            return False

    def until(self, condition: Callable[[], bool], patience: float = 180) -> None:
        """Wait for something to become true, or fail with what was written so far."""
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.2)

    def is_open(self) -> bool:
        """Whether the address was printed."""
        return f"http://127.0.0.1:{self.port}/" in self.log.read_text()

    def answers(self) -> bool:
        """Whether the web server answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


@pytest.fixture
def run(tmp_path):
    started = Run(tmp_path / "data", free_port())
    yield started
    started.process.kill()
    started.process.wait()


def test_what_dies_is_started_again_a_second_start_is_refused_and_all_stop_together(run):
    run.until(run.is_open)
    run.until(lambda: set(run.programs()) == PROGRAMS)
    before = run.programs()
    second = Run(run.data_dir, run.port + 1)
    assert second.process.wait(timeout=60) == 1
    assert "Another start already uses" in run.log.read_text()
    os.kill(before["quick"], signal.SIGKILL)
    os.kill(before["gunicorn"], signal.SIGKILL)

    def is_back() -> bool:
        now = run.programs()
        return set(now) == PROGRAMS and now["quick"] != before["quick"] and now["gunicorn"] != before["gunicorn"]

    run.until(is_back)
    run.until(run.answers)
    assert run.programs()["bulk"] == before["bulk"]
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(timeout=30) == 0
    assert run.programs() == {}


def test_a_start_that_is_killed_leaves_nothing_running(run):
    run.until(run.is_open)
    run.until(lambda: set(run.programs()) == PROGRAMS)
    run.process.kill()
    run.process.wait()
    run.until(lambda: run.programs() == {}, patience=30)
