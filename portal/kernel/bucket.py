"""Uploaded files in a private bucket of any S3-compatible storage; STORAGES names it if asked.

Nothing here gives out an address: files are read by our views, which ask who may see them.
"""

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

# Unknown to a storage of another maker are: buckets as host names, and checksums of the newest
# client. An answer that does not come must not hold a page for the minute of the defaults.
PLAIN = Config(
    s3={"addressing_style": "path"},
    signature_version="s3v4",
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    connect_timeout=3,
    read_timeout=20,
    retries={"total_max_attempts": 2},
)


class PrivateBucket(S3Storage):
    """Two files of one name never overwrite each other, and no file has an address."""

    def get_default_settings(self) -> dict[str, Any]:
        # No access list is sent with an object: it inherits the bucket's, which is private, and
        # buckets of today refuse lists.
        chosen = {"client_config": PLAIN, "file_overwrite": False, "default_acl": None}
        return super().get_default_settings() | chosen

    def url(self, name: str, *_args: Any, **_kwargs: Any) -> str:
        raise ValueError("This file is not accessible via a URL.")
