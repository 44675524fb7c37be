"""Cells of a workbook: every kind as what it is, equal values once, memory stays flat."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from riskreport.ground.sheets import Column, cells
from riskreport.ground.sheets.cells import Cells


def made(kind: str = "text", **fields) -> Cells:
    return Cells(Column("a", "A", fields.pop("reads", "a"), kind=kind, **fields), unmasked=False)


def test_every_kind_is_written_as_what_it_is():
    day = dt.date(2022, 3, 1)
    moment = dt.datetime(2022, 3, 1, 6, 30, 59, 7, tzinfo=dt.UTC)
    here = moment.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None, microsecond=0)
    for kind, value, cell in [
        ("int", 7, 7),
        ("int", 0, 0),
        ("text", 7, "7"),
        ("date", day, day),
        ("date", moment, here),
        ("datetime", moment, here),
        ("bool", False, "否"),
    ]:
        assert made(kind).all_of([value]) == [cell], (kind, value)
    for kind in ("text", "int", "date", "datetime", "bool"):
        assert made(kind).all_of([None]) == [None]


def test_equal_values_are_put_into_words_once():
    asked = []
    column = made(says=lambda value: asked.append(value) or value.upper())
    assert column.all_of(["a", "b", "a", "a"]) == ["A", "B", "A", "A"]
    assert asked == ["a", "b"]


@pytest.mark.parametrize("kind", ["text", "int"])
def test_what_is_remembered_has_a_bound(kind, monkeypatch):
    monkeypatch.setattr(cells, "KEPT", 3)
    column = made(kind)
    values = list(range(10)) if kind == "int" else [f"<{number}>" for number in range(10)]
    assert column.all_of(values[:5]) + column.all_of(values[5:]) == values
    assert len(column) == 3


@pytest.mark.parametrize("kept", [5_000, 0])
def test_a_cell_holds_what_excel_takes(kept, monkeypatch):
    monkeypatch.setattr(cells, "KEPT", kept)
    assert made().all_of(["长" * 40_000]) == ["长" * 32_767]


def test_lists_are_written_though_they_cannot_be_remembered():
    both = made(reads=("a", "b"), says=lambda names, key: f"{key}:{'、'.join(names)}")
    assert both.all_of([["甲", "乙"]], ["2"]) == ["2:甲、乙"]


@pytest.mark.parametrize("kept", [5_000, 0])
def test_a_personal_value_is_masked_in_every_way_of_writing(kept, monkeypatch):
    monkeypatch.setattr(cells, "KEPT", kept)
    assert made(personal=True, mask=lambda text: text[:1] + "**").all_of(["张丽华"]) == ["张**"]
