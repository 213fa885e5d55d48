"""The pictures of the README are there, small, as wide as told, and each stands in the README."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from tests.screenshots import COLOURS, FOLDER, HEIGHTS, SHOTS, Shot, accounts_in, small

README = (Path(settings.BASE_DIR) / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_picture_is_there_and_shown(shot: Shot) -> None:
    path = FOLDER / f"{shot.name}.png"
    with Image.open(path) as picture:
        assert picture.size == (shot.width, HEIGHTS[shot.width])
        assert picture.mode == "P"
    assert path.stat().st_size < 200_000
    assert f"portal/docs/screenshots/{shot.name}.png" in README


def test_no_picture_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*")} == {shot.name for shot in SHOTS}


def test_small_keeps_the_size_and_takes_few_colours() -> None:
    picture = Image.effect_noise((90, 60), 80).convert("RGB")
    whole = io.BytesIO()
    picture.save(whole, "PNG")
    with Image.open(io.BytesIO(small(whole.getvalue()))) as found:
        assert found.size == (90, 60)
        assert len(found.getcolors()) <= COLOURS
    assert len(small(whole.getvalue())) < len(whole.getvalue())


def test_accounts_are_read_by_their_code(tmp_path: Path) -> None:
    (tmp_path / "demo-accounts.tsv").write_text("Мастер\tmaster@demo.example\tabc-def\n")
    assert accounts_in(tmp_path) == {"master": ("master@demo.example", "abc-def")}
