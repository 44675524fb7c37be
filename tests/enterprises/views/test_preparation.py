"""The pages of plans and steps."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enterprises.domain.preparation import StepGiven, add_plan, save_steps, steps_base
from enterprises.enums import Role
from enterprises.models import Department, DepartmentPlan
from riskreport.ground.models import Event
from tests import factories
from tests.enterprises.domain.test_preparation import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return factories.bureau("civil", factories.CITY)


@pytest.fixture
def keeper(bureau):
    return factories.user(Role.KEEPER, of=bureau)


def rows(page) -> dict[str, str]:
    """The fields of the formset as a browser would send them back."""
    formset = page.context["formset"]
    data = {f"step-{name}": value for name, value in formset.management_form.initial.items()}
    for form in formset.forms:
        data |= {form.add_prefix(name): str(form[name].value() or "") for name in form.fields}
    return data | {"version": page.context["version"]}


def test_a_plan_is_put_in_and_fetched_by_those_concerned(client, bureau, keeper):
    client.force_login(keeper)
    address = reverse("department_plan_add", args=[bureau.pk])
    assert client.post(address, {"note": ""}).status_code == 422
    refused = client.post(address, {"file": SimpleUploadedFile("图.png", b"\x89PNG\r\n\x1a\n")})
    assert refused.status_code == 422
    assert client.post(address, {"file": SimpleUploadedFile("方案.pdf", PDF), "note": "初稿"}).status_code == 302
    plan = reverse("department_plan", args=[bureau.pk, 1])
    client.force_login(factories.user(of=factories.enterprise()))
    answer = client.get(plan)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert client.get(reverse("department_plan", args=[bureau.pk, 2])).status_code == 404
    client.force_login(factories.user(of=factories.enterprise(category_code="1501")))
    assert client.get(plan).status_code == 404
    assert DepartmentPlan.objects.count() == 1


def test_steps_are_written_on_the_page_and_shown_to_the_office_as_progress(client, bureau, keeper):
    client.force_login(keeper)
    address = reverse("department_steps", args=[bureau.pk])
    data = rows(client.get(address))
    data |= {"step-0-title": "摸底", "step-0-order": "2", "step-0-done_on": "2022-01-05", "step-1-title": "编目录",
             "step-1-order": "1", "step-1-due_on": "2022-02-01"}  # fmt: skip
    assert client.post(address, data).status_code == 302
    assert list(bureau.steps.values_list("title", flat=True)) == ["编目录", "摸底"]
    assert client.post(address, data | {"step-0-due_on": "明天"}).status_code == 422
    conflict = client.post(address, data | {"step-0-title": "另一人写的"})
    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert "另一人写的" in page
    assert "编目录" in page
    client.force_login(factories.user(Role.OFFICE))
    row = next(row for row in client.get(reverse("preparation")).context["list"].page.rows if row.pk == bureau.pk)
    assert (row.steps_count, row.steps_done, row.next_due.isoformat(), row.plan_number) == (2, 1, "2022-02-01", None)


def test_a_new_list_takes_eight_steps_at_one_go(client, bureau, keeper):
    client.force_login(keeper)
    address = reverse("department_steps", args=[bureau.pk])
    written = {f"step-{number}-title": f"第{number + 1}步" for number in range(8)}
    assert client.post(address, rows(client.get(address)) | written).status_code == 302
    assert list(bureau.steps.values_list("title", flat=True)) == list(written.values())


@pytest.mark.parametrize("many", [1, 3])
def test_the_pages_cost_the_same_queries(client, bureau, keeper, django_assert_num_queries, many):
    for region in (factories.KUNSHAN, factories.ZHANGJIAGANG)[: many - 1]:
        factories.bureau("civil", region)
    steps = [StepGiven(None, f"第{number}步", None, None, "") for number in range(many)]
    save_steps(department=bureau, user=keeper, steps=steps, seen_base=steps_base(bureau))
    for number in range(many):
        file = SimpleUploadedFile("方案.pdf", PDF + b"\n%%EOF" * number)
        add_plan(department=bureau, user=keeper, name="方案.pdf", file=file)
    client.force_login(keeper)
    client.get(reverse("preparation"))
    with django_assert_num_queries(9):
        client.get(reverse("preparation"))
    with django_assert_num_queries(8):
        client.get(reverse("department", args=[bureau.pk]))
    with django_assert_num_queries(9):
        client.get(reverse("department_steps", args=[bureau.pk]))


def phone(client, department, number: str):
    return client.post(reverse("department_phone", args=[department.pk]), {"phone": number})


def test_the_chief_sets_the_telephone_that_the_letters_name(client, bureau):
    client.force_login(factories.chief(bureau))
    assert phone(client, bureau, "６522 0000").status_code == 422
    assert phone(client, bureau, "０512－65220000").status_code == 302
    assert phone(client, bureau, "0512-65220000").status_code == 302
    bureau.refresh_from_db()
    assert bureau.phone == "0512-65220000"
    line = Event.objects.get(kind="department.phone_set").lines.get()
    assert (line.old, line.new) == ({"phone": ""}, {"phone": "0512-65220000"})
    page = client.get(reverse("department", args=[bureau.pk]))
    assert page.context["phone_form"]["phone"].value() == "0512-65220000"
    assert phone(client, bureau, "").status_code == 302
    assert not Department.objects.get(pk=bureau.pk).phone


def test_others_read_the_telephone_and_cannot_set_it(client, bureau, keeper):
    Department.objects.filter(pk=bureau.pk).update(phone="0512-65220000")
    client.force_login(keeper)
    page = client.get(reverse("department", args=[bureau.pk]))
    assert not page.context["may_set_phone"]
    assert "0512-65220000" in page.content.decode()
    assert phone(client, bureau, "0512-1111111").status_code == 403
    client.force_login(factories.chief(factories.bureau("civil", factories.KUNSHAN)))
    assert phone(client, bureau, "0512-1111111").status_code == 404
    client.force_login(factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN)))
    assert phone(client, bureau, "0512-1111111").status_code == 404
    assert Department.objects.get(pk=bureau.pk).phone == "0512-65220000"


def test_an_office_sets_its_own_telephone_and_those_of_its_area(client):
    person = factories.user(Role.OFFICE, of=factories.office(factories.KUNSHAN))
    client.force_login(person)
    below = factories.bureau("religion", factories.KUNSHAN)
    for department in (person.department, below):
        assert phone(client, department, "0512-57300000").status_code == 302
    assert set(Department.objects.filter(phone="0512-57300000")) == {person.department, below}
    page = client.get(reverse("department", args=[person.department_id]))
    assert not page.context["is_bureau"]
    other = factories.office(factories.ZHANGJIAGANG)
    assert client.get(reverse("department", args=[other.pk])).status_code == 404


def test_the_list_of_letters_says_which_telephone_they_will_name(client, bureau, keeper):
    factories.enterprise()
    client.force_login(keeper)
    assert "账号开通信函上尚无联系电话" in client.get(reverse("units_to_issue")).content.decode()
    Department.objects.filter(pk=bureau.pk).update(phone="0512-65220000")
    assert "0512-65220000" in client.get(reverse("units_to_issue")).content.decode()
