"""Message catalogues without GNU gettext: finding the messages, keeping the .po current, compiling it.

There is one catalogue per language, locale/<language>/LC_MESSAGES/django.po, for all apps and templates. Messages are
found as Django's makemessages finds them (ast for Python, Django's own templatize for templates). There are no plural
forms: Chinese has none, and English reads well as "%(count)s units".
"""

import ast
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

HOUSE_NAMES = {"_": "gettext", "_l": "gettext_lazy"}
MARKERS = {"gettext", "gettext_lazy", "gettext_noop"}
MARKERS_WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
NOT_SOURCE = {".venv", ".git", "var", "tests", "docs", "locale", "static", "node_modules"}
PLURAL_CALL = re.compile(r"(?<![\w.])np?gettext\(")
PLURAL_MARKERS = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
CALL = re.compile(r"(?<![\w.])(p?gettext|_)\(")
LITERAL = re.compile(r"""\s*u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*(,?)""", re.DOTALL)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


class Message(NamedTuple):
    """A message as gettext keys it: its context ("" for none) and its English text."""

    context: str
    text: str


def collect_messages(base: Path | None = None) -> dict[Message, list[str]]:
    """Return every message below ``base`` (the project) with the files that use it, both sorted.

    Raises ValueError naming the file where a plural form is asked for.
    """
    top = Path(base or settings.BASE_DIR)
    found: dict[Message, set[str]] = {}
    for path in _sources(top):
        text = path.read_text(encoding="utf-8")
        try:
            messages = list(_in_python(text) if path.suffix == ".py" else _in_template(text))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
        for message in messages:
            found.setdefault(message, set()).add(path.relative_to(top).as_posix())
    return {message: sorted(found[message]) for message in sorted(found)}


def catalogue_path(language: str = "zh_Hans") -> Path:
    """Return where the catalogue of ``language`` lies."""
    return Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES", "django.po")


def update_catalogue(language: str = "zh_Hans") -> dict[str, int]:
    """Bring the catalogue up to the sources and return the counts of messages, untranslated and removed ones.

    New messages are added empty, translations stand, messages that nobody uses any more are dropped. A second call
    writes the same bytes.
    """
    path = catalogue_path(language)
    old = {_key(entry): entry.msgstr for entry in polib.pofile(str(path))} if path.exists() else {}
    new = polib.POFile()
    new.metadata = {
        "Project-Id-Version": "riskreport",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for message, files in collect_messages().items():
        new.append(
            polib.POEntry(
                msgctxt=message.context or None,
                msgid=message.text,
                msgstr=old.get(message, ""),
                occurrences=[(name, "") for name in files],
                flags=["python-format"] if re.search(r"%(\(\w+\))?[sd]", message.text) else [],
            )
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path))
    known = {_key(entry) for entry in new}
    return {
        "messages": len(known),
        "untranslated": sum(not entry.msgstr for entry in new),
        "removed": len(set(old) - known),
    }


def catalogue_faults(language: str = "zh_Hans") -> list[str]:
    """Return what is wrong with the catalogue, one sentence each; empty when it is complete."""
    path = catalogue_path(language)
    if not path.exists():
        return [f"{path.name} of {language} is missing: run make messages."]
    entries = {_key(entry): entry for entry in polib.pofile(str(path)) if not entry.obsolete}
    faults = []
    for message, files in collect_messages().items():
        entry = entries.pop(message, None)
        if entry is None:
            faults.append(f"not in the catalogue (run make messages): {message.text!r} in {files[0]}")
        elif not entry.msgstr:
            faults.append(f"not translated: {message.text!r} in {files[0]}")
        elif entry.fuzzy:
            faults.append(f"fuzzy: {message.text!r}")
        elif _placeholders(message.text) != _placeholders(entry.msgstr):
            faults.append(f"other placeholders than the message: {entry.msgstr!r} for {message.text!r}")
    faults += [f"used nowhere (run make messages): {message.text!r}" for message in entries]
    return faults


def compile_catalogues() -> list[Path]:
    """Compile every .po of the project that is newer than its .mo and return those written.

    The .mo is put in place in one step, so several processes may do this at once.
    """
    written = []
    for source in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".compiling-")
        os.close(handle)
        polib.pofile(str(source)).save_as_mofile(name)
        Path(name).chmod(0o644)
        Path(name).replace(target)
        written.append(target)
    return written


def _sources(top: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(top):
        names[:] = sorted(name for name in names if name not in NOT_SOURCE and name != "migrations")
        inside_templates = "templates" in Path(folder).relative_to(top).parts
        for name in sorted(files):
            if name.endswith(".py") or (inside_templates and name.endswith((".html", ".txt"))):
                yield Path(folder, name)


def _in_python(source: str) -> Iterator[Message]:
    nodes = list(ast.walk(ast.parse(source)))
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"]
    short = HOUSE_NAMES | {alias.asname: alias.name for node in imports for alias in node.names if alias.asname}
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        name = short.get(name, name)
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in PLURAL_MARKERS:
            raise ValueError(f"line {node.lineno}: write the message without plural forms")
        if name in MARKERS and len(texts) == 1 == len(node.args) and texts[0]:
            yield Message("", texts[0])
        elif name in MARKERS_WITH_CONTEXT and len(texts) == 2:
            yield Message(*texts)


def _in_template(source: str) -> Iterator[Message]:
    code = templatize(source)
    if PLURAL_CALL.search(code):
        raise ValueError("write the messages without plural forms")
    for call in CALL.finditer(code):
        texts, end, more = [], call.end(), ","
        while more and (literal := LITERAL.match(code, end)):
            texts.append(ast.literal_eval(literal[1]))
            end, more = literal.end(), literal[2]
        if call[1] == "pgettext" and len(texts) == 2:
            yield Message(*texts)
        elif call[1] != "pgettext" and texts and texts[0]:
            yield Message("", texts[0])


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt or "", entry.msgid)


def _placeholders(text: str) -> list[str]:
    return sorted(match[0] for match in PLACEHOLDER.finditer(text))
