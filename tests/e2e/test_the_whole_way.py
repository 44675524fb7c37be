"""The whole way of one report in a browser, in Chinese, at a desk and on a telephone.

Draft, print, attach, submit, claim, return with a remark, mend, resubmit, approve, file, receipt, ledger, colour, and
the board moved by one. Each width walks the report of another demo unit, so the walks do not disturb each other.
"""

import json
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.live import Site, sign_in

SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
REMARK = "请写清楼层和床位数。"
MESSAGE = "请按批注修改后重新提交。"


@dataclass(frozen=True)
class Way:
    """Who walks: the screen's width in CSS pixels, the unit's account and the reviewer's."""

    width: int
    unit: str
    reviewer: str
    sector: str


WAYS = [Way(1280, "demo-ent", "demo-rev", "14"), Way(390, "demo-temple", "demo-rev-rel", "15")]


@pytest.fixture
def signed_in(site, new_page):
    """A function that opens a page of that width for a demo account."""
    accounts = {account["account"]: account for account in site.accounts()}

    def start(name: str, width: int) -> Page:
        page = new_page(width)
        sign_in(page, accounts[name])
        return page

    return start


RATED = re.compile("企业评级·(红|橙|黄|蓝)")  # grey is of one that has not reported


def press(page: Page, label: str) -> None:
    """Press the button of that name and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=label).first.click()


def fits(page: Page) -> None:
    """Nothing sticks out to the right."""
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, page.url


def draft(unit: Page) -> str:
    """Begin the report, answer the self-check with one risk present, name its person; return the report's address."""
    unit.goto("/")
    unit.get_by_role("link", name="开始填报").first.click()
    unit.wait_for_url(re.compile(r"/filings/\d+/$"))
    address = unit.url
    press(unit, "开始填报")
    unit.fill("[name=employees]", "26")
    press(unit, "保存并继续")
    wanted = "present"
    while "/sections/check-" in unit.url:
        names = unit.locator("main form input[type=radio][value=present]").evaluate_all("all => all.map(a => a.name)")
        for name in names:
            unit.locator(f"input[name='{name}'][value={wanted}]").check()
            wanted = "absent"
        fits(unit)
        press(unit, "保存并继续")
    assert unit.url.endswith("/sections/risks/")
    unit.locator("main a[href*='/risks/'][href$='/description/']").first.click()
    unit.wait_for_url(re.compile(r"/description/$"))
    fits(unit)
    unit.get_by_role("link", name="包保责任人", exact=False).last.click()
    unit.wait_for_url(re.compile(r"/person/$"))
    tab = unit.locator(".rr-tabs [aria-current]").bounding_box()
    assert tab["x"] + tab["width"] <= unit.viewport_size["width"]
    unit.goto(f"{address}sections/people/")
    unit.locator("input[name=risk]").check()
    unit.fill("[name=responsible_name]", "吴强")
    unit.fill("[name=responsible_post]", "副主任")
    unit.select_option("[name=rank]", "deputy")
    unit.fill("[name=responsible_phone]", "13712345678")
    press(unit, "确定这位责任人")
    return address


def hand_in(unit: Page, address: str, button: str) -> None:
    """Go by the check of answers to the undertaking, confirm it all and press the button; the receipt follows."""
    unit.goto(f"{address}check/")
    fits(unit)
    unit.locator("main a[href$='/undertaking/']").last.click()
    unit.wait_for_url(f"{address}undertaking/")
    for box in unit.locator("main form input[type=checkbox]").all():
        box.check()
    press(unit, button)
    unit.wait_for_url(re.compile(r"/receipt/"))


def print_and_attach(unit: Page, address: str) -> str:
    """Print the report for the stamp before it is handed in, attach its scan, return the paper's check code."""
    unit.goto(f"{address}check/")
    printed = unit.get_by_role("link", name="打印盖章件").get_attribute("href")
    answer = unit.request.get(printed)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    code = unit.locator("#stamp strong").inner_text()
    unit.get_by_role("link", name="上传盖章扫描件").click()
    unit.wait_for_url(f"{address}sections/attachments/")
    expect(unit.locator("#stamp")).to_contain_text(code)
    unit.locator("input[name=kind][value=stamped]").check()
    unit.set_input_files("input[name=file]", {"name": "盖章件.pdf", "mimeType": "application/pdf", "buffer": SCAN})
    press(unit, "上传")
    expect(unit.locator("main")).to_contain_text("盖章件.pdf")
    kept = unit.request.get(unit.get_by_role("link", name="盖章件.pdf").get_attribute("href"))
    assert kept.body() == SCAN
    fits(unit)
    return code


def claim(desk: Page, number: str, name: str) -> None:
    """Find the unit in the queue and take its report for review."""
    desk.goto("/review/")
    fits(desk)
    desk.get_by_role("link", name=name).first.click()
    desk.wait_for_url(re.compile(rf"/review/{number}/"))
    press(desk, "受理审核")


def decide(desk: Page, message: str, button: str, confirm: str) -> None:
    """Write the message, look at the preview, confirm."""
    desk.fill("textarea[name=message]", message)
    press(desk, button)
    expect(desk.locator("main")).to_contain_text(message)
    fits(desk)
    press(desk, confirm)


def actual_by_command(site: Site, sector: str) -> int:
    """How many units of the sector have reported, as the command says."""
    told = json.loads(site.manage("progress", "key-sectors-2022", "--by", "sector", "--json"))
    return next(row["actual"] for row in told["rows"] if row["key"] == sector)


def on_board(office: Page, sector: str) -> tuple[int, int]:
    """The sector's actual and open numbers on the board; each opens the list that it counts."""
    office.goto("/board/?campaign=key-sectors-2022")
    found = []
    for stage in ("actual", "open"):
        cell = office.locator(
            f"main a[href*='stage={stage}&sector={sector}'], main a[href*='stage={stage}'][href$='sector={sector}']"
        )
        number = int(cell.last.inner_text().replace(",", ""))
        address = cell.last.get_attribute("href")
        listed = office.request.get(address).text()
        assert re.search(rf"(?<!\d){number}(?!\d)", listed), address
        found.append(number)
    return found[0], found[1]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.width))
def test_the_whole_way_of_a_report(site, signed_in, way):
    unit, desk, office = (signed_in(name, way.width) for name in (way.unit, way.reviewer, "demo-office"))
    actual, still_open = on_board(office, way.sector)
    name = unit.locator("h1").inner_text().strip()

    address = draft(unit)
    number = re.search(r"/filings/(\d+)/", address)[1]
    code = print_and_attach(unit, address)
    hand_in(unit, address, "提交审核")
    expect(unit.locator("main")).to_contain_text(code)

    claim(desk, number, name)
    expect(desk.locator("#files")).to_contain_text(code)
    desk.select_option("select[name=place]", "risks")
    desk.fill("textarea[name=text]", REMARK)
    press(desk, "添加意见")
    decide(desk, MESSAGE, "预览并退回", "确认退回")

    unit.goto(address)
    expect(unit.locator("main")).to_contain_text(REMARK)
    expect(unit.locator("main")).to_contain_text(MESSAGE)
    fits(unit)
    unit.goto(f"{address}sections/risks/")
    unit.locator("main a[href*='/risks/'][href$='/description/']").first.click()
    unit.wait_for_url(re.compile(r"/description/$"))
    unit.fill("[name=place]", "一号楼二层，30张床位")
    press(unit, "保存")
    unit.goto(address)
    press(unit, "标为已修改")
    unit.goto(f"{address}check/")
    expect(unit.locator("main")).to_contain_text("重新打印、盖章并上传新的扫描件")
    hand_in(unit, address, "提交审核")

    claim(desk, number, name)
    expect(desk.locator("main")).to_contain_text("一号楼二层，30张床位")
    decide(desk, "同意。", "审核通过", "确认通过")

    hand_in(unit, address, "承诺并提交报告")
    expect(unit.locator("main")).to_contain_text("终报")
    fits(unit)
    receipt = unit.request.get(unit.get_by_role("link", name="回执 PDF").get_attribute("href"))
    assert receipt.body().startswith(b"%PDF")

    unit.goto("/risks/")
    expect(unit.locator("main")).to_contain_text("吴强")
    fits(unit)
    for _ in range(20):  # the colour comes with a worker, within seconds
        unit.goto("/")
        if RATED.search(unit.locator("main").inner_text()):
            break
        unit.wait_for_timeout(500)
    expect(unit.locator("main")).to_contain_text(RATED)
    expect(unit.locator("main")).to_contain_text("终报完成")

    assert on_board(office, way.sector) == (actual + 1, still_open - 1)
    assert actual_by_command(site, way.sector) == actual + 1
    site.manage("check_progress")
