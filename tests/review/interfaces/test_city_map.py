"""The map of the city: every district of the shipped regions, on a plane."""

import json

from enterprises.domain.reference import read_data
from review.interfaces.city_map import SOURCE, WIDTH, city_map
from review.interfaces.wall_drawings import draw_map
from review.queries.completion import Figures


def test_every_district_that_ships_has_a_shape():
    districts = {row["code"] for row in read_data("regions.json")["regions"] if row["level"] == "county"}
    assert set(city_map().shapes) == districts
    assert "示意图" in SOURCE.read_text()


def test_the_map_lies_flat_with_north_above():
    drawn = city_map()
    points = [point for shape in drawn.shapes.values() for ring in shape.rings for point in ring]
    assert min(x for x, _y in points) == min(y for _x, y in points) == 0
    assert max(x for x, _y in points) == WIDTH
    assert max(y for _x, y in points) <= drawn.height
    zhangjiagang, wujiang = drawn.shapes[320582], drawn.shapes[320509]
    assert zhangjiagang.middle[1] < wujiang.middle[1]
    kunshan = drawn.shapes[320583]
    assert kunshan.middle[0] > drawn.shapes[320505].middle[0]
    assert kunshan.path.startswith("M")
    assert kunshan.path.count("Z") == len(kunshan.rings)
    # As wide as it is high, within a tenth: degrees of longitude are shorter than those of latitude here.
    assert 0.9 < drawn.height / WIDTH < 1.1
    assert json.loads(SOURCE.read_text())["_meta"]["licence"].startswith("MIT")


def test_names_on_the_map_stay_text():
    drawn = draw_map({320583: "<b>昆山"}, {320583: Figures(4, 1, 1)})
    assert "&lt;b&gt;昆山" in drawn
    assert "<b>" not in drawn
    assert "25.0%" in drawn
    assert draw_map({320583104: "花桥镇"}, {}) is None
