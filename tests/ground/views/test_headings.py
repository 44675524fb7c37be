"""The page on which a department sees and changes what its own headings mean."""

import pytest

from enterprises.enums import Role
from riskreport.ground.models import Event, HeadingMemory
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/imports/enterprises/headings/"


@pytest.fixture
def keeper(client):
    person = factories.user(Role.KEEPER, of=factories.bureau("civil"))
    client.force_login(person)
    return person


def said(person, heading, column="", sheet="enterprises"):
    return HeadingMemory.objects.create(sheet=sheet, home=person.department_id, heading=heading, column=column)


def columns():
    return dict(HeadingMemory.objects.values_list("heading", "column"))


def test_what_was_said_is_shown_and_the_upload_page_leads_there(client, keeper):
    assert PAGE not in client.get("/imports/enterprises/").content.decode()
    said(keeper, "<b>院名</b>", "name")
    assert PAGE in client.get("/imports/enterprises/").content.decode()
    page = client.get(PAGE).content.decode()
    assert "&lt;b&gt;院名&lt;/b&gt;" in page
    assert '<option value="name" selected>' in page


def test_several_are_changed_at_once_and_recorded(client, keeper):
    one, two, three = said(keeper, "院名", "town"), said(keeper, "床位", "employees"), said(keeper, "其它", "address")
    sent = {f"column-{one.pk}": "name", f"column-{two.pk}": "", f"column-{three.pk}": "address"}
    assert client.post(PAGE, sent).status_code == 302
    assert columns() == {"院名": "name", "床位": "", "其它": "address"}
    event = Event.objects.get(kind="headings.changed")
    assert event.data == {"sheet": "enterprises", "headings": {"床位": "", "院名": "name"}}
    client.post(PAGE, sent)
    assert Event.objects.filter(kind="headings.changed").count() == 1


def test_one_is_forgotten_and_a_second_click_does_no_harm(client, keeper):
    one = said(keeper, "院名", "name")
    said(keeper, "床位")
    for _press in range(2):
        assert client.post(PAGE, {"forget": one.pk}).status_code == 302
    assert columns() == {"床位": ""}
    client.post(PAGE, {"forget": "x"})
    assert columns() == {"床位": ""}


def test_what_is_no_column_is_refused(client, keeper):
    one = said(keeper, "院名", "name")
    assert client.post(PAGE, {f"column-{one.pk}": "sector"}).status_code == 422
    assert columns() == {"院名": "name"}


def test_another_department_and_another_sheet_are_neither_seen_nor_touched(client, keeper):
    stranger = factories.user(Role.KEEPER, of=factories.bureau("religion"))
    theirs, other = said(stranger, "殿堂", "name"), said(keeper, "另表", "name", sheet="risks")
    page = client.get(PAGE).content.decode()
    assert "殿堂" not in page
    assert "另表" not in page
    for one in (theirs, other):
        client.post(PAGE, {f"column-{one.pk}": "town"})
        client.post(PAGE, {"forget": one.pk})
    assert columns() == {"殿堂": "name", "另表": "name"}


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_questions(client, keeper, count, django_assert_num_queries):
    for number in range(count):
        said(keeper, f"甲{number}", "name")
    client.get(PAGE)
    with django_assert_num_queries(4):
        client.get(PAGE)
