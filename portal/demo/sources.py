"""The demo's data files and what it states about itself; read by every module of the seed."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
LANGUAGES = ("ru", "kk", "en")

# The article gives 62 % and not of whom; the demo chooses and says so (law.md §5).
RATE_DENOMINATOR = "able_bodied"


@cache
def read_data(name: str) -> Any:
    """A file of the data folder, read once; nobody changes what it returns."""
    return json.loads((FOLDER / f"{name}.json").read_bytes())


def published_rate() -> str:
    """The region's share in paid work as published, such as "0.62"."""
    return str(read_data("seed_facts")["department_rate"]["value"])


def in_languages(field: str, words: dict[str, str] | None) -> dict[str, str]:
    """`{"ru": …}` as the columns `name_ru`, `name_kk`, `name_en` of a translated field."""
    if not words:
        return {}
    return {f"{field}_{language}": words[language] for language in LANGUAGES}
