"""Golden cases of canvases: the file, what is read of it and wrong with it, and its HTML.

A case is one file, ``cases/<sentence>.yml``; ``pytest --golden`` writes what comes out into the files, to be
reviewed as a diff. The canvas is given as text where its spelling matters.
"""

from pathlib import Path

import pytest
import yaml
from canvas_writers import canvas_of, html_of
from markup import faults

from seedbed.diagnostics import describe

CASES = Path(__file__).parent / "cases"
FILES = sorted(CASES.glob("*.yml"))


class Dumper(yaml.SafeDumper):
    """Writes texts of several lines as block scalars."""


Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def outcome(case):
    """Return ``case`` with everything that comes out of its canvas."""
    canvas = canvas_of(case["canvas"])
    links = [
        ("!" if ref.embed else "") + ref.target + (f"#{ref.fragment}" if ref.fragment else "")
        for ref in canvas.refs
    ]
    diagnostics = [describe(found) for found in canvas.diagnostics]
    got = {"links": links, "diagnostics": diagnostics, "html": html_of(case["canvas"])}
    return {"canvas": case["canvas"]} | {key: value for key, value in got.items() if value}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_canvas_gives_its_board_and_diagnostics(file, request):
    case = yaml.safe_load(file.read_text(encoding="utf-8"))
    got = outcome(case)
    if request.config.getoption("--golden"):
        written = yaml.dump(got, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
        file.write_text(written, encoding="utf-8", newline="\n")
    else:
        assert case == got
    assert faults(got["html"]) == []


def test_a_prefix_stands_before_every_id():
    source = '{"nodes":[{"id":"a","type":"text","text":"t","x":0,"y":0,"width":9,"height":9}]}'
    once, again = html_of(source, "one-"), html_of(source, "two-")
    assert faults(once + again) == []
    assert once.replace("one-", "two-") == again
