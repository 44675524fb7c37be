"""Placeholders: found, named when unknown, filled in once and by nothing but substitution."""

import json
from pathlib import Path

import pytest

from review.checks.bulletin_text import PLACEHOLDERS, fill_in, has_loose_brace, paragraphs_of, unknown_placeholders
from review.domain.bulletins.templates import SHIPPED


def test_unknown_placeholders_are_named_once_in_their_order():
    assert unknown_placeholders("{应报}家，{合格率}、{ }", "{x}{合格率}") == ["合格率", " ", "x"]
    assert unknown_placeholders("{应报}{已报}") == []


@pytest.mark.parametrize("text", ["{应报", "应报}", "{应报}}", "{{应报}", "{应\n报}"])
def test_a_loose_brace_is_seen(text):
    assert has_loose_brace(text)


def test_a_text_without_braces_is_as_it_is():
    assert not has_loose_brace("应报{应报}家")
    assert fill_in("100% $x \\1 %(a)s {{", {}) == "100% $x \\1 %(a)s {{"


def test_what_a_value_says_is_not_read_again():
    assert fill_in("{区域}：{应报}", {"区域": "{应报}\\g<0>", "应报": "3"}) == "{应报}\\g<0>：3"


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% debug %}", "{应报.__class__}", "{0}", "{应报!r}", "{应报:>9}"])
def test_nothing_is_ever_run(text):
    if unknown_placeholders(text):
        with pytest.raises(KeyError):
            fill_in(text, dict.fromkeys(PLACEHOLDERS, "3"))
    else:
        assert fill_in(text, dict.fromkeys(PLACEHOLDERS, "3")) == text


def test_what_ships_can_be_filled_in():
    assert isinstance(SHIPPED, Path)
    for words in json.loads(SHIPPED.read_text()).values():
        assert unknown_placeholders(words["title"], words["text"]) == []
        assert not has_loose_brace(words["title"], words["text"])


def test_paragraphs_are_lines_that_say_something():
    assert paragraphs_of(" 一、\r\n\n  二、 \n") == ["一、", "二、"]
