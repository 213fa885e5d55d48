"""The demo's data files and what it states about itself; read by every module of the seed."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
LANGUAGES = ("ru", "kk", "en")


@cache
def read_data(name: str) -> Any:
    """A file of the data folder, read once; nobody changes what it returns."""
    return json.loads((FOLDER / f"{name}.json").read_bytes())


def published_rate() -> str:
    """The region's share in paid work as published, such as "0.62"."""
    return str(read_data("seed_facts")["department_rate"]["value"])


def rate_choice() -> dict[str, str]:
    """Of whom the published rate is a share here, and that the article does not say it."""
    return read_data("choices")["rate"]


def in_languages(field: str, words: dict[str, str] | None) -> dict[str, str]:
    """`{"ru": …}` as the columns `name_ru`, `name_kk`, `name_en` of a translated field."""
    if not words:
        return {}
    return {f"{field}_{language}": words[language] for language in LANGUAGES}
