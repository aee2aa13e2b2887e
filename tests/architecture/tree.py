"""The project's own files, as its architecture tests read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeGuard

ROOT: Final = Path(__file__).resolve().parents[2]
SRC: Final = ROOT / "src"
OURS: Final = ("src", "tests", "scripts", "benchmarks")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file. `name` is its path from the project's root; tests of the checkers make theirs up."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)


def sources(*folders: str) -> list[Source]:
    """Every Python file below these folders of the project, by name."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in sorted(found)]


def code_lines(source: Source) -> set[int]:
    """The numbers of the lines that are neither blank nor part of a docstring."""
    written = {number for number, line in enumerate(source.text.splitlines(), start=1) if line.strip()}
    return written - {number for docstring in _docstrings(source.tree) for number in _lines_of(docstring)}


def own_lines(function: Function, counted: set[int]) -> set[int]:
    """A function's counted lines without those of functions inside it, which are counted for themselves."""
    inner = {number for child in functions_in(function) for number in _lines_of(child)}
    return (set(_lines_of(function)) & counted) - inner


def functions_in(tree: ast.AST) -> Iterator[Function]:
    """Every function below this node, however deep, but not the node itself."""
    for node in ast.walk(tree):
        if isinstance(node, Function) and node is not tree:
            yield node


def dotted(node: ast.expr) -> str:
    """`a.b.c` for such an expression, and an empty text for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imported_names(tree: ast.Module) -> dict[str, str]:
    """What each name that an import brings into the module stands for, written out in full."""
    full: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                reached = alias.name if alias.asname else alias.name.split(".")[0]
                full[alias.asname or reached] = reached
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return full


def meant(node: ast.expr, imported: dict[str, str]) -> str:
    """The full name of what an expression such as `dt.datetime.now` reaches, through the module's imports."""
    written = dotted(node)
    first, _, rest = written.partition(".")
    if first not in imported:
        return written
    return f"{imported[first]}.{rest}" if rest else imported[first]


def plain_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every text in the code that is not a docstring, with its line."""
    docstrings = {id(docstring) for docstring in _docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                yield first.value


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _lines_of(node: ast.expr | ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)
