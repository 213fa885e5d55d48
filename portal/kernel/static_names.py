"""The address of a static file by its name, worked out once in a process.

The settings name the storage. A page names some twenty files; their hashed names are fixed by the
manifest, which is read when a process starts.
"""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class RememberingStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage with the addresses kept beside the manifest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if force:  # while the files are collected: their names are just being made
            return str(super().url(name, force=force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name))
        return self._addresses[name]
