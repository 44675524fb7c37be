"""The whole system as `make run` starts it, and a real Chromium to look at it: for tests/e2e and tests/shots."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.ports import free_port

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 240
CHROMIUM_FLAGS = [
    "--no-sandbox",  # Chromium refuses its sandbox to root, which a container usually is
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Site:
    """A running system: its address, its data directory, and commands on its data."""

    def __init__(self, address: str, data_dir: Path) -> None:
        self.address = address
        self.environment = os.environ | {"DEMO": "1", "DATA_DIR": str(data_dir), "SECRET_KEY": ""}

    def manage(self, *arguments: str) -> str:
        """Run ``python manage.py …`` on the site's data and return what it printed. Raises when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def accounts(self) -> list[dict]:
        """Return the demo sign-ins."""
        return json.loads(self.manage("demo_accounts", "--json"))


@contextlib.contextmanager
def running_site(data_dir: Path) -> Iterator[Site]:
    """Start the system on a free port with the pilot city in ``data_dir``, and stop all of it afterwards."""
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "run.log"
    with log.open("w") as output:
        system = subprocess.Popen(
            [sys.executable, "-m", "riskreport.run"],
            cwd=PROJECT,
            env=site.environment | {"PORT": str(port), "HOST": "127.0.0.1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while site.address not in log.read_text():
            if system.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The system did not start:\n{log.read_text()}")
            time.sleep(0.3)
        yield site
    finally:
        system.send_signal(signal.SIGTERM)
        system.wait(timeout=60)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's own Chromium: CHROMIUM names it, else the first one found on the path."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise RuntimeError("No Chromium found. Install it (Debian: apt-get install chromium) or set CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def open_page(browser: Browser, site: Site, width: int = 1280) -> Page:
    """Open a page of its own (cookies too) in Chinese, ``width`` CSS pixels wide."""
    context = browser.new_context(
        base_url=site.address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": width, "height": 844 if width < 600 else 900},
        accept_downloads=True,
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def sign_in(page: Page, account: dict) -> None:
    """Sign the page in with one of ``Site.accounts()``."""
    page.goto("/sign-in/")
    page.fill("input[name=account]", account["account"])
    page.fill("input[name=password]", account["password"])
    page.click("form:has(input[name=password]) [type=submit]")
    page.wait_for_url(lambda url: "sign-in" not in url)
