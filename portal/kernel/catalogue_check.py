"""What is wrong with a catalogue: missing, fuzzy and stale entries, lost placeholders, tags.

Called by `manage.py catalogues --check` and by a test; answers sentences, changes nothing.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from portal.kernel.catalogue import LANGUAGES, extract_tree, is_plural, key_of, read_catalogue

NAMED = re.compile(r"%(?:\(([^)]+)\))?[sdif]")
BRACED = re.compile(r"\{(\w*)[^{}]*\}")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
VOID_TAGS = {"br", "wbr", "hr", "img", "input"}


def problems(root: Path, locale_root: Path) -> list[str]:
    """One sentence per problem of every language, in a stable order."""
    found = extract_tree(root)
    result = [f"cannot be read: {name}" for name in found.unreadable]
    for language in LANGUAGES:
        stored = read_catalogue(locale_root, language)
        result += [
            f"{language}: {text}" for text in _of_language(language, found.catalogue, stored)
        ]
    return result


def _of_language(language: str, found: Catalog, stored: Catalog) -> Iterator[str]:
    wanted = {key_of(m): m for m in found if m.id}
    kept = {key_of(m): m for m in stored if m.id}
    for key in sorted(set(wanted) - set(kept)):
        yield f"not in the catalogue, run --update: {key!r}"
    for key in sorted(set(kept) - set(wanted)):
        yield f"stale, nobody asks for it: {key!r}"
    for key in sorted(set(kept) & set(wanted)):
        yield from (f"{problem}: {key!r}" for problem in message_problems(language, kept[key]))


def message_problems(language: str, message: Message) -> Iterator[str]:
    """What is wrong with one entry; nothing if it may be shown to a reader."""
    stored = [message.string] if isinstance(message.string, str) else message.string or [""]
    texts = [str(text) for text in stored]
    if not all(texts):
        yield "missing"
        return
    if message.fuzzy:
        yield "fuzzy"
    singular, plural = (
        (str(message.id[0]), str(message.id[1])) if is_plural(message) else (str(message.id),) * 2
    )
    for number, text in enumerate(texts):
        # Kazakh's first form is for one thing only; Russian's is for 21 and 101 as well.
        allowed = [singular, plural] if number == 0 and language != "ru" else [plural]
        if placeholders(text) not in [placeholders(source) for source in allowed]:
            yield f"placeholders differ in {text!r}"
        if sorted(tags(text)) != sorted(tags(plural)) or not is_balanced(text):
            yield f"tags differ in {text!r}"


def placeholders(text: str) -> set[str]:
    """Names of %(name)s and {name}; an unnamed one counts as such."""
    bare = text.replace("%%", "")
    named = {f"%({match[1]})" if match[1] else match[0] for match in NAMED.finditer(bare)}
    return named | {f"{{{match[1]}}}" for match in BRACED.finditer(text)}


def tags(text: str) -> list[str]:
    return [f"<{slash}{name.lower()}>" for slash, name, _self in TAG.findall(text)]


def is_balanced(text: str) -> bool:
    """Whether every opened tag is closed in its turn."""
    opened: list[str] = []
    for slash, name, closed in TAG.findall(text):
        if closed or name.lower() in VOID_TAGS:
            continue
        if not slash:
            opened.append(name.lower())
        elif not opened or opened.pop() != name.lower():
            return False
    return not opened
