"""``python -m tests.shots [ACCOUNT …]``: walk the running system as each demo person and photograph every kind of page.

From the first page after sign-in every link is followed, one page per kind of address (the tabs and sections of a kind
count apart), at 1280 and 390 CSS pixels. Pictures go to DATA_DIR/shots/<account>/<width>/. Printed besides: pages that
answer with an error, script and policy errors, and pages wider than the screen. Ends with 1 when there was one.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, Response

from tests.live import Site, chromium, open_page, running_site, sign_in

OUT = Path(os.environ.get("DATA_DIR", "var"), "shots")
WIDTHS = (1280, 390)
MOST_PAGES = 60
NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![a-z])\d+")
NOT_A_PAGE = re.compile(r"\.(pdf|xlsx|png|jpg|zip)$|/(file|pdf|print)/$|/(print|attachments)/\d+/$|sign-out")


def main(accounts: list[str]) -> int:
    """Photograph for all demo accounts, or those named; return 1 when a page was faulty."""
    shutil.rmtree(OUT, ignore_errors=True)
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder)) as site, chromium() as browser:
        faults += list(photograph(browser, site, None))
        for account in site.accounts():
            if not accounts or account["account"] in accounts:
                faults += list(photograph(browser, site, account))
    print("\n".join(faults) or "No fault seen.")
    print(f"Pictures are in {OUT}")
    return 1 if faults else 0


def photograph(browser: Browser, site: Site, account: dict | None) -> Iterator[str]:
    """Walk as one person at every width and yield what is wrong."""
    who = account["account"] if account else "nobody"
    for width in WIDTHS:
        page = open_page(browser, site, width)
        heard: list[str] = []
        page.on("pageerror", lambda error, heard=heard: heard.append(str(error)))
        page.on("console", lambda line, heard=heard: heard.append(line.text) if line.type == "error" else None)
        if account:
            sign_in(page, account)
        else:
            page.goto("/sign-in/")
        count = 0
        for kind in walk(page, site):
            count += 1
            picture = OUT / who / str(width) / f"{kind}.png"
            picture.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=picture, full_page=True)
            excess = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if excess > 0:
                yield f"{who} {width}: {page.url} is {excess} px too wide"
            yield from (f"{who} {width}: {page.url}: {text}" for text in heard)
            heard.clear()
        print(f"  {who} {width}: {count} pages", flush=True)
        page.context.close()


def walk(page: Page, site: Site) -> Iterator[str]:
    """Go to one page of every kind that links lead to, first come first, and yield its kind while it is open."""
    waiting, seen = [urlsplit(page.url).path], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind in seen or NOT_A_PAGE.search(path):
            continue
        seen.add(kind)
        answer = visit(page, path)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield kind if answer.ok else f"{kind}-{answer.status}"
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        waiting += [urlsplit(link).path for link in links if link.startswith(site.address)]


def visit(page: Page, path: str) -> Response | None:
    """Go there and return the answer; None when it is a file that the browser puts away instead of showing."""
    try:
        return page.goto(path)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return None


def kind_of(path: str) -> str:
    """Return a path with its numbers taken out, fit for a file name: /filings/12/check/ gives filings-n-check."""
    return NUMBER.sub("n", path.strip("/")).replace("/", "-") or "start"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
