"""Keeping people: adding a colleague, changing a role, naming a chief, a new first-use code, unlocking."""

from dataclasses import dataclass

from axes.utils import reset as reset_lock
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.checks.first_codes import ENTERPRISE_PREFIX, OFFICIAL_PREFIX
from enterprises.domain.first_use import issue_codes, new_accounts
from enterprises.domain.second_factor import forget_second_factor
from enterprises.domain.sessions import end_all_sessions
from enterprises.enums import ENTERPRISE_ROLES, ROLES_OF, Role
from enterprises.models import Department, Enterprise, User
from enterprises.queries.accounts import other_administrators
from enterprises.rules import (
    adds_to,
    appoints_chief,
    is_somebody_else,
    keeps_person,
    may_send_code,
)
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer


@dataclass(frozen=True)
class Told:
    """A person and their new first-use code: it is told now and never again."""

    person: User
    code: str


def lock_person(person_id: int, user: User) -> tuple[User, User]:
    """Return the person and whoever acts, both as they stand now, with the rows locked that decide who keeps whom.

    An enterprise's row stands for its people, so that two administrators acting on each other come one after the other
    and the second is asked with the rights that are left. Raises User.DoesNotExist.
    """
    home = User.objects.values_list("enterprise_id", "department_id").get(pk=person_id)
    _lock_home(*home)
    people = User.objects.select_related("enterprise", "department__region").in_bulk({person_id, user.pk})
    return people[person_id], people[user.pk]


def _lock_home(enterprise_id: int | None, department_id: int | None) -> None:
    model, pk = (Enterprise, enterprise_id) if enterprise_id is not None else (Department, department_id)
    list(model._default_manager.select_for_update(of=("self",)).filter(pk=pk).values_list("pk", flat=True))


def roles_for(home: Enterprise | Department) -> tuple[Role, ...]:
    """Return the roles the people of an enterprise or of this kind of department may have."""
    if isinstance(home, Enterprise):
        return (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)
    return ROLES_OF[home.kind]


def home_of(person: User) -> Enterprise | Department:
    """Return the enterprise or department a person belongs to."""
    home = person.department or person.enterprise
    if home is None:
        raise LookupError("a person belongs to an enterprise or a department")
    return home


def add_person(
    *,
    user: User,
    home: Enterprise | Department,
    name: str,
    role: str,
    post: str = "",
    is_chief: bool = False,
    key: str = "",
) -> Told:
    """Make an account for a colleague, with a first-use code to be told to them.

    Side effects, in order, in one transaction: the home's row is locked; the account, which nobody can sign in with but
    by the code; the code; the event ``person.added``; the key of the form. A second call with the same key is refused
    and makes nobody: the code was told already. Raises Refused, KeyReused.
    """
    is_unit = isinstance(home, Enterprise)
    digest = digest_of([home.pk, is_unit, name, role, post, is_chief])
    with transaction.atomic():
        _lock_home(home.pk if is_unit else None, None if is_unit else home.pk)
        actor = User.objects.select_related("department").get(pk=user.pk)
        if earlier_answer(user=actor, key=key, digest=digest, refusal=_("This form was used already.")) is not None:
            raise Refused(
                _("This person was added already, and the code was shown once. Give a new one if it is lost.")
            )
        _may_add(actor, home, role, is_chief)
        account = new_accounts(ENTERPRISE_PREFIX if is_unit else OFFICIAL_PREFIX, 1)[0]
        owner = {"enterprise": home} if is_unit else {"department": home}
        person = User.objects.create_user(
            account=account, password=None, name=name, role=role, post=post, is_chief=is_chief, **owner
        )
        (code,) = issue_codes(people=[person], actor=actor)
        _record("person.added", actor, person, {"role": role, "chief": is_chief})
        keep_answer(user=actor, key=key, digest=digest, answer={"person": person.pk})
    return Told(person, code)


def _may_add(actor: User, home: Enterprise | Department, role: str, is_chief: bool) -> None:
    if role not in roles_for(home):
        raise Refused(_("This role does not exist there. Choose one of those offered."))
    if isinstance(home, Enterprise):
        if actor.role != Role.ENTERPRISE_ADMIN or actor.enterprise_id != home.pk:
            raise Refused(_("Only the administrator of this enterprise may add people to it."))
    elif is_chief:
        appoints_chief.check(actor, home)
    else:
        adds_to.check(actor, home)


def change_person(*, user: User, person_id: int, role: str, post: str) -> bool:
    """Change a colleague's role and post; return whether anything changed.

    Side effects, in order, in one transaction: the rows are locked; the narrow update, in force at the person's next
    request; the event ``person.changed`` with old and new. A second call does nothing. Raises Refused, also when the
    enterprise would be left without an administrator.
    """
    with transaction.atomic():
        person, actor = lock_person(person_id, user)
        keeps_person.check(actor, person)
        if role not in roles_for(home_of(person)):
            raise Refused(_("This role does not exist there. Choose one of those offered."))
        if role != Role.ENTERPRISE_ADMIN:
            keep_an_administrator(person)
        wanted = {"role": role, "post": post}
        changed = {
            field: [getattr(person, field), value] for field, value in wanted.items() if getattr(person, field) != value
        }
        if not changed:
            return False
        User.objects.filter(pk=person.pk).update(**{field: pair[1] for field, pair in changed.items()})
        _record("person.changed", actor, person, changed)
    return True


def keep_an_administrator(person: User) -> None:
    """Raise Refused when this person is the last active administrator of an enterprise."""
    if person.role == Role.ENTERPRISE_ADMIN and person.is_active and not other_administrators(person).exists():
        raise Refused(
            _("An enterprise keeps at least one administrator. Make a colleague administrator first, then try again.")
        )


def hand_over_administration(*, user: User, to_id: int) -> None:
    """Make a colleague the administrator and oneself an ordinary user of the enterprise.

    Side effects, in order, in one transaction: the enterprise's row is locked; two narrow updates; the event
    ``person.administration_handed_over``. A second call is refused: one is no administrator any more. Raises Refused.
    """
    with transaction.atomic():
        heir, actor = lock_person(to_id, user)
        keeps_person.check(actor, heir)
        if not heir.is_active or heir.role not in ENTERPRISE_ROLES:
            raise Refused(_("Hand over to a colleague whose account is in use."))
        User.objects.filter(pk=heir.pk).update(role=Role.ENTERPRISE_ADMIN)
        User.objects.filter(pk=actor.pk).update(role=Role.ENTERPRISE_USER)
        _record("person.administration_handed_over", actor, heir, {"from": actor.pk})


def set_chief(*, user: User, person_id: int, is_chief: bool) -> bool:
    """Name an official chief of the department, or take that back; return whether anything changed.

    Side effects, in order, in one transaction: the rows are locked; the narrow update; the event ``person.chief_named``
    or ``person.chief_dismissed``. A second call does nothing. Raises Refused.
    """
    with transaction.atomic():
        person, actor = lock_person(person_id, user)
        if person.department is None:
            raise Refused(_("Only officials can be chief of a department."))
        appoints_chief.check(actor, person.department)
        is_somebody_else.check(actor, person)
        if person.is_chief == is_chief:
            return False
        User.objects.filter(pk=person.pk).update(is_chief=is_chief)
        _record("person.chief_named" if is_chief else "person.chief_dismissed", actor, person)
    return True


def set_sso_id(*, user: User, person_id: int, sso_id: str) -> bool:
    """Keep under what identifier the single sign-on knows an official, or none; return whether anything changed.

    Side effects, in order, in one transaction: the rows are locked; the narrow update; where another identifier stood,
    every session of the person ends; the event ``person.sso_changed``, which names no identifier. A second call does
    nothing. Raises Refused, also when the identifier is kept for somebody else.
    """
    try:
        with transaction.atomic():
            person, actor = lock_person(person_id, user)
            keeps_person.check(actor, person)
            if person.department_id is None:
                raise Refused(_("Single sign-on is for the people of departments."))
            if (person.sso_id or "") == sso_id:
                return False
            User.objects.filter(pk=person.pk).update(sso_id=sso_id or None)
            if person.sso_id:
                end_all_sessions(person=person, actor=actor, why="single sign-on changed")
            _record("person.sso_changed", actor, person, {"kept": bool(sso_id)})
    except IntegrityError as error:
        raise Refused(
            _("This identifier is kept for another account already. Compare it with what the single sign-on shows.")
        ) from error
    return True


def send_code(*, user: User, person_id: int) -> Told:
    """Give a person a new first-use code in place of their password, for instance when it is forgotten.

    Side effects, in order, in one transaction: the rows are locked; the password becomes unusable and every session of
    the person ends at its next request; the code, an older one is invalid; tries that were counted against the account
    are forgotten; the event ``account.code_issued``. A second call makes another code. Raises Refused.
    """
    with transaction.atomic():
        person, actor = lock_person(person_id, user)
        may_send_code.check(actor, person)
        if not person.is_active:
            raise Refused(_("This account is disabled. Open it again first."))
        person.set_unusable_password()
        person.save(update_fields=["password"])
        end_all_sessions(person=person, actor=actor, why="new code")
        (code,) = issue_codes(people=[person], actor=actor)
        reset_lock(username=person.account)
        _record("account.code_issued", actor, person)
    return Told(person, code)


def unlock_person(*, user: User, person_id: int) -> None:
    """Forget the wrong tries counted against an account, so that its person can sign in at once.

    Side effects, in order: the counts; the event ``account.unlocked``. Raises Refused.
    """
    with transaction.atomic():
        person, actor = lock_person(person_id, user)
        may_send_code.check(actor, person)
        reset_lock(username=person.account)
        _record("account.unlocked", actor, person)


def reset_second_factor(*, user: User, person_id: int) -> None:
    """Take a lost second factor away: the person sets a new one up at the next sign-in.

    Side effects, in order, in one transaction: device and recovery codes go; every session ends; the event
    ``account.second_factor_reset``. A second call does no harm. Raises Refused.
    """
    with transaction.atomic():
        person, actor = lock_person(person_id, user)
        may_send_code.check(actor, person)
        forget_second_factor(person)
        end_all_sessions(person=person, actor=actor, why="second factor reset")
        _record("account.second_factor_reset", actor, person)


def _record(kind: str, actor: User, person: User, data: dict | None = None) -> None:
    record_event(kind=kind, actor=actor, about=person, enterprise_id=person.enterprise_id, data=data)
