"""What every issued paper carries at its foot: number, date, check code and the QR code.

The QR code holds the address of the check and nothing else.
"""

import io
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.documents.codes import printed_code
from portal.documents.models import IssuedDocument
from portal.kernel.text import date_short

# Reads through a fold or a stain; the quiet zone is part of the picture.
ERROR_LEVEL = "m"
QUIET_ZONE = 4


def check_address(request: HttpRequest, document: IssuedDocument) -> str:
    """The absolute address of the check."""
    return public_address(request, reverse("front:verify_document", args=[document.code]))


def public_address(request: HttpRequest, path: str) -> str:
    """The absolute address for paper: at the portal's public name where it is deployed (who prints
    may have come by an inner one), in development at the host of the request."""
    return settings.PUBLIC_URL + path if settings.IS_DEPLOYED else request.build_absolute_uri(path)


def qr_code(address: str) -> segno.QRCode:
    """The QR code of an address."""
    return segno.make_qr(address, error=ERROR_LEVEL)


def qr_svg(address: str) -> str:
    """The QR code as a drawing for paper."""
    drawing = io.BytesIO()
    qr_code(address).save(drawing, kind="svg", border=QUIET_ZONE, xmldecl=False)
    return drawing.getvalue().decode()


def stamp_of(document: IssuedDocument, address: str) -> dict[str, Any]:
    """Plain data for the templates, in the present language."""
    return {
        "qr": qr_svg(address),
        "number": document.number,
        "code": printed_code(document.code),
        "date": date_short(document.issued_at),
        "labels": {
            "number": _("Document No."),
            "date": _("Issued"),
            "code": _("Check code"),
            "how": _("Point a phone at the code, or type the number and the check code at %(site)s")
            % {"site": _bare(address)},
        },
    }


def _bare(address: str) -> str:
    """portal.example/verify: without the scheme and the code."""
    return address.partition("://")[2].rpartition("/verify/")[0] + "/verify"
