"""The page of the documentation that draws every machine; written by `manage.py states`."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig, apps
from django.db.models import TextChoices
from django.utils import translation

from portal.kernel.states import Machine

HEAD = """# States

Written by `manage.py states --update` from the tables in the `states.py` files; a test refuses a
page that is not what the tables say. An arrow is an action: one service makes it, and
`kernel.states.move()` writes it.
"""


def machines() -> dict[str, Machine]:
    """Every machine of the installed apps by the name of its statuses, in the order of names."""
    found: dict[str, Machine] = {}
    for app in apps.get_app_configs():
        if app.name in {"portal.kernel"}:
            continue
        for name in _state_modules(app):
            for table, value in vars(import_module(name)).items():
                if isinstance(value, Machine):
                    key = f"{app.name}: {statuses_of(value).__name__}"
                    # Two machines may go by the same words.
                    found[f"{key}, {table}" if key in found else key] = value
    return dict(sorted(found.items()))


def _state_modules(app: AppConfig) -> list[str]:
    """The `states` of an app and of the packages in it that are a matter of their own."""
    packages = [one.name for one in iter_modules([app.path]) if one.ispkg]
    names = [f"{app.name}.states", *(f"{app.name}.{one}.states" for one in packages)]
    return [name for name in names if find_spec(name) is not None]


def statuses_of(machine: Machine) -> type[TextChoices]:
    """The words of the statuses a machine leads between."""
    first = next(iter(machine.transitions.values()))
    if not isinstance(first, TextChoices):
        raise TypeError(f"{first!r} is no member of TextChoices: the page could not name it")
    return type(first)


def page() -> str:
    """The page as Markdown: a diagram for each machine and the words of its states."""
    with translation.override("en"):
        parts = [HEAD]
        for name, machine in machines().items():
            statuses = statuses_of(machine)
            words = [f"| `{status.value}` | {status.label} |" for status in statuses]
            parts.append(
                f"## {name}\n\n"
                f"{(statuses.__doc__ or '').strip().splitlines()[0]}\n\n"
                f"```mermaid\n{machine.mermaid()}\n```\n\n"
                "| state | shown as |\n|---|---|\n" + "\n".join(words) + "\n"
            )
    return "\n".join(parts)
