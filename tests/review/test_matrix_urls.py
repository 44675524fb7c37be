"""Every address × every role × {own, sibling, other region, other sector, not there}, generated from the URL resolver.

An address that is not in ENTRIES fails the first test: say there who may come in, and what it is about. What is out of
a person's scope answers exactly as what is not there. GET writes nothing but the session. POST wants its token. The
four places stand in matrix_world.py, how they are asked in matrix_asking.py.
"""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from riskreport.ground.sheets import get_sheet
from tests.review.matrix_asking import (
    ALL,
    BUSINESS,
    CATALOGUE_KEEPERS,
    KEEPERS,
    OFFICIALS,
    PEOPLE_KEEPERS,
    REVIEWERS,
    SEES,
    UNITS,
    Entry,
    address_of,
    body,
    client_of,
    places_of,
    sees,
    send,
)
from tests.review.matrix_world import build_world

pytestmark = pytest.mark.django_db

# A comparison is its department's alone.
OWN_DEPARTMENT = {"keeper": {"own", "sibling"}, "lead": set(), "office": set()}


def filing(*values: str, methods: str = "GET", roles: set[str] = BUSINESS, **options) -> Entry:
    return Entry(roles, "filing", ("filing_id", *values), methods, **options)


def desk(*values: str, methods: str = "POST", roles: set[str] = OFFICIALS, **options) -> Entry:
    return Entry(roles, "filing", ("pk", *values), methods, **options)


def imported(methods: str = "GET") -> Entry:
    """A page of one file that a department's people sent in for the roster."""
    return Entry(KEEPERS, "personal", ("sheet_name", "import_pk"), methods)


def draft(*values: str, methods: str = "GET", **options) -> Entry:
    return Entry(CATALOGUE_KEEPERS, "draft", ("pk", *values), methods, **options)


def letter(*values: str, methods: str = "GET", roles: set[str] = BUSINESS, **options) -> Entry:
    """A letter of the city's office to a unit."""
    return Entry(roles, "letter", ("pk", *values), methods, **options)


def taxonomy(about: str, **options) -> Entry:
    return Entry({"office"}, about, ("code",), **options)


def keeping(methods: str = "POST", **options) -> Entry:
    return Entry(PEOPLE_KEEPERS, "personal", ("person_pk",), methods, **options)


# Writing is for the unit alone: the others who may read the report are sent to it, or told so.
WRITING = {"GET": {200, 302, 403, 409}}
TOWNSHIP_SEES_ALL = {role: {"own", "sibling", "other_region", "other_sector"} for role in ("township", "inspector")}
# Bureaus in the places: Kunshan's of civil affairs twice, Zhangjiagang's of civil affairs, Kunshan's of religion.
SEES_BUREAUS = {role: {"own", "sibling"} for role in ("unit", "unit_admin", "reviewer", "chief", "keeper")} | {
    "lead": {"own", "sibling", "other_region"},
    "township": {"own", "sibling", "other_sector"},
    "inspector": {"other_region"},
}
# The civil-affairs catalogue concerns units in three places; its number is the same in each.
SEES_TODOS = {role: {"own", "sibling", "other_region"} for role in ("keeper", "lead")}
# Sessions and materials: those meant for the place and line; what is kept of them is their own bureau's.
SEES_TRAINING = SEES_BUREAUS | {role: {"own", "sibling"} for role in UNITS}
OWN_TRAINING = {"lead": set(), "township": set(), "office": set()}
ORGANISERS = {"reviewer", "chief", "keeper", "lead", "township", "office"}


def training(*values: str, methods: str = "GET", roles: set[str] = BUSINESS, **options) -> Entry:
    return Entry(roles, "training", values or ("pk",), methods, seen_by=SEES_TRAINING, **options)


def organising(*values: str, methods: str = "POST", about: str = "training") -> Entry:
    return Entry(ORGANISERS, about, ("pk", *values), methods, seen_by=OWN_TRAINING)


OWN_BUREAU = {"keeper": {"own", "sibling"}, "lead": set()}
ENTRIES = {
    "home": Entry(ALL),
    "filings": Entry(BUSINESS),
    "visits": Entry(BUSINESS),
    "risks": Entry(BUSINESS),
    "catalogues": Entry(BUSINESS),
    "enterprises": Entry(OFFICIALS),
    "search": Entry(OFFICIALS),
    "reconciliations": Entry(KEEPERS),
    "reconciliation_new": Entry(KEEPERS, methods="GET POST"),
    "reconciliation": Entry(KEEPERS, "reconciliation", ("pk",), seen_by=OWN_DEPARTMENT),
    "reconciliation_columns": Entry(KEEPERS, "reconciliation", ("pk",), "POST", seen_by=OWN_DEPARTMENT),
    "reconciliation_settle_many": Entry(KEEPERS, "reconciliation", ("pk",), "POST", seen_by=OWN_DEPARTMENT),
    "reconciliation_settle": Entry(KEEPERS, "reconciliation", ("pk",), "POST", seen_by=OWN_DEPARTMENT),
    "difference": Entry(KEEPERS, "reconciliation", ("pk", "difference_pk"), "GET POST", seen_by=OWN_DEPARTMENT),
    "board": Entry(OFFICIALS),
    "burnup": Entry(OFFICIALS),
    "burnup_workbook": Entry(OFFICIALS),
    "displays": Entry({"office"}, methods="GET POST"),
    "poster": Entry({"office"}),
    "display_revoke": Entry({"office"}, "display", ("pk",), "POST"),
    "bulletins": Entry(OFFICIALS),
    "bulletin_new": Entry({"office"}, methods="GET POST"),
    "bulletin_template": Entry({"office"}, "", ("kind",), "GET POST"),
    "bulletin": Entry(OFFICIALS, "common", ("bulletin_pk",), "GET POST"),
    "bulletin_paper": Entry(OFFICIALS, "common", ("bulletin_pk", "form")),
    "bulletin_step": Entry({"office"}, "common", ("bulletin_pk", "step"), "POST"),
    "wall": Entry(ALL, "", ("token",), public=True),
    "wall_figures": Entry(ALL, "", ("token",), public=True),
    "notices": Entry(ALL),
    "jobs": Entry(ALL),
    "account": Entry(ALL, methods="GET POST"),
    "background": Entry({"operator"}),
    "sign_in": Entry(ALL, methods="GET POST", public=True, answers={"GET": {302}}),
    "sign_out": Entry(ALL, methods="POST", public=True),
    "set_language": Entry(ALL, methods="POST", public=True),
    "healthz": Entry(ALL, public=True),
    "stay_signed_in": Entry(ALL, methods="POST"),
    "sso_begin": Entry(ALL, public=True, answers={"GET": {302}}),
    "sso_back": Entry(ALL, public=True, answers={"GET": {302}}),
    "first_sign_in": Entry(ALL, methods="GET POST", public=True),
    "first_use": Entry(ALL, methods="GET POST", public=True, answers={"GET": {302}}),
    "sign_out_everywhere": Entry(ALL, methods="POST"),
    "session_end": Entry(ALL, "personal", ("sign_in_pk",), "POST"),
    "second_factor": Entry(ALL - UNITS, methods="GET POST", answers={"GET": {302}}),
    "second_factor_begin": Entry(ALL - UNITS, methods="POST"),
    "second_factor_set_up": Entry(ALL - UNITS, methods="GET POST"),
    "recovery_codes_renew": Entry(ALL - UNITS, methods="POST"),
    "people": Entry(PEOPLE_KEEPERS),
    "person_add": Entry(PEOPLE_KEEPERS, methods="GET POST"),
    "people_stale": Entry(PEOPLE_KEEPERS, methods="GET POST"),
    "departments": Entry(PEOPLE_KEEPERS - UNITS),
    "person": keeping(methods="GET"),
    "person_change": keeping(),
    "person_code": keeping(),
    "person_unlock": keeping(),
    "person_factor": keeping(),
    "person_chief": keeping(),
    "person_sso": keeping(),
    "person_hand_over": keeping(),
    "person_leave": keeping(methods="GET POST", answers={"GET": {200, 302}}),
    "person_return": keeping(),
    "unit_accounts": Entry(KEEPERS),
    "units_to_issue": Entry(KEEPERS),
    "issue_letters": Entry(KEEPERS | PEOPLE_KEEPERS, methods="POST", form={"sheet": "unit_accounts"}),
    "letters": Entry(KEEPERS | PEOPLE_KEEPERS, "personal", ("letters_pk",)),
    "letters_file": Entry(KEEPERS | PEOPLE_KEEPERS, "personal", ("letters_pk",), "POST"),
    "unit_account": Entry(KEEPERS, "unit_account", ("pk",)),
    "unit_account_code": Entry(KEEPERS, "unit_account", ("pk",), "POST"),
    "unit_account_replace": Entry(KEEPERS, "unit_account", ("pk",), "POST"),
    "notices_read": Entry(ALL, methods="POST"),
    "notice_open": Entry(ALL, "personal", ("notice_pk",), "POST"),
    "job": Entry(ALL, "personal", ("job_pk",)),
    "job_file": Entry(ALL, "personal", ("job_pk",)),
    "export_sheet": Entry(ALL, "common", ("name",), "POST"),
    "import_sheet": Entry(KEEPERS, "", ("sheet_name",), "GET POST"),
    "import_template": Entry(KEEPERS, "", ("sheet_name",)),
    "import_headings": Entry(KEEPERS, "", ("sheet_name",), "GET POST"),
    "import_batch": imported(),
    "import_columns": imported("POST"),
    "import_complete": imported("POST"),
    "import_refuse": imported("POST"),
    "import_take": imported("POST"),
    "import_undo": imported("POST"),
    "import_file": imported(),
    "import_errors": imported(),
    "deliveries": Entry({"operator"}),
    "deliveries_release": Entry({"operator"}, methods="POST"),
    "reminder_days": Entry({"office"}, methods="GET POST"),
    "release_reaction": Entry({"operator"}, "common", ("pending_pk",), "POST"),
    "filing": filing(),
    "filing_section": filing("key", methods="GET POST", answers=WRITING),
    "filing_save": filing(methods="POST", body={"draft": "section:basic", "version": 1, "base": "", "fields": {}}),
    "filing_risk_add": filing(methods="GET POST", answers=WRITING),
    "filing_risk": filing("lineage", methods="GET POST", answers=WRITING),
    "filing_risk_withdraw": filing("lineage", methods="POST"),
    "filing_person": filing(methods="POST"),
    "filing_attach": filing(methods="GET POST", answers={"GET": {302}}),
    "filing_attachment": filing("attachment_id"),
    "filing_attachment_remove": filing("attachment_id", methods="POST"),
    "filing_check": filing(answers=WRITING),
    "filing_undertaking": filing(methods="GET POST", answers=WRITING, form={"action": "submit"}),
    "filing_move": filing("action", methods="POST"),
    "filing_settle": filing("remark_id", methods="POST"),
    "filing_print": filing(),
    "filing_print_stamp": filing(),
    "receipt": filing(),
    "receipt_pdf": filing(),
    "review_queue": Entry(REVIEWERS),
    "review_claim_several": Entry(REVIEWERS, methods="POST"),
    "paper_entry": Entry(REVIEWERS),
    "paper_start": desk(roles=REVIEWERS, seen_by={"township": set()}),
    "review": desk(methods="GET"),
    "review_peers": desk(methods="GET"),
    "review_claim": desk(),
    "review_put_back": desk(),
    "review_remark": desk(),
    "review_remark_remove": desk("remark_pk"),
    "review_preview": desk(),
    "review_decide": desk(),
    "review_change": desk("action", methods="GET POST"),
    "visit_record": desk(methods="GET POST", roles=REVIEWERS | {"inspector"}),
    "visit_withdraw": desk("visit_pk", methods="GET POST", roles=REVIEWERS | {"inspector"}),
    "archive": Entry(BUSINESS, "enterprise", ("pk",)),
    "archive_history": Entry(BUSINESS, "enterprise", ("pk",)),
    "archive_phones": Entry(BUSINESS, "enterprise", ("pk",), "POST"),
    "archive_snapshot": Entry(BUSINESS, "enterprise", ("pk", "snapshot_pk")),
    "unit_keep": Entry(KEEPERS, "enterprise", ("pk", "act"), "GET POST"),
    "unit_changes": Entry(OFFICIALS, "enterprise", ("pk",), "GET POST"),
    "unit_merge_find": Entry(KEEPERS, "enterprise", ("pk",)),
    "unit_merge": Entry(KEEPERS, "enterprise", ("pk", "other_pk"), "GET POST"),
    "unit_add": Entry(KEEPERS, methods="GET POST"),
    "units_alike": Entry(KEEPERS),
    "unit_not_the_same": Entry(KEEPERS, "enterprise", ("pk", "other_pk"), "POST"),
    "risk": Entry(BUSINESS, "risk", ("pk",)),
    "catalogues_keep": Entry(CATALOGUE_KEEPERS),
    "catalogue_items": Entry(CATALOGUE_KEEPERS),
    "catalogue_new": Entry(CATALOGUE_KEEPERS, methods="GET POST"),
    "catalogue_open": Entry(CATALOGUE_KEEPERS, "catalogue", ("pk",), "POST", seen_by=TOWNSHIP_SEES_ALL),
    "draft": draft(),
    "draft_head": draft(methods="GET POST"),
    "draft_check": draft(),
    "draft_preview": draft(),
    "draft_compare": draft(),
    "draft_publish": draft(methods="GET POST"),
    "draft_recall": draft(methods="POST", answers={"POST": {404}}),
    "draft_discard": draft(methods="POST"),
    "draft_item_add": draft(methods="GET POST"),
    "draft_item": draft("item_pk", methods="GET POST"),
    "draft_item_move": draft("item_pk", methods="POST"),
    "draft_item_remove": draft("item_pk", methods="POST"),
    "guides": Entry(BUSINESS),
    "guide": Entry(BUSINESS, "category", ("code",), seen_by=TOWNSHIP_SEES_ALL),
    "guide_paper": Entry(BUSINESS, "category", ("code",), seen_by=TOWNSHIP_SEES_ALL),
    "sectors": Entry({"office"}),
    "sector_new": Entry({"office"}, methods="GET POST"),
    "sector": taxonomy("sector", methods="GET POST"),
    "sector_retire": taxonomy("sector", methods="POST"),
    "category_new": taxonomy("sector", methods="GET POST"),
    "category": taxonomy("category", methods="GET POST"),
    "category_retire": taxonomy("category", methods="POST"),
    "preparation": Entry(BUSINESS),
    "department": Entry(BUSINESS, "bureau", ("pk",), seen_by=SEES_BUREAUS),
    "department_phone": Entry({"chief", "office"}, "bureau", ("pk",), "POST", seen_by={"chief": SEES_BUREAUS["chief"]}),
    "department_plan": Entry(BUSINESS, "bureau", ("pk", "number"), seen_by=SEES_BUREAUS),
    "department_plan_add": Entry({"keeper", "lead"}, "bureau", ("pk",), "POST", seen_by=OWN_BUREAU),
    "department_steps": Entry({"keeper", "lead"}, "bureau", ("pk",), "GET POST", seen_by=OWN_BUREAU),
    "training_sessions": Entry(BUSINESS),
    "training_new": Entry(ORGANISERS, methods="GET POST"),
    "training_people": Entry(ORGANISERS),
    "training_units": Entry(OFFICIALS),
    "training_coverage": Entry(OFFICIALS),
    "training_standard": Entry({"office"}, methods="GET POST"),
    "training_check_in": training("token", methods="GET POST", roles=UNITS),
    "training": training(),
    "training_edit": organising(methods="GET POST"),
    "training_move": organising("to"),
    "training_respects": organising(),
    "training_roll": organising(methods="GET POST"),
    "training_add": organising(),
    "training_screen": organising(methods="GET"),
    "training_sign_up": training(methods="POST", roles=UNITS),
    "training_sign_off": training("pk", "person_pk", methods="POST", roles=UNITS),
    "training_test": training(methods="GET POST", roles=UNITS),
    "materials": Entry(BUSINESS),
    "material_new": Entry(ORGANISERS, methods="GET POST"),
    "material": Entry(BUSINESS, "material", ("pk",), seen_by=SEES_TRAINING),
    "material_add": organising(about="material"),
    "material_withdraw": organising(about="material"),
    "material_file": Entry(BUSINESS, "material", ("pk", "number"), seen_by=SEES_TRAINING),
    "catalogue_changes": Entry(KEEPERS),
    "catalogue_looks": Entry(KEEPERS, "todo", ("pk",), seen_by=SEES_TODOS),
    "catalogue_remind": Entry(KEEPERS, "todo", ("pk",), "POST", seen_by=SEES_TODOS),
    "catalogue_change": Entry(
        UNITS, "todo", ("pk",), "GET POST", seen_by={role: {"own", "sibling", "other_region"} for role in UNITS}
    ),
    "catalogue": Entry(BUSINESS, "catalogue", ("pk",), seen_by=TOWNSHIP_SEES_ALL),
    # Reporting tasks: the city's office runs them, others read those that ask their units.
    "campaigns": Entry(OFFICIALS),
    "extensions": Entry(OFFICIALS),
    "campaign": Entry(OFFICIALS, "campaign", ("pk",)),
    "phase_checklist": Entry(OFFICIALS, "phase", ("pk",)),
    "checklist_step": Entry(
        {"office", "keeper", "lead", "chief"},
        "checklist",
        ("pk",),
        "GET POST",
        seen_by={"keeper": set(), "chief": set()},
    ),
    "campaign_extend": Entry(REVIEWERS | {"office"}, "campaign", ("pk",), "GET POST"),
    "campaign_new": Entry({"office"}, methods="GET POST"),
    "campaign_step": Entry({"office"}, "campaign_draft", ("pk", "step"), "GET POST"),
    "campaign_launch": Entry({"office"}, "campaign_draft", ("pk",), "POST"),
    "campaign_drop": Entry({"office"}, "campaign_draft", ("pk",), "POST"),
    "phase_launch": Entry({"office"}, "phase", ("pk",), "POST"),
    "phase_days": Entry({"office"}, "phase", ("pk",), "GET POST"),
    "campaign_launch_again": Entry({"office"}, "campaign", ("pk",), "POST"),
    "campaign_next": Entry({"office"}, "campaign", ("pk",), "POST"),
    "campaign_close": Entry({"office"}, "campaign", ("pk",), "GET POST"),
    "campaign_reopen": Entry({"office"}, "campaign", ("pk",), "GET POST"),
    "filing_extension": filing(methods="GET POST"),
    "filing_unchanged": filing(methods="POST", roles=UNITS),
    "follow_ups": Entry(BUSINESS),
    "follow_up_proposals": Entry({"office"}),
    "follow_up_dismiss": Entry({"office"}, methods="POST"),
    "follow_up_standards": Entry({"office"}),
    "follow_up_mark": Entry({"office"}, methods="POST", form={"mark": "苏安办"}),
    "follow_up_standard": Entry({"office"}, "letter", ("kind",), "GET POST"),
    "follow_up_new": Entry({"office"}, methods="GET POST"),
    "department_follow_ups": Entry(BUSINESS, "bureau", ("pk",), seen_by=SEES_BUREAUS),
    "follow_up": letter(),
    "follow_up_edit": letter(methods="GET POST", roles={"office"}, answers={"GET": {409}}),
    "follow_up_reply": letter(methods="GET POST", roles=BUSINESS - {"oversight"}),
    "follow_up_move": letter("action", methods="GET POST", roles=BUSINESS - {"oversight"}),
    "follow_up_file": letter("file_pk"),
    "follow_up_paper": letter("form"),
    "remind": Entry(REVIEWERS | KEEPERS, methods="GET POST"),
    "reminders": Entry(REVIEWERS | KEEPERS),
    "reminder": Entry(REVIEWERS | KEEPERS, "personal", ("reminder_pk",)),
}


def addresses(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one)
        else:
            yield one


PATTERNS = {pattern.name: pattern for pattern in addresses()}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The world, built once for the module in a transaction that is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db):
    """The world; what the test writes is taken back after it."""
    return built


# --- the tests ------------------------------------------------------------------------------------------------------
def test_every_address_stands_in_the_matrix_and_nothing_else():
    assert set(PATTERNS) == set(ENTRIES)


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_every_view_says_who_may_come_in(name):
    view = PATTERNS[name].callback
    assert getattr(view, "is_public", False) == ENTRIES[name].public
    assert ENTRIES[name].public or getattr(view, "access_rule", None) is not None


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_a_stranger_is_sent_to_the_sign_in_page(name, world):
    entry = ENTRIES[name]
    address = address_of(name, entry, world, "stranger", "own")
    for ask in (client_of(world, "anonymous").get, client_of(world, "anonymous").post):
        response = ask(address)
        if entry.public:
            assert response.status_code in {200, 302, 405}
            assert "next=" not in response.headers.get("Location", "")
        else:
            assert response.status_code == 302
            assert response.headers["Location"].startswith(reverse("sign_in"))


@pytest.mark.parametrize(
    ("name", "method"), [(name, method) for name in sorted(ENTRIES) for method in ENTRIES[name].methods.split()]
)
def test_each_role_finds_its_own_and_nothing_of_the_others(name, method, world):
    entry, wrong = ENTRIES[name], []
    for role in SEES:
        for place in places_of(entry):
            with transaction.atomic():
                client = client_of(world, role)
                address = address_of(name, entry, world, role, place)
                response = send(client, entry, address) if method == "POST" else client.get(address)
                status = response.status_code
                transaction.set_rollback(True)
            if role not in entry.roles:
                right = status == 403
            elif not sees(entry, role, place):
                right = status == 404
            elif method == "GET":
                right = status in entry.answers.get("GET", {200})
            else:
                right = status in entry.answers.get("POST", {200, 204, 302, 303, 400, 403, 409, 422})
            if not right:
                wrong.append((role, place, status))
    assert wrong == []


# Of what the city's office alone may open, nothing is out of its scope.
SCOPED = [name for name, row in ENTRIES.items() if row.about not in {"", "common"} and row.roles != {"office"}]


@pytest.mark.parametrize("name", sorted(SCOPED))
def test_what_is_out_of_scope_answers_exactly_as_what_is_not_there(name, world):
    entry = ENTRIES[name]
    role = next(
        role for role in ("reviewer", "chief", "unit", "unit_admin", "keeper", "lead", "office") if role in entry.roles
    )
    place = "other_sector" if entry.about != "personal" else "sibling"
    answers = []
    for where in (place, "missing"):
        with transaction.atomic():
            client = client_of(world, role)
            address = address_of(name, entry, world, role, where)
            response = client.get(address) if "GET" in entry.methods else send(client, entry, address)
            answers.append((response.status_code, body(response)))
            transaction.set_rollback(True)
    assert answers[0][0] == 404
    assert answers[0] == answers[1]


@pytest.mark.parametrize("name", sorted(name for name, entry in ENTRIES.items() if entry.methods == "POST"))
def test_what_changes_something_is_not_done_by_get(name, world):
    entry = ENTRIES[name]
    for role in sorted(entry.roles):
        place = next((place for place in places_of(entry) if sees(entry, role, place)), None)
        if place is None:
            continue
        assert client_of(world, role).get(address_of(name, entry, world, role, place)).status_code == 405


@pytest.mark.parametrize("name", sorted(name for name, entry in ENTRIES.items() if entry.methods == "GET"))
def test_what_only_shows_takes_no_post(name, world):
    entry = ENTRIES[name]
    role = "office" if "office" in entry.roles else min(entry.roles)
    assert client_of(world, role).post(address_of(name, entry, world, role, "own")).status_code in {404, 405}


@pytest.mark.parametrize("name", sorted(name for name, entry in ENTRIES.items() if "POST" in entry.methods))
def test_a_form_without_its_token_is_refused(name, world):
    entry = ENTRIES[name]
    role = min(entry.roles)
    before = written(world)
    response = client_of(world, role, csrf=True).post(address_of(name, entry, world, role, "own"))
    assert response.status_code == 403
    assert written(world) == before


WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP")
# A session's last use is noted when it is used; nothing else is written by looking.
MAY_BE_WRITTEN = ('"django_session"',)


def written(world) -> int:
    """How many rows stand in all tables but the session's."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names() if name != "django_session"]
        total = 0
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            total += cursor.fetchone()[0]
    return total


@pytest.mark.parametrize("name", sorted(name for name, entry in ENTRIES.items() if "GET" in entry.methods))
def test_looking_writes_nothing(name, world):
    entry = ENTRIES[name]
    before = written(world)
    for role in sorted(entry.roles):
        place = next((place for place in places_of(entry) if sees(entry, role, place)), None)
        if place is None:
            continue
        with CaptureQueriesContext(connection) as queries:
            client_of(world, role).get(address_of(name, entry, world, role, place))
        changing = [
            query["sql"]
            for query in queries
            if query["sql"].lstrip().upper().startswith(WRITES)
            and not any(one in query["sql"] for one in MAY_BE_WRITTEN)
        ]
        assert changing == [], role
    assert written(world) == before


# A sheet goes by the name of the page that shows it.
SHEETS = (
    "filings", "risks", "catalogues", "enterprises", "review_queue", "preparation", "catalogue_items", "people",
    "unit_accounts", "units_to_issue", "departments", "reconciliations", "differences", "catalogue_todos",
    "visits", "bulletins", "campaigns", "extensions", "follow_ups",
    "training_sessions", "training_people", "training_units", "materials",
)  # fmt: skip
PAGE_OF = {
    "differences": "reconciliation",
    "catalogue_todos": "catalogue_looks",
}  # lists that stand on the page of something else


def test_each_sheet_asks_its_own_rule_and_exports_what_its_list_shows(world):
    for name in SHEETS:
        get_sheet(name)
        for role in SEES:
            with transaction.atomic():
                response = client_of(world, role).post(reverse("export_sheet", kwargs={"name": name}))
                transaction.set_rollback(True)
            assert (response.status_code == 302) == (role in ENTRIES[PAGE_OF.get(name, name)].roles), (name, role)


def test_every_sheet_is_tried_above():
    from riskreport.ground.sheets import declaration

    assert set(declaration._sheets) == set(SHEETS)
