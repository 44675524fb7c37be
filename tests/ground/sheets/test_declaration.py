"""Columns and sheets refuse what would fail later."""

from types import SimpleNamespace

import pytest

from riskreport.ground import clock
from riskreport.ground.models import Job
from riskreport.ground.models.job import JobState
from riskreport.ground.rules import has_account
from riskreport.ground.sheets import Column, Sheet, get_sheet, register_sheet, sheet_names
from riskreport.ground.sheets.declaration import bring
from riskreport.ground.sheets.values import mask_name, mask_phone, text_of
from tests import factories


def sheet(*columns: Column, **fields) -> Sheet:
    given = {"name": "tried", "title": "Tried", "rows": lambda user: Job.objects.none(), "rule": has_account}
    return Sheet(columns=columns, **given | fields)


def test_a_column_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="unknown kind money"):
        Column("price", "Price", "price", kind="money")


def test_a_personal_column_must_say_how_it_is_masked():
    with pytest.raises(ValueError, match="says no mask"):
        Column("phone", "Phone", "phone", personal=True)


def test_a_key_stands_once():
    with pytest.raises(ValueError, match="stands twice"):
        sheet(Column("a", "A", "a"), Column("a", "B", "b"))


def test_the_order_is_a_sortable_column():
    with pytest.raises(ValueError, match="no sortable column"):
        sheet(Column("a", "A", "a"), order="-a")
    assert sheet(Column("a", "A", "a", sort="kind"), order="-a").sortable == {"a": "kind"}


def test_two_sheets_never_share_a_name():
    first = register_sheet(sheet(Column("a", "A", "a")))
    assert get_sheet("tried") is first
    assert "tried" in sheet_names()
    with pytest.raises(ValueError, match="Two sheets are called tried"):
        register_sheet(sheet(Column("b", "B", "b")))


def test_a_column_says_its_value_of_one_field_or_of_several():
    row = SimpleNamespace(first="", last="周敏", enterprise__name="颐养院")
    assert Column("unit", "Unit", "enterprise__name").reader()(row) == "颐养院"
    assert Column("name", "Name", ("first", "last"), lambda *names: "/".join(names)).reader()(row) == "/周敏"


@pytest.mark.django_db
def test_rows_bring_what_columns_read_of_other_tables_and_nothing_else():
    columns = [Column("kind", "Kind", "kind"), Column("owner", "Owner", ("owner__name", "pk"), lambda name, pk: name)]
    person = factories.user(name="周敏")
    job = Job.objects.create(kind="tried", owner=person, created_at=clock.now())
    row = bring(Job.objects.all(), columns).get(pk=job.pk)
    assert [column.reader()(row) for column in columns] == ["tried", "周敏"]
    assert list(bring(Job.objects.all(), columns).query.annotations) == ["owner__name"]


def test_a_choice_reads_as_its_word():
    read = Column("state", "State", "state", kind="choice", choices=JobState).reader()
    assert read(SimpleNamespace(state="done")) == str(JobState.DONE.label)
    assert read(SimpleNamespace(state="gone")) == ""


def test_a_personal_value_is_masked_unless_it_may_be_read():
    column = Column("phone", "Phone", "phone", personal=True, mask=mask_phone)
    row = SimpleNamespace(phone="13812345678")
    assert column.reader()(row) == "138****5678"
    assert column.reader(unmasked=True)(row) == "13812345678"


@pytest.mark.parametrize(
    ("given", "masked"),
    [("13812345678", "138****5678"), ("0512-65220000", "051****0000"), ("65220000", "****00"), ("1", "****"), ("", "")],
)
def test_phones_are_masked(given, masked):
    assert mask_phone(given) == masked
    assert mask_phone(None) == ""


def test_names_keep_their_first_character():
    assert [mask_name(name) for name in ("张丽华", "李敏", "", None)] == ["张**", "李*", "", ""]


def test_nothing_is_empty_but_zero_and_no_are_said():
    assert [text_of(value, "int") for value in (None, "", 0, 7)] == ["", "", "0", "7"]
    assert text_of(False, "bool") != ""
