"""A lead department's groundwork in a browser, as somebody new does it.

Two rosters go in from the departments' own files (163 units of civil affairs, 303 venues: bulletin no. 24 of 2021),
what was wrong is put right in the workbook that came back, a catalogue is published, accounts are issued, and a unit
signs in for the first time. It has a city of its own, so the other walks find theirs as it was.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import rosters
from tests.live import Site, open_page, running_site, sign_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASSWORD = "yongli-qinghe-2022"  # pragma: allowlist secret
CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
CIVIL = {"养老护理服务机构": "养老服务中心", "救助服务机构": "救助管理站"}
VENUES = {"宗教活动场所": "寺"}


@pytest.fixture(scope="module")
def own_site(tmp_path_factory) -> Iterator[Site]:
    """A running system of its own."""
    with running_site(tmp_path_factory.mktemp("groundwork")) as running:
        yield running


@pytest.fixture
def desk(browser: Browser, own_site: Site):
    """A function that opens a page for a demo account, or for nobody yet."""
    accounts = {account["account"]: account for account in own_site.accounts()}
    opened: list[Page] = []

    def start(name: str = "", width: int = 1280) -> Page:
        page = open_page(browser, own_site, width)
        opened.append(page)
        if name:
            sign_in(page, accounts[name])
        return page

    yield start
    for page in opened:
        page.context.close()


def press(page: Page, label: str | re.Pattern) -> None:
    """Press the button of that name and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=label).first.click()


def send(page: Page, content: bytes, name: str) -> None:
    """Upload a roster, say what its headings mean when asked, and wait for the preview."""
    page.goto("/imports/enterprises/")
    page.set_input_files("input[name=file]", {"name": name, "mimeType": XLSX, "buffer": content})
    press(page, "上传并核对")
    settled = page.get_by_role("button", name=re.compile("核对各行|只导入正确的|导入全部"))
    settled.first.wait_for(timeout=60_000)
    if page.get_by_role("button", name="核对各行").count():
        expect(page.locator("main")).to_contain_text("床位数")  # a heading nobody knows is named
        page.get_by_label("所在区县", exact=True).select_option(label="区（县级市）")
        page.get_by_label("镇（街道）", exact=True).select_option(label="*镇（街道）")
        press(page, "核对各行")
        page.get_by_role("button", name=re.compile("只导入正确的|导入全部")).first.wait_for(timeout=60_000)


def take(page: Page, label: str) -> None:
    """Take the rows in and wait until they are."""
    press(page, re.compile(label))
    page.get_by_role("link", name="查看这些记录").wait_for(timeout=60_000)


def first_sign_in(page: Page, account: str, code: str, name: str) -> None:
    """Use a first-use code: account and code, then one's own name, telephone and password."""
    page.goto("/first-sign-in/")
    page.fill("input[name=account]", account)
    page.fill("input[name=code]", code)
    press(page, "下一步")
    page.fill("input[name=name]", name)
    page.fill("input[name=phone]", "16112345678")
    page.fill("input[name=new]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    with page.expect_navigation():
        page.locator("main form [type=submit], form:has(input[name=again]) [type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/$"))


def test_a_roster_with_mistakes_goes_in_once_they_are_mended_in_the_workbook_that_came_back(desk):
    rows = rosters.roster(163, kinds=CIVIL, body="52", seed=163)
    right = rosters.spoil(rows)
    keeper = desk("demo-keep")
    send(keeper, rosters.workbook("苏州市养老护理和救助服务机构底数清单（2021年）", rows), "民政底数清单.xlsx")
    take_right = keeper.get_by_role("button", name=re.compile("只导入正确的156行"))
    expect(take_right).to_be_visible()  # 163 less six mistakes, one of which marks two rows
    with keeper.expect_download() as download:
        keeper.get_by_role("link", name="标注错误的表格").click()
    again, noted = rosters.mended(download.value.path().read_bytes(), right)
    assert noted == {"C7", "F20", "L33", "D58", "B83", "C103", "C104"}
    press(keeper, "不采用此文件")
    send(keeper, again, "民政底数清单-改.xlsx")
    take(keeper, "导入全部163行")
    keeper.get_by_role("link", name="查看这些记录").click()
    expect(keeper.locator("main")).to_contain_text("163")
    expect(keeper.locator("main tbody tr")).to_have_count(50)


def test_a_new_keeper_brings_the_venues_in(desk):
    operator = desk("demo-op")
    operator.goto("/people/add/")
    operator.select_option("select[name=department]", label="苏州市民族宗教事务局")
    operator.fill("input[name=name]", "钱文")
    operator.select_option("select[name=role]", "keeper")
    press(operator, "添加并显示登录码")
    shown = operator.locator("main").inner_text()
    account = re.search(r"gw ?\d{4} ?\d{4}", shown)[0]
    keeper = desk()
    first_sign_in(keeper, account, CODE.search(shown)[0], "钱文")
    rows = rosters.roster(303, kinds=VENUES, body="71", seed=303)
    send(keeper, rosters.workbook("苏州市宗教活动场所名单", rows), "宗教场所.xlsx")
    take(keeper, "导入全部303行")
    keeper.goto("/enterprises/?q=不存在的单位")
    expect(keeper.locator("main")).not_to_contain_text("养老服务中心")
    keeper.goto("/enterprises/")
    expect(keeper.locator("main")).not_to_contain_text("养老服务中心")  # nothing of another line


def test_a_catalogue_is_drafted_and_published(desk):
    keeper = desk("demo-keep")
    keeper.goto("/catalogues/keep/")
    press(keeper, "起草下一版")
    keeper.locator("ul.rr-keep li a").first.click()
    keeper.wait_for_url(re.compile(r"/items/\d+/"))
    place = keeper.locator("[name=place]")
    place.fill(place.input_value() + "及活动室")
    press(keeper, re.compile("^保存$"))
    keeper.goto("/catalogues/keep/")
    keeper.get_by_role("link", name=re.compile("第 ?2 ?版")).first.click()
    keeper.get_by_role("link", name="发布", exact=True).first.click()
    expect(keeper.locator("main")).to_contain_text("修改1条")
    press(keeper, "发布此版本")
    keeper.goto("/guides/1401/")
    expect(keeper.locator("main")).to_contain_text("及活动室")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="reads the letters with pdftotext")
def test_accounts_are_issued_and_a_unit_signs_in_for_the_first_time(desk, tmp_path):
    keeper = desk("demo-keep")
    keeper.goto("/accounts/issue/?q=养老服务中心")
    keeper.on("dialog", lambda dialog: dialog.accept())
    press(keeper, re.compile("为符合条件的"))
    fetch = keeper.get_by_role("button", name="下载信函（PDF）")
    fetch.wait_for(timeout=90_000)
    with keeper.expect_download() as download:
        fetch.click()
    letters = tmp_path / "letters.pdf"
    download.value.save_as(letters)
    told = subprocess.run(["pdftotext", "-layout", str(letters), "-"], capture_output=True, text=True, check=True)
    letter = next(page for page in told.stdout.split("\f") if CODE.search(page))  # the distribution list bears none
    account, code = re.search(r"qy ?\d{4} ?\d{4}", letter)[0], CODE.search(letter)[0]
    unit = desk(width=390)
    first_sign_in(unit, account, code, "吴强")
    expect(unit.locator("main")).to_contain_text("开始填报")  # its report is owed since it joined the roster
    again = desk()
    again.goto("/first-sign-in/")
    again.fill("input[name=account]", account)
    again.fill("input[name=code]", code)
    again.get_by_role("button", name="下一步").click()
    expect(again.locator("[role=alert]").first).to_be_visible()  # a code works once
