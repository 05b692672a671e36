# ruff: noqa: INP001 - a script, not a package
"""List every file of code with the first line of its docstring or comment, as Markdown.

`python scripts/list_modules.py` prints the list. As a hook of MkDocs (see mkdocs.yml) it fills the page of modules
when the documentation is built, so that the page always agrees with the code.
"""

import ast
import re
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {
    "tracker": ("**/*.py",),
    "static": ("*.js", "*.ts", "*.css"),
    "scripts": ("*.py", "*.mjs"),
    "benchmarks": ("*.py",),
}
MARK = "<!-- modules -->"


def code_files() -> list[Path]:
    """Every file of code, folder by folder."""
    found = [path for folder, patterns in FOLDERS.items() for each in patterns for path in (ROOT / folder).glob(each)]
    order = list(FOLDERS)
    return sorted(found, key=lambda path: (order.index(path.relative_to(ROOT).parts[0]), path.parent, path.name))


def first_line(path: Path) -> str:
    """What a file says it holds: the first line of its docstring, or the first sentence of its first comment."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    comment = re.match(r"\s*(/\*.*?\*/|(?://[^\n]*\n)+)", text, re.DOTALL)
    words = " ".join(re.sub(r"^\s*(?://|/?\*+/?)|\*/", "", comment[1], flags=re.MULTILINE).split()) if comment else ""
    return re.split(r"(?<=[.?!])\s", words)[0]


def module_lines() -> dict[str, str]:
    """Each file of code, by its path from the root of the checkout, with what it says it holds."""
    return {path.relative_to(ROOT).as_posix(): first_line(path) for path in code_files()}


def as_markdown(lines: dict[str, str]) -> str:
    """One section for each folder: the line of the package, and a table of its files."""
    parts = []
    for folder, files in groupby(lines, key=lambda path: path.rpartition("/")[0]):
        rows = [path for path in files if not path.endswith("/__init__.py")]
        package_line = lines.get(f"{folder}/__init__.py", "")
        table = ["| file | holds |", "|---|---|", *(f"| `{_name(path)}` | {_cell(lines[path])} |" for path in rows)]
        parts.append("\n\n".join(filter(None, [f"## `{folder}/`", package_line, "\n".join(table) if rows else ""])))
    return "\n\n".join(parts) + "\n"


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _cell(text: str) -> str:
    return text.replace("|", "&#124;")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """MkDocs calls this for each page: the mark is replaced by the list."""
    return markdown.replace(MARK, as_markdown(module_lines())) if MARK in markdown else markdown


if __name__ == "__main__":
    sys.stdout.write(as_markdown(module_lines()))
