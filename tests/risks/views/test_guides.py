"""Self-check guides: who reads which, and the paper with what the catalogue says."""

import shutil
import subprocess

import pytest
from django.urls import reverse

from enterprises.enums import Role
from risks.interfaces.guide_document import guide_pdf
from risks.queries.guides import catalogues_of
from tests import factories
from tests.risks.domain.test_publishing import sound_draft

pytestmark = pytest.mark.django_db


def codes(client) -> list[str]:
    return [row.pk for row in client.get(reverse("guides")).context["categories"]]


@pytest.fixture
def two():
    factories.catalogue()
    factories.catalogue("religion", categories=("1501",), prefix="ZJ")
    factories.category("0001")  # without a catalogue: no guide


@pytest.mark.parametrize(
    ("person", "wanted"),
    [
        (lambda: factories.user(of=factories.enterprise(category_code="1401")), ["1401"]),
        (lambda: factories.user(of=factories.enterprise(category_code="1501", further=("1402",))), ["1402", "1501"]),
        (lambda: factories.user(Role.REVIEWER, of=factories.bureau("religion")), ["1501"]),
        (lambda: factories.user(Role.REVIEWER, of=factories.bureau("fire")), ["1401"]),
        (lambda: factories.user(Role.OFFICE), ["1401", "1402", "1501"]),
        (lambda: factories.user(Role.REVIEWER, of=factories.township()), ["1401", "1402", "1501"]),
    ],
    ids=["care home", "venue and relief", "religion", "shares the lead", "office", "township"],
)
def test_who_reads_which_guide(client, two, person, wanted):
    client.force_login(person())
    assert codes(client) == wanted
    for code in ("0001", "1401", "1402", "1501"):
        for name in ("guide", "guide_paper"):
            status = client.get(reverse(name, args=[code])).status_code
            assert status == (200 if code in wanted else 404), (name, code)


def test_nobody_reads_a_guide_without_signing_in(client, two):
    assert client.get(reverse("guide_paper", args=["1401"])).headers["Location"].startswith(reverse("sign_in"))


ADDRESS = "https://example.test/guides/1401/"


@pytest.fixture
def paper(tmp_path):
    sound_draft(factories.user(Role.KEEPER, of=factories.bureau("civil", factories.CITY)))
    category = factories.category("1401")
    path = tmp_path / "guide.pdf"
    path.write_bytes(guide_pdf(category, catalogues_of(category), address=ADDRESS, at=factories.clock.now()))
    return path


def told_by(*command) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_paper_says_what_the_catalogue_says(paper):
    text = "".join(told_by("pdftotext", "-layout", paper, "-").split())
    for wanted in (
        "一业一策自查自评指南",
        "养老机构",
        "看通道",
        "工程技术措施",
        "加装喷淋",
        "第1页共",
        "示例口径",
        ADDRESS,
    ):
        assert wanted in text, wanted
    assert [text.count(f"MZ-0{number}") for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert text.count("本单位不存在") == 3


def test_the_paper_is_a4_and_carries_its_fonts(paper):
    assert "Page size:       595.276 x 841.89 pts (A4)" in told_by("pdfinfo", paper)
    fonts = told_by("pdffonts", paper).splitlines()[2:]
    assert fonts
    assert all("NotoSansSC" in line and line.split()[-5] == "yes" for line in fonts)


@pytest.mark.parametrize("many", [1, 3])
def test_guides_cost_the_same_queries(client, django_assert_num_queries, many):
    keys = (("civil", ("1401",), "MZ"), ("religion", ("1501",), "ZJ"), ("industry", ("0001",), "GY"))
    for key, categories, prefix in keys[:many]:
        factories.catalogue(key, categories=categories, prefix=prefix)
    client.force_login(factories.user(Role.OFFICE))
    with django_assert_num_queries(8):
        client.get(reverse("guides"))
    with django_assert_num_queries(9):
        client.get(reverse("guide", args=["1401"]))
