"""The board: every number is the count of the list it opens, for everybody who may see it."""

import datetime as dt
import random
import re
import uuid
from html import unescape

import pytest
from django.urls import reverse

from enterprises.enums import DepartmentKind, Role, Scale
from review.domain.tallies.counting import count_marked
from review.enums import FilingState
from review.interfaces.board_lists import count_at
from review.models import Filing
from riskreport.ground import clock
from risks.models import Rating, RatingRule, Risk
from tests import factories

pytestmark = pytest.mark.django_db
COUNTED = re.compile(r'<a class="rr-counted" data-count="(\d+)" href="([^"]+)"[^>]*>([\d,]+)</a>')
TOWNS = (factories.YANGSHE, factories.YUSHAN, factories.HUAQIAO)
CATEGORIES = ("1401", "1402", "1501")
DAY = dt.timedelta(days=1)


def sprinkle(seed: int, many: int = 60):
    """A campaign with obligations of every kind, ledger risks and ratings, the same for the same seed."""
    dice = random.Random(seed)
    campaign = factories.campaign(code=f"board-{seed}")
    today = clock.today()
    rule = RatingRule.objects.get_or_create(version=1, defaults={"title": "规则", "definition": {}})[0]
    for _ in range(many):
        town, code = dice.choice(TOWNS), dice.choice(CATEGORIES)
        unit = factories.enterprise(town=town, category_code=code, scale=dice.choice(Scale.values))
        joined = today - dice.randrange(-5, 40) * DAY
        left = dice.choice([None, None, joined + dice.randrange(0, 50) * DAY])
        filed = dice.choice([None, joined + dice.randrange(0, 30) * DAY])
        state = FilingState.FILED if filed else dice.choice([FilingState.NOT_STARTED, FilingState.DRAFTING])
        Filing.objects.create(
            campaign=campaign, enterprise=unit, department=factories.bureau("civil", town // 1000), town_id=town,
            category_id=code, scale=unit.scale, state=state, joined_on=joined, left_on=left,
            due_on=joined + dice.randrange(0, 40) * DAY, first_filed_on=filed,
            first_filed_at=filed and clock.end_of(filed - DAY), filed_at=filed and clock.end_of(filed - DAY),
        )  # fmt: skip
        if dice.random() < 0.5:
            colour = dice.choice(["red", "orange", "yellow", "blue", "grey"])
            Rating.objects.create(
                enterprise=unit, town_id=town, rule=rule, colour=colour, score=0, rated_at=clock.now()
            )
            put_risk(unit, dice.choice(["major", "larger"]), dice.choice(["active", "closed"]))
    return campaign


def put_risk(unit, level="larger", state="active", **fields):
    return Risk.objects.create(
        enterprise=unit, town_id=unit.town_id, category_id=unit.category_id, name="配电间火灾", place="一层",
        level=level, rank="deputy", responsible_name="吴强", responsible_phone="13711112222", filing_id=1,
        snapshot_id=1, recorded_on=clock.today(), state=state, lineage=uuid.uuid4(),
        closed_on=clock.today() if state == "closed" else None, **fields,
    )  # fmt: skip


def group_over(*codes):
    """An inspection group that watches these regions."""
    group = factories.department(DepartmentKind.INSPECTION, factories.CITY)
    group.areas.set([factories.region(code) for code in codes])
    return group


PEOPLE = {
    "office": lambda: factories.user(Role.OFFICE),
    "county office": lambda: factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN)),
    "city bureau": lambda: factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY)),
    "county bureau": lambda: factories.user(Role.REVIEWER, of=factories.bureau("religion", factories.KUNSHAN)),
    "township": lambda: factories.user(Role.REVIEWER, of=factories.township(factories.HUAQIAO)),
    "inspection": lambda: factories.user(Role.INSPECTOR, of=group_over(factories.YANGSHE, factories.HUAQIAO)),
    "oversight": lambda: factories.user(Role.OVERSIGHT),
}


def links(page: str) -> list[tuple[int, str, str]]:
    return [(int(count), unescape(address), shown) for count, address, shown in COUNTED.findall(page)]


@pytest.mark.parametrize("who", sorted(PEOPLE))
@pytest.mark.parametrize("back", [0, 12])
def test_every_number_is_the_count_of_the_list_it_opens(client, who, back):
    campaign = sprinkle(seed=back + 1)
    person = PEOPLE[who]()
    client.force_login(person)
    day = clock.today() - back * DAY
    asked = {"campaign": campaign.code, "as_of": day.isoformat()}
    narrowings = [{}, {"county": str(factories.KUNSHAN)}, {"sector": "14"}] if who == "office" else [{}]
    for narrowing in narrowings:
        answer = client.get(reverse("board"), asked | narrowing)
        found = links(answer.content.decode())
        assert len(found) > 15
        assert sum(count for count, _address, _shown in found) > 0
        for count, address, shown in found:
            sheet = "risks" if address.startswith(reverse("risks")) else "filings"
            assert count_at(address, person, sheet) == count, address
            assert shown.replace(",", "") == str(count)
        for count, address, _shown in found[:3] + found[-2:]:
            page = client.get(address)
            assert page.context["list"].page.count == count
            assert not page.context["list"].problem


def test_a_number_outside_the_scope_is_never_counted(client):
    campaign = sprinkle(seed=5)
    client.force_login(PEOPLE["township"]())
    answer = client.get(reverse("board"), {"campaign": campaign.code})
    board = answer.context["asked"].board
    assert set(board.row_names) == {factories.HUAQIAO}
    assert board.rows == "town"
    elsewhere = client.get(reverse("board"), {"campaign": campaign.code, "county": factories.ZHANGJIAGANG})
    assert elsewhere.context["asked"].board.total.expected == 0


@pytest.mark.parametrize("many", [1, 3])
def test_the_board_costs_the_same_queries_however_much_stands_behind_it(client, django_assert_num_queries, many):
    campaign = factories.campaign()
    for number in range(many):
        factories.filing(campaign=campaign, of=factories.enterprise(town=TOWNS[number]))
    client.force_login(factories.user(Role.OFFICE))
    client.get(reverse("board"))
    count_marked()
    with django_assert_num_queries(15):
        client.get(reverse("board"))


def test_districts_link_to_their_towns_and_sectors_to_their_categories(client):
    campaign = sprinkle(seed=7)
    client.force_login(PEOPLE["office"]())
    answer = client.get(reverse("board"), {"campaign": campaign.code, "county": factories.KUNSHAN, "sector": "14"})
    board = answer.context["asked"].board
    assert (board.rows, board.columns) == ("town", "category")
    assert set(board.row_names) <= {factories.YUSHAN, factories.HUAQIAO}
    assert set(board.column_names) <= {"1401", "1402"}
    assert [pill["words"] for pill in answer.context["pills"]] == ["昆山", "民政"]


@pytest.mark.parametrize(
    ("asked", "problem"), [("2022-13-45", "2022-13-45"), ("soon", "soon"), ("2999-01-01", "2999-01-01")]
)
def test_a_day_that_cannot_be_shows_today_and_says_so(client, asked, problem):
    factories.filing()
    client.force_login(PEOPLE["office"]())
    answer = client.get(reverse("board"), {"as_of": asked})
    assert answer.context["asked"].as_of == clock.today()
    assert problem in answer.content.decode()


def test_an_unknown_campaign_is_not_found(client):
    factories.campaign()
    client.force_login(PEOPLE["office"]())
    assert client.get(reverse("board"), {"campaign": "none"}).status_code == 404


def test_before_the_first_campaign_the_board_says_so(client):
    factories.campaign(state="draft")
    client.force_login(PEOPLE["office"]())
    answer = client.get(reverse("board"))
    assert answer.status_code == 200
    assert answer.templates[0].name == "review/board/none.html"


def test_enterprises_and_the_operator_do_not_open_the_board(client):
    for role in (Role.ENTERPRISE_USER, Role.OPERATOR):
        client.force_login(factories.user(role))
        assert client.get(reverse("board")).status_code == 403


def test_the_lead_says_what_is_needed_a_day(client):
    campaign = factories.campaign(due_on=clock.today() + 2 * DAY)
    for _ in range(3):
        factories.filing(campaign=campaign)
    client.force_login(PEOPLE["office"]())
    lead = client.get(reverse("board"), {"campaign": campaign.code}).context["lead"]
    assert {"3", "2"} <= set(re.findall(r"\d+", lead))


def test_a_number_in_the_address_that_is_none_is_ignored(client):
    factories.filing()
    client.force_login(PEOPLE["office"]())
    assert client.get(reverse("board"), {"county": "昆山", "sector": "☃☃☃☃☃"}).status_code == 200
