"""The demo city: whole, in every state, the same each time, and written as the executor would have written it."""

import datetime as dt
import json
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from enterprises.checks.credit_code import is_valid
from enterprises.domain.basic_information import read_basic
from enterprises.enums import Role
from enterprises.models import Contact, Enterprise, Sector, User
from review.domain.demo.city import INDUSTRY, KEY_SECTORS
from review.domain.demo.content import Writer
from review.domain.demo.history import History, NoSuchMove
from review.domain.demo.live import take_the_whole_way
from review.domain.demo.people import HOME, OFFICES, UNITS, Cast
from review.domain.demo.saving import save_histories
from review.domain.demo.stories import Calendar, Step
from review.domain.remarks import add_remark
from review.domain.sections import RISK_COLUMNS, save_risk, save_section
from review.domain.workflow import move_filing, moves_for
from review.enums import Action, FilingState
from review.models import Campaign, Decision, Filing, Snapshot
from review.queries.completion import completion
from review.queries.content import canonical, filing_content
from riskreport.ground import clock
from riskreport.ground.models import Event, Notice, Pending
from risks.models import Rating, Risk, Standing

A, S = Action, FilingState
STEPS = (A.START, A.SUBMIT, A.CLAIM, A.APPROVE, A.FILE)
WITH_RETURN = (A.START, A.SUBMIT, A.CLAIM, A.RETURN, A.SUBMIT, A.CLAIM, A.APPROVE, A.FILE)
ONE_STAGE = (A.START, A.FILE, A.REOPEN, A.VOID)
PASTS = [
    *((KEY_SECTORS, STEPS[:count]) for count in range(1, 6)),
    (KEY_SECTORS, (A.START, A.SUBMIT, A.WITHDRAW, A.SUBMIT, A.CLAIM, A.PUT_BACK)),
    (KEY_SECTORS, WITH_RETURN[:4]),
    (KEY_SECTORS, WITH_RETURN),
    (KEY_SECTORS, (*STEPS, A.VOID)),
    (KEY_SECTORS, (A.EXEMPT,)),
    (KEY_SECTORS, (A.START, A.EXEMPT)),
    *((INDUSTRY, ONE_STAGE[:count]) for count in range(2, 5)),
]
BY_REVIEWER = {A.CLAIM, A.PUT_BACK, A.RETURN, A.APPROVE, A.EXEMPT, A.REOPEN}
REASONS = {A.RETURN: "请按批注逐条修改。", A.EXEMPT: "停业整顿。", A.REOPEN: "请补报。", A.VOID: "与现场不符。"}
pytestmark = pytest.mark.django_db
OWN_TO_THE_UNIT = {"basic", "undertaking"}


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """The small city, loaded once for the module and rolled back; what a test writes goes in a savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.forget()
        call_command("load_reference", verbosity=0)
        call_command("load_city", size="small", yes=True, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def said(command, **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


# --- what is there --------------------------------------------------------------------------------------------------
def test_reports_stand_in_every_state(city):
    assert set(Filing.objects.values_list("state", flat=True)) == set(S)
    assert Filing.objects.filter(state=S.VOID).count() == 1


def test_every_sector_is_on_the_board(city):
    assert set(Filing.objects.values_list("category__sector", flat=True)) == set(
        Sector.objects.values_list("code", flat=True)
    )


def test_the_two_campaigns_are_open_and_relative_to_today(city):
    today = clock.today()
    key, industry = Campaign.objects.get(code=KEY_SECTORS), Campaign.objects.get(code=INDUSTRY)
    assert (key.stages, key.deciding_level, key.state) == (2, "county", "open")
    assert (industry.stages, industry.deciding_level, industry.state) == (1, "town", "open")
    assert key.opens_on < today < key.due_on
    assert industry.milestones.get(scale="above").due_on < industry.due_on < today
    assert Filing.objects.filter(campaign=industry).values_list("scale").distinct().count() == 2


def test_check_progress_finds_nothing(city):
    assert "Everything agrees." in said("check_progress")


def test_check_progress_names_a_state_that_was_written_past_the_executor(city):
    Filing.objects.filter(state=S.DRAFTING, campaign__stages=2).update(state=S.RETURNED)
    with pytest.raises(CommandError, match="differ"):
        said("check_progress")


def test_a_snapshot_says_what_the_tables_say(city):
    for filing in Filing.objects.filter(state__in=[S.FILED, S.SUBMITTED, S.IN_REVIEW, S.APPROVED]):
        assert canonical(filing_content(filing)) == filing.snapshots.order_by("number").last().content


def test_credit_codes_are_valid_and_some_venues_have_a_reason_instead(city):
    units = Enterprise.objects.all()
    assert all(is_valid(unit.credit_code) for unit in units if unit.credit_code)
    without = units.filter(credit_code=None)
    assert 0 < without.count() < units.filter(category="1501").count()
    assert set(without.values_list("category", "no_code_reason")) == {("1501", "venue")}


def test_a_telephone_of_the_city_reaches_nobody(city):
    phones = [phone for model in (Contact, User) for phone in model.objects.values_list("phone", flat=True) if phone]
    assert {phone[:3] for phone in phones} == {"161"}
    assert {len(phone) for phone in phones} == {11}


def test_units_lie_in_the_city(city):
    assert not Enterprise.objects.exclude(longitude__range=(119.9, 121.4), latitude__range=(30.7, 32.1)).exists()


def test_some_industry_is_overdue_and_some_filed_late(city):
    assert Standing.objects.filter(overdue_since__lt=clock.today()).exists()
    assert Filing.objects.filter(campaign__code=INDUSTRY, first_filed_on__lte=F("due_on")).exists()


def test_a_filed_unit_has_a_rating(city):
    filed = Filing.objects.filter(state=S.FILED).values_list("enterprise_id", flat=True)
    assert set(filed) <= set(Rating.objects.filter(is_current=True).values_list("enterprise_id", flat=True))


def test_what_happened_before_today_is_told_behind_the_demo_accounts_only_and_no_reaction_is_left(city):
    begun = timezone.make_aware(dt.datetime.combine(clock.today(), dt.time.min))
    told = Pending.objects.filter(event__at__lt=begun).values_list("event__enterprise_id", flat=True)
    at_home = Enterprise.objects.filter(town__code__range=(HOME * 1000, HOME * 1000 + 999))
    assert told
    assert set(told) <= set(at_home.values_list("pk", flat=True))
    assert len(set(told)) < Filing.objects.exclude(first_filed_at=None).count()
    assert not Pending.objects.filter(done_at=None).exists()


@pytest.mark.parametrize("account", ["demo-back", "demo-pass", "demo-rev2"])
def test_the_inbox_of_a_demo_person_holds_what_happened(city, account):
    assert Notice.objects.filter(user__account=account).exists()


def test_the_events_of_a_report_are_in_order_of_time(city):
    latest: dict[int, dt.datetime] = {}
    for event in Event.objects.filter(object_type="review.filing").order_by("id"):
        assert latest.get(event.object_id, event.at) <= event.at
        latest[event.object_id] = event.at


# --- the people -----------------------------------------------------------------------------------------------------
def test_every_role_can_sign_in_with_the_printed_password(city, demo):
    rows = json.loads(said("demo_accounts", json=True))
    assert {row["account"] for row in rows} == {row.account for row in (*UNITS, *OFFICES)}
    assert all({"role", "account", "password", "whose"} <= set(row) for row in rows)
    people = [User.objects.get(account=row["account"]) for row in rows]
    assert {person.role for person in people} == set(Role)
    assert people[0].check_password(rows[0]["password"])
    assert {person.password for person in people} == {people[0].password}


def test_nobody_else_can_sign_in(city):
    others = User.objects.exclude(account__startswith="demo-")
    assert {person.has_usable_password() for person in others} == {False}


def test_the_table_of_accounts_shows_each_on_a_line(city, demo):
    lines = said("demo_accounts").splitlines()
    assert len(lines) == 1 + len(UNITS) + len(OFFICES)
    assert "demo-ent " in lines[1]


def test_the_demo_walk_can_begin(city):
    writer, reviewer = (User.objects.get(account=account) for account in ("demo-ent", "demo-rev"))
    filing = Filing.objects.get(enterprise=writer.enterprise)
    assert filing.town_id // 1000 == HOME
    assert filing.department_id == reviewer.department_id
    assert [move.action for move in moves_for(writer, filing)] == [A.START]


def test_the_demo_walk_moves_the_board_by_one(city):
    writer, reviewer = (User.objects.get(account=account) for account in ("demo-ent", "demo-rev"))
    filing = Filing.objects.select_related("campaign", "enterprise", "category").get(enterprise=writer.enterprise)
    cast = Cast({writer.enterprise_id: writer}, {filing.department_id: [reviewer]}, reviewer)
    before = filed_today(filing)
    take_the_whole_way(Random(1), cast, filing)
    assert Filing.objects.get(pk=filing.pk).state == S.FILED
    assert filed_today(filing) == before + 1


def filed_today(filing):
    (cell,) = completion(as_of=clock.today(), by="total", campaign=filing.campaign)
    return cell.figures.actual


def test_the_second_reviewer_finds_a_paper_report_the_first_entered(city):
    first, second = (User.objects.get(account=account) for account in ("demo-rev", "demo-rev2"))
    filing = Filing.objects.get(is_paper=True)
    assert filing.state == S.SUBMITTED
    assert A.CLAIM in {move.action for move in moves_for(second, filing)}
    assert A.CLAIM not in {move.action for move in moves_for(first, filing)}


@pytest.mark.parametrize("row", UNITS, ids=lambda row: row.account)
def test_each_demo_unit_stands_where_its_note_says(city, row):
    assert Filing.objects.get(enterprise__people__account=row.account).state == row.state


# --- refusals -------------------------------------------------------------------------------------------------------
def test_a_second_loading_says_so_and_changes_nothing(city, demo):
    before = (Enterprise.objects.count(), Event.objects.count(), User.objects.count())
    assert "already" in said("load_city")
    assert (Enterprise.objects.count(), Event.objects.count(), User.objects.count()) == before


def test_it_does_not_mix_with_units_of_another_kind(city, demo):
    User.objects.filter(account="demo-office").update(account="someone")
    with pytest.raises(CommandError, match="empty database"):
        said("load_city")


# --- as the executor would have written it --------------------------------------------------------------------------
def pair(campaign):
    """Two untouched reports of one category and one deciding department, of two new units alike."""
    rows = Filing.objects.filter(campaign__code=campaign).exclude(category__catalogue_items=None)
    like = rows.select_related("enterprise").order_by("pk").first()
    return [_fresh(like, name) for name in ("first", "second")]


def _fresh(like, name):
    contacts = list(like.enterprise.contacts.all())
    unit = Enterprise.objects.get(pk=like.enterprise_id)
    unit.pk, unit.credit_code, unit.temporary_code, unit.no_code_reason = None, None, f"LS-{name}", "awaiting"
    unit.save(force_insert=True)
    for contact in contacts:
        contact.pk, contact.enterprise = None, unit
        contact.save(force_insert=True)
    User.objects.create_user(
        account=name, password=None, name="王敏", role=Role.ENTERPRISE_ADMIN, post="安全员", enterprise=unit
    )
    columns = ("campaign_id", "department_id", "town_id", "category_id", "scale", "joined_on", "due_on")
    filing = Filing.objects.create(enterprise=unit, **{column: getattr(like, column) for column in columns})
    return Filing.objects.select_related("campaign", "enterprise", "department", "category").get(pk=filing.pk)


def written_in_bulk(filing, actions, seed):
    user = User.objects.get(enterprise=filing.enterprise_id)
    reviewer, office = officials(filing)
    cast = Cast({filing.enterprise_id: user}, {filing.department_id: [reviewer]}, office)
    rng = Random(seed)
    history = History(filing, Writer(rng), cast, rng, read_basic(filing.enterprise))
    days = Calendar(clock.today() - dt.timedelta(days=60), clock.today())
    history.play(
        [
            Step(action, by(action), days.moment(place + 1.0), REASONS.get(action, ""))
            for place, action in enumerate(actions)
        ]
    )
    save_histories([history])
    return history


def by(action):
    return "office" if action == A.VOID else "reviewer" if action in BY_REVIEWER else "unit"


def officials(filing):
    reviewers = User.objects.filter(department=filing.department_id, role=Role.REVIEWER).order_by("pk")
    return reviewers.first(), User.objects.get(account="demo-office")


def written_by_moves(filing, actions, history):
    user = User.objects.get(enterprise=filing.enterprise_id)
    reviewer, office = officials(filing)
    people = {"unit": user, "reviewer": reviewer, "office": office}
    signed = {"certified": True, "signed_name": user.name, "signed_post": user.post}
    for action in actions:
        if action == A.RETURN:
            add_remark(filing_id=filing.pk, user=reviewer, section="basic", text="请核实后修改。")
        move_filing(
            filing_id=filing.pk,
            action=action,
            user=people[by(action)],
            seen_version=Filing.objects.get(pk=filing.pk).version,
            reason=REASONS.get(action, ""),
            given=signed if action == A.FILE else None,
        )
        if action == A.START and history.written:
            copy_content(filing, history, user)


def copy_content(filing, history, user):
    for key, answers in history.written.answers.items():
        save_section(filing_id=filing.pk, key=key, data={"answers": answers}, user=user, seen_version=0)
    declared = {risk.item_id: risk for risk in filing.declared_risks.all() if risk.item_id}
    for risk in history.written.risks:
        known = declared.get(risk.item_id)
        values = {name: getattr(risk, name) for name in RISK_COLUMNS}
        save_risk(
            filing_id=filing.pk,
            user=user,
            values=values,
            risk_id=known.pk if known else None,
            seen_version=known.version if known else 0,
        )


def columns_of(row, leave_out):
    """The columns of a row: plain ones by value; dates, people and keys by whether they are there."""
    found = {}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if column.name not in leave_out:
            by_value = isinstance(value, str | bool) or (isinstance(value, int) and not column.is_relation)
            found[column.name] = value if by_value else value is None
    return found


def chain_of(filing):
    rows = Event.objects.filter(object_type="review.filing", object_id=filing.pk).order_by("id")
    rows = [event for event in rows if "from" in event.data]
    return [
        (
            event.kind,
            event.data["from"],
            event.data["to"],
            event.data["version"],
            event.data["reason"],
            sorted(event.data),
        )
        for event in rows
    ]


def contents_of(filing):
    """The snapshots' contents without what is the unit's own, and without the lineages that are drawn by lot."""
    found = []
    for snapshot in filing.snapshots.order_by("number"):
        content = json.loads(snapshot.content)
        risks = [{key: value for key, value in row.items() if key != "lineage"} for row in content["risks"]]
        plain = {key: value for key, value in content.items() if key not in OWN_TO_THE_UNIT}
        keys = {key: sorted(content[key]) for key in OWN_TO_THE_UNIT}
        found.append((snapshot.stage, plain | {"risks": risks}, keys))
    return found


@pytest.mark.parametrize("seed", [3, 8])
@pytest.mark.parametrize(("campaign", "actions"), PASTS)
def test_what_is_written_in_bulk_equals_what_the_executor_writes(city, campaign, actions, seed):
    bulk, moved = pair(campaign)
    history = written_in_bulk(bulk, actions, seed)
    written_by_moves(moved, actions, history)
    bulk, moved = (Filing.objects.get(pk=filing.pk) for filing in (bulk, moved))
    own = {"id", "enterprise"}
    assert columns_of(bulk, own) == columns_of(moved, own)
    assert chain_of(bulk) == chain_of(moved)
    if A.RETURN not in actions:  # the executor's twin is returned for nothing and mended by nothing
        assert contents_of(bulk) == contents_of(moved)
    for model in (Decision, Snapshot):
        kept = {"id", "filing", "snapshot", "content", "sha256"}
        rows = [
            [columns_of(row, kept) for row in model.objects.filter(filing=one).order_by("pk")] for one in (bulk, moved)
        ]
        assert rows[0] == rows[1]
    assert risks_of(bulk) == risks_of(moved)
    assert standing_of(bulk) == standing_of(moved)
    versions = [Enterprise.objects.get(pk=one.enterprise_id).version for one in (bulk, moved)]
    assert versions[0] == versions[1]


def risks_of(filing):
    kept = {"id", "lineage", "enterprise", "filing_id", "snapshot_id"}
    rows = Risk.objects.filter(enterprise=filing.enterprise_id).order_by("name", "pk")
    assert all(row.filing_id == filing.pk for row in rows)
    return [columns_of(row, kept) for row in rows]


def standing_of(filing):
    return [columns_of(row, {"enterprise"}) for row in Standing.objects.filter(enterprise=filing.enterprise_id)]


def test_a_story_that_the_table_does_not_know_is_refused(city):
    filing, _moved = pair(KEY_SECTORS)
    with pytest.raises(NoSuchMove):
        written_in_bulk(filing, (A.START, A.APPROVE), 1)
