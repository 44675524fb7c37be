"""Questions of the short test: one right answer each, the same for a seed, none twice."""

import pytest

from review.checks.training_questions import Item, is_passed, make_questions, right_of

LEVELS = ("重大", "较大", "一般", "低")


def items(count: int) -> list[Item]:
    return [
        Item(f"风险{one}", LEVELS[one % 2], (f"看{one}", f"查{one}", "看通道"), (f"措施{one}", f"演练{one}"))
        for one in range(count)
    ]


def test_the_same_seed_gives_the_same_questions_and_another_one_others():
    first = make_questions(items(12), seed="7 3", count=10, levels=LEVELS)
    assert first == make_questions(items(12), seed="7 3", count=10, levels=LEVELS)
    assert first != make_questions(items(12), seed="7 4", count=10, levels=LEVELS)
    assert len(first) == 10


def test_the_right_answer_is_the_items_own_and_no_other_is():
    known = {row.name: row for row in items(12)}
    for question in make_questions(list(known.values()), seed="a", count=30, levels=LEVELS):
        item = next(row for name, row in known.items() if f"“{name}”" in question.text)
        own = {item.level, *item.look_for, *item.measures}
        assert [place for place, option in enumerate(question.options) if option in own] == [question.right]


def test_no_question_stands_twice_and_all_three_kinds_come():
    made = make_questions(items(12), seed="b", count=30, levels=LEVELS)
    assert len({one.text for one in made}) == len(made) == 30
    assert sum(one.options == LEVELS for one in made) == 10


def test_few_items_give_fewer_questions_and_none_gives_none():
    made = make_questions(items(2), seed="c", count=10, levels=LEVELS)
    assert [one.options for one in made] == [LEVELS, LEVELS]  # too few others for the other kinds
    assert make_questions([], seed="c", count=10, levels=LEVELS) == []


def test_an_unknown_level_and_an_empty_item_ask_nothing():
    odd = Item("无", "没有", (), ())
    assert all("“无”" not in one.text for one in make_questions([odd, *items(6)], seed="d", count=30, levels=LEVELS))


def test_right_answers_are_counted():
    made = make_questions(items(6), seed="e", count=3, levels=LEVELS)
    answers = [one.right for one in made]
    assert right_of(made, answers) == 3
    assert right_of(made, [(answers[0] + 1) % 4, None, answers[2]]) == 1


@pytest.mark.parametrize(
    ("right", "asked", "mark", "passed"), [(8, 10, 80, True), (7, 10, 80, False), (0, 0, 1, False), (2, 3, 67, False)]
)
def test_the_mark_is_a_per_cent_of_those_asked(right, asked, mark, passed):
    assert is_passed(right, asked, mark) is passed
