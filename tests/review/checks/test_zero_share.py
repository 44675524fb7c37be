"""Which shares of zero-risk reports stand out: the interval, and the rule."""

import pytest

from review.checks.zero_share import stands_out, wilson_interval


def test_the_interval_of_nothing_is_everything():
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("hits", "trials", "least", "most"),
    [(5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (500, 1000, 0.4691, 0.5309)],
)
def test_the_interval_is_wilsons(hits, trials, least, most):
    assert wilson_interval(hits, trials) == pytest.approx((least, most), abs=5e-5)


@pytest.mark.parametrize(
    ("zero", "filed", "is_unusual"),
    [
        (9, 9, False),  # too few to judge
        (10, 10, True),
        (4, 10, False),  # 40 % of ten: its interval reaches down to 17 %
        (28, 100, False),  # down to 20.1 %, the whole has 20.5 %
        (30, 100, True),
        (230, 1000, False),
        (240, 1000, True),  # many reports: a small difference is enough
        (0, 1000, False),
    ],
)
def test_a_share_stands_out_when_its_interval_lies_above_the_whole(zero, filed, is_unusual):
    assert stands_out(zero, filed, 205, 1000) is is_unusual


def test_against_nothing_filed_nothing_stands_out():
    assert not stands_out(10, 10, 0, 0)


def test_the_whole_never_stands_out_against_itself():
    assert not stands_out(205, 1000, 205, 1000)
