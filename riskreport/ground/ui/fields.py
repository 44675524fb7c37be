"""Fields of a form, drawn in Python: one pattern for label, help, error and control.

A template per control costs most of a form's time; the common controls are drawn here, others by their own widget.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

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
    if type(widget) is forms.Select:
        return _draw_select(field, attrs)
    if type(widget) in PLAIN_INPUTS:
        return _draw_input(field, attrs)
    return field.as_widget(attrs=attrs)


def draw_field(field: BoundField) -> SafeString:
    """Return label, help, error and control of one field, tied together for screen readers."""
    if field.is_hidden:
        return field.as_hidden()
    widget, errors = field.field.widget, list(field.errors)
    notes = [f"{field.auto_id}-help" if field.help_text else "", f"{field.auto_id}-error" if errors else ""]
    described = " ".join(filter(None, notes))
    extra: dict[str, Any] = {"aria-describedby": described} if described else {}
    if errors:
        extra["aria-invalid"] = "true"
    parts = _around(field, errors)
    if isinstance(widget, GROUPS):
        return format_html(
            '<fieldset class="{css}" id="{id}">{label}{help}{error}{control}</fieldset>',
            id=field.auto_id,
            control=_draw_group(field),
            **parts,
        )
    if isinstance(widget, forms.CheckboxInput):
        return format_html(
            '<div class="{css}">{error}<div class="form-check">{control}'
            '<label class="form-check-label" for="{id}">{text}</label></div>{help}</div>',
            id=field.id_for_label,
            text=field.label,
            control=draw_control(field, **extra),
            **{key: parts[key] for key in ("css", "help", "error")},
        )
    return format_html(
        '<div class="{css}">{label}{help}{error}{control}</div>', control=draw_control(field, **extra), **parts
    )


def _around(field: BoundField, errors: list) -> dict[str, Any]:
    """Return what stands around a control: its class, label, help and errors."""
    lines = format_html_join(mark_safe("<br>"), "{}", ((error,) for error in errors))
    wrong = format_html('<div class="invalid-feedback" id="{}-error">{}</div>', field.auto_id, lines)
    help_text = format_html('<div class="form-text" id="{}-help">{}</div>', field.auto_id, field.help_text)
    return {
        "css": "rr-field is-wrong" if errors else "rr-field",
        "label": _label(field),
        "help": help_text if field.help_text else "",
        "error": wrong if errors else "",
    }


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


def _label(field: BoundField) -> SafeString:
    optional = "" if field.field.required else format_html(' <span class="rr-optional">{}</span>', _("(optional)"))
    if isinstance(field.field.widget, GROUPS):
        return format_html("<legend>{}{}</legend>", field.label, optional)
    return format_html('<label for="{}">{}{}</label>', field.id_for_label, field.label, optional)


def _attributes(field: BoundField, attrs: dict) -> dict:
    built = field.build_widget_attrs({**field.field.widget.attrs, **attrs}, field.field.widget)
    built.setdefault("id", field.auto_id)
    return built


def _draw_input(field: BoundField, attrs: dict) -> SafeString:
    widget = field.field.widget
    value = widget.format_value(field.value())
    if isinstance(widget, forms.PasswordInput) and not widget.render_value:
        value = None
    given = {"type": widget.input_type, "name": field.html_name, **_attributes(field, attrs)}
    if value is not None:
        given["value"] = value
    return format_html("<input{}>", flatatt(given))


def _draw_select(field: BoundField, attrs: dict) -> SafeString:
    chosen = "" if field.value() is None else str(field.value())
    given = flatatt({"name": field.html_name, **_attributes(field, attrs)})
    options = mark_safe(_options(_plain(field.field.choices), chosen))  # escaped one by one  # nosec B703
    return format_html("<select{}>{}</select>", given, options)


def _plain(choices: Iterable) -> tuple:
    """Return choices as tuples of text, so that the same ones need be drawn once only."""
    return tuple(
        (str(value), _plain(label))
        if isinstance(label, list | tuple)
        else ("" if value is None else str(value), str(label))
        for value, label in choices
    )


@lru_cache(maxsize=256)
def _options(choices: tuple, chosen: str) -> str:
    """Return the options, escaped one by one; a choice whose label is a tuple is a group."""
    parts = []
    for value, label in choices:
        if isinstance(label, tuple):
            parts.append(f'<optgroup label="{escape(value)}">{_options(label, chosen)}</optgroup>')
        else:
            mark = " selected" if value == chosen else ""
            parts.append(f'<option value="{escape(value)}"{mark}>{escape(label)}</option>')
    return "".join(parts)


def _draw_group(field: BoundField) -> SafeString:
    choices = list(field.subwidgets)
    for choice in choices:
        choice.data["attrs"]["class"] = "form-check-input"
    return format_html_join(
        "",
        '<div class="form-check">{}<label class="form-check-label" for="{}">{}</label></div>',
        ((choice.tag(), choice.id_for_label, choice.choice_label) for choice in choices),
    )
