"""What import-linter cannot see: keys, templates, who writes a status, sizes, names of tasks."""

import ast
import re
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.BASE_DIR)
CODE = ("portal", "workshops", "orders", "inmates")
# From the bottom up; apps on one line are strangers to each other.
RANKS = {
    "kernel": 0, "accounts": 1, "documents": 2, "workshops": 3,
    "orders": 4, "inmates": 4, "reports": 5, "front": 6, "demo": 7,
}  # fmt: skip
# The one upward key: who did it, on rows of the kernel.
ACTORS = {
    ("kernel.statechange", "actor"),
    ("kernel.auditevent", "actor"),
    ("kernel.taskrun", "created_by"),
    ("kernel.submission", "user"),
}


# The queue's own tasks, which beat sends; everything else stands behind a row of the outbox.
OF_THE_QUEUE = {"kernel.send_waiting_tasks", "kernel.enqueue_daily_task"}
# Words and facts, no logic: exempt from sizes, as migrations are.
DATA_MODULES = {"portal/kernel/library_words.py"}


def code_files() -> list[Path]:
    return [
        path
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not {"migrations", "data"} & set(path.parts)
        and str(path.relative_to(ROOT)) not in DATA_MODULES
    ]


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in RANKS]


def test_foreign_keys_point_down() -> None:
    upward = []
    for model in our_models():
        rank = RANKS[model._meta.app_label]
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            target = field.related_model._meta
            name = (model._meta.label_lower, field.name)
            same = target.app_label == model._meta.app_label
            if not same and RANKS.get(target.app_label, -1) >= rank and name not in ACTORS:
                upward.append(name)
    assert upward == []


def test_every_exception_of_the_foreign_key_rule_exists() -> None:
    fields = {
        (model._meta.label_lower, field.name)
        for model in our_models()
        for field in model._meta.get_fields()
    }
    assert fields >= ACTORS


INCLUDE = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")


def test_templates_include_from_their_folder_or_components() -> None:
    templates = ROOT / "templates"
    strangers = []
    for path in sorted(templates.rglob("*.html")):
        folder = path.relative_to(templates).parts[0]
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            top = name.split("/")[0]
            if "/" in name and top not in (folder, "components", "allauth"):
                strangers.append(f"{path.name} → {name}")
    assert strangers == []


def test_no_inline_style_or_script_in_templates() -> None:
    inline = re.compile(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for match in inline.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def _status_writes(tree: ast.AST) -> list[int]:
    """Lines that assign `.status`, or hand `status=` to an update."""
    lines = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        lines += [t.lineno for t in targets if isinstance(t, ast.Attribute) and t.attr == "status"]
        is_update = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update"
        if is_update and any(keyword.arg == "status" for keyword in node.keywords):
            lines.append(node.lineno)
    return lines


def test_only_the_state_mover_writes_a_status() -> None:
    # The queue's own rows are moved by the queue under its own claim.
    allowed = {"portal/kernel/states.py", "portal/kernel/queue.py"}
    writers = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in code_files()
        if str(path.relative_to(ROOT)) not in allowed
        for line in _status_writes(ast.parse(path.read_text(encoding="utf-8")))
        if not _is_http_status(path, line)
    }
    assert writers == set()


def _is_http_status(path: Path, line: int) -> bool:
    """A class attribute of an error or a response is no state of an object."""
    return "response.status" in path.read_text(encoding="utf-8").splitlines()[line - 1]


def test_the_status_check_sees_a_write() -> None:
    assert _status_writes(ast.parse("order.status = 'confirmed'")) == [1]
    assert _status_writes(ast.parse("Order.objects.filter(pk=1).update(status='x')")) == [1]


@pytest.mark.parametrize(
    ("folder", "pattern", "limit"),
    [("code", "", 350), ("tests", "tests", 500)],
)
def test_modules_stay_small(folder: str, pattern: str, limit: int) -> None:
    files = sorted((ROOT / pattern).rglob("*.py")) if pattern else code_files()
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > limit} == {}


def _functions() -> list[tuple[Path, ast.FunctionDef]]:
    return [
        (path, node)
        for path in code_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]


def test_functions_stay_small() -> None:
    long = {}
    for path, node in _functions():
        limit = 35 if path.name == "views.py" or "views" in path.parts else 50
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > limit:
            long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}


def test_templates_stay_small() -> None:
    long = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        length = len(path.read_text(encoding="utf-8").splitlines())
        if length > (80 if path.name.startswith("_") else 200):
            long[str(path.relative_to(ROOT))] = length
    assert long == {}


def _lines(files: list[Path]) -> int:
    return sum(
        1
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    )


def test_there_is_at_least_as_much_test_as_code() -> None:
    tests = _lines(sorted((ROOT / "tests").rglob("*.py")))
    code = _lines(code_files())
    assert tests >= code, f"{tests} lines of tests for {code} of code"


def test_every_task_is_named_after_its_app_and_keyed() -> None:
    current_app.loader.import_default_modules()
    ours = {
        name: task
        for name, task in current_app.tasks.items()
        if task.__module__.split(".")[0] in CODE
    }
    assert ours
    for name, task in ours.items():
        app = task.__module__.removesuffix(".tasks").split(".")[-1]
        assert name.split(".")[0] == app, name
        assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)+", name), name
        # Either what beat asks the queue itself, or a body behind an outbox row with a key.
        assert name in OF_THE_QUEUE or hasattr(task.run, "__wrapped__"), name


def test_migrations_are_named() -> None:
    unnamed = [
        path.name
        for folder in CODE
        for path in (ROOT / folder).rglob("migrations/0*.py")
        if re.search(r"auto_|initial", path.name)
    ]
    assert unnamed == []


def test_the_clock_is_asked_at_the_edge_only() -> None:
    edges = ("views", "tasks", "commands", "views.py", "tasks.py", "context.py", "receivers.py")
    # The queue stamps its own rows; the decorators of views ask on their behalf.
    own = {f"portal/kernel/{name}.py" for name in ("clock", "queue", "access", "once")}
    askers = [
        str(path.relative_to(ROOT))
        for path in code_files()
        if re.search(
            r"clock\.(now|today)\(|timezone\.now\(|datetime\.now\(|date\.today\(",
            path.read_text(encoding="utf-8"),
        )
        and str(path.relative_to(ROOT)) not in own
        and not any(part in edges for part in path.parts)
    ]
    assert askers == []


def test_only_money_rounds() -> None:
    rounding = re.compile(r"(?<![\w.])round\(|\.quantize\(|ROUND_")
    found = [
        str(path.relative_to(ROOT))
        for path in code_files()
        if rounding.search(path.read_text(encoding="utf-8"))
    ]
    # The second calculation of wages rounds for itself, in SQL: that is what it is for.
    first = [path for path in found if not path.startswith("inmates/second/")]
    assert first == ["portal/kernel/money.py"]
