"""The arrows between modules point one way."""

import ast
from pathlib import Path

from conftest import ROOT

PACKAGE = ROOT / "hooks" / "wartimeline"
ORDER = (
    "digests", "processes", "progress", "store", "vocabulary", "problems", "codes", "dates",
    "names", "paths", "folding", "fields", "records", "settings", "frames", "basemap", "outlines",
    "located", "styles", "files", "history", "prose", "parse", "catalogue", "glossary",
    "entry_rules", "register_rules", "rules", "corroboration", "timeline", "division",
    "anniversaries", "atlas", "captions", "locators", "indexes", "charts", "sparks", "gaps",
    "bibliography", "citing", "site", "chrome", "search", "finder", "site_folder", "publish",
    "columns", "changes", "claims", "scales", "figures", "fingerprints", "memory",
    "exports", "cards", "linked", "metadata", "reference", "deploy", "templates", "render",
    "search_page", "on_this_day", "explore", "blocks", "ledger", "overviews", "chronicle",
    "heading_pages", "pages", "pipeline", "search_index",
    "web.client", "web.journal", "web.manners", "web.links", "web.amendments", "web.archive",
    "web.wayback", "web.arguments", "web.errands", "web.pages", "web.sourcing",
    "web.links_command", "web.source_command", "cli",
)  # fmt: skip


def name_module(path: Path) -> str:
    """Return the name of a module below the package: `web.links`."""
    return path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")


def find_imports(path: Path) -> set[str]:
    """Return the modules a file imports: those of the package by their own name."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module in {"wartimeline", "wartimeline.web"}:
            folder = node.module.removeprefix("wartimeline").removeprefix(".")
            found.update(f"{folder}.{alias.name}".lstrip(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.removeprefix("wartimeline."))
    return found


def test_every_module_has_its_place_in_the_order() -> None:
    modules = {name_module(path) for path in PACKAGE.rglob("*.py")}
    assert modules - {"__init__", "__main__", "web.__init__"} == set(ORDER)


def test_a_module_imports_only_those_before_it() -> None:
    wrong = [
        (module, imported)
        for i, module in enumerate(ORDER)
        for imported in find_imports(PACKAGE / f"{module.replace('.', '/')}.py")
        if imported in ORDER[i:]
    ]
    assert wrong == []


def test_only_the_hook_knows_mkdocs() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert not any(name.split(".")[0] == "mkdocs" for name in find_imports(path)), path
    assert "mkdocs.plugins" in find_imports(ROOT / "hooks" / "timeline.py")


def test_what_builds_the_site_does_not_go_to_the_web() -> None:
    for module in ORDER[: ORDER.index("web.client")]:
        imports = find_imports(PACKAGE / f"{module.replace('.', '/')}.py")
        assert not any(name.split(".")[0] in {"web", "httpx", "trafilatura"} for name in imports)
