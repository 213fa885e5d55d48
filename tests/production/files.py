"""The files of a deployment as an engine reads them: Dockerfile, compose.yaml, .env.example."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
VARIABLE = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
INTERPOLATED = re.compile(r"\$\{([A-Z0-9_]+)(?::?[-?][^}]*)?\}")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Instruction:
    """One instruction: its word in capitals and the rest, lines joined."""

    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The arguments, in the JSON form or as a shell would split them."""
        if self.rest.startswith("["):
            return list(yaml.safe_load(self.rest))
        return shlex.split(self.rest)


@dataclass
class Stage:
    """What stands between one FROM and the next."""

    image: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, word: str) -> list[Instruction]:
        return [one for one in self.instructions if one.word == word]


def instructions(text: str) -> list[Instruction]:
    """Comments gone, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    pairs = [line.strip().split(None, 1) for line in joined.splitlines() if line.strip()]
    return [Instruction(word.upper(), rest.strip()) for word, rest in pairs]


def stages(text: str) -> list[Stage]:
    found: list[Stage] = []
    for one in instructions(text):
        if one.word == "FROM":
            image, _as, name = one.rest.partition(" AS ")
            found.append(Stage(image.strip(), name.strip()))
        else:
            found[-1].instructions.append(one)
    return found


def compose() -> dict[str, Any]:
    """compose.yaml with its anchors and merges resolved."""
    content: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
    return content


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"][name]
    return found


def example() -> dict[str, str]:
    """Variables of .env.example, set or commented out, with what stands behind the sign."""
    return dict(VARIABLE.findall(read(".env.example")))


def interpolated(text: str) -> set[str]:
    """Variables that compose takes from .env while it reads the file."""
    return set(INTERPOLATED.findall(text))
