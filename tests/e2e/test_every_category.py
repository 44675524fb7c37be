"""One unit of each category files its report from the shipped catalogue, through the pages as they are drawn.

Every key category goes from draft to final: basic data, self-check, the level form of a catalogue risk, measures and
person, the stamped paper with its check code, the undertaking, review, approval, final. Forms are read from the pages,
filled and sent back as a browser would, so a field that is missing on a page is missing here. It needs no browser.
"""

import datetime as dt
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from enterprises.enums import Role
from enterprises.models import Category
from review.domain.campaigns import create_campaign, launch_campaign
from review.enums import FilingState
from review.models import Filing
from riskreport.ground import clock
from riskreport.ground.domain.events import run_due_reactions
from risks.enums import CatalogueState, Method
from risks.models import CatalogueItem, Rating, Risk
from tests import factories

HUAQIAO = 320583104
SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
SECTORS = json.loads(Path(apps.get_app_config("enterprises").path, "data", "taxonomy.json").read_text("utf-8"))[
    "sectors"
]
TAXONOMY = [(row["code"], sector["code"] != "00") for sector in SECTORS for row in sector["categories"]]
KEY = [code for code, is_key in TAXONOMY if is_key]
INDUSTRY = [code for code, is_key in TAXONOMY if not is_key]


class Desk:
    """A person at a screen: opens pages, fills the forms found there, presses their buttons."""

    def __init__(self, person: Any) -> None:
        self.client = Client()
        self.client.force_login(person)
        self.url, self.page = "", None

    def open(self, url: str) -> None:
        """Open a page of the system."""
        self._show(self.client.get(url, follow=True))

    def _show(self, answer: Any) -> None:
        self.url = answer.request["PATH_INFO"]
        text = answer.content.decode()
        self.page = lxml.html.fromstring(text)
        assert answer.status_code == 200, (self.url, answer.status_code, self.said())

    def said(self) -> str:
        """What the page's alerts and headings say."""
        wanted = "//h1 | //*[contains(@class, 'alert') or contains(@class, 'rr-errors') or contains(@class, 'invalid')]"
        found = self.page.xpath(wanted) if self.page is not None else []
        return " ".join(" ".join(one.text_content().split()) for one in found)[:600]

    def form(self, action: str = "", holding: str = "") -> Any:
        """Return the form that goes to an address ending so, or that holds a field of that name."""
        for form in self.page.forms:
            goes = form.get("action") or self.url
            if goes.endswith(action) and (not holding or holding in form.inputs):
                return form
        raise AssertionError(f"{self.url} has no form to {action or holding}: {self.said()}")

    def send(self, form: Any, to: str = "", **extra: Any) -> None:
        """Send a form as it is filled, and follow where it leads."""
        data: dict[str, list[Any]] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        address = to or form.get("action") or self.url
        self._show(self.client.post(address, data | extra, follow=True))

    def link(self, ending: str) -> str:
        """Return the address of a link of the page that ends so."""
        return next(a.get("href") for a in self.page.xpath("//a[@href]") if a.get("href").endswith(ending))


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """The shipped reference data, two tasks, a unit in each category; taken back after the module."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            call_command("load_reference", verbosity=0)
            yield _launch()
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


def _launch() -> dict[str, int]:
    today = clock.today()
    days = {"opens_on": today - dt.timedelta(days=9), "due_on": today + dt.timedelta(days=90)}
    for code in [*KEY, *INDUSTRY]:
        fields = {"category": Category.objects.get(pk=code), "name": f"昆山市{code}试报单位", "scale": "above"}
        factories.enterprise(town=HUAQIAO, **fields)
    two, one = {"stages": 2, "deciding_level": "county"}, {"stages": 1, "deciding_level": "town"}
    for code, name, of, columns in (("key", "重点行业领域", KEY, two), ("industry", "工业企业", INDUSTRY, one)):
        campaign = create_campaign(user=None, code=code, name=name, categories=of, **days, **columns)
        launch_campaign(campaign=campaign, user=None)
    return dict(Filing.objects.values_list("category_id", "pk"))


def fill_basic(unit: Desk) -> None:
    """Fill in the basic information; what a field does not offer is left as the page has it."""
    form = unit.form(holding="legal_name")
    for name, value in factories.BASIC.items():
        if name in form.fields:
            form.fields[name] = value
    unit.send(form)


def self_check(unit: Desk) -> int:
    """Answer every page: the first item is there, the others not; return how many items were asked."""
    asked = 0
    while "/sections/check-" in unit.url:
        form = unit.form(action=unit.url)
        for name in sorted({name for name in form.fields if name.startswith("answer-")}):
            form.fields[name] = "absent" if asked else "present"
            asked += 1
        unit.send(form)
    return asked


def score(unit: Desk) -> None:
    """Rate the risk by the last method offered, by the worst of each scale: never below the catalogue's level."""
    form = unit.form(holding="method")
    methods = [one.get("value") for one in form.xpath(".//input[@name='method']")]
    method = methods[-1]
    assert method != Method.CATALOGUE, methods
    form.fields["method"] = method
    groups: dict[str, list[str]] = {}
    for one in form.xpath(".//input[@type='radio']"):
        groups.setdefault(one.get("name"), []).append(one.get("value"))
    for name, values in groups.items():
        if name.startswith(f"{method}-") or (method == Method.LC and name.startswith("ind-")):
            form.fields[name] = max(values, key=float)
    if method == Method.LC and "lc-L" in form.fields and "lc-L" not in groups:
        form.fields["lc-L"] = "10"
    unit.send(form)


def describe(unit: Desk, filing: Filing) -> None:
    """Go through the parts of the one risk: what and where, level, measures; then name its person."""
    risk = filing.declared_risks.get(is_withdrawn=False)
    here = reverse("filing", args=[filing.pk])
    unit.open(f"{here}risks/{risk.lineage}/description/")
    form = unit.form(holding="place")
    form.fields["place"] = form.fields["place"] or "一号楼一层"
    unit.send(form)
    unit.open(f"{here}risks/{risk.lineage}/level/")
    score(unit)
    unit.open(f"{here}risks/{risk.lineage}/measures/")
    unit.send(unit.form(holding="emergency"))
    unit.open(f"{here}sections/people/")
    form = unit.form(action="/people/")
    for name, value in factories.PERSON.items():
        form.fields[name] = value
    unit.send(form)


def print_and_scan(unit: Desk, filing: Filing) -> str:
    """Print the paper for the stamp, attach its scan; return the check code that the page shows."""
    here = reverse("filing", args=[filing.pk])
    unit.open(f"{here}check/")
    code = unit.page.xpath("//*[@id='stamp']//strong")[0].text_content().strip()
    paper = unit.client.get(f"{here}print/stamp/")
    assert paper.status_code == 200
    assert b"".join(paper).startswith(b"%PDF")
    scan = BytesIO(SCAN)
    scan.name = "盖章件.pdf"
    unit.open(f"{here}sections/attachments/")
    unit.send(unit.form(action="/attach/"), kind="stamped", file=scan)
    assert code in unit.page.text_content()
    return code


def hand_in(unit: Desk, filing: Filing) -> None:
    """Confirm every point of the undertaking and hand in; the receipt follows."""
    unit.open(reverse("filing_undertaking", args=[filing.pk]))
    form = unit.form(holding="action")
    for box in form.xpath(".//input[@type='checkbox']"):
        box.checked = True
    if "signed_name" in form.fields:
        form.fields["signed_name"], form.fields["signed_post"] = "钱丽华", "负责人"
    unit.send(form)
    assert "/receipt/" in unit.url, unit.said()


def approve(filing: Filing, code: str) -> None:
    """A reviewer of the deciding department finds the report in the queue, takes it and approves it."""
    desk = Desk(factories.user(Role.REVIEWER, of=filing.department))
    desk.open(reverse("review_queue"))
    desk.open(desk.link(f"/review/{filing.pk}/"))
    desk.send(desk.form(action=f"/review/{filing.pk}/claim/"))
    assert code in desk.page.text_content()
    form = desk.form(holding="message")
    desk.send(form, to=reverse("review_preview", args=[filing.pk]), outcome="approve")
    desk.send(desk.form(action="/decide/"))


def declared(filing: Filing) -> tuple[Any, ...]:
    """What the report says of its one risk."""
    risk = filing.declared_risks.select_related("item").get(is_withdrawn=False)
    return risk.item.code, risk.name, risk.level, risk.method, risk.assessment["score"], risk.responsible_name


def in_ledger(filing: Filing) -> tuple[Any, ...]:
    """What the ledger holds of the unit."""
    risk = Risk.objects.select_related("item").get(enterprise=filing.enterprise_id, state="active")
    return risk.item.code, risk.name, risk.level, risk.method, risk.assessment["score"], risk.responsible_name


def walk(filing: Filing) -> None:
    """Take one report the whole way through the pages."""
    unit = Desk(factories.user(Role.ENTERPRISE_USER, of=filing.enterprise))
    unit.open(reverse("filing", args=[filing.pk]))
    unit.send(unit.form(action="/move/start/"))
    fill_basic(unit)
    asked = CatalogueItem.objects.filter(categories=filing.category_id, catalogue__state=CatalogueState.PUBLISHED)
    assert self_check(unit) == asked.count(), unit.said()
    describe(unit, filing)
    if filing.campaign.stages == 2:
        code = print_and_scan(unit, filing)
        hand_in(unit, filing)
        approve(filing, code)
    hand_in(unit, filing)
    unit.open(reverse("archive", args=[filing.enterprise_id]))


@pytest.mark.django_db
@pytest.mark.parametrize("code", [*KEY, *INDUSTRY])
def test_a_unit_of_each_category_files_from_its_catalogue(city, code, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    filing = Filing.objects.select_related("campaign", "enterprise", "department").get(pk=city[code])
    walk(filing)
    filing.refresh_from_db()
    assert filing.state == FilingState.FILED
    assert in_ledger(filing) == declared(filing)
    run_due_reactions(queue="quick")
    assert Rating.objects.get(enterprise=filing.enterprise_id, is_current=True).colour != "grey"


def test_the_categories_are_the_38_of_the_bulletin_and_industry():
    assert len(KEY) == 38
    assert INDUSTRY
