"""The house rules that a machine can hold: sizes, names, templates, migrations, translations."""

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from riskreport.ground import translations

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("enterprises", "risks", "review", "riskreport")
MODULE_LINES = 400
FUNCTION_LINES = 40
TEMPLATE_LINES = 199
NAMES_THAT_SAY_NOTHING = {"utils.py", "helpers.py", "misc.py", "services.py", "common.py"}
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE)


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in (PROJECT / package).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def templates() -> list[Path]:
    return [path for path in PROJECT.rglob("templates/**/*.html") if ".venv" not in path.parts]


def name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def test_no_module_is_too_long_to_read_in_one_sitting():
    lengths = {name(path): len(path.read_text().splitlines()) for path in modules()}
    assert len(lengths) > 50
    assert {path: lines for path, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_no_function_is_longer_than_a_screen():
    long, seen = {}, 0
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                seen += 1
                lines = node.end_lineno - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long[f"{name(path)}:{node.name}"] = lines
    assert seen > 100
    assert long == {}


def test_no_template_is_too_long():
    lengths = {name(path): len(path.read_text().splitlines()) for path in templates()}
    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > TEMPLATE_LINES} == {}


def test_templates_hold_no_inline_script_or_style():
    """The content security policy would refuse it, and only a browser would notice."""
    bad = [name(path) for path in templates() if INLINE.search(path.read_text()) or SCRIPT.search(path.read_text())]
    assert bad == []


def test_nothing_comes_from_another_server():
    """The system runs on a closed network: no page may ask for a file elsewhere."""
    outside = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE)
    assert [name(path) for path in templates() if outside.search(path.read_text())] == []


def test_names_of_modules_say_what_is_inside():
    assert [name(path) for path in modules() if path.name in NAMES_THAT_SAY_NOTHING] == []


def test_views_read_numbers_by_the_one_function_that_bounds_them():
    """Thirty digits, or a superscript two, would be an error of the database or of Python; whole_number says None."""
    own = re.compile(r"\.is(?:digit|decimal|numeric)\(|\bint\(request\.")
    views = [path for path in modules() if "views" in path.parts]
    assert len(views) > 30
    assert [name(path) for path in views if own.search(path.read_text())] == []


ASKED = re.compile(r"""\benv\.\w+\(\s*["']([A-Z][A-Z0-9_]*)["']""")
NAMED = re.compile(r"^\| (`[A-Z].*?) \|", re.MULTILINE)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_both_readmes_name_every_setting(readme):
    """What can be set and is written nowhere is found by nobody; what is written and cannot be set misleads."""
    code = "".join((PROJECT / "riskreport" / name).read_text() for name in ("settings.py", "run.py"))
    asked = set(ASKED.findall((PROJECT / "riskreport" / "settings.py").read_text()))
    named = set(re.findall(r"`([A-Z][A-Z0-9_]*)`", " ".join(NAMED.findall((PROJECT / readme).read_text()))))
    assert len(asked) > 30
    assert asked - named == set()
    assert {one for one in named - asked if one not in code} == set()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_every_message_is_translated():
    assert translations.catalogue_faults() == []


def test_bringing_the_catalogue_up_to_the_sources_keeps_every_translation(tmp_path, settings):
    copy = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    copy.write_text(translations.catalogue_path().read_text())
    settings.LOCALE_PATHS = [tmp_path]
    counts = translations.update_catalogue()
    written = copy.read_text()
    assert counts["messages"] > 300
    assert counts["untranslated"] == 0
    assert translations.update_catalogue() == counts | {"removed": 0}
    assert copy.read_text() == written


def test_messages_are_found_in_code_and_templates(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "code.py").write_text(
        "from django.utils.translation import gettext_lazy as soon\n"
        "a = soon('Lazily'), pgettext('month', 'May'), _('Two ' 'parts'), _(variable)\n"
    )
    (tmp_path / "templates" / "page.html").write_text(
        '{% translate "Short" %}{% blocktranslate trimmed %}\n  Hello {{ you }},\n  100%\n{% endblocktranslate %}'
        '{{ x|default:_("Or this") }}{% translate "May" context "verb" %}'
    )
    assert set(translations.collect_messages(tmp_path)) == {
        ("", "Lazily"),
        ("month", "May"),
        ("", "Two parts"),
        ("", "Short"),
        ("", "Hello %(you)s, 100%%"),
        ("", "Or this"),
        ("verb", "May"),
    }


def test_plural_forms_are_refused(tmp_path):
    (tmp_path / "code.py").write_text("ngettext('one', 'many', 2)")
    with pytest.raises(ValueError, match=r"code\.py: line 1: write the message without plural forms"):
        translations.collect_messages(tmp_path)


def test_catalogue_faults_are_named(tmp_path, settings):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    settings.LOCALE_PATHS, settings.BASE_DIR = [tmp_path], tmp_path
    (tmp_path / "code.py").write_text("_('Bare'), _('Unsure'), _('%(count)s units'), _('Absent'), _('Fine')")
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Bare"\nmsgstr ""\n\n#, fuzzy\nmsgid "Unsure"\nmsgstr "不定"\n\n'
        'msgid "%(count)s units"\nmsgstr "家"\n\nmsgid "Fine"\nmsgstr "好"\n\nmsgid "Old"\nmsgstr "旧"\n'
    )
    faults = translations.catalogue_faults()
    assert [fault.split(":")[0] for fault in faults] == [
        "other placeholders than the message",
        "not in the catalogue (run make messages)",
        "not translated",
        "fuzzy",
        "used nowhere (run make messages)",
    ]


def test_no_test_file_is_left_out_of_the_tree():
    """Tests mirror the source; a folder without __init__.py would shadow the app of the same name."""
    folders = {path.parent for path in (PROJECT / "tests").rglob("test_*.py")}
    assert [name(folder) for folder in folders if not (folder / "__init__.py").exists()] == []
