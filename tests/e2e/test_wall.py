"""The wall in a real Chromium: pages turn, figures come anew, the last ones stay while the server is away."""

import pytest

from tests.live import sign_in

SIZE = {"width": 1920, "height": 1080}
REFRESH = "() => dispatchEvent(new Event('online'))"  # what a browser says when the network is back


@pytest.fixture
def office(new_page, site):
    page = new_page()
    sign_in(page, next(one for one in site.accounts() if one["account"] == "demo-office"))
    return page


@pytest.fixture
def wall(office, new_page):
    """A screen that shows a new display."""
    office.goto("/displays/")
    office.fill("input[name=name]", "三楼会议室")
    task = office.locator("select[name=campaign] option", has_text="重点行业领域").first.get_attribute("value")
    office.select_option("select[name=campaign]", task)  # whatever newer task another test launches meanwhile
    office.click("form:has(input[name=name]) [type=submit]")
    address = office.inner_text("#display-address")
    page = new_page()
    page.set_viewport_size(SIZE)
    page.goto(address)
    return page


def shown(page) -> str:
    return page.get_attribute(".wall-page.is-shown", "data-page")


def test_pages_turn_by_the_keys_and_stand_while_paused(wall):
    assert shown(wall) == "overview"
    wall.keyboard.press(" ")
    assert wall.is_visible("#wall-paused")
    seen = []
    for _ in range(wall.locator(".wall-page").count()):
        seen.append(shown(wall))
        assert wall.locator(".wall-dots i.is-shown").count() == 1
        wall.keyboard.press("ArrowRight")
    assert {"overview", "map", "ranking", "matrix", "colours"} <= set(seen)
    assert shown(wall) == "overview"
    wall.keyboard.press("ArrowLeft")
    assert shown(wall) == seen[-1]


def test_nothing_is_cut_off_and_all_is_read_from_five_metres(wall):
    wall.keyboard.press(" ")
    for _ in range(wall.locator(".wall-page").count()):
        wall.wait_for_timeout(700)
        below = wall.evaluate("document.querySelector('.wall-foot').getBoundingClientRect().top")
        texts = wall.eval_on_selector_all(
            ".wall-page.is-shown *",
            """all => all.filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
                .filter(one => !one.classList.contains('wall-hidden'))
                .map(one => [one.getBoundingClientRect(), parseFloat(getComputedStyle(one).fontSize)])
                .map(([box, size]) => [box.right, box.bottom, size])""",
        )
        assert all(right <= 1921 and bottom <= below + 1 for right, bottom, _size in texts), shown(wall)
        assert min(size for _right, _bottom, size in texts) >= 32, shown(wall)
        wall.keyboard.press("ArrowRight")


def test_the_last_figures_stay_while_the_server_is_away_and_it_comes_back(wall):
    wall.keyboard.press("ArrowRight")
    before, page = wall.inner_text(".wall-page.is-shown"), shown(wall)
    for away in (lambda route: route.abort(), lambda route: route.fulfill(status=503)):
        wall.route("**/figures/", away)
        wall.evaluate(REFRESH)
        wall.wait_for_selector("#wall-away:not([hidden])")
        assert "正在重新连接" in wall.inner_text("#wall-away")
        assert wall.inner_text("#wall-as-of")
        assert (shown(wall), wall.inner_text(".wall-page.is-shown")) == (page, before)
        wall.unroute("**/figures/")
        wall.wait_for_selector("#wall-away", state="hidden")  # by itself, at the next try
        assert wall.inner_text(".wall-page.is-shown") == before


def test_nothing_gathers_however_often_it_is_fetched(wall):
    wall.keyboard.press(" ")

    def refresh():
        with wall.expect_response("**/figures/"):
            wall.evaluate(REFRESH)
        wall.wait_for_timeout(50)

    refresh()
    first = wall.evaluate("document.querySelectorAll('*').length")
    for _ in range(20):
        refresh()
    assert wall.evaluate("document.querySelectorAll('*').length") == first
    assert wall.context.cookies() == []


def test_a_revoked_display_is_cleared(wall, office):
    office.goto("/displays/")
    office.on("dialog", lambda dialog: dialog.accept())
    office.click("form[action$='/revoke/'] button")
    office.wait_for_load_state()
    wall.evaluate(REFRESH)
    wall.wait_for_selector(".wall-note")
    assert "已被收回" in wall.inner_text("#wall-pages")
    assert "%" not in wall.inner_text("#wall-pages")
