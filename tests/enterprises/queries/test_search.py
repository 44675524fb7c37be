"""What a search finds: the same on every database, within the scope, true to the roster whatever happens to it."""

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.domain.roster_changes import RosterAct, RosterChange, announce_roster
from enterprises.domain.search import rebuild_search, refresh_search
from enterprises.enums import Role
from enterprises.models import Enterprise, EnterpriseCategory, SearchEntry
from enterprises.queries.search import COMMON_KEY, common_pieces, found_by, search_units
from riskreport.ground import clock
from riskreport.ground.names import normal_name, search_words
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/search/"
LETTERS = "花桥颐养院昆山aB1２％%_（\\' "


def found(text, user=None):
    rows = search_units(user or factories.user(Role.OFFICE), text)
    return list(rows.values_list("name", flat=True))


def answers(name, code, text):
    """The definition, in plain Python: what both databases must say."""
    words = search_words(text)
    normal, plain = normal_name(name), normal_name(code)
    return bool(words) and all(
        word in normal or (len(word) >= 4 and word.isascii() and plain.startswith(word)) for word in words
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    names=st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=6),
    text=st.text(LETTERS, min_size=1, max_size=5),
)
def test_the_answers_are_those_of_the_definition(names, text):
    with transaction.atomic():
        units = [factories.enterprise(name=name) for name in names]
        rows = Enterprise.objects.filter(pk__in=[unit.pk for unit in units]).filter(found_by(text, "pk"))
        wanted = {unit.pk for unit in units if answers(unit.name, unit.credit_code, text)}
        assert set(rows.values_list("pk", flat=True)) == wanted
        transaction.set_rollback(True)


def test_two_characters_one_and_several_words():
    factories.enterprise(name="昆山市花桥颐养院")
    factories.enterprise(name="花山桥梁厂")
    factories.enterprise(name="昆山Ａ区（东）仓库")
    assert found("花桥") == ["昆山市花桥颐养院"]
    assert found("花") == ["昆山市花桥颐养院", "花山桥梁厂"]
    assert found("昆山 养院") == ["昆山市花桥颐养院"]
    assert found("a区东") == ["昆山Ａ区（东）仓库"]
    assert found("%") == found("（）") == found("院花桥") == []


def test_all_pairs_of_a_word_are_not_yet_the_word():
    factories.enterprise(name="花桥院桥养")
    assert found("花桥养") == []
    assert found("花桥院桥") == ["花桥院桥养"]


def test_the_beginning_of_a_code_finds_its_unit_from_four_characters_on():
    temporary = {"credit_code": None, "temporary_code": "LS-3205830001", "no_code_reason": "venue"}
    factories.enterprise(name="甲", **temporary)
    coded = factories.enterprise(name="乙")
    assert found("ls-320") == found("ＬＳ320") == ["甲"]
    assert found(coded.credit_code.lower()) == ["乙"]
    assert found(coded.credit_code[:3]) == []
    assert found(coded.credit_code[1:]) == []


def test_nothing_of_another_sector_or_region_is_found(client):
    for name, town, kind in (
        ("花桥敬老院", factories.HUAQIAO, "1401"),
        ("花桥寺", factories.HUAQIAO, "1501"),
        ("花桥张家港分院", factories.YANGSHE, "1401"),
    ):
        factories.enterprise(name=name, town=town, category_code=kind)
    further = factories.enterprise(name="花桥寺安养院", category_code="1501")
    EnterpriseCategory.objects.create(enterprise=further, category=factories.category("1401"))
    civil = factories.user(Role.REVIEWER, of=factories.bureau("civil"))
    assert found("花桥", civil) == ["花桥敬老院", "花桥寺安养院"]
    client.force_login(civil)
    page = client.get(URL, {"q": "花桥"}).content.decode()
    assert "花桥敬老院" in page
    assert "花桥张家港分院" not in page
    assert page.count('class="rr-found-name"') == 2
    hidden = client.get(URL, {"q": "张家港分"}).content.decode()
    absent = client.get(URL, {"q": "没有此家"}).content.decode()
    assert hidden.count("rr-found-name") == absent.count("rr-found-name") == 0


def test_the_first_twenty_are_shown_and_the_rest_is_on_the_roster(client):
    for number in range(21):
        factories.enterprise(name=f"花桥{number}号院")
    client.force_login(factories.user(Role.OFFICE))
    page = client.get(URL, {"q": "花桥"}).content.decode()
    assert page.count('class="rr-found-name"') == 20
    assert f"{reverse('enterprises')}?q=%E8%8A%B1%E6%A1%A5" in page
    assert reverse("archive", args=[Enterprise.objects.order_by("pk")[0].pk]) in page
    assert len(client.get(reverse("enterprises"), {"q": "花桥"}).context["list"].page.rows) == 21


def test_the_box_gets_the_list_alone_and_everybody_else_a_page(client):
    factories.enterprise(name="花桥敬老院")
    client.force_login(factories.user(Role.OFFICE))
    part = client.get(URL, {"q": "花桥"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "花桥敬老院" in part
    page = client.get(URL).content.decode()
    assert "<html" in page
    assert "rr-found-name" not in page


def test_the_box_stands_in_the_bar_of_officials_alone(client):
    for role, count in ((Role.REVIEWER, 1), (Role.ENTERPRISE_USER, 0), (Role.OPERATOR, 0)):
        client.force_login(factories.user(role))
        assert client.get("/account/").content.decode().count("data-search") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_questions(client, count, django_assert_num_queries):
    for number in range(count):
        factories.enterprise(name=f"花桥{number}号院")
    client.force_login(factories.user(Role.OFFICE))
    client.get(URL, {"q": "花桥"})  # PostgreSQL's statistics are read once in a while
    with django_assert_num_queries(5):
        assert client.get(URL, {"q": "花桥"}).content.decode().count('class="rr-found-name"') == count


def test_entries_follow_what_the_roster_announces():
    unit = factories.enterprise(name="旧名院")
    other = factories.enterprise(name="另一院")
    SearchEntry.objects.filter(enterprise=other).delete()
    Enterprise.objects.filter(pk=unit.pk).update(name="新名院")
    today = clock.today()
    changes = [
        RosterChange(unit.pk, RosterAct.CHANGED, today, old={"name": "旧名院"}, new={"name": "新名院"}),
        RosterChange(other.pk, RosterAct.JOINED, today),
    ]
    with transaction.atomic():
        announce_roster(changes=changes, user=None)
    assert found("新名") == ["新名院"]
    assert found("旧名") == []
    assert found("另一") == ["另一院"]


def test_refreshing_writes_what_differs_and_nothing_twice(django_assert_num_queries):
    units = [factories.enterprise(name=f"第{number}院") for number in range(3)]
    Enterprise.objects.filter(pk=units[0].pk).update(name="改名院")
    ids = [unit.pk for unit in units]
    with transaction.atomic(), django_assert_num_queries(3):
        assert refresh_search(ids=ids) == 1
    with transaction.atomic(), django_assert_num_queries(2):
        assert refresh_search(ids=ids) == 0


def test_a_check_finds_what_was_written_past_the_domain_and_the_command_mends_it(capsys):
    unit = factories.enterprise(name="旧名院")
    factories.enterprise(name="另一院")
    call_command("search_entries", check=True)
    Enterprise.objects.filter(pk=unit.pk).update(name="新名院")
    with pytest.raises(CommandError, match="1 search entries differ"):
        call_command("search_entries", check=True)
    call_command("search_entries")
    assert "1 search entries written" in capsys.readouterr().out
    call_command("search_entries", check=True)
    assert found("新名") == ["新名院"]
    assert rebuild_search() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has the index; SQLite scans")
def test_the_index_serves_two_characters_and_one():
    factories.enterprise(name="花桥敬老院")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")  # a few rows are scanned
    for text in ("花桥", "桥", "昆山颐养院", "9132"):
        (_path, entries) = found_by(text).children[0]
        assert "search_name_pieces" in entries.explain()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has the index; SQLite scans")
def test_a_word_of_very_common_pairs_alone_is_not_looked_up_and_finds_the_same():
    for number in range(60):
        factories.enterprise(name=f"苏州{number}有限公司" if number else "花桥敬老院")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enterprises_searchentry")
    cache.delete(COMMON_KEY)
    assert {"苏州", "有限", "限公", "公司", "苏"} <= common_pieces()
    assert "花桥" not in common_pieces()
    for text, is_scanned in (("有限公司", True), ("苏州", True), ("花桥", False), ("州7有限", False)):
        sql = str(SearchEntry.objects.filter(found_by(text)).query)
        assert ("enterprises_name_pieces" not in sql) == is_scanned, text
    assert len(found("有限公司")) == len(found("苏州 公司")) == 59
    assert found("花桥") == ["花桥敬老院"]
    assert found("州7有限") == ["苏州7有限公司"]
    cache.delete(COMMON_KEY)


def test_on_sqlite_nothing_is_common(django_assert_num_queries):
    if connection.vendor == "sqlite":
        with django_assert_num_queries(0):
            assert common_pieces() == frozenset()
