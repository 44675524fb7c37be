"""What each role sees: its own, a sibling's, another region's, another sector's; what it may only open."""

import pytest

from enterprises.enums import DepartmentKind, Role
from enterprises.models import Enterprise
from enterprises.queries.deciders import Deciders
from enterprises.queries.scope import NOTHING, enterprises_for_user, enterprises_readable_by, scope_for
from review.enums import FilingState
from review.queries.scope import events_of_unit, filings_for_user, filings_readable_by
from riskreport.ground import clock
from risks.models import Rating, RatingRule
from risks.queries.catalogues import catalogues_for_user
from risks.queries.scope import ratings_for_user, risks_for_user
from tests import factories
from tests.factories import CITY, HUAQIAO, KUNSHAN, YANGSHE, YUSHAN, ZHANGJIAGANG

pytestmark = pytest.mark.django_db

# The units of the little city: where they stand and what they are.
UNITS = {
    "own": {"town": HUAQIAO, "category_code": "1401"},
    "sibling": {"town": HUAQIAO, "category_code": "1401"},
    "next_town": {"town": YUSHAN, "category_code": "1402"},
    "other_region": {"town": YANGSHE, "category_code": "1401"},
    "other_sector": {"town": HUAQIAO, "category_code": "1501"},
    "industry": {"town": YANGSHE, "category_code": "0001"},
}
EVERYTHING = set(UNITS)
CIVIL_IN_KUNSHAN = {"own", "sibling", "next_town"}
CIVIL = CIVIL_IN_KUNSHAN | {"other_region"}
IN_KUNSHAN = CIVIL_IN_KUNSHAN | {"other_sector"}

PEOPLE = {
    "user of the unit": (lambda own: factories.user(Role.ENTERPRISE_USER, of=own), {"own"}),
    "administrator of the unit": (lambda own: factories.user(Role.ENTERPRISE_ADMIN, of=own), {"own"}),
    "reviewer of the county": (lambda own: factories.user(of=factories.bureau(), role=Role.REVIEWER), CIVIL_IN_KUNSHAN),
    "keeper of the county": (lambda own: factories.user(of=factories.bureau(), role=Role.KEEPER), CIVIL_IN_KUNSHAN),
    "reviewer of the city": (lambda own: factories.user(of=factories.bureau("civil", CITY), role=Role.REVIEWER), CIVIL),
    "reviewer of a co-lead": (
        lambda own: factories.user(of=factories.bureau("fire"), role=Role.REVIEWER),
        {"own", "sibling"},
    ),
    "reviewer of another county": (
        lambda own: factories.user(of=factories.bureau("civil", ZHANGJIAGANG), role=Role.REVIEWER),
        {"other_region"},
    ),
    "reviewer of another line": (
        lambda own: factories.user(of=factories.bureau("religion"), role=Role.REVIEWER),
        {"other_sector"},
    ),
    "reviewer of a township": (
        lambda own: factories.user(of=factories.township(HUAQIAO), role=Role.REVIEWER),
        {"own", "sibling", "other_sector"},
    ),
    "office of the city": (lambda own: factories.user(Role.OFFICE), EVERYTHING),
    "office of the county": (lambda own: factories.user(of=factories.office(KUNSHAN), role=Role.OFFICE), IN_KUNSHAN),
    "discipline inspection": (lambda own: factories.user(Role.OVERSIGHT), EVERYTHING),
    "oversight in a bureau": (lambda own: factories.user(of=factories.bureau(), role=Role.OVERSIGHT), CIVIL_IN_KUNSHAN),
    "inspector": (
        lambda own: factories.user(of=inspection_group(ZHANGJIAGANG), role=Role.INSPECTOR),
        EVERYTHING - IN_KUNSHAN,
    ),
    "operator": (lambda own: factories.user(Role.OPERATOR), set()),
    "operator in the office": (lambda own: factories.user(of=factories.office(), role=Role.OPERATOR), set()),
    "reviewer of an office without a line": (
        lambda own: factories.user(of=factories.department(DepartmentKind.OPERATOR, CITY), role=Role.REVIEWER),
        set(),
    ),
    "reviewer of a line that leads nothing": (
        lambda own: factories.user(of=factories.bureau("emergency"), role=Role.REVIEWER),
        set(),
    ),
    "person who has left": (lambda own: factories.user(Role.OFFICE, is_active=False), set()),
}


def inspection_group(*areas):
    group = factories.department(DepartmentKind.INSPECTION, CITY)
    group.areas.set([factories.region(code) for code in areas])
    return group


def units_with_events(person) -> set[int]:
    return {unit.pk for unit in Enterprise.objects.all() if events_of_unit(person, unit.pk).exists()}


@pytest.fixture
def units():
    return {name: factories.enterprise(name=name, **fields) for name, fields in UNITS.items()}


@pytest.mark.parametrize(("make", "expected"), PEOPLE.values(), ids=PEOPLE)
def test_each_role_counts_the_units_of_its_scope_as_its_own(units, make, expected):
    person = make(units["own"])
    assert set(enterprises_for_user(person).values_list("name", flat=True)) == expected
    assert set(enterprises_readable_by(person).values_list("name", flat=True)) == expected


@pytest.mark.parametrize(("make", "expected"), PEOPLE.values(), ids=PEOPLE)
def test_filings_risks_ratings_and_events_follow_the_same_scope(make, expected):
    task = factories.campaign(categories=("1401", "1402", "1501"))
    filings = {
        name: factories.filing(FilingState.FILED, of=factories.enterprise(name=name, **fields), campaign=task)
        for name, fields in UNITS.items()
        if name != "industry"
    }
    rule = RatingRule.objects.create(version=1, title="规则", definition={})
    for filing in filings.values():
        place = {"enterprise": filing.enterprise, "town_id": filing.town_id, "rule": rule}
        Rating.objects.create(colour="blue", score=0, rated_at=clock.now(), **place)
        Rating.objects.create(colour="red", score=60, rated_at=clock.now(), is_current=False, **place)
    person = make(filings["own"].enterprise)
    expected = expected - {"industry"}
    for rows in (filings_for_user(person), filings_readable_by(person), risks_for_user(person)):
        assert set(rows.values_list("enterprise__name", flat=True)) == expected
    own = {filing.enterprise_id for name, filing in filings.items() if name in expected}
    assert units_with_events(person) == own
    assert set(ratings_for_user(person).values_list("enterprise_id", flat=True)) == own


def test_somebody_who_has_not_signed_in_sees_nothing(units):
    from django.contrib.auth.models import AnonymousUser

    assert scope_for(AnonymousUser()) == NOTHING
    assert not enterprises_for_user(AnonymousUser()).exists()


def test_a_further_category_opens_a_unit_without_counting_it():
    both = factories.enterprise(category_code="1401", further=("1501",))
    elsewhere = factories.enterprise(category_code="1401", further=("1501",), town=YANGSHE)
    religion = factories.user(of=factories.bureau("religion"), role=Role.REVIEWER)
    filing = factories.filing(FilingState.SUBMITTED, of=both)
    factories.filing(of=elsewhere)
    assert not enterprises_for_user(religion).exists()
    assert not filings_for_user(religion).exists()
    assert list(enterprises_readable_by(religion)) == [both]
    assert list(filings_readable_by(religion)) == [filing]
    assert units_with_events(religion) == {both.pk}


def test_scope_is_asked_once_per_person_and_request(django_assert_num_queries):
    person = factories.user(Role.OFFICE)
    person.department  # noqa: B018 fetched with the person in a request
    with django_assert_num_queries(1):
        scope_for(person)
        scope_for(person)


def test_the_edges_of_a_range_belong_to_it():
    office = factories.user(of=factories.office(KUNSHAN), role=Role.OFFICE)
    ((low, high),) = scope_for(office).ranges
    assert (low, high) == (320583000, 320583999)
    inside = Enterprise.objects.filter(scope_for(office).q(enterprise="pk"))
    unit = factories.enterprise(town=YUSHAN)
    for code, seen in ((low, True), (high, True), (low - 1, False), (high + 1, False)):
        factories.Region.objects.get_or_create(
            code=code, defaults={"name": "界", "display_name": "界", "level": "town", "low": code, "high": code}
        )
        Enterprise.objects.filter(pk=unit.pk).update(town_id=code)
        assert inside.filter(pk=unit.pk).exists() is seen


# --- catalogues -----------------------------------------------------------------------------------------------------
def test_catalogues_follow_line_category_and_role():
    civil = factories.catalogue()
    religion = factories.catalogue("religion", categories=("1501",), prefix="ZJ")
    readers = {
        factories.user(of=factories.enterprise()): [civil],
        factories.user(of=factories.enterprise(further=("1501",))): [civil, religion],
        factories.user(of=factories.bureau(), role=Role.REVIEWER): [civil],
        factories.user(of=factories.bureau("fire"), role=Role.REVIEWER): [civil],
        factories.user(Role.OFFICE): [civil, religion],
        factories.user(of=factories.township(), role=Role.REVIEWER): [civil, religion],
        factories.user(Role.OPERATOR): [],
    }
    for person, expected in readers.items():
        assert list(catalogues_for_user(person).order_by("key")) == expected


# --- who decides ----------------------------------------------------------------------------------------------------
def test_the_deciding_department_follows_level_line_and_town():
    county, city, town = factories.bureau(), factories.bureau("civil", CITY), factories.township(HUAQIAO)
    emergency = factories.bureau("emergency")
    assert Deciders("county").find(line="civil", town_id=HUAQIAO) == county
    assert Deciders("city").find(line="civil", town_id=HUAQIAO) == city
    assert Deciders("town").find(line="industry", town_id=HUAQIAO) == town
    assert Deciders("town").find(line="industry", town_id=YUSHAN) == emergency
    with pytest.raises(LookupError, match="religion"):
        Deciders("county").find(line="religion", town_id=HUAQIAO)
    with pytest.raises(LookupError):
        Deciders("town").find(line="industry", town_id=YANGSHE)
