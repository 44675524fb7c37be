"""The pages on which two lists are compared and their differences settled."""

from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enterprises.enums import Role
from enterprises.models import Difference, Enterprise, Reconciliation
from enterprises.models.reconciliation import Bucket, Outcome, ReconciliationState
from enterprises.views import settle_many
from riskreport.ground import clock
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.models import Job
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/reconciliations/"
NEW = "/reconciliations/new/"


@pytest.fixture
def keeper(client):
    factories.region()
    factories.category("1401")
    user = factories.user(Role.KEEPER, of=factories.bureau())
    client.force_login(user)
    return user


def page_of(row):
    return reverse("reconciliation", args=[row.pk])


def address_of(difference):
    return reverse("difference", args=[difference.reconciliation_id, difference.pk])


def upload(name="名单.csv", text="单位名称,地址\n某院,某路1号\n"):
    return SimpleUploadedFile(name, text.encode())


def test_a_comparison_is_begun_run_and_read(client, keeper):
    factories.enterprise(name="花桥颐养院")
    answer = client.post(NEW, {"title": "十月对账", "against": "roster", "b_file": upload()})
    row = Reconciliation.objects.get()
    assert answer.headers["Location"] == page_of(row)
    assert (row.department, row.b_name, len(row.b_sha256)) == (keeper.department, "名单.csv", 64)
    assert "对账" in client.get(page_of(row)).content.decode()
    run_job(job_id=row.job_id)
    page = client.get(page_of(row)).content.decode()
    assert "花桥颐养院" in page
    assert "某院" in page


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"title": ""}, "id_title"),
        ({"b_file": ""}, "id_b_file"),
        ({"against": "file"}, "id_a_file"),
        ({"category": "1501"}, "id_category"),
        ({"area": str(factories.YANGSHE)}, "id_area"),
    ],
)
def test_what_is_missing_is_said_and_nothing_begins(client, keeper, changed, wrong):
    factories.category("1501")
    answer = client.post(NEW, {"title": "十月对账", "against": "roster", "b_file": upload()} | changed)
    assert answer.status_code == 422
    assert f'href="#{wrong}"' in answer.content.decode()
    assert not Reconciliation.objects.exists()


def test_another_kind_of_file_is_refused_by_name(client, keeper):
    answer = client.post(NEW, {"title": "十月对账", "against": "roster", "b_file": upload("名单.docx")})
    assert answer.status_code == 422
    assert "名单.docx" in answer.content.decode()


def test_a_colleague_goes_on_and_the_progress_is_shown(client, keeper):
    row = factories.reconciliation(of=keeper)
    kept = factories.difference(row, enterprise=factories.enterprise(name="甲院"))
    factories.difference(row, enterprise=factories.enterprise(name="乙院"))
    client.force_login(factories.user(Role.KEEPER, of=keeper.department))
    answer = client.post(
        reverse("reconciliation_settle", args=[row.pk]), {"do": f"keep:{kept.pk}:1", "next": "/elsewhere"}
    )
    assert answer.headers["Location"] == "/elsewhere"
    answer = client.get(page_of(row))
    assert answer.context["counts"]["settled"] == 1
    assert answer.context["percent"] == 50
    open_ones = client.get(page_of(row) + "?state=open").content.decode()
    assert "乙院" in open_ones
    assert "甲院" not in open_ones
    assert "1/2" in client.get(LIST).content.decode()


def test_an_address_elsewhere_is_not_followed(client, keeper):
    row = factories.reconciliation(of=keeper)
    one = factories.difference(row, enterprise=factories.enterprise())
    sent = {"do": f"keep:{one.pk}:1", "next": "https://evil.example/"}
    answer = client.post(reverse("reconciliation_settle", args=[row.pk]), sent)
    assert answer.headers["Location"] == page_of(row)


def test_one_click_takes_over_and_a_stale_click_is_refused(client, keeper):
    unit = factories.enterprise()
    row = factories.reconciliation(of=keeper)
    b = {"name": unit.name, "address": "新址9号"}
    one = factories.difference(row, Bucket.DIFFERS, enterprise=unit, b=b, fields=["address"])
    settle = reverse("reconciliation_settle", args=[row.pk])
    client.post(settle, {"do": f"take:{one.pk}:9"})
    unit.refresh_from_db()
    assert unit.address != "新址9号"
    client.post(settle, {"do": f"take:{one.pk}:1"})
    unit.refresh_from_db()
    one.refresh_from_db()
    assert (unit.address, one.outcome) == ("新址9号", Outcome.TAKEN_OVER)
    assert row.title in one.reason


def test_nonsense_in_a_click_changes_nothing(client, keeper):
    row = factories.reconciliation(of=keeper)
    one = factories.difference(row, enterprise=factories.enterprise())
    for said in ("", "keep", f"steal:{one.pk}:1", f"keep:x:{one.pk}", f"keep:{one.pk}:x"):
        client.post(reverse("reconciliation_settle", args=[row.pk]), {"do": said})
    one.refresh_from_db()
    assert one.outcome == ""


def test_the_page_of_one_shows_both_lists_and_offers_what_is_possible(client, keeper):
    unit = factories.enterprise(name="甲院")
    row = factories.reconciliation(of=keeper)
    b = {"name": "甲院", "address": "<b>新址</b>"}
    differs = factories.difference(row, Bucket.DIFFERS, enterprise=unit, b=b, fields=["address"])
    missing = factories.difference(row, enterprise=factories.enterprise(name="乙院"))
    page = client.get(address_of(differs)).content.decode()
    assert "&lt;b&gt;新址&lt;/b&gt;" in page
    assert 'name="field" value="address"' in page
    assert 'name="field" value="name"' not in page
    assert 'id="left"' not in page
    other = client.get(address_of(missing)).content.decode()
    assert 'id="left"' in other
    assert 'id="take"' not in other


def test_settling_leads_to_the_next_open_one_of_the_same_part(client, keeper):
    row = factories.reconciliation(of=keeper)
    first, second, third = (factories.difference(row, enterprise=factories.enterprise()) for _n in range(3))
    answer = client.post(address_of(second), {"act": "keep", "version": 1})
    assert answer.headers["Location"] == address_of(third)
    answer = client.post(address_of(third), {"act": "explain", "version": 1, "explain-reason": "分支机构"})
    assert answer.headers["Location"] == address_of(first)
    day = clock.today().isoformat()
    sent = {"act": "left", "version": 1, "left-on": day, "left-reason": "已关闭", "left-how": "close"}
    assert client.post(address_of(first), sent).headers["Location"] == page_of(row)
    assert list(Difference.objects.order_by("pk").values_list("outcome", flat=True)) == ["left", "kept", "explained"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"act": "left", "left-on": "", "left-reason": "x", "left-how": "close"}, 422),
        ({"act": "explain", "explain-reason": ""}, 422),
        ({"act": "take"}, 422),
        ({"act": "nonsense"}, 422),
        ({"act": "pair"}, 409),
        ({"act": "keep", "version": "7"}, 409),
        ({"act": "left", "left-on": "2999-01-01", "left-reason": "x", "left-how": "close"}, 409),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(client, keeper, sent, status):
    row = factories.reconciliation(of=keeper)
    one = factories.difference(row, enterprise=factories.enterprise())
    assert client.post(address_of(one), {"version": 1} | sent).status_code == status
    one.refresh_from_db()
    assert (one.outcome, one.enterprise.left_on) == ("", None)


def test_a_unit_of_list_b_is_added_with_what_the_list_does_not_say(client, keeper):
    row = factories.reconciliation(of=keeper)
    code = factories.credit_code(810001)
    b = {"name": "新办护理站", "code": code, "town": factories.HUAQIAO}
    one = Difference.objects.create(reconciliation=row, bucket=Bucket.ONLY_B, name="新办护理站", b=b)
    page = client.get(address_of(one)).content.decode()
    assert f'value="{code}"' in page
    day = clock.today().isoformat()
    wanted = {
        "name": "新办护理站",
        "code": code,
        "town": factories.HUAQIAO,
        "scale": "none",
        "on": day,
        "reason": "对账",
    }
    sent = {f"add-{key}": value for key, value in wanted.items()} | {"act": "add", "version": 1}
    answer = client.post(address_of(one), sent)
    assert answer.status_code == 422
    assert 'href="#id_add-address"' in answer.content.decode()
    sent |= {"add-address": "光明路9号", "add-category": "1401"}
    shown = client.post(address_of(one), sent)
    assert "光明路9号" in shown.content.decode()
    assert not Enterprise.objects.exists()
    hidden = dict(shown.context["hidden"])
    back = client.post(address_of(one), hidden | {"step": "back"})
    assert back.context["forms"]["add"]["address"].value() == "光明路9号"
    assert client.post(address_of(one), hidden | {"step": "confirmed"}).status_code == 302
    assert Enterprise.objects.get(credit_code=code).name == "新办护理站"


def test_a_comparison_that_failed_says_why(client, keeper):
    failed = {"state": ReconciliationState.FAILED, "problem": "文件是空的。"}
    row = factories.reconciliation(of=keeper, **failed)
    assert "文件是空的。" in client.get(page_of(row)).content.decode()


def test_unknown_headings_are_assigned_on_a_page_and_then_compared(client, keeper):
    factories.enterprise(name="花桥颐养院")
    answer = client.post(
        NEW, {"title": "十月", "against": "roster", "b_file": upload(text="机构,床位\n某院,<b>9</b>\n")}
    )
    row = Reconciliation.objects.get()
    run_job(job_id=row.job_id)
    page = client.get(answer.url)
    assert "enterprises/reconciliation_columns.html" in [one.name for one in page.templates]
    assert "&lt;b&gt;9&lt;/b&gt;" in page.content.decode()
    columns = reverse("reconciliation_columns", args=[row.pk])
    refused = client.post(columns, {"b-0": "", "b-1": "address"})
    assert refused.status_code == 422
    assert '<option value="address" selected>' in refused.content.decode()
    assert client.post(columns, {"b-0": "name", "b-1": ""}).url == page_of(row)
    row.refresh_from_db()
    run_job(job_id=row.job_id)
    assert "某院" in client.get(page_of(row)).content.decode()
    assert client.post(columns, {"b-0": "", "b-1": ""}).status_code == 302


def many(client, row, rows, **more):
    sent = {"pick": [f"{one.pk}:{one.version}" for one in rows], "next": page_of(row) + "?state=open"} | more
    return client.post(reverse("reconciliation_settle_many", args=[row.pk]), sent)


def test_several_get_one_remedy_and_one_reason_after_they_were_shown(client, keeper):
    row = factories.reconciliation(of=keeper)
    rows = [factories.difference(row, enterprise=factories.enterprise()) for _n in range(3)]
    assert f'form="bulk" name="pick" value="{rows[0].pk}:1"' in client.get(page_of(row)).content.decode()
    shown = many(client, row, rows[:2], remedy="close")
    assert shown.status_code == 200
    assert [one["row"].pk for one in shown.context["rows"]] == [one.pk for one in rows[:2]]
    assert not Enterprise.objects.exclude(lifecycle="active").exists()
    day = clock.today().isoformat()
    wrong = many(client, row, rows[:2], step="confirmed", remedy="close", on=day, reason="")
    assert wrong.status_code == 422
    assert 'href="#id_reason"' in wrong.content.decode()
    done = many(client, row, rows[:2], step="confirmed", remedy="close", on=day, reason="已注销")
    assert done.url == page_of(row) + "?state=open"
    assert list(Difference.objects.order_by("pk").values_list("outcome", "reason")) == [
        ("left", "已注销"), ("left", "已注销"), ("", ""),
    ]  # fmt: skip


def test_what_could_not_be_settled_is_listed_with_its_reason(client, keeper):
    row = factories.reconciliation(of=keeper)
    code = factories.credit_code(820001)
    whole = {"name": "新院", "code": code, "town": factories.HUAQIAO, "address": "光明路9号", "category": "1401"}
    good, poor = (
        Difference.objects.create(reconciliation=row, bucket=Bucket.ONLY_B, name=b["name"], b=b)
        for b in (whole, {"name": "缺地址院", "code": factories.credit_code(820002)})
    )
    sent = {"step": "confirmed", "remedy": "add", "on": clock.today().isoformat(), "reason": "对账", "category": "1401"}
    answer = many(client, row, [good, poor], **sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "缺地址院" in page
    assert "新院" not in page
    assert "地址" in answer.context["rows"][0]["says"]
    assert Enterprise.objects.get().credit_code == code
    poor.refresh_from_db()
    assert poor.outcome == ""


def test_the_category_that_list_b_does_not_name_is_asked_for_once_for_all(client, keeper):
    row = factories.reconciliation(of=keeper)
    factories.category("1402")
    told = {"town": factories.HUAQIAO, "address": "光明路9号"}
    listed = [
        {"name": name, "code": factories.credit_code(number), **told, **more}
        for name, number, more in (("甲院", 820003, {}), ("乙院", 820004, {}), ("丙院", 820005, {"category": "1402"}))
    ]
    rows = [Difference.objects.create(reconciliation=row, bucket=Bucket.ONLY_B, name=b["name"], b=b) for b in listed]
    sent = {"step": "confirmed", "remedy": "add", "on": clock.today().isoformat(), "reason": "对账"}
    asked = many(client, row, rows, **sent)
    assert asked.status_code == 422
    assert "2家单位" in asked.content.decode()
    assert not Enterprise.objects.exists()
    assert many(client, row, rows, **sent, category="1401").status_code == 302
    found = dict(Enterprise.objects.values_list("name", "category_id"))
    assert found == {"甲院": "1401", "乙院": "1401", "丙院": "1402"}


def test_a_category_is_asked_for_only_where_units_are_added_without_one(client, keeper):
    row = factories.reconciliation(of=keeper)
    whole = {"name": "甲院", "category": "1401"}
    named, unnamed = (
        Difference.objects.create(reconciliation=row, bucket=Bucket.ONLY_B, name="甲院", b=b) for b in (whole, {})
    )
    assert "category" not in many(client, row, [named]).context["form"].fields
    kept = {"step": "confirmed", "remedy": "keep", "on": clock.today().isoformat(), "reason": "对账"}
    assert many(client, row, [unnamed], **kept).status_code == 302


@pytest.mark.parametrize("remedy", ["take", "add", "nonsense", ""])
def test_a_remedy_of_another_kind_is_not_offered(client, keeper, remedy):
    row = factories.reconciliation(of=keeper)
    one = factories.difference(row, enterprise=factories.enterprise())
    day = clock.today().isoformat()
    assert many(client, row, [one], step="confirmed", remedy=remedy, on=day, reason="x").status_code == 422
    one.refresh_from_db()
    assert one.outcome == ""


def test_of_too_many_ticks_the_first_are_shown_and_that_is_said(client, keeper, monkeypatch):
    monkeypatch.setattr(settle_many, "MOST", 2)
    row = factories.reconciliation(of=keeper)
    rows = [factories.difference(row, enterprise=factories.enterprise()) for _n in range(3)]
    shown = many(client, row, rows, remedy="keep")
    assert [one["row"].pk for one in shown.context["rows"]] == [one.pk for one in rows[:2]]
    assert "最多处理2条" in shown.content.decode()
    assert "最多处理" not in many(client, row, rows[:2], remedy="keep").content.decode()


def test_ticks_that_name_nothing_open_of_this_comparison_change_nothing(client, keeper):
    row, other = factories.reconciliation(of=keeper), factories.reconciliation(of=keeper)
    one = factories.difference(other, enterprise=factories.enterprise())
    settle = reverse("reconciliation_settle_many", args=[row.pk])
    for picks in ([], [f"{one.pk}:1"], ["x", "1:x", "²:1", f"{'9' * 30}:1", f"1:{'9' * 30}"]):
        answer = client.post(settle, {"pick": picks, "step": "confirmed", "remedy": "keep", "on": "2021-01-01"})
        assert answer.url == page_of(row)
    one.refresh_from_db()
    assert one.outcome == ""


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_several_asks_the_same_number_of_questions(client, keeper, count, django_assert_num_queries):
    row = factories.reconciliation(of=keeper)
    rows = [factories.difference(row, enterprise=factories.enterprise()) for _n in range(count)]
    many(client, row, rows, remedy="keep")
    with django_assert_num_queries(7):
        many(client, row, rows, remedy="keep")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_page_ask_the_same_number_of_questions(client, keeper, count, django_assert_num_queries):
    for _number in range(count):
        row = factories.reconciliation(of=keeper)
    for _number in range(count):
        one = factories.difference(row, enterprise=factories.enterprise())
    client.get(LIST)
    with django_assert_num_queries(8):
        assert len(client.get(LIST).context["list"].page.rows) == count
    with django_assert_num_queries(10):
        assert len(client.get(page_of(row)).context["list"].page.rows) == count
    with django_assert_num_queries(6):
        client.get(address_of(one))


def test_the_result_is_exported_with_what_the_page_shows(client, keeper):
    row = factories.reconciliation(of=keeper)
    other = factories.reconciliation(of=keeper)
    factories.difference(row, enterprise=factories.enterprise(name="甲院"))
    factories.difference(other, enterprise=factories.enterprise(name="乙院"))
    sent = {"query": "state=open", "fixed": f"reconciliation={row.pk}"}
    client.post(reverse("export_sheet", args=["differences"]), sent)
    job = Job.objects.get(kind="export_sheet")
    run_job(job_id=job.pk)
    job.refresh_from_db()
    book = openpyxl.load_workbook(Path(settings.MEDIA_ROOT, job.file))
    head, *rows = book.worksheets[0].values
    assert [cells[0] for cells in rows] == ["甲院"]
    assert rows[0][head.index("处理结果")] == "待处理"


def test_both_lists_are_exported_side_by_side(client, keeper):
    unit = factories.enterprise(name="甲院", address="旧址1号")
    row = factories.reconciliation(of=keeper)
    b = {"name": "甲院", "address": "新址9号", "town": factories.HUAQIAO, "town_label": "花桥镇"}
    factories.difference(row, Bucket.DIFFERS, enterprise=unit, b=b, fields=["address"])
    query = client.get(page_of(row) + "?state=open&cols=bucket").context["side_by_side"]
    client.post(reverse("export_sheet", args=["differences"]), {"query": query, "fixed": f"reconciliation={row.pk}"})
    job = Job.objects.get(kind="export_sheet")
    run_job(job_id=job.pk)
    job.refresh_from_db()
    head, line = list(openpyxl.load_workbook(Path(settings.MEDIA_ROOT, job.file)).worksheets[0].values)[:2]
    cells = dict(zip(head, line, strict=True))
    assert (cells["甲名单：地址"], cells["乙名单：地址"], cells["乙名单：镇（街道）"]) == (
        "旧址1号", "新址9号", "花桥镇",
    )  # fmt: skip
