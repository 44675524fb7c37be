"""Tags of the ground: icons, badges, fields, the list of what is wrong."""

import datetime as dt

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from riskreport.ground.sheets.values import text_of_date, text_of_moment
from riskreport.ground.ui import badges, fields, icons

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 20, style: str = "outline") -> SafeString:
    """Draw an icon: {% icon "bell" 24 %}."""
    return icons.draw_icon(str(name), size, str(style))


@register.simple_tag
def status_badge(text: str, tone: str = "neutral") -> SafeString:
    """Draw a state: {% status_badge text "accent" %}."""
    return badges.status_badge(text, str(tone) or "neutral")


@register.simple_tag
def level_badge(level: str, short: bool = False) -> SafeString:
    """Draw a risk's level: {% level_badge risk.level %}; a true second value leaves the scale to screen readers."""
    return badges.level_badge(str(level), short=bool(short))


@register.simple_tag
def colour_badge(colour: str, short: bool = False) -> SafeString:
    """Draw an enterprise's rating: {% colour_badge rating.colour %}."""
    return badges.colour_badge(str(colour), short=bool(short))


@register.simple_tag
def form_field(field) -> SafeString:
    """Draw a whole field: {% form_field form.name %}."""
    return fields.draw_field(field)


@register.simple_tag
def form_control(field) -> SafeString:
    """Draw only the control of a field, where the label stands elsewhere (a cell of a table)."""
    return fields.draw_control(field, **{"aria-label": field.label})


@register.simple_tag
def error_list(form=None, problems=None) -> list[tuple[str, str]]:
    """Return (text, id of the field) of a form's errors and of ``problems`` together."""
    return fields.form_problems(form or None) + list(problems or [])


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Write a moment in the city's time, as tables do: 2022-03-01 14:05."""
    return text_of_moment(value)


@register.filter
def day(value: dt.date | None) -> str:
    """Write a date, as tables do: 2022-03-01."""
    return text_of_date(value)


@register.filter
def number(value: int) -> str:
    """Write a count as the boards do: 1,445."""
    return f"{value:,}"


@register.filter
def error_kind(text: str) -> str:
    """Return what kind of error it was, without its words: they may carry business data the operator must not see."""
    kind = text.split(":", 1)[0]
    return kind if kind.isidentifier() else _("Refused")
