"""Finding a person by IIN without decrypting anything: HMAC-SHA-256 under a key of its own.

Called by the services that register and find people.
"""

import hashlib
import hmac

from django.conf import settings

from portal.kernel.identifiers import clean_identifier


def hmac_of_iin(iin: str) -> str:
    """64 hexadecimal digits; the same for the same IIN however it was typed."""
    key = settings.IDENTITY_HMAC_KEY.encode()
    return hmac.new(key, clean_identifier(iin).encode(), hashlib.sha256).hexdigest()
