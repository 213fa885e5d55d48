"""The tokens, measured: WCAG contrast of every text colour on every ground of both themes."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
GROUNDS = ("bg", "surface", "sand")
TEXTS = ("ink", "muted", "sky", "sky-hover", "wood", "ok", "warn", "bad", "info")
TEXT_RATIO = 4.8
FIELD_RATIO = 3.0


def tokens() -> dict[str, dict[str, str]]:
    """The colours of tokens.css by theme."""
    css = (CSS / "tokens.css").read_text(encoding="utf-8")
    dark_at = css.index("@media (prefers-color-scheme: dark)")
    print_at = css.index("@media print")
    parts = {"light": css[:dark_at], "dark": css[dark_at:print_at]}
    return {
        theme: dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", part))
        for theme, part in parts.items()
    }


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_the_known_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_colour_reads_on_every_ground(theme: str) -> None:
    colours = tokens()[theme]
    weak = {
        (text, ground): round(contrast(colours[text], colours[ground]), 2)
        for text in TEXTS
        for ground in GROUNDS
        if contrast(colours[text], colours[ground]) < TEXT_RATIO
    }
    assert not weak


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_main_act_reads_on_its_own_ground(theme: str) -> None:
    colours = tokens()[theme]
    for ground in ("sky", "sky-hover"):
        assert contrast(colours["on-sky"], colours[ground]) >= TEXT_RATIO


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_border_of_a_field_is_seen(theme: str) -> None:
    colours = tokens()[theme]
    for ground in GROUNDS:
        assert contrast(colours["field-line"], colours[ground]) >= FIELD_RATIO


def test_the_themes_name_the_same_colours() -> None:
    light, dark = tokens()["light"], tokens()["dark"]
    assert set(light) == set(dark)
    assert {*GROUNDS, *TEXTS, "line", "field-line", "on-sky"} == set(light)


def own_styles() -> list[Path]:
    return sorted(CSS.glob("*.css"))


@pytest.mark.parametrize("path", own_styles(), ids=lambda path: path.name)
def test_styles_ask_nothing_of_another_origin(path: Path) -> None:
    css = path.read_text(encoding="utf-8")
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", css):
        assert address.startswith(("../", "data:image/svg+xml,")), address
    assert "@import" not in css


@pytest.mark.parametrize("path", own_styles(), ids=lambda path: path.name)
def test_colours_are_written_only_in_the_tokens(path: Path) -> None:
    if path.name == "tokens.css":
        return
    css = path.read_text(encoding="utf-8")
    css = re.sub(r'url\("data:[^)]*\)', "", css)
    loose = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", css))
    # Paper is white whatever the theme, and a square to scan needs a white ground.
    assert loose <= {"#FFFFFF", "#999999"}


def test_each_style_stays_small() -> None:
    sizes = {path.name: len(path.read_text().splitlines()) for path in own_styles()}
    assert {name: size for name, size in sizes.items() if size > 350} == {}


def test_the_font_covers_kazakh_and_the_tenge() -> None:
    css = (CSS / "fonts.css").read_text(encoding="utf-8")
    ranges = [
        tuple(int(end, 16) for end in (part + "-" + part).split("-")[:2])
        if "-" not in part
        else tuple(int(end, 16) for end in part.split("-"))
        for line in re.findall(r"unicode-range: ([^;]+);", css)
        for part in re.findall(r"U\+([0-9A-F]+(?:-[0-9A-F]+)?)", line)
    ]
    for letter in "ӘәҒғҚқҢңӨөҰұҮүҺһІі₸№«»—−²\u00a0\u202f":
        assert any(low <= ord(letter) <= high for low, high in ranges), letter
    assert css.count("font-display: swap") == 8


def test_the_font_files_are_installed() -> None:
    css = (CSS / "fonts.css").read_text(encoding="utf-8")
    names = re.findall(r'url\("\.\./vendor/golos-text/([^"]+)"\)', css)
    folder = settings.NODE_MODULES / "@fontsource/golos-text/files"
    assert len(names) == 8
    assert [name for name in names if not (folder / name).exists()] == []
