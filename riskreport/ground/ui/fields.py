"""Fields of a form, drawn in Python: one pattern for label, help, error and control.

A template per control costs most of a form's time; the common controls are drawn here, others by their own widget.
"""

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.choices import flatten_choices
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from riskreport.ground.ui.choices import Choices, plain

PLAIN_INPUTS = (
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.PasswordInput,
    forms.DateInput,
)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def css_of(widget: forms.Widget) -> str:
    """Return Bootstrap's class for a control."""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def draw_control(field: BoundField, **extra: Any) -> SafeString:
    """Return the control of a bound field with Bootstrap's class; ``extra`` are attributes on top."""
    widget = field.field.widget
    attrs = {"class": f"{css_of(widget)} {widget.attrs.get('class', '')}".strip(), **extra}
    draw = CONTROLS.get(type(widget))
    return draw(field, attrs) if draw else field.as_widget(attrs=attrs)


def draw_field(field: BoundField) -> SafeString:
    """Return label, help, error and control of one field, tied together for screen readers."""
    if field.is_hidden:
        return field.as_hidden()
    widget, errors, key = field.field.widget, list(field.errors), escape(field.auto_id)
    notes = [f"{key}-help" if field.help_text else "", f"{key}-error" if errors else ""]
    described = " ".join(filter(None, notes))
    extra: dict[str, Any] = {"aria-describedby": described} if described else {}
    if errors:
        extra["aria-invalid"] = "true"
    css = "rr-field is-wrong" if errors else "rr-field"
    help_text = f'<div class="form-text" id="{key}-help">{conditional_escape(field.help_text)}</div>'
    lines = "<br>".join(conditional_escape(error) for error in errors)
    said = help_text if field.help_text else ""
    wrong = f'<div class="invalid-feedback" id="{key}-error">{lines}</div>' if errors else ""
    if isinstance(widget, GROUPS):
        drawn = f'<fieldset class="{css}" id="{key}">{_label(field)}{said}{wrong}{_draw_group(field)}</fieldset>'
    elif isinstance(widget, forms.CheckboxInput):
        text = conditional_escape(field.label)
        label = f'<label class="form-check-label" for="{escape(field.id_for_label)}">{text}</label>'
        box = f'<div class="form-check">{draw_control(field, **extra)}{label}</div>'
        drawn = f'<div class="{css}">{wrong}{box}{said}</div>'
    else:
        drawn = f'<div class="{css}">{_label(field)}{said}{wrong}{draw_control(field, **extra)}</div>'
    return mark_safe(drawn)  # every part is escaped where it is drawn  # nosec B703


def form_problems(form: Any) -> list[tuple[str, str]]:
    """Return (text, id of the field) per error of a form; an error of the whole form has no id."""
    if form is None or not getattr(form, "errors", None):
        return []
    found = [(str(error), "") for error in form.non_field_errors()]
    for name, errors in form.errors.items():
        if name in form.fields:
            field = form[name]
            label = str(field.label).rstrip("。.")  # a point to confirm is a whole sentence
            found += [(f"{label}：{error}", field.auto_id) for error in errors]
    return found


def _label(field: BoundField) -> str:
    optional = "" if field.field.required else f' <span class="rr-optional">{escape(_("(optional)"))}</span>'
    text = f"{conditional_escape(field.label)}{optional}"
    if isinstance(field.field.widget, GROUPS):
        return f"<legend>{text}</legend>"
    return f'<label for="{escape(field.id_for_label)}">{text}</label>'


def _tag(name: str, field: BoundField, attrs: dict, *, kind: str | None = None, **given: Any) -> SafeString:
    """Return an opening tag with type, name, id and attributes, escaped; True gives one without a value."""
    built = field.build_widget_attrs({**field.field.widget.attrs, **attrs}, field.field.widget)
    built.setdefault("id", field.auto_id)
    parts = []
    for key, value in ({"type": kind, "name": field.html_name} | given | built).items():
        if value is True:
            parts.append(f" {key}")
        elif value is not None and value is not False:
            parts.append(f' {key}="{escape(str(value))}"')
    return mark_safe(f"<{name}{''.join(parts)}>")  # names are ours, values escaped  # nosec B703


def _draw_input(field: BoundField, attrs: dict) -> SafeString:
    widget = field.field.widget
    value = widget.format_value(field.value())
    if isinstance(widget, forms.PasswordInput) and not widget.render_value:
        value = None
    return _tag("input", field, attrs, kind=widget.input_type, value=value)


def _draw_area(field: BoundField, attrs: dict) -> SafeString:
    text = escape(field.field.widget.format_value(field.value()) or "")
    return mark_safe(f"{_tag('textarea', field, attrs)}\n{text}</textarea>")  # nosec B703


def _draw_select(field: BoundField, attrs: dict) -> SafeString:
    chosen = "" if field.value() is None else str(field.value())
    drawn = f"{_tag('select', field, attrs)}{_options(field.field, chosen)}</select>"
    return mark_safe(drawn)  # options are escaped one by one  # nosec B703


def _options(field: Any, chosen: str) -> str:
    """Return the options of a field; those of a filter may be kept ready, with the empty one before them."""
    ready = getattr(field.choices, "choices", None)
    if not isinstance(ready, Choices):
        return _drawn(plain(field.choices)).options(chosen)
    empty = field.empty_label
    before = "" if empty is None else _drawn((("", str(empty)),)).options(chosen)
    return before + ready.options(chosen)


@lru_cache(maxsize=256)
def _drawn(pairs: tuple) -> Choices:
    return Choices(pairs)


def _draw_group(field: BoundField) -> SafeString:
    widget = field.field.widget
    chosen = set(widget.format_value(field.value()))
    drawn = []
    for place, (value, label) in enumerate(flatten_choices(field.field.choices)):
        key, value = f"{field.auto_id}_{place}", str(value)
        attrs = {"id": key, "class": "form-check-input", "checked": value in chosen}
        tag = _tag("input", field, attrs, kind=widget.input_type, value=value)
        drawn.append(
            f'<div class="form-check">{tag}<label class="form-check-label" for="{escape(key)}">'
            f"{conditional_escape(label)}</label></div>"
        )
    return mark_safe("".join(drawn))  # tags and labels are escaped  # nosec B703


CONTROLS: dict[type, Callable[[BoundField, dict], SafeString]] = {
    forms.Select: _draw_select,
    forms.Textarea: _draw_area,
    **dict.fromkeys(PLAIN_INPUTS, _draw_input),
}
