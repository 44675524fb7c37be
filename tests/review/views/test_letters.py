"""Letters on the screen and on paper: from a proposal to closed, who finds what, and what a letter costs."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from enterprises.enums import Role
from review.enums import LetterKind, LetterState
from review.interfaces.letters.paper import letter_pdf, letter_word
from review.models import Letter, LetterFile, ProposalDismissal, ReminderRun
from review.queries.letters.scope import with_all
from tests import factories, letters
from tests.letters import answered, issued, letter, overdue

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 8
REGISTER_QUERIES = 9
NASTY = "<b>甲</b> {{ 7*7 }} #import $x$ *星*"


@pytest.fixture
def made():
    return letters.world()


@pytest.fixture
def office(client, made):
    client.force_login(made.office)
    return client


def given(page) -> dict[str, str]:
    """What a browser would send back of the form as it is first shown."""
    bound = page.context["form"]
    values = {name: bound[name].value() for name in bound.fields if name != "files"}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def whole(row: Letter) -> Letter:
    return with_all(Letter.objects.all()).select_related("evidence").get(pk=row.pk)


def test_from_the_proposal_to_the_issued_letter(office, made):
    page = office.get(reverse("follow_up_proposals"))
    row = next(one for one in page.context["groups"] if one["asked"]["subject"].startswith("department"))
    assert row["kind"] == "督办"
    new = office.get(row["new_url"])
    answer = office.post(reverse("follow_up_new"), given(new))
    made_letter = Letter.objects.get()
    assert answer.url == reverse("follow_up_edit", args=[made_letter.pk])
    edit = office.get(answer.url)
    saved = office.post(answer.url, given(edit) | {"copies": "市纪委监委"})
    assert saved.url == reverse("follow_up", args=[made_letter.pk])
    step = reverse("follow_up_move", args=[made_letter.pk, "issue"])
    asked = given(office.get(step))
    for _ in range(2):  # a double click
        assert office.post(step, asked).url == saved.url
    assert Letter.objects.get().number_text.startswith("苏安办督〔")
    assert "苏安办督〔" in office.get(saved.url).content.decode()
    assert office.post(step, asked | {"key": "other"}).status_code == 409


def test_what_is_typed_wrong_stays_and_is_said(office, made):
    row = letter(made)
    edit = reverse("follow_up_edit", args=[row.pk])
    asked = given(office.get(edit))
    for wrong, status in (({"title": ""}, 422), ({"due_on": "明天"}, 422), ({"body": "【谁】"}, 409)):
        page = office.post(edit, asked | wrong)
        assert page.status_code == status
        assert page.context["form"].errors
    assert office.post(reverse("follow_up_new"), {"campaign": "none"}).status_code == 422
    assert office.get(reverse("follow_up_proposals"), {"campaign": "none"}).status_code == 404
    assert office.get(reverse("follow_up_paper", args=[row.pk, "exe"])).status_code == 404
    assert office.get(reverse("follow_up_move", args=[row.pk, "deliver"])).status_code == 404


def test_a_proposal_is_dismissed_with_a_reason(office, made):
    asked = {"campaign": made.campaign.code, "kind": "warning", "subject": f"department-{factories.bureau().pk}"}
    assert office.post(reverse("follow_up_dismiss"), asked).status_code == 422
    assert office.post(reverse("follow_up_dismiss"), asked | {"reason": "正在核实"}).status_code == 302
    assert ProposalDismissal.objects.get().reason == "正在核实"
    assert "正在核实" in office.get(reverse("follow_up_proposals")).content.decode()
    far = asked | {"subject": "region-99", "reason": "x"}
    assert office.post(reverse("follow_up_dismiss"), far).status_code == 409


def test_who_answers_signs_by_a_button_and_not_by_looking(client, made):
    row = issued(made)
    client.force_login(made.bureau)
    page = client.get(reverse("follow_up", args=[row.pk]))
    assert Letter.objects.get().state == LetterState.DELIVERED
    assert "签收" in page.content.decode()
    home = client.get(reverse("home"))
    assert row.number_text in home.content.decode()
    key = {"seen_version": page.context["letter"].version, "key": page.context["key"]}
    client.post(reverse("follow_up_move", args=[row.pk, "read"]), key)
    assert Letter.objects.get().state == LetterState.READ


def test_an_answer_with_a_file_is_fetched_by_the_office(client, made, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = issued(made)
    letters.move(row, "read", made.bureau)
    client.force_login(made.bureau)
    reply = reverse("follow_up_reply", args=[row.pk])
    asked = given(client.get(reply))
    bad = client.post(reply, asked | {"text": "见附件", "files": [SimpleUploadedFile("x.exe", b"MZ\x90\x00\x03")]})
    assert bad.status_code == 409
    file = SimpleUploadedFile("名单.pdf", b"%PDF-1.4\n%%EOF")
    assert client.post(reply, asked | {"text": "见附件", "files": [file]}).status_code == 302
    client.force_login(made.office)
    kept = LetterFile.objects.get()
    got = client.get(reverse("follow_up_file", args=[row.pk, kept.pk]))
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(got.streaming_content).startswith(b"%PDF")
    assert "见附件" in client.get(reverse("follow_up", args=[row.pk])).content.decode()


def test_a_letter_stands_in_the_archive_of_the_unit_and_on_the_page_of_the_department(office, made):
    unit = made.filings[0].enterprise
    to_unit, to_bureau = issued(made, to=f"enterprise-{unit.pk}"), issued(made)
    archive = office.get(reverse("archive_history", args=[unit.pk])).content.decode()
    assert to_unit.number_text in archive
    assert to_bureau.number_text not in archive
    panel = office.get(reverse("department_follow_ups", args=[factories.bureau().pk])).content.decode()
    assert to_bureau.number_text in panel
    assert to_unit.number_text not in panel


def test_the_register_filters(office, made):
    late, other = issued(made), answered(made, made.county, to=f"region-{factories.KUNSHAN}")
    overdue(late)

    def listed(**asked):
        page = office.get(reverse("follow_ups"), asked).context["list"]
        assert not page.problem
        return {row.pk for row in page.page.rows}

    assert listed() == {late.pk, other.pk}
    assert listed(waiting="overdue") == {late.pk}
    assert listed(waiting="check") == {other.pk}
    assert listed(to="area") == {other.pk}
    assert listed(q=late.number_text) == {late.pk}
    assert listed(kind="notice") == set()


@pytest.mark.parametrize("many", [1, 3])
def test_pages_cost_the_same_for_one_letter_and_three(office, made, django_assert_num_queries, many):
    rows = [issued(made, kind) for kind in (LetterKind.REMINDER, LetterKind.WARNING, LetterKind.NOTICE)[:many]]
    office.get(reverse("follow_ups"))
    with django_assert_num_queries(REGISTER_QUERIES):
        office.get(reverse("follow_ups"))
    with django_assert_num_queries(PAGE_QUERIES):
        office.get(reverse("follow_up", args=[rows[0].pk]))


def test_the_citys_office_sets_a_standard_on_the_page(office, made):
    address = reverse("follow_up_standard", args=["warning"])
    asked = given(office.get(address))
    assert office.post(address, asked | {"days_behind": "0"}).status_code == 422
    assert office.post(address, asked | {"days_behind": "20"}).status_code == 302
    assert "20" in office.get(reverse("follow_up_standards")).content.decode()
    assert office.post(reverse("follow_up_mark"), {"mark": "SA"}).status_code == 422
    assert office.post(reverse("follow_up_mark"), {"mark": "姑安办"}).status_code == 302


def test_reminding_from_the_list_shows_who_and_sends_once(client, made):
    client.force_login(made.bureau)
    page = client.get(reverse("filings"), {"campaign": made.campaign.code})
    remind = page.context["remind_url"]
    shown = client.get(remind)
    assert (shown.context["count"], len(shown.context["first"])) == (2, 2)
    asked = given(shown) | {"message": "请尽快"}
    first, second = client.post(remind, asked), client.post(remind, asked)
    assert first.url == second.url == reverse("reminder", args=[ReminderRun.objects.get().pk])
    assert client.get(first.url).status_code == 200
    assert client.get(reverse("reminders")).status_code == 200
    assert client.get(f"{reverse('remind')}?county=x").status_code == 422


def test_the_reminder_of_a_colleague_elsewhere_is_not_there(client, made):
    client.force_login(made.bureau)
    remind = f"{reverse('remind')}?campaign={made.campaign.code}"
    run = client.post(remind, given(client.get(remind))).url
    client.force_login(factories.user(Role.KEEPER, of=factories.bureau("religion")))
    assert client.get(run).status_code == 404


# --- on paper -------------------------------------------------------------------------------------------------------
def test_what_is_written_stays_text_on_both_papers(made):
    row = issued(made)
    Letter.objects.filter(pk=row.pk).update(title=NASTY, body=f"{NASTY}\n第二段", copies=NASTY)
    document = Document(io.BytesIO(letter_word(whole(row))))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert NASTY in lines
    assert "第二段" in lines
    assert row.number_text in lines
    assert [cell.text for cell in document.tables[0].rows[1].cells][1:3] == ["2", "0"]
    made_pdf = pikepdf.open(io.BytesIO(letter_pdf(whole(row))))
    assert len(made_pdf.pages) == 2


def test_word_names_the_faces_of_official_documents_and_the_pdf_embeds_its_own(made):
    row = whole(letter(made))
    document = Document(io.BytesIO(letter_word(row)))
    named = {font.get(qn("w:eastAsia")) for font in document.element.iter(qn("w:rFonts"))}
    assert {"仿宋_GB2312", "方正小标宋简体"} <= named
    pdf = pikepdf.open(io.BytesIO(letter_pdf(row)))
    fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
    assert fonts
    assert all("/FontDescriptor" in one.DescendantFonts[0] for one in fonts)
    assert letter_pdf(row) == letter_pdf(row)
