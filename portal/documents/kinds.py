"""The kinds of documents that are issued; the apps above enter theirs when they are loaded."""

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """What a kind is called, and what whoever checks one learns about its purpose."""

    code: str
    name: Text
    purpose: Text


KINDS: dict[str, DocumentKind] = {}


def enter_kind(code: str, name: Text, purpose: Text) -> DocumentKind:
    """Enter a kind of document; the same code twice is a mistake of ours."""
    known = KINDS.get(code)
    if known is not None and (known.name, known.purpose) != (name, purpose):
        raise ValueError(f"two kinds of documents are called {code}")
    return KINDS.setdefault(code, DocumentKind(code, name, purpose))


def kind_of(code: str) -> DocumentKind:
    """The kind of a code; one that no app enters any more is shown by its code."""
    return KINDS.get(code) or DocumentKind(code, code, "")
