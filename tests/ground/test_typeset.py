"""Setting papers: text stays text, fonts are embedded, the same data give the same bytes, faults are named."""

import datetime as dt

import pytest

from riskreport.ground.documents import typeset as module
from riskreport.ground.documents.typeset import NotTypeset, qr_svg, typeset

SOURCE = """#let d = json(bytes(sys.inputs.data))
#set page(paper: "a4")
#set text(font: "Noto Sans SC")
#d.text
#image(bytes(d.qr), width: 2cm)
"""
AT = dt.datetime(2022, 3, 1, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A source of its own, below a folder that stands for templates/documents."""
    (tmp_path / "paper.typ").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(module, "SOURCES", tmp_path)
    return "paper.typ"


def data(text="养老院火灾风险"):
    return {"text": text, "qr": qr_svg("http://localhost/filings/1/")}


def test_paper_is_a_pdf_with_its_chinese_font_inside(source):
    made = typeset(source, data(), at=AT)
    assert made.startswith(b"%PDF-")
    assert b"NotoSansSC" in made


@pytest.mark.parametrize(
    "text",
    ['#panic("x")', '#import "/etc/passwd"', "*粗* _斜_ $x^2$", "<标签> @引用 \\ `代码`", "// 注释", '"]]}'],
)
def test_what_would_be_code_in_a_source_is_set_as_text(source, text):
    assert typeset(source, data(text), at=AT).startswith(b"%PDF-")


def test_same_data_and_date_give_the_same_bytes(source):
    assert typeset(source, data(), at=AT) == typeset(source, data(), at=AT)
    assert typeset(source, data(), at=AT) != typeset(source, data("另一份"), at=AT)


def test_fault_in_source_or_data_is_named(source, tmp_path):
    with pytest.raises(NotTypeset, match=r"paper\.typ"):
        typeset(source, {"qr": qr_svg("x")})
    (tmp_path / "outside.typ").write_text('#read("/../secret.txt")', encoding="utf-8")
    with pytest.raises(NotTypeset):
        typeset("outside.typ", {})
