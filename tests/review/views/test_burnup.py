"""The page of the course and forecast: sentences, tables, chart and workbook say the same."""

import datetime as dt
import re
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.domain.tallies.counting import count_marked
from review.models import Campaign, Filing
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)
TOWNS = (factories.YANGSHE, factories.YUSHAN, factories.HUAQIAO)


def began(weeks: int, *, filed: tuple[int, ...], units: int = 20) -> Campaign:
    """A campaign that began so many weeks ago; of its units so many were filed in each week."""
    opens = clock.today() - weeks * WEEK
    campaign = factories.campaign(opens_on=opens, due_on=opens + 30 * WEEK)
    days = [opens + number * WEEK + dt.timedelta(days=2) for number, count in enumerate(filed) for _one in range(count)]
    for number in range(units):
        town = TOWNS[number % 3]
        day = days[number] if number < len(days) else None
        Filing.objects.create(
            campaign=campaign,
            enterprise=factories.enterprise(town=town),
            department=factories.bureau("civil", town // 1000),
            town_id=town,
            category_id="1401",
            scale="none",
            joined_on=opens,
            due_on=campaign.due_on,
            first_filed_on=day,
            first_filed_at=day and clock.end_of(day),
        )
    return campaign


@pytest.fixture
def office(client):
    client.force_login(factories.user(Role.OFFICE))
    return client


def words_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_it_says_where_it_stands_and_when_it_ends(office):
    began(4, filed=(2, 1, 3, 2))
    answer = office.get(reverse("burnup"))
    burnup = answer.context["burnup"]
    assert (burnup.whole.figures.expected, burnup.whole.figures.actual) == (20, 8)
    assert burnup.whole.forecast.outlook == "band"
    said = " ".join(answer.context["sentences"])
    assert "应报20家，已报8家，报送率40.0%" in said
    assert f"最可能在{burnup.whole.forecast.likely}前后" in said
    assert [part.dimension for part in burnup.parts] == ["district", "sector"]
    assert {line.figures.expected for line in burnup.parts[0].lines} == {7, 13}
    ends = answer.context["chart"]["ends"]
    assert ends["likely"] == [[clock.today().isoformat(), 40.0], [burnup.whole.forecast.likely.isoformat(), 100]]
    assert [share for _day, share in answer.context["chart"]["actual"]][-1] == 40.0


@pytest.mark.parametrize(
    ("weeks", "filed", "said"),
    [
        (2, (1, 1), "数据太少"),
        (5, (1, 0, 0, 0, 0), "无法完成"),
        (5, (20,), "已全部上报"),
    ],
)
def test_what_cannot_be_forecast_is_said(office, weeks, filed, said):
    began(weeks, filed=filed)
    answer = office.get(reverse("burnup"))
    assert said in words_of(answer)
    assert answer.context["chart"]["ends"] == {}


def test_the_address_narrows_it_and_each_name_leads_further(office):
    campaign = began(4, filed=(2, 1, 3, 2))
    answer = office.get(reverse("burnup"), {"campaign": campaign.code, "county": factories.KUNSHAN})
    assert answer.context["burnup"].whole.figures.expected == 13
    assert answer.context["burnup"].parts[0].dimension == "town"
    assert "昆山" in [str(pill["words"]) for pill in answer.context["pills"]]
    line = answer.context["burnup"].parts[1].lines[0]
    assert "sector=14" in line.url
    assert f"county={factories.KUNSHAN}" in line.url
    assert office.get(line.url).context["burnup"].parts[1].lines[0].code == "1401"
    scaled = office.get(reverse("burnup"), {"scale": "above"})
    assert scaled.context["burnup"].whole.figures.expected == 0
    assert office.get(reverse("burnup"), {"campaign": "nowhere"}).status_code == 404


def test_a_person_of_a_county_sees_that_county(client):
    began(4, filed=(2, 1, 3, 2))
    client.force_login(factories.user(Role.REVIEWER))
    burnup = client.get(reverse("burnup")).context["burnup"]
    assert (burnup.whole.figures.expected, burnup.parts[0].dimension) == (13, "town")


def test_the_workbook_holds_the_tables(office):
    began(4, filed=(2, 1, 3, 2))
    answer = office.get(reverse("burnup_workbook"))
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["逐周", "区（县级市）", "行业领域"]
    weeks, areas = book.worksheets[0], book.worksheets[1]
    assert [row[2].value for row in weeks.iter_rows(min_row=2)] == [0, 2, 3, 6, 8]
    assert [cell.value for cell in list(areas.rows)[-1]][1:3] == [20, 8]


@pytest.mark.parametrize("many", [1, 3])
def test_it_costs_the_same_queries_however_much_stands_behind_it(office, django_assert_num_queries, many):
    began(4, filed=(1,), units=many)
    office.get(reverse("burnup"))
    count_marked()
    with django_assert_num_queries(14):
        office.get(reverse("burnup"))


def test_without_a_campaign_it_says_so(office):
    assert office.get(reverse("burnup")).status_code == 200
    assert office.get(reverse("burnup_workbook")).status_code == 404
