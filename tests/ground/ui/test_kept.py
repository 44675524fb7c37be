"""Parts of a page that are drawn once: what they are kept under, what is filled in."""

from django.utils import translation

from riskreport.ground.ui.kept import draw_kept


def session(seconds: int = 60, token: str = "one") -> str:
    return draw_kept("parts/_session.html", known={"idle_seconds": seconds}, marks={"csrf_token": token})


def test_a_part_speaks_the_language_of_its_reader():
    with translation.override("zh-hans"):
        assert "继续使用" in session()
    with translation.override("en"):
        assert "Stay signed in" in session()
    with translation.override("zh-hans"):
        assert "继续使用" in session()


def test_what_is_known_decides_and_marks_are_filled_in_each_time():
    assert 'data-idle="60"' in session()
    assert 'data-idle="90"' in session(90)
    assert 'data-token="&lt;two&gt;"' in session(token="<two>")
    assert "two" not in session()
