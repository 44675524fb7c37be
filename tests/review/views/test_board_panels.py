"""The panels of the board: every number opens the list it counts, each fails alone, nobody sees beyond their scope."""

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlsplit

import pikepdf
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from enterprises.enums import DepartmentKind, RegionLevel, Role, Scale
from enterprises.models import User
from review.domain.tallies.counting import count_marked
from review.enums import FilingState, Light, VisitOutcome
from review.interfaces.board_lists import count_at
from review.interfaces.panels import registry
from review.interfaces.panels.registry import all_panels, get_panel
from review.interfaces.panels.tables import Number, plain
from review.models import Campaign, Filing, Milestone, Visit
from review.queries.board import Narrowing
from review.queries.scope import filings_for_user
from riskreport.ground import clock
from tests import factories
from tests.review.views.test_board import DAY, PEOPLE, group_over, links, put_risk, sprinkle

pytestmark = pytest.mark.django_db
NAMES = [panel.name for panel in all_panels()]
SHEETS = {"filings": "filings", "risks": "risks", "visits": "visits"}
LOST = "这一部分没能读出"


def world(seed: int) -> Campaign:
    """A city with filings of every kind, risks of every accident type, and visits of every level and outcome."""
    campaign, dice = sprinkle(seed), random.Random(seed)
    Milestone.objects.create(campaign=campaign, name="半程", due_on=clock.today(), percent=60)
    for filing in Filing.objects.filter(campaign=campaign).exclude(first_filed_on=None):
        filing.risks_larger = dice.choice([0, 0, 1])
        filing.save(update_fields=["risks_larger"])
        for number in range(dice.choice([0, 1, 2])):
            outcome = dice.choice(VisitOutcome.values)
            day = clock.today() - (dice.randrange(0, 20) + number * 20) * DAY
            Visit.objects.create(
                filing=filing, level=dice.choice(RegionLevel.values), department=filing.department, visited_on=day,
                outcome=outcome, rectify_by=day + 5 * DAY if outcome == VisitOutcome.RECTIFY else None,
            )  # fmt: skip
    for level in ("major", "larger"):
        put_risk(filing.enterprise, level, accident_type=factories.accident_type())
    return campaign


def drawn(client, name: str, campaign: Campaign, **asked) -> str:
    address = reverse("board_panel", args=[name])
    answer = client.get(address, {"campaign": campaign.code} | asked, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def asked_by(user: User, campaign: Campaign, as_of: dt.date | None = None, **narrowing) -> registry.BoardRequest:
    from enterprises.queries.scope import scope_for

    day = as_of or clock.today()
    return registry.BoardRequest(user, campaign, day, clock.today(), scope_for(user), Narrowing(**narrowing))


def rows_of(name: str, asked: registry.BoardRequest, table: int = 0) -> dict[str, list]:
    """The rows of a panel's table by their name, as the workbook holds them."""
    panel = get_panel(name)
    found = panel.tables(asked, panel.read(asked))[table]
    return {
        str(plain(row[0])): [plain(cell) for cell in row[1:]] for row in (*found.rows, *filter(None, [found.total]))
    }


# --- every number opens the list it counts --------------------------------------------------------------------------
@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_every_number_of_every_panel_is_the_count_of_the_list_it_opens(client, who):
    campaign = world(seed=11)
    person = PEOPLE[who]()
    group = group_over(factories.ZHANGJIAGANG, factories.HUAQIAO)
    bureau = factories.bureau("religion", factories.CITY)
    client.force_login(person)
    views: list[dict] = [{}]
    if who == "office":
        views += [
            {"county": factories.KUNSHAN, "as_of": (clock.today() - 12 * DAY).isoformat()},
            {"sector": "14", "town": factories.YUSHAN},
            {"seen_by": group.code},
            {"seen_by": bureau.code, "county": factories.ZHANGJIAGANG},
        ]
    for asked in views:
        for name in NAMES:
            found = links(drawn(client, name, campaign, **asked))
            for count, address, shown in found:
                sheet = SHEETS[urlsplit(address).path.strip("/")]
                assert count_at(address, person, sheet) == count, (name, asked, address)
                assert shown.replace(",", "") == str(count)
            assert found or not get_panel(name).fits(client_board(client, campaign, asked)), (name, asked)


def client_board(client, campaign: Campaign, asked: dict) -> registry.BoardRequest:
    return client.get(reverse("board"), {"campaign": campaign.code} | asked).context["asked"]


def test_the_numbers_of_the_files_are_those_of_the_page(client):
    campaign = world(seed=12)
    person = PEOPLE["office"]()
    asked = asked_by(person, campaign)
    for panel in all_panels():
        for table in panel.tables(asked, panel.read(asked)):
            assert all(len(row) == len(table.headings) for row in (*table.rows, *filter(None, [table.total])))
            for cell in (cell for row in table.rows for cell in row if isinstance(cell, Number)):
                sheet = SHEETS[urlsplit(cell.address).path.strip("/")]
                assert count_at(cell.address, person, sheet) == cell.count, (panel.name, cell.address)


def test_the_lists_of_a_board_open_as_pages(client):
    campaign = world(seed=13)
    client.force_login(PEOPLE["office"]())
    group = group_over(factories.ZHANGJIAGANG, factories.HUAQIAO)
    for name in ("lines", "risks", "visits", "zero_risk"):
        count, address, _shown = links(drawn(client, name, campaign, seen_by=group.code))[-1]
        page = client.get(address)
        assert page.context["list"].page.count == count
        assert not page.context["list"].problem
        assert group.label in page.content.decode()


# --- each fails alone -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("broken", NAMES)
def test_a_panel_that_fails_leaves_the_others_whole(client, monkeypatch, broken):
    campaign = factories.filing().campaign

    def fail(asked):
        raise RuntimeError("no figures")

    monkeypatch.setitem(registry._panels, broken, replace(get_panel(broken), read=fail))
    client.force_login(PEOPLE["office"]())
    page = client.get(reverse("board"), {"campaign": campaign.code})
    assert page.status_code == 200
    found = {one.panel.name: one for one in page.context["panels"]}
    assert {name for name, one in found.items() if one.is_lost} == (
        {broken} if get_panel(broken).at_once else set()
    ) & set(found)
    assert LOST in drawn(client, broken, campaign)
    for name in set(NAMES) - {broken}:
        assert LOST not in drawn(client, name, campaign), name


def test_a_panel_opens_by_itself_without_script(client):
    campaign = factories.filing().campaign
    client.force_login(PEOPLE["office"]())
    for name in NAMES:
        page = client.get(reverse("board_panel", args=[name]), {"campaign": campaign.code})
        assert page.status_code == 200
        assert "<main" in page.content.decode()
    assert client.get(reverse("board_panel", args=["none"])).status_code == 404


def test_what_is_not_in_sight_is_not_read(client, django_assert_num_queries):
    campaign = factories.filing().campaign
    client.force_login(PEOPLE["office"]())
    page = client.get(reverse("board"), {"campaign": campaign.code})
    waiting = {one.panel.name for one in page.context["panels"] if not one.body}
    assert waiting == {"places", "matrix", "ranking", "zero_risk", "states", "colours", "risks", "visits"}
    assert "states" not in vars(page.context["asked"].board)


def test_a_panel_is_shown_to_whom_its_rule_lets_in(client, monkeypatch):
    from enterprises.rules import is_office

    campaign = factories.filing().campaign
    monkeypatch.setitem(registry._panels, "visits", replace(get_panel("visits"), opens=is_office))
    for who, status in (("office", 200), ("oversight", 403)):
        client.force_login(PEOPLE[who]())
        shown = {one.panel.name for one in client.get(reverse("board")).context["panels"]}
        assert ("visits" in shown) == (status == 200)
        address = reverse("board_panel", args=["visits"])
        assert client.get(address, {"campaign": campaign.code}).status_code == status


def test_two_panels_of_one_name_are_refused():
    with pytest.raises(ValueError, match="registered already"):
        registry.register_panel(get_panel("figures"))


QUERIES = {
    "figures": 9, "areas": 9, "lines": 9, "scales": 9, "places": 9, "matrix": 9, "ranking": 10, "zero_risk": 10,
    "states": 10, "colours": 11, "risks": 12, "visits": 10,
}  # fmt: skip


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_a_panel_costs_the_same_queries_however_much_stands_behind_it(django_assert_num_queries, name, many):
    campaign = factories.campaign()
    for number in range(many):
        unit = factories.enterprise(town=(factories.YANGSHE, factories.YUSHAN, factories.HUAQIAO)[number])
        filing = factories.filing(campaign=campaign, of=unit)
        put_risk(unit, accident_type=factories.accident_type())
        put_risk(unit)
        Visit.objects.create(
            filing=filing, level="town", department=filing.department, visited_on=clock.today(), outcome="passed"
        )
    person = PEOPLE["office"]()
    count_marked()
    with django_assert_num_queries(QUERIES[name]):
        assert not registry.shown(asked_by(person, Campaign.objects.get(pk=campaign.pk)), get_panel(name)).is_lost


# --- who sees what --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_no_choice_in_the_address_shows_more_than_the_own_scope(client, who):
    campaign = sprinkle(seed=21)
    person = PEOPLE[who]()
    everything = group_over(factories.CITY)
    religion = factories.bureau("religion", factories.CITY)
    day = clock.today()
    theirs = filings_for_user(person).filter(campaign=campaign)
    whole = asked_by(person, campaign).board.total.expected
    assert whole <= theirs.count()
    for narrowing in (
        {"seen_by": everything.code},
        {"seen_by": religion.code},
        {"seen_by": "nobody"},
        {"county": factories.ZHANGJIAGANG},
        {"town": factories.YUSHAN},
        {"sector": "15"},
    ):
        asked = asked_by(person, campaign, day, **narrowing)
        towns = set(theirs.values_list("town_id", flat=True))
        assert asked.board.total.expected <= whole
        seen = {code for code in asked.board.row_names if asked.board.rows == "town"}
        assert seen <= towns
    assert asked_by(person, campaign, seen_by=everything.code).board.total.expected == whole
    assert asked_by(person, campaign, seen_by="nobody").board.total.expected == 0


def test_the_office_sees_the_board_as_an_inspection_group_and_as_a_department_see_theirs():
    campaign = sprinkle(seed=22)
    office = PEOPLE["office"]()
    group = factories.department(DepartmentKind.INSPECTION, factories.CITY)
    group.areas.set([factories.region(factories.ZHANGJIAGANG), factories.region(factories.HUAQIAO)])
    bureau = factories.bureau("religion", factories.CITY)
    for body, role in ((group, Role.OVERSIGHT), (bureau, Role.REVIEWER)):
        own = asked_by(factories.user(role, of=body), campaign).board
        seen = asked_by(office, campaign, seen_by=body.code).board
        assert own.total == seen.total
        assert own.total.expected > 0
        assert own.cells == seen.cells
        assert own.levels == seen.levels


def test_only_the_office_is_offered_the_views_of_others(client):
    factories.filing()
    group_over(factories.CITY)
    factories.bureau("religion", factories.CITY)
    for who, offered in (("office", True), ("county office", True), ("oversight", False), ("township", False)):
        client.force_login(PEOPLE[who]())
        fields = {field["name"] for field in client.get(reverse("board")).context["choice"]}
        assert ("seen_by" in fields) == offered, who


def test_the_choice_is_said_in_pills_that_take_it_away(client):
    campaign = sprinkle(seed=23)
    group = group_over(factories.KUNSHAN)
    client.force_login(PEOPLE["office"]())
    asked = {"county": factories.KUNSHAN, "town": factories.YUSHAN, "sector": "14", "seen_by": group.code}
    pills = client.get(reverse("board"), {"campaign": campaign.code} | asked).context["pills"]
    assert [pill["words"] for pill in pills] == ["昆山", "玉山镇", "民政", group.label]
    assert "town" not in pills[0]["url"]
    assert "county" in pills[1]["url"]
    assert "seen_by" not in pills[3]["url"]


def test_a_town_of_another_county_is_left_out(client):
    campaign = sprinkle(seed=24)
    client.force_login(PEOPLE["office"]())
    asked = {"campaign": campaign.code, "county": factories.ZHANGJIAGANG, "town": factories.YUSHAN}
    board = client.get(reverse("board"), asked).context["asked"].board
    assert set(board.row_names) == {factories.YANGSHE}


# --- what each panel says, worked out by hand -----------------------------------------------------------------------
def filed(campaign: Campaign, town: int, category: str = "1401", *, days_ago: int | None = 0, **fields) -> Filing:
    """An obligation of a hundred days ago, filed so many days ago or not at all."""
    unit = factories.enterprise(town=town, category_code=category)
    day = None if days_ago is None else clock.today() - days_ago * DAY
    return Filing.objects.create(
        campaign=campaign, enterprise=unit, department=factories.bureau("civil", town // 1000), town_id=town,
        category_id=category, joined_on=clock.today() - 100 * DAY, due_on=clock.today() + 100 * DAY,
        state=FilingState.FILED if day else FilingState.NOT_STARTED, first_filed_on=day,
        first_filed_at=day and clock.end_of(day - DAY), filed_at=day and clock.end_of(day - DAY),
        **{"scale": Scale.UNSCALED} | fields,
    )  # fmt: skip


@pytest.fixture
def office():
    return PEOPLE["office"]()


@pytest.fixture
def half_way():
    """A campaign half of whose time is over: the plan asks for half."""
    today = clock.today()
    return factories.campaign(opens_on=today - 100 * DAY, due_on=today + 100 * DAY)


def test_the_lights_of_areas_lines_and_cells(office, half_way):
    for town, category, ago, many in (
        (factories.YANGSHE, "1401", 1, 7), (factories.YANGSHE, "1401", None, 3),
        (factories.YUSHAN, "1401", 1, 2), (factories.YUSHAN, "1501", None, 3),
    ):  # fmt: skip
        for _ in range(many):
            filed(half_way, town, category, days_ago=ago)
    page = asked_by(office, half_way).page
    assert page.board.plans.share() == Decimal("0.5")
    stands = {code: page.light(one, code) for code, one in page.board.by_row.items()}
    assert stands == {factories.ZHANGJIAGANG: Light.AHEAD, factories.KUNSHAN: Light.ON}
    assert page.light(page.board.by_column["15"], None, "15") == Light.BEHIND
    matrix = rows_of("matrix", asked_by(office, half_way))
    assert matrix["张家港"][0] == "▲ 70.0% (7/10)"
    assert matrix["昆山"] == ["▲ 100.0% (2/2)", "▼ 0.0% (0/3)", "40.0%"]
    assert rows_of("areas", asked_by(office, half_way))["昆山"] == [5, 2, 2, "40.0%", "40.0%", 3, "50.0%", "进度正常"]
    assert rows_of("lines", asked_by(office, half_way))["宗教"] == [3, 0, 0, "0.0%", "0.0%", 3, "50.0%", "进度滞后"]


def test_each_scale_has_its_own_plan_and_the_whole_is_weighed(office, half_way):
    Milestone.objects.create(campaign=half_way, name="规上", scale=Scale.ABOVE, due_on=clock.today(), percent=100)
    for scale, ago, many in ((Scale.ABOVE, 1, 3), (Scale.BELOW, None, 1)):
        for _ in range(many):
            filed(half_way, factories.YUSHAN, days_ago=ago, scale=scale)
    rows = rows_of("scales", asked_by(office, half_way))
    assert [row[-2:] for row in rows.values()] == [["100.0%", "进度正常"], ["50.0%", "进度滞后"]]
    assert asked_by(office, half_way).board.plans.share() == Decimal("0.875")


def test_the_ranking_says_ties_places_and_points_since_last_week(office, half_way):
    for town, category, ago in (
        (factories.YANGSHE, "1401", 9), (factories.YANGSHE, "1501", None),
        (factories.YUSHAN, "1401", 6), (factories.YUSHAN, "1401", 7), (factories.YUSHAN, "1501", 8),
    ):  # fmt: skip
        filed(half_way, town, category, days_ago=ago)
    areas = rows_of("ranking", asked_by(office, half_way))
    assert list(areas) == ["昆山", "张家港"]
    assert areas["昆山"] == ["1", "100.0%", 3, 3, "进度超前", "—", "+33.3"]
    assert areas["张家港"] == ["2", "50.0%", 1, 2, "进度正常", "—", "+0.0"]
    lines = rows_of("ranking", asked_by(office, half_way), table=1)
    assert lines["民政"][:2] == ["1", "100.0%"]
    filed(half_way, factories.YANGSHE, "1501", days_ago=1)
    filed(half_way, factories.YANGSHE, "1501", days_ago=1)
    filed(half_way, factories.YUSHAN, "1401", days_ago=None)
    areas = rows_of("ranking", asked_by(office, half_way))
    assert [areas[name][0] for name in ("张家港", "昆山")] == ["1（并列）", "1（并列）"]
    assert [areas[name][5] for name in ("张家港", "昆山")] == ["▲ 1", "—"]


def test_zero_risk_shares_and_what_stands_out(office, half_way):
    for _ in range(12):
        filed(half_way, factories.YANGSHE, "1401")
    for _ in range(30):
        filed(half_way, factories.YUSHAN, "1501", risks_larger=1)
    filed(half_way, factories.YUSHAN, "1501")
    filed(half_way, factories.YUSHAN, "1501", days_ago=None)
    areas = rows_of("zero_risk", asked_by(office, half_way))
    assert (areas["张家港"][:3], areas["张家港"][-1]) == ([12, 12, "100.0%"], "偏高")
    assert (areas["昆山"][:3], areas["昆山"][-1]) == ([31, 1, "3.2%"], "—")
    lines = rows_of("zero_risk", asked_by(office, half_way), table=1)
    assert (lines["民政"][:2], lines["宗教"][:2], lines["合计"][:2]) == ([12, 12], [31, 1], [43, 13])


def test_the_ledger_by_level_place_and_accident_type(office, half_way):
    here, there = (factories.enterprise(town=town) for town in (factories.YUSHAN, factories.YANGSHE))
    type_of = factories.accident_type()
    put_risk(here, "major", accident_type=type_of)
    put_risk(here, "larger", accident_type=type_of)
    put_risk(here, "larger", "closed", accident_type=type_of)
    put_risk(there, "larger")
    asked = asked_by(office, half_way)
    levels = rows_of("risks", asked)
    assert list(levels.values()) == [[1], [2], [3]]
    assert rows_of("risks", asked, table=1) == {"张家港": [0, 1, 1], "昆山": [1, 1, 2], "合计": [1, 2, 3]}
    assert rows_of("risks", asked, table=2)[type_of.label] == [1, 1, 2]
    assert rows_of("risks", asked, table=2)["未写明"] == [0, 1, 1]
    town = rows_of("risks", asked_by(office, half_way, county=factories.KUNSHAN), table=1)
    assert town == {"玉山镇": [1, 1, 2], "合计": [1, 1, 2]}


def test_who_does_not_handle_the_one_sector_of_a_campaign_is_shown_no_ledger(office):
    religion = factories.campaign(categories=("1501",))
    civil = factories.user(Role.REVIEWER, of=factories.bureau("civil"))
    own = factories.user(Role.REVIEWER, of=factories.bureau("religion"))
    assert {
        who: "risks" in {panel.name for panel in registry.panels_for(asked_by(person, religion))}
        for who, person in {"office": office, "civil": civil, "own": own}.items()
    } == {"office": True, "civil": False, "own": True}


def test_visits_by_level_and_outcome_and_the_faults_still_open(office, half_way):
    today = clock.today()
    one, two = filed(half_way, factories.YUSHAN), filed(half_way, factories.YANGSHE)

    def visit(filing: Filing, ago: int, level: str, outcome: str, mend_after: int | None = None) -> None:
        day = today - ago * DAY
        by = None if mend_after is None else day + mend_after * DAY
        Visit.objects.create(
            filing=filing, level=level, department=filing.department, visited_on=day, outcome=outcome, rectify_by=by
        )

    visit(one, 20, "town", "rectify", 5)
    visit(one, 10, "county", "rectify", 3)
    visit(two, 9, "town", "enforcement")
    visit(two, 9, "city", "rectify", 30)
    visit(two, 30, "city", "passed")
    rows = rows_of("visits", asked_by(office, half_way))
    assert rows["镇（街道）"] == [2, 0, 1, 0, 1, 1, 0]
    assert rows["区（县级市）"] == [1, 0, 1, 0, 0, 1, 1]
    assert rows["市"] == [2, 1, 1, 0, 0, 1, 0]
    assert rows["合计"] == [5, 1, 3, 0, 1, 3, 1]
    before = rows_of("visits", asked_by(office, half_way, today - 15 * DAY))
    assert before["合计"] == [2, 1, 1, 0, 0, 1, 0]


def test_the_map_and_the_tiles_lead_to_the_boards_of_their_places(client, office):
    campaign = sprinkle(seed=31)
    client.force_login(office)
    page = drawn(client, "places", campaign)
    assert page.count("<svg") >= 1
    assert f"county={factories.KUNSHAN}" in page
    towns = drawn(client, "places", campaign, county=factories.KUNSHAN)
    assert "rr-map" not in towns
    assert f"town={factories.HUAQIAO}" in towns


# --- the files ------------------------------------------------------------------------------------------------------
def test_the_workbook_holds_what_the_panels_say(client, office):
    campaign = world(seed=41)
    client.force_login(office)
    narrowed = {"campaign": campaign.code, "county": factories.KUNSHAN}
    answer = client.get(reverse("board_workbook"), narrowed)
    book = load_workbook(BytesIO(answer.content))
    asked = asked_by(office, campaign, county=factories.KUNSHAN)
    kept = [panel for panel in all_panels() if panel.in_workbook and panel.fits(asked)]
    assert len(book.sheetnames) == sum(len(panel.tables(asked, panel.read(asked))) for panel in kept) + 1
    rows = {row[0]: list(row[1:]) for row in book["按地区"].iter_rows(min_row=2, values_only=True)}
    assert rows == rows_of("areas", asked)
    assert ("区（县级市）", "昆山") in list(book["说明"].iter_rows(values_only=True))


def test_the_files_are_whole_without_a_panel_that_fails(client, office, monkeypatch):
    campaign = factories.filing().campaign

    def fail(asked):
        raise RuntimeError("no figures")

    monkeypatch.setitem(registry._panels, "visits", replace(get_panel("visits"), read=fail))
    client.force_login(office)
    book = load_workbook(BytesIO(client.get(reverse("board_workbook")).content))
    assert ("无法读取", "现场核查") in list(book["说明"].iter_rows(values_only=True))
    paper = client.get(reverse("board_paper"), {"campaign": campaign.code})
    assert paper["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(paper.content)) as pdf:
        left, bottom, right, top = (float(side) for side in pdf.pages[0].mediabox)
        assert right - left > top - bottom
        assert 1 <= len(pdf.pages) <= 3


def test_before_the_first_campaign_there_is_no_file(client, office):
    client.force_login(office)
    for name in ("board_workbook", "board_paper"):
        assert client.get(reverse(name)).status_code == 404
