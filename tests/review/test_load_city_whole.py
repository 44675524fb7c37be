"""A whole city, a fiftieth of it: the bulletin's shares come out exactly, and what is poured in is true."""

import datetime as dt
import json
from io import StringIO
from random import Random
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Max, Q

from enterprises.enums import Scale
from enterprises.models import Enterprise, Likeness, Region, SearchEntry, User
from enterprises.queries.scope import scope_for
from review.domain.bulletins.figures import read_figures, values_of
from review.domain.demo.lots import counts_with_sum, draw_lots
from review.domain.demo.people import OFFICES, UNITS
from review.domain.demo.sizes import BULLETIN_DAY, SIZES
from review.enums import FilingState, VisitOutcome
from review.interfaces import panels  # noqa: F401  (they register themselves)
from review.interfaces.board_lists import count_at
from review.interfaces.panels.registry import BoardRequest, all_panels, panels_for
from review.interfaces.panels.tables import Number
from review.models import Campaign, Filing, TrainingAttendance, TrainingMaterial, TrainingSession, Visit
from review.queries.board import Narrowing, read_board
from review.queries.completion import percent
from review.queries.content import canonical, filing_content
from review.queries.training import coverage, sessions_for_user
from review.queries.verified import last_visited, recorders_of
from review.rules import goes_on_visits, may_withdraw_visit
from riskreport.ground import clock
from riskreport.ground.models import Event
from risks.models import Rating, Risk, Standing

pytestmark = pytest.mark.django_db
CROWD = SIZES["sample"].crowd
TRAINED = SIZES["sample"].training
INDUSTRY = "industrial-2021"
FIRST_MID_MAY = dt.date(2021, 5, 15)


def said(command, *arguments, **options):
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    """The fiftieth of the city, loaded once for the module and rolled back with the clock it moved."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.forget()
        call_command("load_reference", verbosity=0)
        call_command("load_city", size="sample", yes=True, verbosity=0)
        yield
        transaction.set_rollback(True)
    clock.forget()


def industry() -> Campaign:
    return Campaign.objects.get(code=INDUSTRY)


def said_in_words() -> str:
    return said("progress", INDUSTRY, as_of=BULLETIN_DAY.isoformat(), by="scale")


def told() -> dict:
    return json.loads(said("progress", INDUSTRY, as_of=BULLETIN_DAY.isoformat(), by="scale", json=True))


# --- the figures ----------------------------------------------------------------------------------------------------
def test_the_city_is_the_bulletins():
    crowd = SIZES["city"].crowd
    assert (crowd.filed, crowd.below_filed, crowd.above, crowd.risks) == (73_728, 62_234, 11_494, 97_515)
    assert (crowd.verified, crowd.supplemented, SIZES["city"].day) == (21_177, 3_378, dt.date(2021, 9, 30))
    assert round(100 * crowd.below_filed / crowd.below, 1) == 93.2


def test_the_city_stands_on_the_day_of_the_bulletin(whole):
    assert clock.today() == BULLETIN_DAY
    assert industry().due_on == dt.date(2021, 12, 31)
    assert industry().milestones.get(scale="above").due_on == dt.date(2021, 6, 30)
    assert Campaign.objects.get(code="key-sectors-2022").due_on == dt.date(2022, 3, 31)


def test_progress_gives_the_figures_by_scale(whole):
    rows = {row["key"]: row for row in told()["rows"]}
    assert (rows["above"]["expected"], rows["above"]["actual"]) == (CROWD.above, CROWD.above)
    assert (rows["below"]["expected"], rows["below"]["actual"]) == (CROWD.below, CROWD.below_filed)
    assert round(rows["below"]["rate"] * 100, 1) == 93.2
    assert told()["total"]["actual"] == CROWD.filed


def test_progress_gives_risks_visits_and_supplements(whole):
    reported = told()["reported"]
    assert (reported["risks"], reported["verified"]) == (CROWD.risks, CROWD.verified)
    assert reported["supplemented"] == CROWD.supplemented
    assert set(reported["by_level"]) == {"town", "county", "city"}


def test_progress_gives_the_training_as_the_bulletin_does(whole):
    city = SIZES["city"].training
    assert (city.sessions, city.units, city.people) == (856, 75_016, 82_441)
    said = told()["training"]
    assert {name: said[name] for name in ("sessions", "trained", "people")} == {
        "sessions": TRAINED.sessions, "trained": TRAINED.units, "people": TRAINED.people,
    }  # fmt: skip
    whole_city = coverage(as_of=BULLETIN_DAY)[0].figures
    assert (whole_city.sessions, whole_city.trained, whole_city.people) == (17, 1500, 1649)
    assert abs(said["trained"] / said["roster"] - 75_016 / 78_269) < 0.01
    assert "people trained\t1649" in said_in_words()


def test_training_is_spread_over_districts_kinds_and_months(whole):
    groups = coverage(as_of=BULLETIN_DAY, by="district")
    assert len(groups) == 10
    held = TrainingSession.objects.filter(state="held")
    assert set(held.values_list("level", flat=True)) == {"city", "county", "town"}
    assert len(set(held.values_list("kind", flat=True))) == 3
    assert len({day.month for day in held.values_list("held_on", flat=True)}) >= 4
    assert all(day.weekday() < 5 and day < BULLETIN_DAY for day in held.values_list("held_on", flat=True))
    assert not held.exclude(attendances__came=True).exists()
    outside = TrainingAttendance.objects.filter(came=True).exclude(
        session__region__low__lte=F("enterprise__town_id"), session__region__high__gte=F("enterprise__town_id")
    )
    assert not outside.exists()


def test_the_demo_accounts_find_sessions_to_come(whole):
    seen = sessions_for_user(User.objects.get(account="demo-ent"))
    assert seen.filter(state="open").count() >= 3
    assert TrainingMaterial.objects.filter(language__in=["en", "ja", "ko"]).count() == 3


def test_the_board_shows_the_same(whole):
    scope = scope_for(User.objects.get(account="demo-office"))
    board = read_board(campaign=industry(), as_of=BULLETIN_DAY, today=clock.today(), scope=scope)
    figures = {cell.key[0]: cell.figures for cell in board.by_scale}
    assert (figures["below"].expected, figures["below"].actual) == (CROWD.below, CROWD.below_filed)
    assert percent(figures["below"].rate) == "93.2"
    assert board.total.actual == CROWD.filed
    assert sum(board.levels.values()) == CROWD.risks
    assert board.ledger.codes() == {"sector": "00"}


def test_a_bulletin_says_what_progress_says_in_the_citys_own_order(whole):
    city = Region.objects.get(level="city")
    figures = read_figures(campaign=industry(), kind="weekly", as_of=BULLETIN_DAY, region=city)
    for table, by in (("areas", "district"), ("lines", "category"), ("scales", "scale")):
        asked = json.loads(said("progress", INDUSTRY, as_of=BULLETIN_DAY.isoformat(), by=by, json=True))
        rows = [(row["name"], row["expected"], row["actual"], row["on_time"]) for row in figures[table]]
        assert rows == [(row["label"], row["expected"], row["actual"], row["on_time"]) for row in asked["rows"]]
    order = ["张家港", "常熟", "太仓", "昆山", "吴江", "吴中", "相城", "姑苏", "园区", "高新区"]
    assert [row["name"] for row in figures["areas"]] == order
    assert figures["reported"] == told()["reported"]
    values = values_of(figures)
    assert (values["规下报送率"], values["规上报送率"]) == ("93.2%", "100.0%")
    assert (values["已报"], values["风险数"]) == (str(CROWD.filed), str(CROWD.risks))


@pytest.mark.parametrize("account", ["demo-office", "demo-group", "demo-rev-city"])
def test_every_number_of_every_panel_is_that_of_its_list(whole, account):
    person = User.objects.get(account=account)
    for campaign in (industry(), Campaign.objects.get(code="key-sectors-2022")):
        asked = BoardRequest(person, campaign, BULLETIN_DAY, clock.today(), scope_for(person), Narrowing())
        for panel in panels_for(asked):
            for table in panel.tables(asked, panel.read(asked)):
                for cell in (cell for row in (*table.rows, table.total) for cell in row if isinstance(cell, Number)):
                    sheet = urlsplit(cell.address).path.strip("/")
                    assert count_at(cell.address, person, sheet) == cell.count, (panel.name, cell.address)


def test_the_panels_say_the_bulletins_figures(whole):
    person = User.objects.get(account="demo-office")
    asked = BoardRequest(person, industry(), BULLETIN_DAY, clock.today(), scope_for(person), Narrowing())
    told = {panel.name: panel.tables(asked, panel.read(asked)) for panel in all_panels()}
    figures = {str(row[0]): row[1:3] for row in told["scales"][0].rows}
    below = [number.count for number in figures[str(Scale.BELOW.label)]]
    assert below == [CROWD.below, CROWD.below_filed]
    assert told["risks"][0].total[1].count == CROWD.risks
    assert told["visits"][0].total[1].count == Visit.objects.filter(filing__campaign=industry()).count()
    assert told["zero_risk"][0].total[1].count == CROWD.filed
    assert [cell.text for cell in (row[0] for row in told["areas"][0].rows)][:3] == ["张家港", "常熟", "太仓"]


def test_all_above_scale_had_reported_by_the_middle_of_may(whole):
    above = Filing.objects.filter(campaign=industry(), scale=Scale.ABOVE)
    assert not above.filter(Q(first_filed_on=None) | Q(first_filed_on__gte=FIRST_MID_MAY)).exists()
    assert Filing.objects.filter(campaign=industry(), scale=Scale.BELOW, first_filed_on__gte=FIRST_MID_MAY).exists()


def test_the_pilots_are_ahead_in_the_key_sectors(whole):
    rows = Filing.objects.filter(campaign__code="key-sectors-2022").values("category__sector__is_pilot")
    rates = {
        row["category__sector__is_pilot"]: row["filed"] / row["all"]
        for row in rows.annotate(all=Count("pk"), filed=Count("pk", filter=~Q(first_filed_on=None)))
    }
    assert rates[True] > 0.1 > 0.05 > rates[False]


def test_ten_districts_and_most_of_the_towns_have_units_of_industry(whole):
    towns = set(Filing.objects.filter(campaign=industry()).values_list("town_id", flat=True))
    assert len({town // 1000 for town in towns}) == 10
    assert len(towns) > 0.85 * Region.objects.filter(level="town").count()


# --- what is poured in is true ----------------------------------------------------------------------------------------
def test_check_progress_finds_nothing(whole):
    assert "Everything agrees." in said("check_progress")


def test_a_snapshot_says_what_the_tables_say(whole):
    for filing in Filing.objects.filter(campaign=industry(), state=FilingState.FILED)[:150]:
        assert canonical(filing_content(filing)) == filing.snapshots.order_by("number").last().content


def test_a_supplemented_report_said_nothing_first_and_risks_in_the_end(whole):
    asked = Visit.objects.filter(outcome=VisitOutcome.SUPPLEMENT).select_related("filing")
    assert asked.count() == CROWD.supplemented
    for visit in asked[:20]:
        first, last = visit.filing.snapshots.order_by("number")
        assert json.loads(first.content)["risks"] == []
        assert len(json.loads(last.content)["risks"]) >= visit.filing.risks_major + visit.filing.risks_larger > 0
        assert first.created_at.date() <= visit.visited_on <= last.created_at.date()
        moves = Event.objects.filter(object_id=visit.filing_id, object_type="review.filing").order_by("pk")
        assert list(moves.values_list("kind", flat=True)) == [
            "filing.start", "filing.file", "visit.recorded", "filing.reopen", "filing.file",
        ]  # fmt: skip


def test_the_standing_knows_the_last_visit_and_every_reported_unit_is_rated(whole):
    visited = Standing.objects.filter(last_verified_on__isnull=False)
    assert visited.count() == Visit.objects.values("filing").distinct().count() == CROWD.verified
    latest = Visit.objects.order_by().values_list("filing__enterprise").annotate(last=Max("visited_on"))
    assert dict(latest) == dict(visited.values_list("pk", "last_verified_on"))
    assert 0 < visited.filter(overdue_faults=1).count() < visited.count() // 50
    filed = Filing.objects.filter(campaign=industry()).exclude(first_filed_on=None).values_list("enterprise_id")
    assert Rating.objects.filter(is_current=True, enterprise__in=filed).count() == CROWD.filed


def test_a_visit_was_recorded_by_somebody_of_its_department_who_may_take_it_back(whole):
    visits = list(Visit.objects.all())
    recorders = recorders_of(visits)
    for visit in visits:
        person = recorders[visit.pk]
        assert (person.department_id, person.department.level) == (visit.department_id, visit.level)
        assert goes_on_visits(person).allowed
        assert may_withdraw_visit(person, person).allowed


def test_the_standing_is_what_the_visits_come_to(whole):
    for row in Standing.objects.exclude(last_verified_on=None):
        noted = (row.last_verified_on, bool(row.open_faults), row.zero_risk_checked_on, row.overdue_faults)
        assert noted == last_visited(row.pk, clock.today())


def test_a_unit_of_the_crowd_is_found_compared_and_signed_for(whole):
    units = Enterprise.objects.filter(people__account__startswith="crowd-")
    assert units.count() == CROWD.above + CROWD.below - 3  # three are told one by one
    assert SearchEntry.objects.filter(enterprise__in=units).count() == units.count()
    assert Likeness.objects.filter(enterprise__in=units).count() == units.count()
    assert len(set(units.values_list("name", flat=True))) == units.count()
    assert not any(user.has_usable_password() for user in User.objects.filter(account__startswith="crowd-")[:20])


def test_a_risk_of_the_ledger_has_a_person_of_its_own(whole):
    names = list(Risk.objects.filter(category__sector="00").values_list("responsible_name", "responsible_phone")[:200])
    assert len(set(names)) > 0.95 * len(names)


def test_the_demo_accounts_are_there_too(whole):
    wanted = {row.account for row in (*UNITS, *OFFICES)}
    assert set(User.objects.filter(account__in=wanted).values_list("account", flat=True)) == wanted


# --- how it is drawn --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("units", "total"), [(100, 0), (100, 37), (1000, 1323), (73_728, 97_515), (100, 400)])
def test_risks_are_spread_to_an_exact_sum(units, total):
    counts = counts_with_sum(units, total)
    assert (len(counts), sum(counts), min(counts) >= 0, max(counts) <= 5) == (units, total, True, True)


def test_more_risks_than_the_units_can_hold_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        counts_with_sum(10, 51)


@pytest.mark.parametrize("size", ["city", "sample"])
def test_lots_sum_to_the_figures(size):
    crowd = SIZES[size].crowd
    lots = draw_lots(crowd, Random(1))
    assert len(lots) == crowd.units
    assert sum(lot.filed for lot in lots) == crowd.filed
    assert sum(lot.risks for lot in lots) == crowd.risks
    assert sum(bool(lot.level) for lot in lots) == crowd.verified
    assert sum(lot.outcome == VisitOutcome.SUPPLEMENT for lot in lots) == crowd.supplemented
    assert not any(lot.risks == 0 for lot in lots if lot.outcome == VisitOutcome.SUPPLEMENT)
