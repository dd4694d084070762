"""What imports what, read from the imports: the direction of the pipeline, and one door a library."""

import ast
import itertools
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from seedbed.diagnostics import Code

PACKAGE = Path(__file__).resolve().parent.parent / "scripts" / "seedbed"
FILES = sorted(PACKAGE.rglob("*.py"))

# A module may import what stands in a line above its own; a package counts as one.
LAYERS = (
    {"text"},
    {"placed_yaml"},
    {
        "diagnostics",
        "uris",
        "diagrams",
        "figures",
        "tex",
        "filterorder",
        "pagefinding",
        "templates",
    },
    {"release", "search"},
    {"aside", "compact", "executors", "listing", "store", "watching"},
    {"dialect"},
    {"history", "mkdocs_dialect", "properties"},
    {"dates", "maturity", "property_links", "suggestions"},
    {"automaton", "headings", "likeness", "prose", "sentences", "tokens"},
    {"note", "reading_time"},
    {"surroundings"},
    {"bases", "canvas", "texts"},
    {"naming", "reading"},
    {"vault"},
    {"folders", "trails"},
    {"addresses", "mentions", "names", "neighbourhood", "related", "series", "vaultmap"},
    {"meanings"},
    {"linkplaces"},
    {"nearby", "stubs"},
    {"index"},
    {"catalogue"},
    {"article", "new"},
    {"drawings", "handwritten", "mathfont", "pagelinks"},
    {"backlinks", "localgraph", "mentionlist", "notefooter"},
    {"looseends", "mappage", "noteheader"},
    {"overviews"},
    {"pages"},
    {"frame", "ownfiles", "witness"},
    {"rendering"},
    {"site"},
    {"folder", "serving", "wrapping"},
    {"output"},
    {"options"},
    {"plugin", "progress"},
    {"host"},
    {"export", "linking"},
    {"linkcommand"},
    {"cli"},
    {"seedbed"},
)
# Packages that know nothing of the rest, and the only modules that know them, by their door alone.
APART = {
    "diagrams": {"article"},
    "figures": {"drawings", "cli"},
    "tex": {"article", "mentionlist", "surroundings"},
}
SHARED = {"figures": {"placed_yaml"}}
"""What a package apart may import all the same."""
DOORS = {
    "ahocorasick_rs": {"automaton"},
    "distributed": {"executors.cluster"},
    "fontTools": {"mathfont.cutting"},
    "graspologic_native": {"vaultmap.communities"},
    "jinja2": {"plugin", "templates", "wrapping"},
    "markdown": {"mkdocs_dialect"},
    "markdown_it": {"dialect"},
    "material": {"mkdocs_dialect"},
    "math_core": {"tex"},
    "matplotlib": {"figures.draw", "figures.marks"},
    "merman": {"diagrams.engine"},
    "mkdocs": {"host", "options", "plugin", "serving", "wrapping"},
    "numpy": {"figures", "vaultmap.layout"},
    "pagefind": {"pagefinding"},
    "pygments": {"article.code"},
    "pymdownx": {"article.code", "mkdocs_dialect"},
    "regex": {"bases.regexps"},
    "rich": {"progress"},
    "watchdog": {"watching"},
    "yaml": {"export", "mkdocs_dialect", "placed_yaml", "properties"},
}


def name_of(file: Path) -> str:
    """Return a module's name below the package; the package itself is ``seedbed``."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts).removesuffix("__init__").rstrip(".") or "seedbed"


@cache
def imports(file: Path) -> frozenset[str]:
    """Return everything a module imports, wherever it does: modules, and names as if they were modules."""
    return frozenset(_imports(ast.parse(file.read_text(encoding="utf-8"))))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(file: Path) -> set[str]:
    """Return the modules of the package that a module imports, below ``seedbed``."""
    modules = {name_of(each) for each in FILES}
    found = set()
    for imported in imports(file):
        steps = imported.split(".")
        if steps[0] == "seedbed":
            inside = [".".join(steps[1:length]) for length in range(len(steps), 1, -1)]
            found.add(next((name for name in inside if name in modules), "seedbed"))
    return found


def unit_of(module: str) -> str:
    return module.partition(".")[0]


def test_the_layers_name_every_module_and_no_other():
    assert set().union(*LAYERS) == {unit_of(name_of(file)) for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_module_imports_only_what_stands_above_it(file):
    own = unit_of(name_of(file))
    place = next(place for place, units in enumerate(LAYERS) if own in units)
    allowed = set().union(*LAYERS[:place]) | ({own} if file.parent != PACKAGE else set())
    assert {unit_of(name) for name in own_imports(file)} - allowed == set()


@pytest.mark.parametrize("package", APART)
def test_a_package_apart_imports_nothing_of_the_rest(package):
    inside = [file for file in FILES if unit_of(name_of(file)) == package]
    used = {unit_of(name) for file in inside for name in own_imports(file)}
    assert used - {package} == SHARED.get(package, set())


@pytest.mark.parametrize("package", APART)
def test_a_package_apart_has_one_door(package):
    outside = [file for file in FILES if unit_of(name_of(file)) != package]
    used = {name: own_imports(file) for file in outside if (name := name_of(file))}
    users = {unit_of(name) for name, found in used.items() if package in map(unit_of, found)}
    assert users <= APART[package]
    through = {name for found in used.values() for name in found if unit_of(name) == package}
    assert through <= {package}


@pytest.mark.parametrize("library", DOORS)
def test_a_library_has_its_door(library):
    users = {name_of(file) for file in FILES if library in map(unit_of, imports(file))}
    assert users
    assert {user for user in users if not {user, unit_of(user)} & DOORS[library]} == set()


def test_every_library_has_a_door():
    libraries = {unit_of(imported) for file in FILES for imported in imports(file)}
    assert libraries - set(sys.stdlib_module_names) - {"seedbed"} == set(DOORS)


def test_the_parser_is_built_in_one_place():
    builders = {name_of(file) for file in FILES if "markdown_it.MarkdownIt" in imports(file)}
    assert builders == {"dialect"}


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_module_is_named_after_its_subject(file):
    words = {"common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}
    assert words.isdisjoint(name_of(file).replace("_", ".").split("."))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_module_is_no_longer_than_one_subject(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 450


def test_every_code_says_what_it_means():
    tree = ast.parse((PACKAGE / "diagnostics.py").read_text(encoding="utf-8"))
    body = next(
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Code"
    ).body
    explained = [
        node.targets[0].id
        for node, after in itertools.pairwise(body)
        if isinstance(node, ast.Assign)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    ]
    assert explained == [code.name for code in Code]
