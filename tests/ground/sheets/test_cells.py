"""Cells as XML: what is strange is escaped, equal values once, memory stays flat."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from riskreport.ground.sheets import Column, cells
from riskreport.ground.sheets.cells import Cells, Strings, escaped, text_element


def column(kind: str = "text", **fields) -> Column:
    return Column("a", "A", fields.pop("reads", "a"), kind=kind, **fields)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a<b>&c", "a&lt;b&gt;&amp;c"),
        ("a\x0bb", "a_x000B_b"),
        ("\x00", "_x0000_"),
        ("_x000B_", "_x005F_x000B_"),
        ("_x_", "_x_"),
        ("a\tb\nc", "a\tb\nc"),
        ("\uffff", "_xFFFF_"),
    ],
)
def test_what_xml_cannot_hold_is_written_as_excel_does(text, written):
    assert escaped(text) == written


def test_blanks_at_the_ends_are_kept():
    assert text_element(" a") == '<t xml:space="preserve"> a</t>'
    assert text_element("a b") == "<t>a b</t>"


def test_every_kind_is_written_as_what_it_is():
    moment = dt.datetime(2022, 3, 1, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    for kind, value, written in [
        ("int", 7, "<v>7</v>"),
        ("date", dt.date(2022, 3, 1), "<v>44621</v>"),
        ("datetime", moment, f"<v>{44621 + 52_200 / 86_400}</v>"),
    ]:
        assert written in Cells(column(kind), Strings(), unmasked=False).all_of([value])[0]
    for kind in ("text", "int", "date", "datetime", "bool"):
        assert Cells(column(kind), Strings(), unmasked=False).all_of([None])[0].endswith("/>")


def test_equal_values_are_put_into_words_once():
    asked = []
    made = Cells(column(says=lambda value: asked.append(value) or value.upper()), Strings(), unmasked=False)
    assert len(set(made.all_of(["a", "b", "a", "a"]))) == 2
    assert asked == ["a", "b"]


def test_equal_texts_of_several_columns_stand_once_in_the_workbook():
    strings = Strings()
    first, second = (Cells(column(), strings, unmasked=False) for _number in range(2))
    assert first.all_of(["x", "y"]) == second.all_of(["x", "y"])
    assert strings == {"x": 0, "y": 1}


@pytest.mark.parametrize("kind", ["text", "int"])
def test_what_is_remembered_has_a_bound(kind, monkeypatch):
    monkeypatch.setattr(cells, "KEPT", 3)
    strings = Strings()
    made = Cells(column(kind), strings, unmasked=False)
    values = list(range(10)) if kind == "int" else [f"<{number}>" for number in range(10)]
    found = made.all_of(values[:5]) + made.all_of(values[5:])
    assert len(made) == 3
    assert len(strings) <= 3
    assert len(set(found)) == 10
    if kind == "text":
        assert found[-1] == '" s="1" t="inlineStr"><is><t>&lt;9&gt;</t></is></c>'


def test_lists_are_written_though_they_cannot_be_remembered():
    both = column(reads=("a", "b"), says=lambda names, key: f"{key}:{'、'.join(names)}")
    assert "2:甲、乙" in Cells(both, Strings(), unmasked=False).all_of([["甲", "乙"]], ["2"])[0]


def test_a_personal_value_is_masked_in_every_way_of_writing(monkeypatch):
    for kept in (5_000, 0):
        monkeypatch.setattr(cells, "KEPT", kept)
        strings = Strings()
        made = Cells(column(personal=True, mask=lambda text: text[:1] + "**"), strings, unmasked=False)
        written = made.all_of(["张丽华"])[0] + "".join(strings)
        assert "张**" in written
        assert "丽华" not in written
