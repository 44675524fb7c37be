"""The form of the days of reminders: one line of numbers for each source."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from riskreport.ground.domain.reminding import days_in_force
from riskreport.ground.reminders import sources

SEPARATORS = re.compile(r"[\s,，、;；]+")
MOST_NUMBERS, LONGEST = 8, 365


class ReminderDaysForm(forms.Form):
    """Numbers of days by source, as 30, 15, 7; empty where nobody is to be reminded."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, version: int = 0) -> None:
        in_force = days_in_force()
        self.names = list(sources())
        initial = {self.key(name): ", ".join(map(str, in_force[name])) for name in self.names}
        super().__init__(data, initial=initial | {"version": version})
        for source in sources().values():
            shipped = ", ".join(map(str, source.days))
            self.fields[self.key(source.name)] = forms.CharField(
                label=source.title,
                required=False,
                max_length=60,
                help_text=_("%(counts)s; as delivered: %(days)s (example, 示例口径).")
                % {"counts": source.counts, "days": shipped},
            )

    @staticmethod
    def key(name: str) -> str:
        """The field of a source."""
        return name.replace(".", "-")

    def clean(self) -> dict[str, Any]:
        """Read each line as numbers of days."""
        for name in self.names:
            try:
                self.cleaned_data[self.key(name)] = _numbers(self.cleaned_data.get(self.key(name), ""))
            except ValueError:
                self.add_error(self.key(name), WRONG % {"most": MOST_NUMBERS, "longest": LONGEST})
        return self.cleaned_data

    def days(self) -> dict[str, list[int]]:
        """Return the numbers of days by source."""
        return {name: self.cleaned_data[self.key(name)] for name in self.names}


WRONG = _l(
    "Write at most %(most)s whole numbers from 1 to %(longest)s with commas between them, like 30, 15, 7; "
    "nothing, where nobody is to be reminded."
)


def _numbers(text: str) -> list[int]:
    """Return the numbers of a line without repeats, in their order. Raises ValueError."""
    found = [part for part in SEPARATORS.split(text.strip()) if part]
    numbers = [int(part) for part in found if part.isascii() and part.isdecimal() and len(part) <= len(str(LONGEST))]
    if len(numbers) < len(found) or len(found) > MOST_NUMBERS or any(not 1 <= one <= LONGEST for one in numbers):
        raise ValueError
    return list(dict.fromkeys(numbers))
