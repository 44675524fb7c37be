"""The districts of the city as shapes on a plane: for the wall, as SVG, and for papers, as points.

Schematic (示意图): simplified outlines without an approval number for maps, and the border between Gusu and the
Industrial Park is drawn by hand. The note in review/data/city_map.geojson says where they come from.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "data" / "city_map.geojson"
WIDTH = 1000.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A district: its outlines, and the middle its name is written at."""

    rings: tuple[tuple[Point, ...], ...]
    middle: Point

    @property
    def path(self) -> str:
        """The outlines as SVG writes a path."""
        return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in self.rings)


@dataclass(frozen=True)
class CityMap:
    """All districts by their code, on a plane WIDTH wide."""

    shapes: dict[int, Shape]
    height: float


@cache
def city_map() -> CityMap:
    """Return the map, read once: degrees laid flat at the city's own latitude, north above."""
    features = json.loads(SOURCE.read_text())["features"]
    rings = {int(one["properties"]["code"]): _rings(one["geometry"]["coordinates"]) for one in features}
    points = [point for found in rings.values() for ring in found for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def flat(point: Point) -> Point:
        return round((point[0] - west) * squeeze * scale, 1), round((north - point[1]) * scale, 1)

    shapes = {}
    for one in features:
        code = int(one["properties"]["code"])
        outlines = tuple(tuple(flat(point) for point in ring) for ring in rings[code])
        shapes[code] = Shape(outlines, flat(tuple(one["properties"]["cp"])))
    return CityMap(shapes, math.ceil((north - south) * scale))


def _rings(coordinates: list) -> list[list[Point]]:
    return [[(x, y) for x, y in ring] for ring in coordinates]
