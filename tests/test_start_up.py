"""A build loads what its vault needs: what is left out here takes longer to load than a small vault to build."""

import subprocess
import sys

import pytest
from vaults import write_vault

from seedbed.host import DEFAULT_CONFIG

NEEDED_BY = {
    "canvases": {"seedbed.canvas.board", "seedbed.canvas.reading"},
    "bases": {"regex", "seedbed.bases.evaluation", "seedbed.bases.reading"},
    "diagrams": {"merman", "seedbed.diagrams"},
    "figures": {"matplotlib", "numpy", "seedbed.figures"},
    "formulas": {"math_core", "seedbed.tex"},
    "icons of hand-written pages": {"material.extensions.emoji"},
    "a font that is not in the cache": {"fontTools"},
    "a terminal": {"rich"},
    "a map of other links": {
        *("graspologic_native", "numpy", "seedbed.vaultmap.communities", "seedbed.vaultmap.layout"),
    },
}
PROGRAM = """
import sys
from seedbed.cli import main
code = main(["build", "--quiet"])
print(*sys.modules, sep="\\n")
sys.exit(code)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The modules that a second build of a plain vault loads."""
    root = tmp_path_factory.mktemp("garden")
    write_vault(root / "notes", {"He.md": "# He\n\nSee [[Xavier]].\n", "Xavier.md": "# Xavier\n"})
    write_vault(root / "docs", {"about.md": "# About\n"})
    configuration = "plugins:\n  seedbed:\n    search: false\n"
    write_vault(root, {"mkdocs.yml": f"INHERIT: {DEFAULT_CONFIG}\n{configuration}"})
    command = [sys.executable, "-c", PROGRAM]
    for _ in range(2):
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("what", NEEDED_BY)
def test_a_build_of_plain_notes_does_without_what_is_needed_by(what, loaded):
    assert NEEDED_BY[what] & loaded == set()


@pytest.mark.parametrize("what", ["seedbed.plugin", "seedbed.note", "jinja2"])
def test_modules_that_every_build_needs_are_counted(what, loaded):
    assert what in loaded
