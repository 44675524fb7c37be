"""A reporting task thought out in the wizard, step by step, and launched, in a real Chromium.

It asks a category none of whose units other tests of this folder walk with: a second report would stand on their homes.
"""

import re

from playwright.sync_api import Page, expect

from tests.live import sign_in


def go_on(page: Page) -> None:
    page.get_by_role("button", name="保存并继续").click()


def test_the_office_launches_a_task_from_the_wizard(site, new_page):
    page = new_page()
    office = next(row for row in site.accounts() if row["account"] == "demo-office")
    sign_in(page, office)
    page.get_by_role("link", name="填报任务", exact=True).first.click()
    page.get_by_role("link", name="新建填报任务").click()
    page.get_by_role("button", name="开始起草").click()

    page.get_by_label("填报任务名称").fill("救助机构冬季专项（2022）")
    page.get_by_label("代号").fill("winter-2022")
    go_on(page)
    page.get_by_role("checkbox", name=re.compile("^14 ")).check()
    page.get_by_role("checkbox", name=re.compile("^1402 ")).check()
    go_on(page)
    page.get_by_label("一阶段").check()
    page.get_by_role("button", name="保存并返回上一步").click()  # nothing is lost on the way back
    expect(page.get_by_role("checkbox", name=re.compile("^1402 "))).to_be_checked()
    go_on(page)
    expect(page.get_by_label("一阶段")).to_be_checked()
    go_on(page)

    today = page.evaluate("new Date().toISOString().slice(0, 10)")
    page.get_by_label("启动日").fill(today)
    page.get_by_label("全部报告截止日").fill("2020-01-01")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("截止日早于启动日")
    page.get_by_label("全部报告截止日").fill(
        page.evaluate("new Date(Date.now() + 90 * 864e5).toISOString().slice(0, 10)")
    )
    go_on(page)
    go_on(page)  # no pilots
    page.get_by_label("致填报单位的说明").fill("请于截止日前完成自查。")
    go_on(page)

    expect(page.get_by_text("已要求相同类别填报的进行中任务")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="启动填报任务").click()
    page.get_by_role("link", name="查看结果").click(timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("救助机构冬季专项（2022）")
    expect(page.get_by_text("全部单位").first).to_be_visible()
    page.get_by_role("link", name=re.compile("步$")).click()
    expect(page.get_by_role("heading", name=re.compile("推进清单"))).to_be_visible()
