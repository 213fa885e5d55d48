"""Addresses of static files: those of WhiteNoise's storage, each worked out once."""

import json
from pathlib import Path
from typing import Any

import pytest
from whitenoise.storage import CompressedManifestStaticFilesStorage

from portal.kernel.static_names import RememberingStaticFilesStorage

NAMES = {"css/portal.css": "css/portal.1a2b.css", "img/signs.svg": "img/signs.3c4d.svg"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    manifest = {"paths": NAMES, "version": "1.1", "hash": "5e6f"}
    (tmp_path / "staticfiles.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def a_storage(kind: type[Any], root: Path) -> Any:
    return kind(location=str(root), base_url="/static/")


@pytest.mark.parametrize("name", [*NAMES, "img/signs.svg#cart", "folder/"])
def test_address_is_that_of_the_storage_below(root: Path, name: str) -> None:
    ours = a_storage(RememberingStaticFilesStorage, root)
    plain = a_storage(CompressedManifestStaticFilesStorage, root)
    assert [ours.url(name) for _ in range(2)] == [plain.url(name)] * 2


def test_address_is_worked_out_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = a_storage(RememberingStaticFilesStorage, root)
    first = storage.url("css/portal.css")
    monkeypatch.setattr(CompressedManifestStaticFilesStorage, "url", None)
    assert storage.url("css/portal.css") == first == "/static/css/portal.1a2b.css"


def test_file_that_is_not_collected_is_refused_each_time(root: Path) -> None:
    storage = a_storage(RememberingStaticFilesStorage, root)
    for _ in range(2):
        with pytest.raises(ValueError, match="Missing"):
            storage.url("css/nothing.css")


def test_release_is_known_by_the_manifest(root: Path) -> None:
    assert a_storage(RememberingStaticFilesStorage, root).manifest_hash == "5e6f"


def test_names_that_are_just_being_made_are_not_remembered(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = a_storage(RememberingStaticFilesStorage, root)
    answers = iter(["/static/one.css", "/static/two.css"])
    monkeypatch.setattr(
        CompressedManifestStaticFilesStorage, "url", lambda *_args, **_kwargs: next(answers)
    )
    made = [storage.url("css/portal.css", force=True) for _ in range(2)]
    assert made == ["/static/one.css", "/static/two.css"]
