"""How many pages an uploaded PDF has and whether it does anything by itself.

A stranger's file can keep the reader busy for hours, so `inspect_pdf`, called by uploads.py, reads
it in a process of its own, which ends when its time or memory does. That process runs this file
alone: nothing of the portal is imported here.
"""

import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

# A drawing is read in a tenth of a second; the rest is for a machine that has much else to do.
CPU_SECONDS = 10
WAIT_SECONDS = 30
MEMORY = 1024**3
# What a PDF does by itself when it is opened, and what it carries along.
ACTIVE = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMediaExecute")
ACTIVE_KEYS = frozenset({"/AA", "/JS", "/JavaScript", "/EF", "/EmbeddedFiles", "/XFA"})
CARRYING = ("/FileAttachment", "/RichMedia")
# Where fonts, pictures and the order of reading hang: large, and nothing there is ever run.
HARMLESS = frozenset({"/Resources", "/StructTreeRoot", "/Metadata", "/Contents", "/AP"})


class PdfBroken(Exception):
    """It cannot be read to the end."""


class PdfEndless(Exception):
    """Reading it would take longer than anybody waits."""


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What was found; of a protected file, only that it is."""

    is_encrypted: bool
    pages: int = 0
    is_active: bool = False


def inspect_pdf(content: bytes, most_pages: int, most_things: int) -> PdfFacts:
    """The facts of a PDF; `PdfBroken` or `PdfEndless` where there are none.

    A file of more than `most_pages` is not looked through: the number of its pages is enough.
    """
    limits = [str(number) for number in (CPU_SECONDS, MEMORY, most_pages, most_things)]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, no shell
            [sys.executable, "-I", __file__, *limits],
            input=content,
            capture_output=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfEndless from error
    if done.returncode < 0:
        raise PdfEndless
    if done.returncode > 0:
        raise PdfBroken(done.stderr.decode(errors="replace")[-500:])
    return PdfFacts(**json.loads(done.stdout))


# --- In the process of its own ---
def read(content: bytes, most_pages: int, most_things: int) -> dict[str, Any]:
    """The facts as JSON takes them; any error means that the file is broken."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        return {"is_encrypted": True}
    pages = len(reader.pages)
    is_active = pages <= most_pages and any(
        _is_active(thing) for thing in _things(reader.root_object, most_things)
    )
    return {"is_encrypted": False, "pages": pages, "is_active": is_active}


def _things(root: DictionaryObject, most: int) -> Iterator[DictionaryObject]:
    """Every dictionary that the catalogue leads to, each once: also bookmarks and fields."""
    seen: set[int] = set()
    waiting: list[Any] = [root]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            if len(seen) > most:
                raise ValueError("a PDF of more parts than a drawing has")
            thing = thing.get_object()
        if isinstance(thing, DictionaryObject):
            yield thing
            waiting += [value for key, value in thing.items() if key not in HARMLESS]
        elif isinstance(thing, ArrayObject):
            waiting += thing


def _is_active(thing: DictionaryObject) -> bool:
    """Whether it runs something, by itself or when touched, or carries another file.

    A name may stand elsewhere in the file: `[]` follows it there, `get` would not.
    """
    return (
        not ACTIVE_KEYS.isdisjoint(thing)
        or ("/S" in thing and thing["/S"] in ACTIVE)
        or ("/Subtype" in thing and thing["/Subtype"] in CARRYING)
    )


if __name__ == "__main__":
    cpu, memory, *most = (int(number) for number in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read(), *most)))
