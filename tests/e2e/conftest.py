"""For tests in a real Chromium: the system as `make run` starts it, with the pilot city, shared by the whole run.

Tests under this folder carry the marker ``e2e`` by themselves. They act only through the browser and ``site.manage``.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.live import Site, chromium, open_page, running_site

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Mark what lies in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """The running system with the pilot city."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with chromium() as running:
        yield running


@pytest.fixture
def new_page(browser, site, request) -> Iterator[Callable[..., Page]]:
    """A function that opens a page with cookies of its own: ``new_page(390)``.

    After the test every page must have been free of script errors and of what the content security policy refused.
    """
    opened: list[Page] = []
    complaints: list[str] = []

    def open_one(width: int = 1280) -> Page:
        page = open_page(browser, site, width)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda line: complaints.append(f"{page.url}: {line.text}") if _is_bad(line) else None)
        opened.append(page)
        return page

    yield open_one
    for page in opened:
        page.context.close()
    assert not complaints, "\n".join(complaints)


def _is_bad(line) -> bool:
    """Errors of scripts and of the policy; a page that answers 4xx or 5xx on purpose is the test's own business."""
    return line.type == "error" and "Failed to load resource" not in line.text
