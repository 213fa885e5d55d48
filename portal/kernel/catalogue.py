"""Message catalogues with Babel alone: gettext's own tools may be missing on the machine.

Extracts from Python and templates, merges into `portal/locale/*/django.po`, compiles. Nothing
here needs settings, a database or Redis. Called by the command `catalogues` and by tests.
"""

import fcntl
import json
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

DOMAIN = "django"
CONTEXT_MARK = "\u0004"
PLURAL_MARK = "|"
# Django's own headers, so that its catalogue and ours count in the same way.
PLURAL_FORMS = {
    "ru": (
        "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
        "(n%100<12 || n%100>14) ? 1 : n%10==0 || (n%10>=5 && n%10<=9) || "
        "(n%100>=11 && n%100<=14)? 2 : 3);"
    ),
    "kk": "nplurals=2; plural=(n!=1);",
}
LANGUAGES = tuple(PLURAL_FORMS)
SKIPPED_FOLDERS = {"tests", "node_modules", "migrations", "locale", "static", "staticfiles"}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Dates and names in the header would change with every run and say nothing.
DROPPED_HEADERS = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Last-Translator',
    '"Language-Team',
    '"Generated-By',
    '"Report-Msgid-Bugs-To',
    '"Project-Id-Version',
)

Words = dict[str, dict[str, Any]]


@dataclass
class Extraction:
    """What the tree says: its messages, and the files that could not be read."""

    catalogue: Catalog
    unreadable: list[str] = field(default_factory=list)


def sources(root: Path) -> Iterator[Path]:
    """Every Python file and template of the project, in a stable order."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(n for n in names if n not in SKIPPED_FOLDERS and not n.startswith("."))
        here = Path(folder)
        in_templates = "templates" in here.relative_to(root).parts
        for name in sorted(files):
            if name.endswith(".py") or (in_templates and name.endswith((".html", ".txt"))):
                yield here / name


def messages_in(path: Path) -> Iterator[tuple[Any, str | None]]:
    """The (msgid or (singular, plural), context) pairs of one file.

    A template becomes Python by Django's own `templatize`, so its msgids are the ones looked up
    at run time. The brackets around it keep the tokenizer from minding the indentation.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        with warnings.catch_warnings():
            # A translator's comment in the middle of a line is only a comment lost.
            warnings.simplefilter("ignore")
            text = f"(\n{templatize(text, origin=str(path))}\n)\n"
    source = BytesIO(text.encode())
    for _line, msgid, _comments, context in extract("python", source, keywords=KEYWORDS):
        if msgid and msgid[0]:
            yield (tuple(msgid) if isinstance(msgid, list) else msgid), context


def extract_tree(root: Path) -> Extraction:
    """All messages under `root`, each with the files it stands in."""
    found = Extraction(Catalog(domain=DOMAIN))
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        try:
            for msgid, context in messages_in(path):
                found.catalogue.add(msgid, locations=[(name, 0)], context=context)
        except (SyntaxError, UnicodeDecodeError, ValueError) as error:
            found.unreadable.append(f"{name}: {error}")
    return found


def catalogue_path(locale_root: Path, language: str) -> Path:
    return locale_root / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(locale_root: Path, language: str) -> Catalog:
    """The stored catalogue of a language; an empty one when there is none yet."""
    path = catalogue_path(locale_root, language)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def key_of(message: Message) -> str:
    """How a words file names a message: context, then the msgid or singular|plural."""
    msgid = message.id if isinstance(message.id, str) else PLURAL_MARK.join(message.id)
    return f"{message.context}{CONTEXT_MARK}{msgid}" if message.context else msgid


def is_plural(message: Message) -> bool:
    return not isinstance(message.id, str)


def merge(language: str, found: Catalog, old: Catalog, words: Words) -> Catalog:
    """The catalogue of `found` with the translations of `old`, then of `words`, laid over it.

    What is no longer found, and words nobody asks for yet, stay behind as obsolete entries: a
    template that is half-written today loses nothing. No entry is ever made fuzzy.
    """
    new = _empty(language)
    kept = {_identity(m): m for m in [*old.obsolete.values(), *old] if m.id}
    for message in found:
        if message.id:
            entry = _translated(message, kept.pop(_identity(message), None), language, words)
            new[entry.id] = entry
    for message in kept.values():
        entry = _translated(message, message, language, words)
        if not any(entry.string or ""):
            continue
        new.obsolete[new._key_for(entry.id, entry.context)] = entry  # noqa: SLF001 - Babel's key
    known = {key_of(m) for m in [*new, *new.obsolete.values()] if m.id}
    for key in sorted(set(words) - known):
        entry = _message_of(key, language, words[key])
        new.obsolete[new._key_for(entry.id, entry.context)] = entry  # noqa: SLF001 - Babel's key
    return new


def render(catalogue: Catalog) -> bytes:
    """The .po text: sorted by msgid, files without line numbers, no dates."""
    out = BytesIO()
    catalogue.obsolete = dict(sorted(catalogue.obsolete.items(), key=lambda item: str(item[0])))
    write_po(out, catalogue, width=100, sort_output=True, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(DROPPED_HEADERS)).encode()


def compiled(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def update_catalogues(root: Path, locale_root: Path, words: Words) -> Extraction:
    """Extract `root`, merge into every language, write .po and .mo. One process at a time."""
    found = extract_tree(root)
    with locked(locale_root):
        for language in LANGUAGES:
            path = catalogue_path(locale_root, language)
            old = read_catalogue(locale_root, language)
            merged = merge(language, found.catalogue, old, words)
            write_atomically(path, render(merged))
            write_atomically(path.with_suffix(".mo"), compiled(merged))
    return found


def compile_catalogues(locale_root: Path) -> None:
    """Write the .mo beside every .po."""
    for language in LANGUAGES:
        path = catalogue_path(locale_root, language)
        write_atomically(path.with_suffix(".mo"), compiled(read_catalogue(locale_root, language)))


def read_words(path: Path) -> Words:
    """`{"msgid": {"ru": "…", "kk": ["…", "…"]}}`; anything else raises ValueError."""
    words = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(words, dict):
        raise ValueError("a words file is an object: msgid → language → text")
    for key, texts in words.items():
        if not isinstance(texts, dict) or set(texts) - set(LANGUAGES):
            raise ValueError(f"{key!r}: expected translations by language, got {texts!r}")
    return words


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder itself: a lock that leaves no file behind."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file in one step, and only if its content changes."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(content)
    draft_path = Path(draft.name)
    draft_path.chmod(0o644)
    draft_path.replace(path)


def _empty(language: str) -> Catalog:
    catalogue = Catalog(
        language, domain=DOMAIN, header_comment="# Words of the portal.", fuzzy=False
    )
    catalogue.mime_headers = [("Plural-Forms", PLURAL_FORMS[language])]
    return catalogue


def _identity(message: Message) -> tuple[str | None, str]:
    """gettext's identity of an entry: the plural form is not part of it."""
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, msgid


def _translated(message: Message, old: Message | None, language: str, words: Words) -> Message:
    """`message` with the text of `words`, else of `old`, else none."""
    text: Any = words.get(key_of(message), {}).get(language)
    flags: set[str] = set()
    if not text and old is not None:
        text, flags = old.string, set(old.flags) & {"fuzzy"}
    names = sorted({(name, 0) for name, _line in message.locations})
    return Message(
        message.id,
        _forms(message, text, language),
        locations=names,
        flags=flags,
        context=message.context,
    )


def _forms(message: Message, text: Any, language: str) -> Any:
    """The text in as many plural forms as the language has; the last form fills the rest."""
    given = [text] if isinstance(text, str) else list(text or [])
    if not is_plural(message):
        return given[0] if given else ""
    count = int(PLURAL_FORMS[language][len("nplurals=")])
    given = [form for form in given if form]
    return tuple((given + given[-1:] * count)[:count]) if given else ("",) * count


def _message_of(key: str, language: str, texts: dict[str, Any]) -> Message:
    """The entry a words file describes although no source asks for it yet."""
    context, _mark, msgid = key.rpartition(CONTEXT_MARK)
    text = texts.get(language, "")
    parts: Any = msgid
    if any(isinstance(value, list) for value in texts.values()) and PLURAL_MARK in msgid:
        parts = tuple(msgid.split(PLURAL_MARK, 1))
    message = Message(parts, context=context or None)
    return Message(parts, _forms(message, text, language), context=context or None)
