"""``python -m riskreport.run``: the whole system in one terminal, what ``make run`` starts.

Prepares (translations, static files, tables, reference data, on first start the pilot city), then keeps web server,
workers and beat running under supervisord until Ctrl-C or SIGTERM. Every step says what it does and may be repeated.

PORT (8000), HOST (127.0.0.1), WEB_WORKERS (2) and WEB_THREADS (4) come from the environment; the rest is settings.py.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from io import StringIO
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreport.settings")

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

from riskreport.ground.translations import compile_catalogues

CONFIG = Path(__file__).with_name("supervisord.conf")
PATIENCE_SECONDS = 90
EVERYWHERE = {
    "0.0.0.0",  # nosec B104
    "::",
}


def main() -> int:
    """Prepare, start, wait; return the exit code."""
    compile_catalogues()  # before Django reads them
    django.setup()
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    lock = _only_one_here()
    if lock is None:
        return _refuse(f"Another start already uses {settings.DATA_DIR}. Stop it first, or set DATA_DIR.")
    if _taken(host, port):
        return _refuse(f"Port {port} is taken. Choose another one: make run PORT={port + 1}")
    try:
        prepare()
    except CommandError as error:
        return _refuse(str(error))
    return _serve(host, port)


def prepare() -> None:
    """Bring static files, tables and data up to date. A second call finds nothing to do."""
    say("static files")
    _collect_static()
    prepare_data()


def prepare_data() -> None:
    """Bring the tables and the reference data up to date; under DEMO load the pilot city into an empty system."""
    say("tables")
    call_command("migrate", verbosity=0, interactive=False)
    say("reference data")
    call_command("load_reference", stdout=StringIO())
    if settings.DEMO and not apps.get_model("enterprises.Enterprise").objects.exists():
        say("pilot city (first start only, 10 to 30 seconds)")
        call_command("load_city", size="pilot", stdout=StringIO())


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    print(f"  {text}", flush=True)  # noqa: T201 the terminal is this module's interface


def _refuse(text: str) -> int:
    say(text)
    return 1


def _only_one_here():
    """Lock the data directory and return the open lock file, or None when another start holds it."""
    file = Path(settings.DATA_DIR, "run.lock").open("w")  # noqa: SIM115 held open as long as the process lives
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _collect_static() -> None:
    """Collect and compress the static files when one of them changed since the last time."""
    stamp, seen = Path(settings.STATIC_ROOT, ".collected"), hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            seen.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(seen.hexdigest())


def _serve(host: str, port: int) -> int:
    """Run supervisord until it ends or we are told to stop; its output goes through us, so that any stdout will do."""
    say("web server, two workers, beat")
    Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).unlink(missing_ok=True)
    child, stopping = _supervisor(f"{host}:{port}"), threading.Event()

    def stop(number: int, frame: object) -> None:
        if not stopping.is_set():
            stopping.set()
            child.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    threading.Thread(target=_welcome, args=(host, port, stopping), daemon=True).start()
    for line in child.stdout or ():
        with contextlib.suppress(OSError):  # the terminal may be gone; the work goes on until told otherwise
            print(line, end="", flush=True)  # noqa: T201 the terminal is this module's interface
    code = child.wait()
    if stopping.is_set():
        say("stopped")
        return 0
    return code or 1


def _supervisor(bind: str) -> "subprocess.Popen[str]":
    """Start supervisord in a session of its own: Ctrl-C reaches us alone, and we stop the rest in order."""
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(CONFIG)]
    environment = os.environ | {
        "PYTHON": sys.executable,
        "PYTHONUNBUFFERED": "1",
        "PROJECT": str(settings.BASE_DIR),
        "DATA_DIR": str(settings.DATA_DIR),
        "BIND": bind,
        "WEB_WORKERS": os.environ.get("WEB_WORKERS", "2"),
        "WEB_THREADS": os.environ.get("WEB_THREADS", "4"),
    }
    if os.getuid() == 0:  # a container: the warnings of supervisord and Celery about it would fill the screen
        command += ["-u", "root"]
        environment["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    with Path(settings.DATA_DIR, "supervisord.log").open("w") as complaints:  # a file outlives us, a pipe does not
        return subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=complaints,
            start_new_session=True,
            text=True,
            preexec_fn=_stop_when_parent_dies,  # noqa: PLW1509 no thread runs yet
        )


def _stop_when_parent_dies() -> None:
    """Ask Linux to send SIGTERM to this process when its parent is gone, however it went; elsewhere do nothing."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _welcome(host: str, port: int, stopping: threading.Event) -> None:
    """Wait until the web server answers, then print its address and the demo sign-ins."""
    address = f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}/"
    until = time.monotonic() + PATIENCE_SECONDS
    while not stopping.is_set() and time.monotonic() < until:
        if _answers(address + "healthz"):
            break
        time.sleep(0.3)
    else:
        if not stopping.is_set():
            say(f"The web server does not answer at {address} yet; see the lines above.")
        return
    if settings.DEMO:
        call_command("demo_accounts")
    say(f"打开 / Open: {address}    停止 / Stop: Ctrl-C")


def _answers(url: str) -> bool:
    try:
        # The address is our own and starts with http.
        with urllib.request.urlopen(url, timeout=5) as answer:  # nosec B310
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
