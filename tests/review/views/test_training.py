"""The pages of training: a session from the plan to the test, as its organiser and a unit see it; the library."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enterprises.enums import Role
from review.checks.check_in_token import make_token
from review.models import MaterialVersion, TrainingMaterial, TrainingSession, TrainingStandard
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db
BEGUN = dt.timedelta(minutes=-10)
PDF = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def organiser(client):
    for code in ("1401", "1402"):
        factories.category(code)
    person = factories.user(Role.REVIEWER, of=factories.bureau())
    client.force_login(person)
    return person


@pytest.fixture
def person(client):
    row = factories.user(of=factories.enterprise())
    client.force_login(row)
    return row


def form(**changes) -> dict:
    return {
        "key": "k1",
        "title": "填报培训",
        "kind": "cloud",
        "starts_at": "2031-10-12T09:00",
        "minutes": "90",
        "place": "https://class.example.invalid/1",
        "trainer": "钱老师",
        "capacity": "",
        "region_id": str(factories.KUNSHAN),
        "categories": ["1401"],
        "material_id": "",
        "note": "",
    } | changes


def test_a_session_from_plan_to_cancelling(client, organiser):
    page = client.get(reverse("training_new"))
    assert "昆山" in page.content.decode()
    for _click in range(2):
        answer = client.post(reverse("training_new"), form())
    session = TrainingSession.objects.get()
    assert answer.headers["Location"] == reverse("training", args=[session.pk])
    shown = client.get(answer.headers["Location"]).content.decode()
    assert 'rel="noopener noreferrer"' in shown
    assert "计划中" in shown
    client.post(reverse("training_edit", args=[session.pk]), form(title="新题目", seen_version="1"))
    client.post(reverse("training_move", args=[session.pk, "open"]))
    client.post(reverse("training_respects", args=[session.pk]), {"respects": ["1", "4"]})
    session.refresh_from_db()
    assert (session.title, session.state, session.respects) == ("新题目", "open", [1, 4])
    held = client.post(reverse("training_move", args=[session.pk, "held"]))
    assert (held.status_code, "尚未开始" in held.content.decode()) == (409, True)
    without = client.post(reverse("training_move", args=[session.pk, "cancelled"]), {"reason": ""})
    assert without.status_code == 422
    client.post(reverse("training_move", args=[session.pk, "cancelled"]), {"reason": "停"})
    session.refresh_from_db()
    assert session.state == "cancelled"
    assert client.get(reverse("training_edit", args=[session.pk])).status_code == 200
    assert client.post(reverse("training_edit", args=[session.pk]), form()).status_code == 409
    assert client.post(reverse("training_respects", args=[session.pk]), {"respects": ["1"]}).status_code == 409
    assert client.post(reverse("training_respects", args=[session.pk]), {"respects": ["9"]}).status_code == 422
    assert client.post(reverse("training_move", args=[session.pk, "gone"])).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"starts_at": "x"}, {"minutes": "5"}, {"categories": ["1501"]}, {"region_id": "320500"},
     {"capacity": "0"}],
)  # fmt: skip
def test_a_wrong_form_keeps_what_was_typed(client, organiser, wrong):
    answer = client.post(reverse("training_new"), form(**wrong))
    assert answer.status_code == 422
    assert "钱老师" in answer.content.decode()
    assert not TrainingSession.objects.exists()


def test_a_colleagues_change_is_told_and_nothing_typed_lost(client, organiser):
    session = factories.training_session()
    TrainingSession.objects.filter(pk=session.pk).update(version=2)
    address = reverse("training_edit", args=[session.pk])
    stale = client.post(address, form(title="我的题目", seen_version="1"))
    assert stale.status_code == 409
    assert "我的题目" in stale.content.decode()
    assert 'name="seen_version" value="2"' in stale.content.decode()


def test_a_refusal_of_the_plan_keeps_the_form(client, organiser):
    answer = client.post(reverse("training_new"), form(categories=[]))
    assert answer.status_code == 409
    assert "本条线" in answer.content.decode()


def test_a_unit_signs_up_and_off(client, person):
    session = factories.training_session(capacity=2)
    address = reverse("training", args=[session.pk])
    assert "剩余 2 个名额" in client.get(address).content.decode()
    sign_up = reverse("training_sign_up", args=[session.pk])
    for _click in range(2):
        assert client.post(sign_up, {"key": "k", "name": "孙 建国", "phone": ""}).status_code == 302
    row = session.attendances.get()
    assert row.name == "孙建国"
    assert client.post(sign_up, {"key": "k", "name": "周敏"}).status_code == 409
    assert client.post(sign_up, {"name": "", "phone": "1"}).status_code == 422
    factories.attendance(session, came=False)
    assert "报满" in client.post(sign_up, {"name": "周敏"}).content.decode()
    assert "报满" in client.get(address).content.decode()
    off = reverse("training_sign_off", args=[session.pk, row.pk])
    assert [client.post(off).status_code for _click in range(2)] == [302, 302]
    TrainingSession.objects.update(starts_at=clock.now() - dt.timedelta(minutes=1))
    assert client.post(off).status_code == 409


def test_a_unit_does_not_see_who_of_others_comes(client, person):
    session = factories.training_session()
    factories.attendance(session, name="别家的人")
    assert "别家的人" not in client.get(reverse("training", args=[session.pk])).content.decode()


def test_the_roll_writes_only_what_was_changed(client, organiser):
    session = factories.training_session(starts=BEGUN)
    first, second, third = (factories.attendance(session, came=number == 2) for number in range(3))
    address = reverse("training_roll", args=[session.pk])
    assert client.get(address).content.decode().count('name="shown"') == 3
    # second checked in by the code while the page was open, without a tick here; third is taken back
    second.came, second.way = True, "code"
    second.save()
    shown = [str(row.pk) for row in (first, second, third)]
    client.post(address, {"shown": shown, "was": [str(third.pk)], "came": [str(first.pk), "x"], "page": "1"})
    assert list(session.attendances.order_by("pk").values_list("came", "way")) == [
        (True, "list"), (True, "code"), (False, ""),
    ]  # fmt: skip
    ahead = factories.training_session()
    assert client.post(reverse("training_roll", args=[ahead.pk]), {}).status_code == 409


def test_somebody_is_added_by_the_units_code(client, organiser):
    session, unit = factories.training_session(starts=BEGUN), factories.enterprise()
    away = factories.enterprise(town=factories.YANGSHE)
    address = reverse("training_add", args=[session.pk])
    assert client.post(address, {"code": unit.credit_code, "name": "甲"}).status_code == 302
    assert client.post(address, {"code": away.credit_code, "name": "甲"}).status_code == 422
    assert session.attendances.get().enterprise == unit
    ahead = factories.training_session()
    refused = client.post(reverse("training_add", args=[ahead.pk]), {"code": unit.credit_code, "name": "甲"})
    assert refused.status_code == 409


def test_the_screen_shows_a_code_for_this_session(client, organiser, settings):
    session = factories.training_session(starts=BEGUN)
    settings.SITE_URL = "https://risk.example.invalid"
    page = client.get(reverse("training_screen", args=[session.pk])).content.decode()
    assert 'src="data:image/svg+xml' in page
    assert 'http-equiv="refresh"' in page
    ahead = client.get(reverse("training_screen", args=[factories.training_session().pk])).content.decode()
    assert "data:image/svg+xml" not in ahead


def test_checking_in_by_the_code(client, person):
    session = factories.training_session(starts=BEGUN)
    row = factories.attendance(session, of=person.enterprise, came=False, name="甲")
    address = reverse("training_check_in", args=[make_token(session.pk, clock.now())])
    assert "甲" in client.get(address).content.decode()
    assert not session.attendances.filter(came=True).exists()  # looking checks nobody in
    for _click in range(2):
        answer = client.post(address, {"people": [str(row.pk)], "name": "乙"})
    assert answer.status_code == 302
    assert list(session.attendances.order_by("pk").values_list("name", "way")) == [("甲", "code"), ("乙", "code")]
    assert client.post(address, {"name": ""}).status_code == 409
    late = reverse("training_check_in", args=[make_token(session.pk, clock.now() - dt.timedelta(hours=1))])
    assert (client.get(late).status_code, client.post(late).status_code) == (410, 410)
    assert client.get(reverse("training_check_in", args=["x"])).status_code == 404
    other = factories.training_session(starts=BEGUN, categories=("1501",))
    assert client.get(reverse("training_check_in", args=[make_token(other.pk, clock.now())])).status_code == 404


def test_the_short_test_in_the_browser(client, person):
    factories.catalogue()
    session = factories.training_session(starts=BEGUN)
    address = reverse("training_test", args=[session.pk])
    assert "到场单位" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 409
    factories.attendance(session, of=person.enterprise)
    page = client.get(address).content.decode()
    paper = re.search(r'name="paper" value="(\w+)"', page)[1]
    half = client.post(address, {"paper": paper, "q0": "1"})
    assert half.status_code == 409
    assert re.search(r'name="q0" value="1" checked', half.content.decode())
    seen = set()
    for choice in range(4):
        client.post(address, {"paper": paper, "key": str(choice)} | {f"q{number}": str(choice) for number in range(3)})
        seen.add(person.enterprise.trained_people.count())
    test = session.tests.get()
    assert test.tries == 4
    client.logout()
    client.force_login(factories.user(Role.REVIEWER, of=factories.bureau()))
    assert person.name in client.get(reverse("training", args=[session.pk])).content.decode()


def test_without_a_catalogue_there_is_no_test(client, person):
    session = factories.training_session(starts=BEGUN)
    factories.attendance(session, of=person.enterprise)
    assert "没有题目" in client.get(reverse("training_test", args=[session.pk])).content.decode()


def test_the_office_names_the_four_respects(client):
    client.force_login(factories.user(Role.OFFICE))
    address = reverse("training_standard")
    assert "示例口径" in client.get(address).content.decode()
    said = {f"respect_{number}": f"第{number}" for number in range(1, 5)}
    said |= {"questions": "6", "pass_mark": "70", "seen_version": "1"}
    assert client.post(address, said).status_code == 302
    assert TrainingStandard.objects.get().respects == ["第1", "第2", "第3", "第4"]
    stale = client.post(address, said | {"questions": "7"})
    assert stale.status_code == 409
    assert client.post(address, said | {"pass_mark": "101"}).status_code == 422


@pytest.mark.parametrize(
    ("query", "told"),
    [("", 200), ("?as_of=x", 200), ("?as_of=2090-01-01", 200), ("?county=320583&sector=14", 200), ("?county=x", 200)],
)
def test_the_coverage_page(client, query, told):
    factories.held_session(factories.enterprise())
    client.force_login(factories.user(Role.OFFICE))
    page = client.get(reverse("training_coverage") + query)
    assert page.status_code == told
    assert 'data-count="1"' in page.content.decode()


def test_oversight_sees_the_number_of_people_and_not_who(client):
    factories.held_session(factories.enterprise())
    client.force_login(factories.user(Role.OVERSIGHT))
    page = client.get(reverse("training_coverage")).content.decode()
    assert reverse("training_units") in page
    assert reverse("training_people") not in page


@pytest.mark.parametrize("units", [1, 3])
def test_the_coverage_page_asks_the_same_whatever_there_is(client, units, django_assert_num_queries):
    factories.held_session(*[factories.enterprise() for _number in range(units)])
    person = factories.user(Role.OFFICE)
    client.force_login(person)
    client.get(reverse("training_coverage"))
    with django_assert_num_queries(12):
        client.get(reverse("training_coverage"))


# --- the library ------------------------------------------------------------------------------------------------------
def test_a_material_is_put_in_replaced_and_taken_out_of_use(client, organiser):
    new = reverse("material_new")
    said = {"title": "工作程序", "kind": "procedure", "language": "ja", "sector_id": "14"}
    for _click in range(2):
        answer = client.post(new, said | {"file": SimpleUploadedFile("../程序.pdf", PDF)})
    row = TrainingMaterial.objects.get()
    assert answer.headers["Location"] == reverse("material", args=[row.pk])
    again = client.post(new, said | {"file": SimpleUploadedFile("b.pdf", PDF + b" ")})
    assert "同名资料" in again.content.decode()
    add = reverse("material_add", args=[row.pk])
    for _click in range(2):
        client.post(add, {"file": SimpleUploadedFile("新版.pdf", PDF + b" 2\n%%EOF"), "note": "更新"})
    assert list(row.versions.values_list("number", "name")) == [(2, "新版.pdf"), (1, "程序.pdf")]
    file = client.get(reverse("material_file", args=[row.pk, 1]))
    assert b"".join(file.streaming_content) == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("material_file", args=[row.pk, 3])).status_code == 404
    unit = factories.user(of=factories.enterprise())
    client.post(reverse("material_withdraw", args=[row.pk]))
    assert client.get(reverse("material", args=[row.pk])).status_code == 200
    client.force_login(unit)
    assert client.get(reverse("material", args=[row.pk])).status_code == 404


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"\x89PNG\r\n\x1a\n", b"<html></html>", b"%PDF-1.4 half"])
def test_other_files_are_refused_and_not_kept(client, organiser, content):
    said = {"title": "x", "kind": "other", "language": "zh", "sector_id": "14"}
    answer = client.post(reverse("material_new"), said | {"file": SimpleUploadedFile("a.pdf", content)})
    assert answer.status_code == 422
    assert not MaterialVersion.objects.exists()


def test_materials_for_all_sectors_come_from_who_sees_all(client, organiser):
    said = {"title": "x", "kind": "other", "language": "zh", "sector_id": "", "file": SimpleUploadedFile("a.pdf", PDF)}
    assert "安委办" in client.post(reverse("material_new"), said).content.decode()
    client.force_login(factories.user(Role.OFFICE))
    said["file"] = SimpleUploadedFile("a.pdf", PDF)
    assert client.post(reverse("material_new"), said).status_code == 302
    unit = factories.user(of=factories.enterprise())
    client.force_login(unit)
    assert "自查自评指南" in client.get(reverse("materials")).content.decode()
    assert client.get(reverse("material", args=[TrainingMaterial.objects.get().pk])).status_code == 200
