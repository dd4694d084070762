"""Views: the HTML of tables, cards and lists, and what is diagnosed, as golden cases.

A case is one file of ``cases``: a base, the properties of some notes, the view that is asked for, and what comes out.
``pytest --golden`` writes what comes out into the files, to be reviewed as a diff.
"""

from pathlib import Path

import pytest
import yaml
from base_files import file, shown

from seedbed.diagnostics import describe

CASES = sorted((Path(__file__).parent / "cases").glob("*.yml"))


class Dumper(yaml.SafeDumper):
    """Writes texts of several lines as block scalars."""


def represent_text(dumper, text):
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    )


Dumper.add_representer(str, represent_text)


def outcome(case):
    """Return ``case`` with its HTML and its diagnostics as they come out."""
    files = [
        file(
            path, note.get("properties"), **{key: note[key] for key in note if key != "properties"}
        )
        for path, note in ((path, note or {}) for path, note in case["files"].items())
    ]
    this = next((each for each in files if each.path == case.get("this")), None)
    written, problems = shown(case["base"], files, case.get("view"), this)
    given = {key: case[key] for key in ("base", "files", "view", "this") if key in case}
    diagnostics = {"diagnostics": [describe(each) for each in problems]} if problems else {}
    return given | {"html": written} | diagnostics


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_base_shows_its_view(path, request):
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    got = outcome(case)
    if request.config.getoption("--golden"):
        written = yaml.dump(got, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
        path.write_text(written, encoding="utf-8", newline="\n")
    assert got == case
