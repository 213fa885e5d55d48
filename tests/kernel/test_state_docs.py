"""The page of states is what the tables say, and every table is on it."""

from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.kernel import state_docs
from portal.kernel.states import Machine

FOUND = state_docs.machines()


def test_every_states_module_of_the_tree_is_on_the_page() -> None:
    """Found by walking the files, not by the registry that the page itself uses."""
    root = Path(settings.BASE_DIR)
    tables = 0
    for app in ("workshops", "orders", "inmates", "portal"):
        # Of the portal the apps themselves; a package in an app may have machines of its own.
        for path in (root / app).rglob("states.py"):
            if path.parent.name != "kernel":
                tables += _machines_in(path, root)
    assert len(FOUND) == tables >= 3


def _machines_in(path: Path, root: Path) -> int:
    name = ".".join(path.relative_to(root).with_suffix("").parts)
    return sum(isinstance(value, Machine) for value in vars(import_module(name)).values())


@pytest.mark.parametrize("name", FOUND)
def test_page_shows_each_move_and_each_state(name: str) -> None:
    part = state_docs.page().split(f"## {name}\n")[1].split("\n## ")[0]
    machine = FOUND[name]
    arrows = [line for line in part.splitlines() if "-->" in line]
    assert len(arrows) == len(machine.transitions)
    for (source, action), target in machine.transitions.items():
        assert f"    {source} --> {target}: {action}" in arrows
    for status in state_docs.statuses_of(machine):
        assert f"| `{status.value}` |" in part


def test_page_is_english_whoever_writes_it(settings: object) -> None:
    assert "| `sent` | Waiting for the workshop |" in state_docs.page()


def test_statuses_that_are_no_choices_are_refused() -> None:
    with pytest.raises(TypeError):
        state_docs.statuses_of(Machine({("a", "go"): "b"}))


def test_page_in_the_repository_is_up_to_date() -> None:
    call_command("states", "--check")


def test_check_refuses_an_old_page_and_update_mends_it(tmp_path: Path) -> None:
    page = tmp_path / "states.md"
    with pytest.raises(CommandError, match="out of date"):
        call_command("states", "--check", file=page)
    call_command("states", "--update", file=page)
    call_command("states", "--check", file=page)
    page.write_text(page.read_text() + "\nadded by hand\n")
    with pytest.raises(CommandError, match="out of date"):
        call_command("states", "--check", file=page)
