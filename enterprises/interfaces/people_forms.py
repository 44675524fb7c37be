"""Forms about colleagues: adding one, changing a role, naming who takes over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.domain.people import home_of, roles_for
from enterprises.enums import Role
from enterprises.models import Department, Enterprise, User
from enterprises.queries.accounts import colleagues_of, departments_for_user
from enterprises.rules import adds_to, appoints_chief


class AddPersonForm(forms.Form):
    """A colleague: name, role and post; where the person keeps several departments, which of them."""

    department = forms.ChoiceField(label=_("Department"))
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=40)
    role = forms.ChoiceField(label=_("Role"))
    post = forms.CharField(label=_("Post"), max_length=40, required=False)
    is_chief = forms.BooleanField(label=_("Chief: keeps the accounts of this department's people"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homes = self._homes(user)
        if user.enterprise_id is not None:
            del self.fields["department"], self.fields["is_chief"]
            roles = roles_for(user.enterprise)
        else:
            self.fields["department"].choices = [(key, home.label) for key, home in self.homes.items()]
            if len(self.homes) == 1:
                self.fields["department"].widget = forms.HiddenInput()
                self.fields["department"].initial = next(iter(self.homes))
            if not any(appoints_chief(user, home).allowed for home in self.homes.values()):
                del self.fields["is_chief"]
            offered = {role for home in self.homes.values() for role in roles_for(home)}
            roles = tuple(role for role in Role if role in offered)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]

    @staticmethod
    def _homes(user: User) -> dict[str, Enterprise | Department]:
        if user.enterprise_id is not None:
            return {"": user.enterprise}
        rows = departments_for_user(user).select_related("region").order_by("region_id", "code")
        return {str(row.pk): row for row in rows if adds_to(user, row).allowed or appoints_chief(user, row).allowed}

    def clean(self) -> dict:
        """A role must exist in the department that was chosen."""
        data = super().clean()
        home = self.homes.get(data.get("department", ""))
        if home is not None and data.get("role") and data["role"] not in roles_for(home):
            offered = "、".join(str(role.label) for role in roles_for(home))
            self.add_error("role", _("In this department the roles are: %(offered)s.") % {"offered": offered})
        return data

    @property
    def home(self) -> Enterprise | Department:
        """Where the person is added; ask after the form is valid."""
        return self.homes[self.cleaned_data.get("department", "")]


class ChangePersonForm(forms.Form):
    """Role and post of a colleague."""

    role = forms.ChoiceField(label=_("Role"))
    post = forms.CharField(label=_("Post"), max_length=40, required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, initial={"role": person.role, "post": person.post}, **kwargs)
        roles = roles_for(home_of(person))
        self.fields["role"].choices = [(role.value, role.label) for role in roles]


class SsoForm(forms.Form):
    """What the single sign-on calls an official; empty takes the door away."""

    sso_id = forms.CharField(
        label=_("Identifier at the single sign-on"),
        max_length=200,
        required=False,
        help_text=_("Exactly as the single sign-on's own operator names it; empty when the person does not use it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class LeaveForm(forms.Form):
    """Who takes over what is open, and why the account is disabled."""

    heir = forms.ModelChoiceField(
        label=_("Open work goes to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: back to where everybody may take it"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].queryset = colleagues_of(person)
        self.fields["heir"].label_from_instance = _colleague_label


def _colleague_label(person: User) -> str:
    return f"{person.name or person.account} · {person.get_role_display()}"
