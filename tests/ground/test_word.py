"""Word documents: our own templates, and what comes from outside stays text."""

import io
from pathlib import Path

import pytest
from django.utils.safestring import mark_safe
from docx import Document

from riskreport.ground.documents import word

NASTY = 'A <w:br/> & "B" {{ 7*7 }} {% if %} {_{ name }_} {_% x %_} {# no #} </w:t>'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(word, "SOURCES", tmp_path)
    return tmp_path


def template(folder: Path, *paragraphs: str, header: str = "", cells: tuple[str, ...] = ()) -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if cells:
        table = document.add_table(rows=3, cols=1)
        for row, text in zip(table.rows, cells, strict=True):
            row.cells[0].text = text
    path = folder / "paper.docx"
    document.save(path)
    return path


def opened(made: bytes):
    return Document(io.BytesIO(made))


def lines(made: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(made).paragraphs]


@pytest.mark.parametrize("value", [NASTY, mark_safe(NASTY)])
def test_what_comes_from_outside_stays_text(folder, value):
    made = word.render_word(template(folder, "{{ name }}", "after", header="{{ name }}"), {"name": value})
    assert lines(made) == [NASTY, "after"]
    assert opened(made).sections[0].header.paragraphs[0].text == NASTY


def test_marks_put_together_of_two_values_stay_text(folder):
    assert lines(word.render_word(template(folder, "{{ a }}{{ b }}"), {"a": "{_", "b": "{ a }_}"})) == ["{_{ a }_}"]


def test_new_lines_break_the_line_and_unknown_characters_go(folder):
    made = word.render_word(
        template(folder, "{{ text }}"), {"text": "one\r\ntwo\rthree\u2028four\x0b\x00\x07\x1b\ud800!"}
    )
    assert lines(made) == ["one\ntwo\nthree\nfour\n!"]
    assert len(opened(made).paragraphs[0]._p.xpath(".//w:br")) == 4


def test_paragraphs_and_rows_are_repeated(folder):
    path = template(
        folder, "{%p for p in text %}", "{{ p }}", "{%p endfor %}",
        cells=("{%tr for r in rows %}", "{{ r.name }}", "{%tr endfor %}"),
    )  # fmt: skip
    made = word.render_word(path, {"text": ["one", "two"], "rows": [{"name": "a"}, {"name": None}, {"name": 3}]})
    assert lines(made) == ["one", "two"]
    assert [row.cells[0].text for row in opened(made).tables[0].rows] == ["a", "", "3"]


@pytest.mark.parametrize("mark", ["{{ absent }}", "{{ name.__class__.__mro__ }}", "{{ rows.append(1) }}", "{% if %}"])
def test_what_a_template_may_not_say_is_refused(folder, mark):
    with pytest.raises(word.NotFilledIn, match=r"paper\.docx"):
        word.render_word(template(folder, mark), {"name": "x", "rows": []})


def test_only_our_own_templates_are_filled_in(folder, tmp_path_factory):
    other = template(tmp_path_factory.mktemp("elsewhere"), "{{ name }}")
    with pytest.raises(word.NotFilledIn, match="not one of our own"):
        word.render_word(other, {"name": "x"})
