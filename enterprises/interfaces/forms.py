"""Forms about people: signing in, one's own account, one's password."""

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, password_validation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.checks.first_codes import read_account, read_code
from enterprises.models import User
from riskreport.ground.checks.telephones import is_telephone

WIDTH = str.maketrans("０１２３４５６７８９－　", "0123456789- ")


class SignInForm(forms.Form):
    """Account and password. An unknown account and a wrong password get the same answer."""

    account = forms.CharField(
        label=_("Account"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, request=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean_account(self) -> str:
        """Accounts are lower case, so that one person's tries are counted under one name."""
        return self.cleaned_data["account"].strip().lower()

    def clean(self) -> dict:
        """Ask the backends; the answer never says which of the two was wrong."""
        data = super().clean()
        if "account" in data and "password" in data:
            self.user = authenticate(self.request, username=data["account"], password=data["password"])
            if self.user is None:
                raise forms.ValidationError(
                    _("Account and password do not match. After five tries the account is locked for 15 minutes.")
                )
        return data


def clean_telephone(text: str) -> str:
    """Return a telephone number with plain digits and no spaces, nothing for nothing. Raises ValidationError."""
    phone = text.translate(WIDTH).replace(" ", "")
    if phone and not is_telephone(phone):
        raise forms.ValidationError(
            _("“%(value)s” is no telephone number. Write 11 digits, or area code and number: 0512-65220000."),
            params={"value": phone},
        )
    return phone


class OwnDetailsForm(forms.ModelForm):
    """What a person keeps up to date about themselves."""

    class Meta:
        model = User
        fields = ["name", "post", "phone", "email", "wants_mail"]
        labels = {
            "name": pgettext_lazy("person", "Name"),
            "post": _("Post"),
            "phone": _("Telephone"),
            "email": _("Mail address"),
            "wants_mail": _("Send me mails"),
        }
        help_texts = {
            "phone": _("Mobile, or landline with area code, for example 0512-65220000."),
            "email": _("May stay empty. At most one mail a day with reminders and new notices; it names no unit."),
            "wants_mail": _("Reminders come to your inbox whether you take mails or not."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "post": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not settings.MAIL_ON:
            del self.fields["email"], self.fields["wants_mail"]

    def clean_phone(self) -> str:
        """Accept full-width digits and spaces; say what a number looks like."""
        return clean_telephone(self.cleaned_data["phone"])


class NewPasswordForm(forms.Form):
    """A new password, twice, by the rules of passwords."""

    new = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 10 characters, not only digits, not a common word, not your name."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    user: User

    def clean_new(self) -> str:
        """Apply the rules of passwords."""
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]

    def clean(self) -> dict:
        """Both new passwords must agree."""
        data = super().clean()
        new, again = data.get("new"), data.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two new passwords differ."))
        return data


class PasswordForm(NewPasswordForm):
    """The old password, and the new one twice."""

    field_order = ["old", "new", "again"]
    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        """The person at the keyboard must know the present password."""
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(_("This is not your present password."))
        return self.cleaned_data["old"]

    def clean(self) -> dict:
        """The new password must differ from the old one too."""
        data = super().clean()
        if data.get("new") and data.get("new") == data.get("old"):
            self.add_error("new", _("The new password must differ from the present one."))
        return data


class FirstSignInForm(forms.Form):
    """Account and first-use code. Whatever is wrong, known account or not, the answer is the same."""

    account = forms.CharField(
        label=_("Account"),
        max_length=60,
        help_text=_("As it stands in the letter, for example qy 4827 1935."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("First-use code"),
        max_length=60,
        help_text=_("Twelve letters and digits; capitals and dashes do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args, request=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict:
        """Ask the backends, which count wrong tries; the answer never says what was wrong."""
        data = super().clean()
        if "account" in data and "code" in data:
            self.user = authenticate(
                self.request,
                username=read_account(data["account"])[:40],
                first_use_secret=read_code(data["code"]),
            )
            if self.user is None:
                raise forms.ValidationError(
                    _(
                        "Account and first-use code do not match, or the code is no longer valid. Compare both with "
                        "the letter; after five tries the account is locked for 15 minutes."
                    )
                )
        return data


class FirstUseForm(NewPasswordForm, OwnDetailsForm):
    """What a person says of themselves at the first sign-in, and the password they choose."""

    field_order = ["name", "post", "phone", "new", "again"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = self.instance
        self.fields.pop("email", None)
        self.fields.pop("wants_mail", None)
        self.fields["phone"].required = True
        self.fields["new"].label = _("Password")
        self.fields["again"].label = _("Password again")
