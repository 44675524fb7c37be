"""Forms of letters: a draft's text and terms, each step, a standard, a mark, an answer."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from review.domain.letters.workflow import LetterMove
from review.enums import LetterAction, LetterKind
from review.interfaces.review_form import StepForm
from review.models import Campaign, Letter
from review.queries.letters.standards import Standard

A = LetterAction
MOMENT = "%Y-%m-%dT%H:%M"


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MomentField(forms.DateTimeField):
    """Day and time of the city."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M"], **options)


class NewLetterForm(forms.Form):
    """A letter to be drafted: in which task, of which kind, to whom."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    campaign = forms.ChoiceField(label=_("Reporting task"))
    kind = forms.ChoiceField(label=_("Kind of letter"), choices=lambda: LetterKind.choices)
    subject = forms.ChoiceField(
        label=_("To whom"), error_messages={"required": _("Choose to whom the letter goes.")}
    )  # fmt: skip

    def __init__(self, *args: Any, campaigns: list[Campaign], subjects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].choices = [(row.code, row.label) for row in campaigns]
        self.fields["subject"].choices = subjects


class DraftForm(forms.Form):
    """Text and terms of a draft; an interview has time, place and who is invited instead of a day for the answer."""

    seen_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 12}))
    copies = forms.CharField(
        label=_("Copies to"), max_length=300, required=False, help_text=_("Names with 、 between them.")
    )
    due_on = DayField(label=_("Answer by"))
    at = MomentField(label=_("Time of the interview"))
    place = forms.CharField(label=_("Place of the interview"), max_length=120)
    invited = forms.CharField(
        label=_("Who is to come"), max_length=80, help_text=_("Nobody may come as a proxy.")
    )  # fmt: skip

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("due_on",) if letter.kind == LetterKind.INTERVIEW else ("at", "place", "invited"):
            del self.fields[name]

    @classmethod
    def of(cls, letter: Letter) -> "DraftForm":
        """Return the form with what stands."""
        first = {name: getattr(letter, name) for name in ("title", "body", "copies", "due_on")}
        if letter.kind == LetterKind.INTERVIEW:
            held = letter.interview
            first |= {"at": timezone.localtime(held.at), "place": held.place, "invited": held.invited}
        return cls(initial=first | {"seen_version": letter.version}, letter=letter)

    def values(self) -> dict[str, Any]:
        """Return the letter's own columns."""
        return {name: self.cleaned_data[name] for name in ("title", "body", "copies", "due_on") if name in self.fields}

    def interview(self) -> dict[str, Any] | None:
        """Return the interview's columns, None where there is none."""
        if "at" not in self.fields:
            return None
        return {name: self.cleaned_data[name] for name in ("at", "place", "invited")}


class LetterStepForm(StepForm):
    """A step of a letter: its reason where one is asked, and what the step needs besides."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    due_on = DayField(label=_("New day for the answer"))
    at = MomentField(label=_("Time of the interview"))
    place = forms.CharField(label=_("Place of the interview"), max_length=120)
    held_at = MomentField(label=_("When it was held"))
    attended_name = forms.CharField(label=_("Who attended"), max_length=40)
    attended_post = forms.CharField(label=_("Post of who attended"), max_length=40)
    in_person = forms.BooleanField(
        label=_("The person invited came in person; nobody came as a proxy."), required=False
    )
    minutes = forms.CharField(label=_("Minutes"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))

    OWN = {
        A.RETURN: ("due_on",),
        A.EXTEND: ("due_on",),
        A.RESCHEDULE: ("at", "place"),
        A.HOLD: ("held_at", "attended_name", "attended_post", "in_person", "minutes"),
    }

    def __init__(self, *args: Any, move: LetterMove, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = self.OWN.get(move.action, ())
        shown = {"seen_version", "key", *self.own} | ({"reason"} if move.reason else set())
        for name in [name for name in self.fields if name not in shown]:
            del self.fields[name]
        if move.reason:
            self.fields["reason"].label = move.reason
            self.order_fields([*self.own, "reason"])

    def given(self) -> dict[str, Any]:
        """Return what the step needs besides its reason."""
        return {name: self.cleaned_data[name] for name in self.own}


def first_values(letter: Letter, action: LetterAction, today: dt.date) -> dict[str, Any]:
    """Return what a step's form is filled in with."""
    first: dict[str, Any] = {"seen_version": letter.version}
    if action in {A.RETURN, A.EXTEND}:
        first["due_on"] = max(letter.due_on, today) + dt.timedelta(days=7)
    elif action == A.RESCHEDULE:
        first |= {"at": timezone.localtime(letter.interview.at), "place": letter.interview.place}
    elif action == A.HOLD:
        first["held_at"] = timezone.localtime(letter.interview.at)
    return first


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several files, or none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=SeveralFiles(), **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Check each file by itself."""
        return [super(SeveralFilesField, self).clean(one, initial) for one in data or [] if one]


class AnswerForm(StepForm):
    """An answer with its files."""

    text = forms.CharField(
        label=_("Answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What was done, by whom, and by when the rest is done."),
        error_messages={"required": _("Write the answer: what was done, by whom, and by when the rest is done.")},
    )
    files = SeveralFilesField(
        label=_("Files"), required=False, help_text=_("PDF, pictures, Word or Excel; at most 10, 20 MB each.")
    )


class StandardForm(forms.Form):
    """What a kind of letter stands on."""

    seen_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    days_behind = forms.IntegerField(label=_("Proposed when behind by (days)"), min_value=1, max_value=365)
    bottom_places = forms.IntegerField(
        label=_("Or among the last (places) of the ranking"), min_value=0, max_value=20,
        help_text=_("0: the ranking does not count."),
    )  # fmt: skip
    bottom_runs = forms.IntegerField(label=_("How many weekly rankings running"), min_value=1, max_value=8)
    answer_days = forms.IntegerField(label=_("Working days for the answer"), min_value=1, max_value=60)
    raise_days = forms.IntegerField(label=_("Working days between two levels up"), min_value=1, max_value=30)
    word = forms.CharField(label=_("Word in the number"), max_length=4, help_text=_("As 督 in 苏安办督〔2021〕3号."))
    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 12}))

    @classmethod
    def of(cls, standard: Standard) -> "StandardForm":
        """Return the form with what holds."""
        names = [name for name in cls.base_fields if name != "seen_version"]
        first = {name: getattr(standard, name) for name in names} | {"seen_version": standard.version}
        return cls(initial=first)


class MarkForm(forms.Form):
    """The mark that an office's numbers begin with."""

    mark = forms.RegexField(
        r"^[\u4e00-\u9fff]{2,8}$",
        label=_("Mark of your office"),
        max_length=8,
        help_text=_("Two to eight Chinese characters, such as 苏安办."),
        error_messages={"invalid": _("Write two to eight Chinese characters, such as 苏安办.")},
    )


class DismissForm(forms.Form):
    """Why a proposed letter is not written."""

    campaign = forms.CharField(max_length=40, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=lambda: LetterKind.choices, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why no letter is written"), max_length=500,
        error_messages={"required": _("Write the reason. For example: the roster is being corrected until Friday.")},
    )  # fmt: skip
