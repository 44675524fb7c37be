"""Rosters from the command line: the same guard, the same checks, exit codes that say what came of it."""

import json

import pytest
from django.core.management import CommandError, call_command

from enterprises.enums import Role
from enterprises.models import Enterprise
from tests import factories
from tests.ground.imports.hostile import HEAD, far_cell, line
from tests.imports import workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    factories.category("1401")
    return factories.user(Role.OFFICE)


def run(tmp_path, content: bytes, *options: str, name: str = "list.xlsx"):
    path = tmp_path / name
    path.write_bytes(content)
    call_command("import_roster", "enterprises", str(path), *options)


def test_without_apply_it_only_shows_what_would_be(tmp_path, office, capsys):
    run(tmp_path, workbook([HEAD, line(1)]), "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["state"], said["counts"]["new"], said["errors"]) == ("preview", 1, [])
    assert not Enterprise.objects.exists()


def test_wrong_rows_are_named_and_the_right_ones_taken_in(tmp_path, office, capsys):
    content = workbook([HEAD, line(1), line(2, town="无此镇")])
    with pytest.raises(CommandError) as refused:
        run(tmp_path, content, "--apply", "all")
    assert refused.value.returncode == 1
    assert not Enterprise.objects.exists()
    with pytest.raises(CommandError) as wrong:
        run(tmp_path, content, "--apply", "right", "--json")
    assert wrong.value.returncode == 2
    said = json.loads(capsys.readouterr().out)
    assert [(one["cell"], one["found"]) for one in said["errors"]] == [("D3", "无此镇")]
    assert Enterprise.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "code"), [(far_cell("XFD1"), 1), (b"", 1), (workbook([["甲", "乙"], ["1", "2"]]), 3)]
)
def test_what_cannot_be_read_is_refused(tmp_path, office, content, code):
    with pytest.raises(CommandError) as refused:
        run(tmp_path, content)
    assert refused.value.returncode == code


def test_it_acts_for_a_department_and_within_its_area(tmp_path, office, capsys):
    keeper = factories.user(Role.KEEPER, of=factories.bureau("civil"))
    content = workbook([HEAD, line(1, town="杨舍镇")])
    with pytest.raises(CommandError) as wrong:
        run(tmp_path, content, "--department", keeper.department.code)
    assert wrong.value.returncode == 2
    run(tmp_path, content)
    with pytest.raises(CommandError) as nobody:
        run(tmp_path, content, "--department", "no-such-office")
    assert nobody.value.returncode == 1


def test_what_is_exported_can_be_imported(tmp_path, office, capsys):
    factories.enterprise(scale="above")
    factories.enterprise(scale="below")
    path = tmp_path / "out.xlsx"
    call_command("export_roster", "enterprises", str(path), "scale=above", "--all-columns")
    capsys.readouterr()
    run(tmp_path, path.read_bytes(), "--json")
    assert json.loads(capsys.readouterr().out)["counts"]["same"] == 1
    with pytest.raises(CommandError):
        call_command("export_roster", "enterprises", str(path), "scale=huge")
