"""The pages of an import, as a keeper goes through them."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enterprises.enums import Role
from enterprises.models import Enterprise
from riskreport.ground.models import Event, HeadingMemory, ImportBatch
from tests import factories
from tests.ground.imports.hostile import HEAD, line
from tests.imports import send, take, take_in, work, workbook

pytestmark = pytest.mark.django_db
UPLOAD = "/imports/enterprises/"


@pytest.fixture
def keeper(client):
    factories.category("1401")
    factories.region()
    person = factories.user(Role.KEEPER, of=factories.bureau("civil"), language="zh-hans")
    client.force_login(person)
    return person


def upload(client, content: bytes, **form):
    return client.post(UPLOAD, {"file": SimpleUploadedFile("清单.xlsx", content), **form})


def test_from_upload_to_the_list_of_just_these_rows(client, keeper, nudges):
    answer = upload(client, workbook([HEAD, line(1), line(2, town="杨舍镇")]), key="one")
    batch = ImportBatch.objects.get()
    assert answer.url == f"{UPLOAD}{batch.pk}/"
    assert b'hx-headers=\'{"X-Poll": "1"}\'' in client.get(answer.url).content
    work(batch)
    assert client.get(answer.url, HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"
    page = client.get(answer.url).content.decode()
    assert "D3" in page
    assert "杨舍镇" in page
    marked = client.get(f"{answer.url}errors/")
    cell = openpyxl.load_workbook(io.BytesIO(b"".join(marked)))["底数清单"]["D3"]
    assert (cell.value, cell.fill.start_color.rgb) == ("杨舍镇", "FFFFF2A8")
    assert "杨舍镇" in cell.comment.text
    assert client.post(f"{answer.url}take/", {"choice": "all"}).status_code == 422
    client.post(f"{answer.url}take/", {"choice": "right"})
    client.post(f"{answer.url}take/", {"choice": "right"})
    work(batch)
    assert Event.objects.filter(kind="roster.imported").count() == 1
    factories.enterprise()
    rows = client.get(f"/enterprises/?batch={batch.pk}").context["list"].page.rows
    assert [row.name for row in rows] == ["昆山第1养老院"]
    assert batch.sha256 in client.get(answer.url).content.decode()


def test_the_same_form_twice_is_one_file(client, keeper):
    content = workbook([HEAD, line()])
    first = upload(client, content, key="one")
    assert upload(client, content, key="one").url == first.url
    assert ImportBatch.objects.count() == 1
    assert upload(client, workbook([HEAD, line(2)]), key="one").status_code == 422


def test_unknown_headings_are_asked_about_once(client, keeper):
    head = ["机构", *HEAD[1:]]
    batch = send("enterprises", keeper, workbook([head, line()]))
    assert batch.state == "mapping"
    address = f"{UPLOAD}{batch.pk}/"
    page = client.get(address).content.decode()
    assert "机构" in page
    assert "昆山第1养老院" in page
    columns = {f"column-{place}": key for place, key in enumerate(["name", *batch.mapping[1:]])}
    double = columns | {"column-4": "name"}
    assert client.post(f"{address}columns/", double).status_code == 422
    assert client.post(f"{address}columns/", columns).status_code == 302
    assert work(batch).counts["new"] == 1
    assert list(HeadingMemory.objects.values_list("heading", "column")) == [("机构", "name")]
    assert send("enterprises", keeper, workbook([head, line()])).state == "preview"


def test_a_complete_list_shows_who_would_leave(client, keeper):
    gone, other = factories.enterprise(), factories.enterprise(town=factories.YANGSHE)
    batch = send("enterprises", keeper, workbook([HEAD, line()]), complete="1401")
    assert batch.counts["leaves"] == 1
    assert gone.name in client.get(f"{UPLOAD}{batch.pk}/?bucket=leaves").content.decode()
    take(batch, keeper)
    gone.refresh_from_db()
    other.refresh_from_db()
    assert (gone.lifecycle, other.lifecycle) == ("written_off", "active")


def test_nobody_leaves_by_a_list_with_a_wrong_row(client, keeper):
    stays = factories.enterprise()
    batch = send("enterprises", keeper, workbook([HEAD, line(1), line(2, town="无此镇")]), complete="1401")
    assert batch.counts["leaves"] == 1
    batch = take(batch, keeper, "right")
    stays.refresh_from_db()
    assert stays.lifecycle == "active"
    buckets = client.get(f"{UPLOAD}{batch.pk}/").context["preview"].buckets
    assert [(one["url"], one["count"]) for one in buckets] == [("?bucket=wrong", 1), ("?bucket=new", 1)]


def test_rows_changed_since_the_preview_are_not_overwritten(client, keeper):
    take_in("enterprises", keeper, workbook([HEAD, line(1), line(2)]))
    take_in("enterprises", keeper, workbook([HEAD, line(3)]))
    mine = [line(number, address="甲") for number in (1, 2, 3)]
    one = send("enterprises", keeper, workbook([HEAD, *mine]))
    two = send("enterprises", keeper, workbook([HEAD, line(1, address="乙"), line(3, address="甲")]))
    take(two, keeper)
    one = take(one, keeper)
    assert one.counts["applied"] == {"changed": 1, "stale": 1, "same": 1}  # the colleague wrote the same of the third
    assert sorted(Enterprise.objects.values_list("address", flat=True)) == ["乙", "甲", "甲"]
    assert "期间已变动" in client.get(f"{UPLOAD}{one.pk}/").content.decode()


def test_a_unit_of_another_line_or_area_is_an_error_that_does_not_say_whether_it_stands(keeper):
    theirs = factories.enterprise(category_code="1501")
    there = [line(1, code=theirs.credit_code, category="宗教活动场所"), line(2, category="宗教活动场所")]
    batch = send("enterprises", keeper, workbook([HEAD, *there]), language="en")
    said = [row.problems for row in batch.rows.order_by("number")]
    assert said[0] == said[1]
    assert theirs.name not in str(said)
    taken = send("enterprises", keeper, workbook([HEAD, line(1, code=theirs.credit_code)]), language="en")
    assert taken.counts["wrong"] == 1
    assert theirs.name not in str(taken.rows.get().problems)


def test_a_touched_batch_is_not_undone_and_says_by_whom(client, keeper):
    batch = take_in("enterprises", keeper, workbook([HEAD, line(1), line(2)]))
    later = take_in("enterprises", keeper, workbook([HEAD, line(1, address="改过")]))
    client.post(f"{UPLOAD}{batch.pk}/undo/")
    batch = work(batch)
    assert batch.state == "applied"
    assert keeper.name in batch.problem
    client.post(f"{UPLOAD}{later.pk}/undo/")
    assert work(later).state == "undone"
    client.post(f"{UPLOAD}{batch.pk}/undo/")
    assert work(batch).state == "undone"
    assert not Enterprise.objects.exists()


def test_the_same_file_of_a_colleague_is_named_until_it_is_put_aside(client, keeper):
    colleague = factories.user(Role.KEEPER, of=keeper.department)
    stranger = factories.user(Role.KEEPER, of=factories.bureau("religion"))
    content = workbook([HEAD, line()])
    send("enterprises", stranger, content)
    theirs, mine = send("enterprises", colleague, content), send("enterprises", keeper, content)
    page = client.get(f"{UPLOAD}{mine.pk}/")
    assert page.context["twin"] == theirs
    assert colleague.name in page.content.decode()
    client.post(f"{UPLOAD}{theirs.pk}/refuse/")
    assert client.get(f"{UPLOAD}{mine.pk}/").context["twin"] is None


def test_who_comes_second_with_the_same_file_writes_nothing_and_can_undo_nothing(client, keeper):
    first, second = (send("enterprises", keeper, workbook([HEAD, line()])) for _n in range(2))
    take(first, keeper)
    second = take(second, keeper)
    assert (second.counts["applied"], Enterprise.objects.count()) == ({"same": 1}, 1)
    page = client.get(f"{UPLOAD}{second.pk}/").content.decode()
    assert "/undo/" not in page
    assert f"?batch={second.pk}" not in page
    assert "— → —" not in page
    assert "/undo/" in client.get(f"{UPLOAD}{first.pk}/").content.decode()


def test_the_page_comes_anew_when_the_work_has_gone_a_step_further(client, keeper, nudges):
    upload(client, workbook([HEAD, line()]))
    address = f"{UPLOAD}{ImportBatch.objects.get().pk}/"
    assert "HX-Refresh" not in client.get(f"{address}?seen=reading", HTTP_HX_REQUEST="true").headers
    ImportBatch.objects.update(state="checking")
    assert client.get(f"{address}?seen=reading", HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"


def test_the_list_of_files_says_why_one_could_not_be_read(client, keeper):
    batch = send("enterprises", keeper, "单位名称,地址".encode())
    assert batch.problem in client.get(UPLOAD).content.decode()


def test_a_colleague_of_the_department_sees_it_and_nobody_else(client, keeper):
    batch = send("enterprises", keeper, workbook([HEAD, line()]))
    client.force_login(factories.user(Role.KEEPER, of=keeper.department))
    assert client.get(f"{UPLOAD}{batch.pk}/").status_code == 200
    client.force_login(factories.user(Role.KEEPER, of=factories.bureau("religion")))
    assert client.get(f"{UPLOAD}{batch.pk}/").status_code == 404
    client.force_login(factories.user(Role.REVIEWER, of=keeper.department))
    assert client.get(f"{UPLOAD}{batch.pk}/").status_code == 403
    assert client.get("/imports/review_queue/").status_code == 404


def test_the_template_is_taken_in_as_it_is_filled_in(client, keeper):
    sent = client.get(reverse("import_template", args=["enterprises"]))
    book = openpyxl.load_workbook(io.BytesIO(sent.content))
    page = book.worksheets[0]
    heads = [cell.value for cell in page[1]]
    assert [name for name in book.sheetnames if book[name].sheet_state == "visible"][1:] == ["填写说明"]
    values = dict(zip([head.strip("*") for head in heads], [""] * len(heads), strict=True))
    values |= {"名称": "花桥颐养院", "统一社会信用代码": line()[1], "类别": "养老机构", "地址": "光明路1号"}
    values[next(head for head in values if head.startswith("镇（"))] = "花桥镇"
    for place, value in enumerate(values.values(), start=1):
        page.cell(2, place).value = value or None
        assert page.cell(2, place).number_format in {"@", "General"}
    target = io.BytesIO()
    book.save(target)
    batch = send("enterprises", keeper, target.getvalue())
    assert (batch.state, batch.counts.get("new")) == ("preview", 1)
