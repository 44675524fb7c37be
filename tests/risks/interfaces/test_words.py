"""A risk in words."""

from django.utils import translation

from risks.interfaces.words import measures_in_words

MEASURES = {"training": ["每季培训一次"], "engineering": ["加装喷淋", " "], "protection": [], "unknown": ["x"]}


def test_measures_are_said_class_by_class_in_the_language_of_the_moment():
    assert measures_in_words(MEASURES) == "工程技术措施：加装喷淋 教育培训措施：每季培训一次"
    with translation.override("en"):
        assert measures_in_words(MEASURES) == "Engineering：加装喷淋 Training：每季培训一次"
    assert measures_in_words({}) == ""
