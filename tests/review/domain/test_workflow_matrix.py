"""State × action × person: who can make which move, against a table written by hand from docs/workflow.md."""

import pytest
from django.db import transaction

from enterprises.enums import DepartmentKind, Role
from review.domain.workflow import MoveRefused, move_filing, moves_for
from review.enums import Action, FilingState
from tests import factories

pytestmark = pytest.mark.django_db

UNIT = {"enterprise_user", "enterprise_admin"}
DECIDER = {"reviewer", "colleague"}

# state -> action -> who can. Persons not named, and actions not named, are refused.
TWO_STAGES = {
    "not_started": {"start": UNIT | DECIDER, "exempt": DECIDER | {"office"}, "void": {"office"}},
    "drafting": {"submit": UNIT, "exempt": DECIDER | {"office"}, "void": {"office"}},
    "submitted": {"withdraw": UNIT, "claim": DECIDER, "exempt": DECIDER | {"office"}, "void": {"office"}},
    "in_review": {
        "put_back": DECIDER,
        "return": {"reviewer"},
        "approve": {"reviewer"},
        "exempt": DECIDER | {"office"},
        "void": {"office"},
    },
    "returned": {"submit": UNIT, "exempt": DECIDER | {"office"}, "void": {"office"}},
    "approved": {"file": UNIT, "exempt": DECIDER | {"office"}, "void": {"office"}},
    "filed": {"reopen": UNIT | DECIDER, "void": {"office"}},
    "supplement_open": {"submit": UNIT, "void": {"office"}},
    "exempt": {},
    "void": {},
}
ONE_STAGE = {
    "not_started": {"start": UNIT | DECIDER, "exempt": DECIDER | {"office"}, "void": {"office"}},
    "drafting": {"file": UNIT, "exempt": DECIDER | {"office"}, "void": {"office"}},
    "filed": {"reopen": UNIT | DECIDER, "void": {"office"}},
    "supplement_open": {"file": UNIT, "void": {"office"}},
    "exempt": {},
    "void": {},
}
# The same for a report that «enterer» types in from paper: the unit may only ask for a supplement.
PAPER = {
    "drafting": {"submit": DECIDER | {"enterer"}, "exempt": DECIDER | {"enterer", "office"}, "void": {"office"}},
    "submitted": {
        "withdraw": DECIDER | {"enterer"},
        "claim": DECIDER,
        "exempt": DECIDER | {"enterer", "office"},
        "void": {"office"},
    },
    "in_review": {
        "put_back": DECIDER | {"enterer"},
        "return": {"reviewer"},
        "approve": {"reviewer"},
        "exempt": DECIDER | {"enterer", "office"},
        "void": {"office"},
    },
    "returned": {"submit": DECIDER | {"enterer"}, "exempt": DECIDER | {"enterer", "office"}, "void": {"office"}},
    "approved": {"file": DECIDER | {"enterer"}, "exempt": DECIDER | {"enterer", "office"}, "void": {"office"}},
    "filed": {"reopen": UNIT | DECIDER | {"enterer"}, "void": {"office"}},
    "supplement_open": {"submit": DECIDER | {"enterer"}, "void": {"office"}},
}
CASES = [
    *((2, False, state, table) for state, table in TWO_STAGES.items()),
    *((1, False, state, table) for state, table in ONE_STAGE.items()),
    *((2, True, state, table) for state, table in PAPER.items()),
]


def people_around(filing) -> dict:
    """Everybody who might try: of the unit, of the deciding office, and of all who have no say."""
    deciding, bureau = filing.department, factories.bureau("religion")
    reviewer = filing.claimed_by or factories.reviewer_of(filing)
    people = {
        "enterprise_user": factories.user(Role.ENTERPRISE_USER, of=filing.enterprise),
        "enterprise_admin": factories.user(Role.ENTERPRISE_ADMIN, of=filing.enterprise),
        "other_unit": factories.user(Role.ENTERPRISE_USER),
        "reviewer": reviewer,
        "colleague": factories.user(Role.REVIEWER, of=deciding),
        "other_county": factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.ZHANGJIAGANG)),
        "city_bureau": factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY)),
        "other_line": factories.user(Role.REVIEWER, of=bureau),
        "keeper": factories.user(Role.KEEPER, of=deciding),
        "office": factories.office_of(filing),
        "other_office": factories.user(Role.OFFICE, of=factories.office(factories.ZHANGJIAGANG)),
        "office_of_a_bureau": factories.user(Role.OFFICE, of=deciding),
        "inspector": factories.user(Role.INSPECTOR),
        "oversight": factories.user(Role.OVERSIGHT),
        "operator": factories.user(Role.OPERATOR),
        "inspector_in_the_office": factories.user(
            Role.INSPECTOR, of=factories.department(DepartmentKind.COMMITTEE, factories.CITY)
        ),
    }
    return people | ({"enterer": filing.entered_by} if filing.is_paper else {})


def can(filing, person, action) -> bool:
    """Try the move for real and take it back; a refusal must give its reason."""
    given = factories.SIGNED if action == Action.FILE else {}
    try:
        with transaction.atomic():
            move_filing(
                filing_id=filing.pk,
                action=action,
                user=person,
                seen_version=filing.version,
                reason=factories.REASON,
                given=given,
            )
            raise TakenBack
    except TakenBack:
        return True
    except MoveRefused as refusal:
        reason = str(refusal)
    assert len(reason) > 6
    return False


class TakenBack(Exception):
    """The move worked; the savepoint undoes it for the next try."""


@pytest.mark.parametrize(("stages", "paper", "state", "expected"), CASES)
def test_exactly_the_people_of_the_table_can_make_the_move(stages, paper, state, expected):
    filing = factories.filing(state, stages=stages, paper=paper)
    people = people_around(filing)

    possible = {
        (action, name) for action in Action.values for name, person in people.items() if can(filing, person, action)
    }

    assert possible == {(action, name) for action, names in expected.items() for name in names}
    filing.refresh_from_db()
    assert filing.state == state


@pytest.mark.parametrize(("stages", "paper", "state", "expected"), CASES)
def test_buttons_are_the_moves_a_person_can_make(stages, paper, state, expected):
    filing = factories.filing(state, stages=stages, paper=paper)
    shown = {
        (move.action.value, name)
        for name, person in people_around(filing).items()
        for move in moves_for(person, filing)
    }
    wanted = {(action, name) for action, names in expected.items() for name in names}
    if state == FilingState.APPROVED:  # whether a risk has changed is looked at only when the button is pressed
        wanted |= {("submit", name) for name in expected["file"]}
    assert shown == wanted


def test_every_state_of_the_house_stands_in_the_tables():
    assert set(TWO_STAGES) == set(FilingState.values)
    assert set(ONE_STAGE) == set(FilingState.values) - {"submitted", "in_review", "returned", "approved"}
