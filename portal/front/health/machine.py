"""What this machine has: room for files, the font of the papers, translations, styles, mail."""

import gettext
import shutil
import smtplib
import tempfile
from datetime import datetime
from pathlib import Path

import typst
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext as _
from PIL import ImageFont

from portal.documents.render import FONT_FILES
from portal.front.health.findings import Finding, State, one_place
from portal.kernel.catalogue import LANGUAGES, catalogue_path, read_catalogue

GIGABYTE = 1024**3
FREE_WARN, FREE_DOWN = 2 * GIGABYTE, GIGABYTE // 5
# Letters that only Kazakh has, and the sign of the tenge.
LETTERS = "ӘәҒғҚқҢңӨөҰұҮүҺһІі₸"
# In no face: what a letter must not look like.
NO_LETTER = "\U0010fffd"
FACE = "Golos Text"
PAPER = f'#set text(font: "{FACE}", fallback: false)\n{LETTERS}'
MAIL_SECONDS = 2.0


def disk(_at: datetime) -> list[Finding]:
    """A file can be stored, and there is room for more."""
    if not isinstance(default_storage, FileSystemStorage):
        # The name of nothing: answering that it does not exist takes address, key and bucket.
        default_storage.exists("health-check")
        return [Finding("disk", State.OK, _("object storage answers"))]
    folder = Path(default_storage.location)
    advice = _("Give the portal's user the right to write into MEDIA_ROOT: %(folder)s") % {
        "folder": folder
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"health")
            probe.flush()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        value = _("cannot be written (%(reason)s)") % {"reason": error.strerror}
        return [Finding("disk", State.DOWN, value, advice)]
    return [judged_room(free)]


def judged_room(free: int) -> Finding:
    """The verdict over the free bytes."""
    value = _("%(size)s GB free, writable") % {"size": one_place(free / GIGABYTE)}
    if free >= FREE_WARN:
        return Finding("disk", State.OK, value)
    advice = _("Make room on the disk of MEDIA_ROOT, or give it a larger one.")
    return Finding("disk", State.DOWN if free < FREE_DOWN else State.WARN, value, advice)


def fonts(_at: datetime) -> list[Finding]:
    """Both weights are there, have the letters, and Typst prints with them."""
    advice = _("Run: make setup. The papers are refused, never set in a strange face.")
    files = [Path(settings.PRINT_FONTS) / name for name in FONT_FILES]
    missing = [path.name for path in files if not path.is_file()]
    if missing:
        value = _("missing: %(names)s") % {"names": ", ".join(missing)}
        return [Finding("fonts", State.DOWN, value, advice)]
    lacking = sorted({letter for path in files for letter in letters_missing(path)})
    if lacking:
        value = _("has no %(letters)s") % {"letters": " ".join(lacking)}
        return [Finding("fonts", State.DOWN, value, advice)]
    faces = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path.parent) for path in files],
    )
    paper = typst.Compiler(PAPER.encode(), font_paths=faces, ignore_system_fonts=True)
    _pdf, warnings = paper.compile_with_warnings(format="pdf")
    if warnings:
        return [Finding("fonts", State.DOWN, warnings[0].message, advice)]
    return [Finding("fonts", State.OK, _("%(face)s prints Ә and ₸") % {"face": FACE})]


def letters_missing(path: Path, letters: str = LETTERS) -> list[str]:
    """The letters that the font draws as it draws what it does not have."""
    face = ImageFont.truetype(path, 24)
    blank = bytes(face.getmask(NO_LETTER))
    return [letter for letter in letters if bytes(face.getmask(letter)) == blank]


def translations(_at: datetime) -> list[Finding]:
    """Each catalogue is compiled and says what its source says."""
    advice = _("Run: python manage.py catalogues --compile, then start web and worker anew.")
    root = Path(settings.LOCALE_PATHS[0])
    stale = [language for language in LANGUAGES if not is_fresh(root, language)]
    if stale:
        value = _("missing or older than its source: %(names)s") % {"names": ", ".join(stale)}
        return [Finding("translations", State.DOWN, value, advice)]
    return [Finding("translations", State.OK, ", ".join(LANGUAGES))]


def is_fresh(root: Path, language: str) -> bool:
    """Whether the compiled catalogue holds the words of the .po: dates of files prove nothing."""
    path = catalogue_path(root, language).with_suffix(".mo")
    try:
        with path.open("rb") as file:
            compiled = gettext.GNUTranslations(file)
    except (OSError, UnicodeDecodeError):
        return False
    return all(
        compiled.pgettext(one.context, one.id) == one.string
        if one.context
        else compiled.gettext(one.id) == one.string
        for one in read_catalogue(root, language)
        if isinstance(one.id, str) and one.id and one.string and not one.fuzzy
    )


def static_files(_at: datetime) -> list[Finding]:
    """The manifest names files that are there; without one pages fail or come naked."""
    advice = _("Run: python manage.py collectstatic")
    if not hasattr(staticfiles_storage, "hashed_files"):
        return [Finding("static", State.OK, _("served from their sources"))]
    # Read anew: this process may have started before the files were collected.
    paths, _hash = staticfiles_storage.load_manifest()
    gone = [name for name in paths.values() if not staticfiles_storage.exists(name)]
    value = _("%(count)s files with hashes") % {"count": len(paths)}
    if not paths:
        return [Finding("static", State.DOWN, _("not collected"), advice)]
    if gone:
        value = _("missing: %(names)s") % {"names": ", ".join(sorted(gone)[:3])}
        return [Finding("static", State.DOWN, value, advice)]
    return [Finding("static", State.OK, value)]


def mail(_at: datetime) -> list[Finding]:
    """Letters have somewhere to go, and the server there takes a connection."""
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend != "smtp":
        value = _("not sent: %(backend)s") % {"backend": backend}
        if not settings.IS_DEPLOYED:
            return [Finding("mail", State.OK, value)]
        advice = _("Set EMAIL_URL: until then nobody receives a letter to confirm an address.")
        return [Finding("mail", State.WARN, value, advice)]
    kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    try:
        with kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=MAIL_SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        value = _("does not answer (%(kind)s)") % {"kind": type(error).__name__}
        advice = _("Check EMAIL_URL and whether this machine may reach the mail server.")
        return [Finding("mail", State.DOWN, value, advice)]
    return [Finding("mail", State.OK, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")]
