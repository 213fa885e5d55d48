"""What can be changed in a module: pure, source in, changes out.

A change is one place of the syntax tree and what stands there instead. The order is that of the
tree, so a change is known by its number in every process.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
CALLS = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "round_tenge": "floor_tenge",
    "floor_tenge": "round_tenge",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its number, the line it is on, that line, and what becomes what."""

    number: int
    line: int
    text: str
    what: str


def changes_of(source: str) -> list[Change]:
    """Every change of the module, in the order of the tree."""
    lines = source.splitlines()
    return [
        Change(number, node.lineno, lines[node.lineno - 1].strip(), what)
        for number, (node, what, _apply) in enumerate(_places(ast.parse(source)))
    ]


def changed(source: str, number: int) -> ast.Module:
    """The tree of the module with that one change made. IndexError where there is none."""
    tree = ast.parse(source)
    _node, _what, apply = list(_places(tree))[number]
    apply()
    return ast.fix_missing_locations(tree)


def _places(tree: ast.Module) -> Iterator[tuple]:
    """(node, what, act) of each place; acting changes the tree."""
    indexes = {id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for position, one in enumerate(node.ops):
                yield _comparison(node, position, one)
        elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC and _is_sum(node):
            yield _operator(node)
        elif isinstance(node, ast.BoolOp):
            yield _both_or_one(node)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, "not x → x", _setter(node, "op", ast.UAdd(), wrap=True)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _call(node)
        elif isinstance(node, ast.Constant) and id(node) not in indexes:
            yield from _constant(node)


def _comparison(node: ast.Compare, position: int, one: ast.cmpop) -> tuple:
    other = COMPARISONS[type(one)]()

    def act() -> None:
        node.ops[position] = other

    return node, f"{type(one).__name__} → {type(other).__name__}", act


def _operator(node: ast.BinOp) -> tuple:
    other = ARITHMETIC[type(node.op)]()
    what = f"{type(node.op).__name__} → {type(other).__name__}"
    return node, what, _setter(node, "op", other)


def _is_sum(node: ast.BinOp) -> bool:
    """Not a union of types or the formatting of a text."""
    return not any(
        isinstance(side, ast.Constant) and isinstance(side.value, str)
        for side in (node.left, node.right)
    )


def _both_or_one(node: ast.BoolOp) -> tuple:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    what = f"{type(node.op).__name__} → {type(other).__name__}"
    return node, what, _setter(node, "op", other)


def _call(node: ast.Call) -> Iterator[tuple]:
    assert isinstance(node.func, ast.Name)
    name = node.func.id
    if name in CALLS and node.args:
        yield node, f"{name} → {CALLS[name]}", _setter(node.func, "id", CALLS[name])
    if name == "Decimal" and node.args and isinstance(node.args[0], ast.Constant):
        value = str(node.args[0].value)
        yield node, f"{value} → {value} + 1", _setter(node.args[0], "value", f"{value}1")


def _constant(node: ast.Constant) -> Iterator[tuple]:
    if isinstance(node.value, bool):
        yield node, f"{node.value} → {not node.value}", _setter(node, "value", not node.value)
    elif isinstance(node.value, int):
        yield node, f"{node.value} → {node.value + 1}", _setter(node, "value", node.value + 1)


def _setter(node: ast.AST, name: str, value: object, *, wrap: bool = False):
    def act() -> None:
        if wrap:
            # `not x` becomes the truth of x, which `+x` would not be for every x.
            assert isinstance(node, ast.UnaryOp)
            node.operand = ast.UnaryOp(op=ast.Not(), operand=node.operand)
        else:
            setattr(node, name, value)

    return act
