"""The form every section stands on: a draft may be left incomplete, so an empty field is no error of the form.

What a draft still lacks is said by the checks (review/checks), which block submitting and never saving. The form itself
refuses only what cannot be kept: too long for its column, not one of the choices.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms


@dataclass(frozen=True)
class Clash:
    """One field two people wrote at the same time: both values as stored and as read."""

    name: str
    label: str
    theirs: str
    yours: str
    theirs_shown: str
    yours_shown: str


class DraftForm(forms.Form):
    """A form that keeps an unfinished draft. ``required`` of a field only says what the finished report needs."""

    use_required_attribute = False

    def full_clean(self) -> None:
        """Validate without asking for what is still empty."""
        wanted = {name: field.required for name, field in self.fields.items()}
        for field in self.fields.values():
            field.required = False
        try:
            super().full_clean()
        finally:
            for name, required in wanted.items():
                self.fields[name].required = required

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return what is stored as the form's fields, all as text. The opposite of ``to_stored``."""
        raise NotImplementedError

    def to_stored(self) -> dict[str, Any]:
        """Return the cleaned fields as they are stored."""
        raise NotImplementedError

    def shown(self, name: str, value: str) -> str:
        """Return a field's value as a person reads it: the words of a choice, the rest as it is."""
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value))

    def clashes(self, theirs: dict[str, Any], yours: dict[str, Any]) -> list[Clash]:
        """Return the fields in which two stored versions differ."""
        other, own = self.flat_of(theirs), self.flat_of(yours)
        return [
            Clash(
                name,
                str(field.label),
                other.get(name, ""),
                own.get(name, ""),
                self.shown(name, other.get(name, "")),
                self.shown(name, own.get(name, "")),
            )
            for name, field in self.fields.items()
            if other.get(name, "") != own.get(name, "")
        ]

    def same_fields(self, clashes: Iterable[Clash], yours: dict[str, Any]) -> dict[str, str]:
        """Return the fields that do not clash, to be carried along unseen."""
        own, clashing = self.flat_of(yours), {clash.name for clash in clashes}
        return {name: own.get(name, "") for name in self.fields if name not in clashing}


def text_field(label: Any, *, most: int, required: bool = True, **extra: Any) -> forms.CharField:
    """Return a line of text of at most ``most`` characters."""
    return forms.CharField(label=label, max_length=most, required=required, **extra)


def long_field(label: Any, *, most: int, rows: int = 3, required: bool = True, **extra: Any) -> forms.CharField:
    """Return a text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return LongField(label=label, max_length=most, required=required, widget=widget, **extra)


class LongField(forms.CharField):
    """A text of several lines, with one kind of line end, whatever the browser sent."""

    def to_python(self, value: Any) -> str:
        """Return the text with plain line ends."""
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
