"""The home of every role: its counts are the sizes of the lists they open, and its cost does not grow."""

import datetime as dt

import pytest
from django.urls import reverse

from enterprises.domain.likeness import refresh_likeness
from enterprises.enums import Role
from review.enums import AttachmentKind
from review.queries.status import by_when
from riskreport.ground import clock
from riskreport.ground.models import Event
from risks.domain.rating import rate_enterprises
from tests import factories

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 13


def home_of(client, person):
    client.force_login(person)
    return client.get(reverse("home"))


def rows_behind(client, url: str) -> int:
    return client.get(url).context["list"].page.count


@pytest.fixture
def city():
    """A late campaign with a report in every state in one county, and one in another."""
    campaign = factories.campaign(due_on=clock.today() - dt.timedelta(days=1))
    states = ("not_started", "submitted", "in_review", "returned", "approved", "filed", "supplement_open", "void")
    made = {state: factories.filing(state, campaign=campaign) for state in states}
    made["zero"] = factories.filing("filed", campaign=campaign, present=())
    made["other"] = factories.filing("submitted", campaign=campaign, of=factories.enterprise(town=factories.YANGSHE))
    factories.rating_rule()
    rate_enterprises([made["filed"].enterprise_id])
    return made


@pytest.mark.parametrize("role", ["reviewer", "city_reviewer", "office", "inspector", "oversight"])
def test_every_count_is_the_size_of_the_list_it_opens(client, city, role):
    person = {
        "reviewer": lambda: city["in_review"].claimed_by,
        "city_reviewer": lambda: factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.CITY)),
        "office": lambda: factories.user(Role.OFFICE),
        "inspector": lambda: factories.user(Role.INSPECTOR),
        "oversight": lambda: factories.user(Role.OVERSIGHT),
    }[role]()
    page = home_of(client, person)
    counted = {tile["url"]: tile["count"] for tile in page.context["tiles"]}
    for row in page.context.get("colours", ()):
        counted[row["url"]] = row["count"]
    for row in page.context["campaigns"]:
        figures = row["row"].figures
        counted[row["links"]["expected"]] = figures.expected
        counted[row["links"]["actual"]] = figures.actual
        counted[row["links"]["on_time"]] = figures.on_time
        counted[row["links"]["overdue"]] = row["row"].overdue
    assert sum(counted.values()) > 5
    assert {url: rows_behind(client, url) for url in counted} == counted


def test_a_keepers_home_counts_what_waits_in_the_groundwork(client):
    """Pairs that look alike, units without an account, administrators who never signed in: each the list it opens."""
    keeper = factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY))
    first = factories.enterprise(name="清和护理院", address="玉山镇一号")
    factories.user(Role.ENTERPRISE_ADMIN, of=first)
    factories.user(Role.ENTERPRISE_ADMIN, of=factories.enterprise(), last_login=clock.now())
    twin = factories.enterprise(name="清和护理院", address="玉山镇一号")
    refresh_likeness(enterprise_ids=[first.pk, twin.pk])
    tiles = {tile["url"]: tile["count"] for tile in home_of(client, keeper).context["tiles"]}
    pairs = len(client.get(reverse("units_alike")).context["rows"])
    assert tiles.pop(reverse("units_alike")) == pairs == 1
    assert {url: rows_behind(client, url) for url in tiles} == tiles
    assert list(tiles.values()) == [1, 1]


def test_the_reviewers_home_starts_the_review(client, city):
    reviewer = city["in_review"].claimed_by
    page = home_of(client, reviewer)
    assert page.context["next"] == city["in_review"]
    assert [row["filing"] for row in page.context["waiting"]] == [city["submitted"]]
    colleague = factories.user(Role.REVIEWER, of=reviewer.department)
    assert home_of(client, colleague).context["next"] == city["submitted"]


@pytest.mark.parametrize(
    ("state", "ours"),
    [("not_started", True), ("submitted", False), ("returned", True), ("approved", True), ("filed", False)],
)
def test_an_enterprise_sees_whose_turn_it_is_and_one_button(client, state, ours):
    filing = factories.filing(state)
    page = home_of(client, factories.writer_of(filing))
    (row,) = page.context["filings"]
    assert row["filing"] == filing
    assert row["ours"] is ours
    assert page.context["ours"] == int(ours)
    assert page.content.decode().count(f'href="{reverse("filing", args=[filing.pk])}"') == 1


def test_the_home_asks_for_the_stamped_scan_until_it_is_there(client):
    filing = factories.filing("submitted")
    writer = factories.writer_of(filing)
    attach = reverse("filing_section", args=[filing.pk, "attachments"])
    page = home_of(client, writer)
    assert (page.context["scans"], attach in page.content.decode()) == (1, True)
    factories.attachment(filing, kind=AttachmentKind.STAMPED)
    page = home_of(client, writer)
    assert (page.context["scans"], attach in page.content.decode()) == (0, False)


def test_the_day_it_is_due_is_said_once(client):
    filing = factories.filing("drafting")
    page = home_of(client, factories.writer_of(filing)).content.decode()
    assert page.count(filing.due_on.isoformat()) == 1


def test_a_late_report_says_so_and_one_due_today_too(client):
    today = clock.today()
    late = factories.filing("drafting", due_on=today - dt.timedelta(days=3))
    (row,) = home_of(client, factories.writer_of(late)).context["filings"]
    assert row["late"]
    assert "3" in row["by_when"]
    due = factories.filing("drafting", due_on=today)
    (row,) = home_of(client, factories.writer_of(due)).context["filings"]
    assert not row["late"]
    assert row["by_when"]


def test_the_status_page_of_a_late_report_says_how_late_it_is(client):
    late = factories.filing("drafting", due_on=clock.today() - dt.timedelta(days=3))
    due = factories.filing("drafting", due_on=clock.today())
    shown = []
    for filing in (late, due):
        client.force_login(factories.writer_of(filing))
        page = client.get(reverse("filing", args=[filing.pk]))
        shown.append((page.context["late"], page.content.decode().count("rr-late")))
    assert shown == [(by_when(late), 1), ("", 0)]


def test_the_colour_stands_on_the_home_in_words(client, city):
    writer = factories.writer_of(city["filed"])
    assert home_of(client, writer).context["rating"].colour == "yellow"
    assert home_of(client, factories.writer_of(city["zero"])).context["rating"] is None


def test_an_exempt_report_shows_no_way_to_go(client):
    filing = factories.filing("exempt")
    assert home_of(client, factories.writer_of(filing)).context["filings"][0]["way"] == []


def test_one_stage_and_supplement_have_their_own_words(client):
    filing = factories.filing("supplement_open", stages=1)
    (row,) = home_of(client, factories.writer_of(filing)).context["filings"]
    assert [step["now"] for step in row["way"]] == [True, False, False]
    assert not row["late"]


def test_a_keeper_finds_the_catalogues_of_the_line(client):
    own = factories.catalogue()
    factories.catalogue("religion", categories=("1501",), prefix="ZJ")
    page = home_of(client, factories.user(Role.KEEPER))
    assert [(row, row.items_count) for row in page.context["catalogues"]] == [(own, 3)]


def test_the_operator_sees_the_system_and_no_business_data(client, city):
    page = home_of(client, factories.user(Role.OPERATOR))
    assert page.status_code == 200
    assert [tile["count"] for tile in page.context["tiles"]] == [0, 0]
    assert city["filed"].enterprise.name not in page.content.decode()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.KEEPER, Role.OFFICE, Role.INSPECTOR, Role.ENTERPRISE_USER])
def test_a_home_costs_the_same_with_one_row_and_with_three(client, django_assert_max_num_queries, role):
    campaign = factories.campaign()
    first = factories.filing("filed" if role == Role.INSPECTOR else "submitted", campaign=campaign)
    person = factories.writer_of(first) if role == Role.ENTERPRISE_USER else factories.user(role)
    home_of(client, person)
    with django_assert_max_num_queries(PAGE_QUERIES) as one:
        client.get(reverse("home"))
    for _ in range(2):
        other = first.enterprise if role == Role.ENTERPRISE_USER else None
        task = factories.campaign() if role == Role.ENTERPRISE_USER else campaign
        factories.filing("filed" if role == Role.INSPECTOR else "submitted", campaign=task, of=other)
    with django_assert_max_num_queries(PAGE_QUERIES) as three:
        client.get(reverse("home"))
    assert len(one) == len(three)


def test_looking_at_a_home_writes_nothing(client, city):
    person = factories.user(Role.OFFICE)
    before = Event.objects.count()
    home_of(client, person)
    assert Event.objects.count() == before
