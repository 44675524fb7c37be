"""Fields and badges, drawn in Python: escaped, named, tied to their help and errors."""

import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.template import Context, Template
from django.utils import translation

from riskreport.ground.ui.badges import COLOURS, LEVELS, SHAPES, colour_badge, level_badge, status_badge
from riskreport.ground.ui.fields import draw_control, draw_field, form_problems


class Tried(forms.Form):
    name = forms.CharField(label="<Name>", help_text="As on the seal.", initial='"><script>')
    town = forms.ChoiceField(choices=[("", "All"), ("昆山", [("1", "<b>花桥"), ("2", "玉山")])], required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Sure")
    note = forms.CharField(widget=forms.Textarea, required=False)
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def test_what_people_typed_is_escaped():
    drawn = draw_field(Tried()["name"])
    assert "<script>" not in drawn
    assert 'value="&quot;&gt;&lt;script&gt;"' in drawn
    assert "&lt;Name&gt;" in drawn


def test_help_and_error_are_tied_to_the_control():
    form = Tried({"name": ""})
    drawn = draw_field(form["name"])
    assert 'aria-describedby="id_name-help id_name-error"' in drawn
    assert 'id="id_name-error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "is-wrong" in drawn


def test_an_empty_field_says_what_to_do():
    with translation.override("zh-hans"):
        assert Tried({"name": ""}).errors["name"] == ["请填写此项。"]


def test_options_are_grouped_escaped_and_chosen():
    drawn = draw_control(Tried({"town": "2"})["town"])
    assert '<optgroup label="昆山"><option value="1">&lt;b&gt;花桥</option>' in drawn
    assert '<option value="2" selected>玉山</option>' in drawn
    assert drawn.count("selected") == 1


def test_a_password_is_never_sent_back():
    assert "hunter2" not in draw_field(Tried({"secret": "hunter2"})["secret"])  # pragma: allowlist secret


def test_each_kind_of_control_has_its_label():
    form = Tried()
    assert "<legend>" in draw_field(form["kind"])
    assert draw_field(form["kind"]).count("form-check-input") == 2
    assert 'for="id_sure">Sure' in draw_field(form["sure"])
    assert "<textarea" in draw_field(form["note"])
    assert draw_field(form["hidden"]).startswith('<input type="hidden"')


def test_problems_name_their_fields():
    form = Tried({"town": "9"})
    form.add_error(None, "Both together are wrong.")
    problems = form_problems(form)
    assert problems[0] == ("Both together are wrong.", "")
    assert "id_name" in {field_id for _text, field_id in problems}
    assert form_problems(None) == form_problems(Tried()) == []


def test_a_label_that_is_a_whole_sentence_ends_before_the_colon():
    form = Tried({})
    form.fields["sure"].label = "未申报风险。"
    form.add_error("sure", "请勾选。")
    assert ("未申报风险：请勾选。", "id_sure") in form_problems(form)


def test_the_summary_links_to_the_field():
    page = Template('{% include "parts/_errors.html" %}').render(Context({"form": Tried({"name": ""})}))
    assert 'href="#id_name"' in page
    page = Template('{% include "parts/_errors.html" %}').render(Context({"problems": [("坏了", "id_x")]}))
    assert '<a href="#id_x">坏了</a>' in page


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_says_word_shape_and_scale(level):
    drawn = level_badge(level)
    assert "<svg" in drawn
    assert str(LEVELS[level][1]) in drawn
    assert 'class="visually-hidden"' in level_badge(level, short=True)


def test_no_two_levels_and_no_two_colours_share_a_shape():
    assert len({SHAPES[css] for css, _word in LEVELS.values()}) == len(LEVELS)
    assert len({SHAPES[colour] for colour in COLOURS}) == len(COLOURS)


def test_badges_escape_and_take_only_known_looks():
    assert "&lt;i&gt;" in status_badge("<i>")
    assert "rr-neutral" in status_badge("x", '"><script>')
    assert "rr-neutral" in colour_badge("purple")
    assert "purple" in colour_badge("purple")


def test_parts_draw_badges_in_templates():
    page = Template(
        '{% include "parts/_level.html" with level="major" %}'
        '{% include "parts/_colour.html" with colour="grey" short=1 %}'
        '{% include "parts/_status.html" with text="退回" tone="bad" %}'
    ).render(Context())
    assert [css in page for css in ("rr-red", "rr-grey", "rr-bad")] == [True] * 3


def test_badges_are_kept_apart_by_language():
    with translation.override("zh-hans"):
        chinese = colour_badge("red"), level_badge("major")
    with translation.override("en"):
        assert "Red" in colour_badge("red")
        assert "Major" in level_badge("major")
    assert not any(word in drawn for drawn in chinese for word in ("Red", "Major"))


def test_a_choice_not_made_yet_asks_to_choose_instead_of_showing_dashes():
    class Asked(forms.Form):
        role = forms.ModelChoiceField(ContentType.objects.none())
        scale = models.CharField(choices=[("a", "A")], max_length=1).formfield()

    for field in Asked():
        drawn = draw_control(field)
        assert '<option value="" selected>请选择</option>' in drawn
        assert "---" not in drawn
