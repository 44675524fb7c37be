"""Every entry of every role's navigation opens in a real browser, fits the screen and breaks no policy."""

import pytest

from tests.live import sign_in


def one_account_per_role(site) -> list[dict]:
    return list({account["role"]: account for account in reversed(site.accounts())}.values())


@pytest.mark.parametrize("width", [1280, 390])
def test_every_entry_of_every_navigation_opens(site, new_page, width):
    accounts = one_account_per_role(site)
    assert len(accounts) >= 7
    faults, opened = [], 0
    for account in accounts:
        page = new_page(width)
        sign_in(page, account)
        entries = page.eval_on_selector_all("nav a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
        assert entries, f"{account['account']} has no navigation"
        for address in dict.fromkeys(entries):
            answer = page.goto(address)
            opened += 1
            excess = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if not answer.ok or excess > 0:
                faults.append(f"{account['account']} {address}: {answer.status}, {excess} px too wide")
    assert faults == []
    assert opened > 3 * len(accounts)


def test_the_sign_in_page_speaks_chinese_and_english(new_page):
    page = new_page()
    page.goto("/sign-in/")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.click("button[lang=en]")
    page.wait_for_function("document.documentElement.lang === 'en'")
