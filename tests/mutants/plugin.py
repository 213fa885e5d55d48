"""Loaded by pytest in a process of its own (`-p tests.mutants.plugin`): one thing is changed.

`MUTANT` names it: "inmates.taxes:17", the module and the number of the change; of the module that
reads the figures of the law, a figure is changed. Without it nothing is.
"""

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

from tests.mutants.changes import changed
from tests.mutants.figures import FIGURES, MODULE, changed_figures

ROOT = Path(__file__).resolve().parents[2]


class ChangedLoader(importlib.machinery.SourceFileLoader):
    """Compiles the changed tree instead of the file; nothing is kept on disk."""

    def __init__(self, name: str, path: str, number: int) -> None:
        super().__init__(name, path)
        self.number = number

    def get_code(self, fullname: str) -> CodeType:
        source = Path(self.path).read_text(encoding="utf-8")
        return compile(changed(source, self.number), self.path, "exec")


class ChangedFinder(importlib.abc.MetaPathFinder):
    """Finds the one module before anybody else does."""

    def __init__(self, module: str, number: int) -> None:
        self.module, self.number = module, number

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.module:
            return None
        file = ROOT / f"{fullname.replace('.', '/')}.py"
        return spec_from_loader(fullname, ChangedLoader(fullname, str(file), self.number))


def change_one_thing(mutant: str) -> None:
    module, _colon, number = mutant.partition(":")
    if module == MODULE:
        _change_a_figure(int(number))
        return
    if module in sys.modules:
        raise RuntimeError(f"{module} was imported before it could be changed")
    sys.meta_path.insert(0, ChangedFinder(module, int(number)))


def _change_a_figure(number: int) -> None:
    """Whoever reads the file of figures reads the changed text."""
    text = changed_figures(number).encode()
    read = Path.read_bytes
    Path.read_bytes = lambda path: text if path == FIGURES else read(path)  # type: ignore[method-assign]


if os.environ.get("MUTANT"):
    change_one_thing(os.environ["MUTANT"])
