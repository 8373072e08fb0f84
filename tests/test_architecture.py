"""The arrows between modules point one way."""

import ast
from pathlib import Path

from conftest import ROOT

PACKAGE = ROOT / "hooks" / "wartimeline"
ORDER = (
    "vocabulary", "problems", "codes", "dates", "names", "paths", "fields", "records", "settings",
    "located", "styles", "files", "history", "parse", "catalogue", "prose", "entry_rules",
    "register_rules", "rules", "corroboration", "timeline", "indexes", "charts", "gaps",
    "bibliography", "citing", "site", "changes", "claims", "scales", "exports",
    "cards", "linked", "metadata", "render", "ledger", "reference", "blocks", "pages", "pipeline",
    "web", "journal", "manners", "links", "archive", "sourcing", "cli_links", "cli_source", "cli",
)  # fmt: skip


def find_imports(path: Path) -> set[str]:
    """Return the modules a file imports: those of the package by their own name."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import) or (
            isinstance(node, ast.ImportFrom) and node.module == "wartimeline"
        ):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.removeprefix("wartimeline."))
    return found


def test_every_module_has_its_place_in_the_order() -> None:
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert modules == set(ORDER)


def test_a_module_imports_only_those_before_it() -> None:
    wrong = [
        (module, imported)
        for i, module in enumerate(ORDER)
        for imported in find_imports(PACKAGE / f"{module}.py")
        if imported in ORDER[i:]
    ]
    assert wrong == []


def test_only_the_hook_knows_mkdocs() -> None:
    for path in PACKAGE.glob("*.py"):
        assert not any(name.split(".")[0] == "mkdocs" for name in find_imports(path)), path
    assert "mkdocs.plugins" in find_imports(ROOT / "hooks" / "timeline.py")
