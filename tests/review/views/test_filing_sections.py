"""Writing a report page by page: nothing typed is lost, two windows meet, a draft may stay incomplete."""

import json

import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.enums import FilingState
from review.models import FilingSection
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def filing():
    return factories.filing(FilingState.DRAFTING)


@pytest.fixture
def writer(filing, client):
    person = factories.writer_of(filing)
    person.language = "en"
    person.save()
    client.force_login(person)
    return person


def section_url(filing, key="basic"):
    return reverse("filing_section", args=[filing.pk, key])


def risk_url(filing, part):
    return reverse("filing_risk", args=[filing.pk, filing.declared_risks.get().lineage, part])


def stored(filing, key="basic"):
    return FilingSection.objects.get(filing=filing, key=key)


def autosave(client, filing, draft, fields, **sent):
    body = {"draft": draft, "fields": fields, "version": 0, "base": ""} | sent
    return client.post(reverse("filing_save", args=[filing.pk]), json.dumps(body), content_type="application/json")


def test_page_is_prefilled_and_saving_goes_on_to_the_next(filing, writer, client):
    page = client.get(section_url(filing))
    assert 'value="周敏"' in page.content.decode()
    version = stored(filing).version
    answer = client.post(section_url(filing), factories.BASIC | {"employees": "36", "version": version})
    assert answer.status_code == 302
    assert answer.url == section_url(filing, "check-civil-fire")
    assert stored(filing).data["employees"] == "36"


def test_wrong_value_is_saved_and_shown_again_with_what_is_wanted(filing, writer, client):
    typed = factories.BASIC | {"principal_phone": "123", "legal_name": "", "version": stored(filing).version}
    page = client.post(section_url(filing), typed).content.decode()
    assert stored(filing).data["principal_phone"] == "123"
    assert 'href="#id_principal_phone"' in page
    assert 'href="#id_legal_name"' in page
    assert 'value="123"' in page
    assert "for example 13812345678" in page


def test_value_that_cannot_be_kept_comes_back_as_typed(filing, writer, client):
    before = stored(filing).data
    answer = client.post(section_url(filing), factories.BASIC | {"products": "长" * 2001, "version": 1})
    assert answer.status_code == 422
    assert "长" * 2001 in answer.content.decode()
    assert stored(filing).data == before


def test_two_windows_show_both_texts_and_the_choice_is_saved(filing, writer, client):
    seen = stored(filing).version
    mine = factories.BASIC | {"employees": "41", "insurance": "no"}
    factories.save(filing, "basic", factories.BASIC | {"employees": "52"})
    answer = client.post(section_url(filing), mine | {"version": seen, "base": "of an older text"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="41"' in page
    assert 'value="52"' in page
    assert stored(filing).data["employees"] == "52"
    chosen = mine | {"employees": "52", "version": answer.context["part"].version}
    assert client.post(section_url(filing), chosen).status_code == 302
    assert stored(filing).data == mine | {"employees": "52"}


def test_the_same_text_sent_again_changes_nothing(filing, writer, client):
    version = stored(filing).version
    for _twice in range(2):
        client.post(section_url(filing), factories.BASIC | {"employees": "36", "version": version})
    assert stored(filing).version == version + 1


def test_autosave_answers_with_the_next_version_and_the_time(filing, writer, client):
    answer = autosave(client, filing, "section:basic", {"employees": "7"}, version=stored(filing).version)
    said = answer.json()
    assert answer.status_code == 200
    assert said["version"] == stored(filing).version
    assert "Saved automatically" in said["text"]
    assert stored(filing).data["employees"] == "7"
    again = autosave(client, filing, "section:basic", {"employees": "8"}, version=said["version"], base=said["base"])
    assert again.status_code == 200


def test_autosave_over_another_window_is_a_conflict_and_writes_nothing(filing, writer, client):
    factories.save(filing, "basic", factories.BASIC | {"employees": "52"})
    answer = autosave(client, filing, "section:basic", {"employees": "7"}, version=1, base="another")
    assert answer.status_code == 409
    assert stored(filing).data["employees"] == "52"


@pytest.mark.parametrize("body", ["", "[]", '{"draft": 3}', '{"draft": "section:nowhere", "fields": {}}', '"text"'])
def test_autosave_of_nonsense_is_not_found(filing, writer, client, body):
    answer = client.post(reverse("filing_save", args=[filing.pk]), body, content_type="application/json")
    assert answer.status_code == 404


@pytest.mark.parametrize("draft", ["risk:nonsense:level", "risk:00000000-0000-0000-0000-000000000000:level", "x"])
def test_autosave_of_an_unknown_risk_is_not_found(filing, writer, client, draft):
    assert autosave(client, filing, draft, {}).status_code == 404


def test_autosave_says_what_cannot_be_kept_and_refuses_too_much(filing, writer, client):
    answer = autosave(client, filing, "section:basic", {"products": "长" * 2001}, version=1)
    assert answer.status_code == 422
    assert "products" in answer.json()["errors"]
    assert autosave(client, filing, "section:basic", {"products": "x" * 600_000}).status_code == 413


def test_autosave_after_handing_in_says_why_not(writer, client, filing):
    factories.move(filing, "submit")
    answer = autosave(client, filing, "section:basic", {"employees": "7"}, version=1)
    assert answer.status_code == 403
    assert "cannot be changed now" in answer.json()["text"]


def test_autosave_signed_out_leads_to_sign_in(filing, client):
    answer = autosave(client, filing, "section:basic", {})
    assert answer.status_code == 302
    assert reverse("sign_in") in answer.url


def test_another_part_of_the_same_risk_does_not_clash(filing, writer, client):
    person, measures = risk_url(filing, "person"), risk_url(filing, "measures")
    opened = client.get(person).context["part"]
    seen, base = opened.version, opened.base
    form = client.get(measures).context["part"]
    client.post(measures, {"management": "新措施", "emergency": "疏散", "version": form.version, "base": form.base})
    answer = client.post(person, factories.PERSON | {"responsible_name": "郑洁", "version": seen, "base": base})
    assert answer.status_code == 302
    risk = filing.declared_risks.get()
    assert (risk.responsible_name, risk.measures["management"]) == ("郑洁", ["新措施"])


def test_the_same_part_of_a_risk_clashes(filing, writer, client):
    url = risk_url(filing, "person")
    opened = client.get(url).context["part"]
    seen, base = opened.version, opened.base
    for name in ("郑洁", "何伟"):
        answer = client.post(url, factories.PERSON | {"responsible_name": name, "version": seen, "base": base})
    assert answer.status_code == 409
    assert "郑洁" in answer.content.decode()
    assert "何伟" in answer.content.decode()


def test_answering_present_puts_the_item_on_the_list(filing, writer, client):
    key = "check-civil-power"
    url = section_url(filing, key)
    client.post(url, {"answer-MZ-03": "present", "version": stored(filing, key).version})
    assert "MZ风险03" in [risk.name for risk in filing.declared_risks.filter(is_withdrawn=False)]
    assert "MZ risk 03" in client.get(url).content.decode()


def test_unanswered_item_is_saved_and_named(filing, writer, client):
    key = "check-civil-power"
    page = client.post(section_url(filing, key), {"note-MZ-03": "待查", "version": stored(filing, key).version})
    assert 'href="#id_answer-MZ-03"' in page.content.decode()
    assert stored(filing, key).data == {"answers": {"MZ-03": {"answer": "", "note": "待查"}}}


def test_level_is_computed_on_the_server(filing, writer, client):
    factories.preset()
    url = risk_url(filing, "level")
    part = client.get(url).context["part"]
    data = {"method": "ls", "ls-L": "5", "ls-S": "4", "level": "low", "version": part.version, "base": part.base}
    assert client.post(url, data).status_code == 302
    risk = filing.declared_risks.get()
    assert (risk.level, risk.assessment["score"]) == ("major", "20")


def test_own_risk_is_added_once_assessed_and_withdrawn(filing, writer, client):
    url = reverse("filing_risk_add", args=[filing.pk])
    assert client.post(url, {"name": "", "key": "k0"}).status_code == 422
    data = {"name": "锅炉爆炸", "place": "锅炉房", "accident_type": "08", "consequence": "伤人", "key": "k1"}
    answers = [client.post(url, data) for _twice in range(2)]
    assert answers[0].url == answers[1].url
    own = filing.declared_risks.get(item=None)
    assert own.level == "larger"
    assert client.post(url, data | {"name": "另一个"}).status_code == 409
    withdraw = reverse("filing_risk_withdraw", args=[filing.pk, own.lineage])
    assert client.post(withdraw).status_code == 302
    own.refresh_from_db()
    assert own.is_withdrawn


def test_catalogue_risk_is_not_withdrawn_here(filing, writer, client):
    lineage = filing.declared_risks.get().lineage
    answer = client.post(reverse("filing_risk_withdraw", args=[filing.pk, lineage]))
    assert answer.status_code == 409
    assert "not present here" in answer.content.decode()


def test_one_person_is_named_for_several_risks_or_for_none(filing, writer, client):
    factories.own_risk(filing)
    url = reverse("filing_person", args=[filing.pk])
    rows = list(filing.declared_risks.filter(is_withdrawn=False))
    chosen = {"risk": [row.pk for row in rows]} | {f"version-{row.pk}": row.version for row in rows}
    new = factories.PERSON | {"responsible_name": "郑洁"}
    assert client.post(url, new).status_code == 422
    assert client.post(url, chosen).status_code == 422
    wrong = client.post(url, new | chosen | {"responsible_phone": "12"})
    assert (wrong.status_code, wrong.context["form"]["responsible_name"].value()) == (422, "郑洁")
    assert [place for _text, place in wrong.context["listed"]] == ["id_responsible_phone"]
    assert not filing.declared_risks.filter(responsible_name="郑洁").exists()
    assert client.post(url, new | chosen).status_code == 302
    assert set(filing.declared_risks.values_list("responsible_name", flat=True)) == {"郑洁"}
    stale = client.post(url, new | chosen | {"responsible_name": "何伟"})
    assert stale.status_code == 409
    assert not filing.declared_risks.filter(responsible_name="何伟").exists()


@pytest.mark.parametrize("key", ["basic", "check-civil-fire", "risks", "measures", "people"])
def test_handed_in_report_says_why_it_cannot_be_changed(key, filing, writer, client):
    factories.move(filing, "submit")
    saved = Event.objects.filter(kind="filing.saved").count()
    assert "cannot be changed now" in client.get(section_url(filing, key)).content.decode()
    assert client.post(section_url(filing, key), {}).status_code == 403
    assert Event.objects.filter(kind="filing.saved").count() == saved


def test_unknown_section_part_and_foreign_report_are_not_found(filing, writer, client):
    assert client.get(section_url(filing, "nowhere")).status_code == 404
    assert client.get(risk_url(filing, "nowhere")).status_code == 404
    foreign = factories.filing(FilingState.DRAFTING)
    assert client.get(section_url(foreign)).status_code == 404
    assert client.post(section_url(foreign), factories.BASIC).status_code == 404
    assert autosave(client, foreign, "section:basic", {}).status_code == 404


def test_reviewer_writes_a_paper_report_on_the_same_pages(client):
    filing = factories.filing(FilingState.DRAFTING, paper=True)
    client.force_login(filing.entered_by)
    answer = client.post(section_url(filing), factories.BASIC | {"employees": "9", "version": stored(filing).version})
    assert answer.status_code == 302
    assert stored(filing).data["employees"] == "9"
    colleague = factories.user(Role.INSPECTOR)
    client.force_login(colleague)
    assert client.post(section_url(filing), factories.BASIC).status_code == 403


def test_changing_a_risk_after_approval_is_warned_about(client):
    filing = factories.filing(FilingState.APPROVED)
    person = factories.writer_of(filing)
    person.language = "en"
    person.save()
    client.force_login(person)
    assert "goes back to review" in client.get(risk_url(filing, "level")).content.decode()
    assert "needs no new review" in client.get(section_url(filing)).content.decode()
