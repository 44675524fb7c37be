"""Choices kept for a while: drawn like others, forgotten in time, looked up anew when one is not known."""

import pytest

from riskreport.ground.ui import choices
from riskreport.ground.ui.choices import Choices, Kept


@pytest.fixture
def asked():
    return []


@pytest.fixture
def kept(asked, settings, monkeypatch):
    settings.CHOICES_KEPT_SECONDS = 10
    moment = iter([0, 9, 11, 12, 13])
    monkeypatch.setattr(choices.time, "monotonic", lambda: next(moment))
    return Kept(lambda *given: asked.append(given) or len(asked))


def test_an_answer_is_kept_for_its_seconds_and_no_longer(kept, asked):
    assert [kept("a"), kept("a"), kept("a")] == [1, 1, 2]
    assert asked == [("a",), ("a",)]


def test_another_question_has_its_own_answer(kept):
    assert [kept("a"), kept("b"), kept("b")] == [1, 2, 2]


def test_what_is_forgotten_is_asked_anew(kept):
    first = kept("a")
    kept.forget()
    assert (first, kept("a")) == (1, 2)


def test_so_many_answers_are_kept_and_no_more(settings, asked):
    settings.CHOICES_KEPT_SECONDS = 10
    kept = Kept(lambda *given: asked.append(given))
    for number in range(choices.MOST + 1):
        kept(number)
    assert len(kept._answers) == 1


def test_options_are_escaped_grouped_and_marked():
    drawn = Choices([("", "All"), ("<昆山>", [(1, "<b>花桥"), (2, "玉山")])])
    assert drawn.options("2") == (
        '<option value="">All</option><optgroup label="&lt;昆山&gt;"><option value="1">&lt;b&gt;花桥</option>'
        '<option value="2" selected>玉山</option></optgroup>'
    )
    assert "selected" not in drawn.options("3")
    assert [value in drawn for value in ("1", "", "<昆山>", "3")] == [True, True, False, False]
    assert len(drawn) == 2
