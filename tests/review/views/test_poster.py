"""The wall chart on A1: one page, the office's own region, the board's own figures."""

import io

import pikepdf
import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.enums import FilingState
from review.interfaces.poster import poster_data
from review.queries.poster import read_poster
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    row = factories.campaign()
    row.milestones.create(name="完成四成", due_on=clock.today(), percent=40)
    for town, category, state in (
        (factories.HUAQIAO, "1401", FilingState.FILED),
        (factories.HUAQIAO, "1401", FilingState.NOT_STARTED),
        (factories.YANGSHE, "1501", FilingState.NOT_STARTED),
    ):
        factories.filing(state, of=factories.enterprise(town=town, category_code=category), campaign=row)
    return row


def test_it_is_one_sheet_of_a1(client, task):
    client.force_login(factories.user(Role.OFFICE))
    answer = client.get(reverse("poster"), {"campaign": task.code})
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = pikepdf.open(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    width, height = (float(size) / 72 * 25.4 for size in pages[0].mediabox[2:])
    assert (round(width), round(height)) == (841, 594)
    assert client.get(reverse("poster"), {"campaign": "none"}).status_code == 404


def test_it_says_what_the_board_says(task):
    factories.office(factories.KUNSHAN)
    data = poster_data(read_poster(campaign=task, region=factories.region(), today=clock.today()))
    assert [one["value"] for one in data["five"]] == ["3", "1", "1", "33.3%", "33.3%"]
    assert data["matrix"]["areas"] == ["张家港", "昆山"]
    rows = {row["name"]: row for row in data["matrix"]["rows"]}
    assert rows["民政"]["lead"] == "民政局"
    assert rows["民政"]["cells"][0] is None
    assert (rows["民政"]["cells"][1]["rate"], rows["民政"]["cells"][1]["of"]) == ("50.0%", "1/2")
    assert rows["宗教"]["cells"][0]["light"] == "behind"
    assert [one["who"] for one in data["areas"]] == ["", "昆山committee"]
    assert [one["name"] for one in data["schedule"]["milestones"]] == ["完成四成"]
    assert data["schedule"]["today"]["planned"] == pytest.approx(0.4)
    assert {shape["name"] for shape in data["map"]["shapes"]} == {"", "张家港", "昆山"}


def test_a_countys_chart_has_its_towns_and_no_map(task):
    data = poster_data(read_poster(campaign=task, region=factories.region(factories.KUNSHAN), today=clock.today()))
    assert data["matrix"]["areas"] == ["花桥镇"]
    assert data["map"] is None
