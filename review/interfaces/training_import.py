"""Taking in who came to sessions from a file: a row names the session by its number, the unit by its code, a person."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.models import User
from review.enums import AttendanceWay
from review.models import TrainingAttendance
from review.queries.training import attendances_for_user, sessions_for_user
from review.rules import organises_training, takes_attendance
from riskreport.ground.request import whole_number
from riskreport.ground.sheets.cleaners import Cleaner, Wrong
from riskreport.ground.sheets.importer import Importer, Said, Values

YES_NO = {True: _l("Yes"), False: _l("No")}


def session_for(user: User) -> Cleaner:
    """Return the cleaner of a session's number: one of those the person sees."""
    known = set(sessions_for_user(user).values_list("pk", flat=True))

    def clean(text: str) -> int:
        number = whole_number(text)
        if number not in known:
            raise Wrong(_("the number of a training session, as its page shows it"))
        return number

    return clean


def with_way(user: User) -> Callable[[Values, Values | None], Values]:
    """Who comes to be noted by a file came by a file; who was in already keeps the way they came in."""

    def prepare(values: Values, standing: Values | None) -> Values:
        if standing is not None and standing.get("came") == values.get("came"):
            return values
        return {**values, "way": AttendanceWay.FILE.value if values.get("came") else ""}

    return prepare


def remarks(user: User) -> Callable[[Values, Values | None], Iterable[Said]]:
    """Return the rules across a row: only one's own sessions are written, and only once their day has come.

    A row as it stands may be in the file: an exported list comes back.
    """
    sessions = {row.pk: row for row in sessions_for_user(user)}

    def say(values: Values, standing: Values | None) -> Iterable[Said]:
        if standing is not None and all(standing[key] == value for key, value in values.items() if key in standing):
            return
        session = sessions[values["session"]]
        if session.department_id != user.department_id:
            yield "session", _("a session of your own department")
        elif not takes_attendance(user, session).allowed:
            yield "session", _("a session that is open or held, and whose day has come")

    return say


ATTENDANCE_IMPORT = Importer(
    rule=organises_training,
    model=TrainingAttendance,
    keys=(("session", "code", "name"),),
    standing=attendances_for_user,
    fields={"session": "session_id", "code": "enterprise_id"},
    columns_only=frozenset({"unit"}),
    prepare=with_way,
    attributes=("way",),
    remarks=remarks,
    version="",
    event="training.imported",
    elsewhere=_l("a person of a unit within your own area and lines"),
)
