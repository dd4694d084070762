"""The guide names every function, field and summary that there is, and no other."""

import re
from pathlib import Path

from seedbed.bases.functions import DATE_FIELDS, FILE_FIELDS, GLOBAL, METHODS
from seedbed.bases.functions.anything import ANY
from seedbed.bases.functions.texts import TEXT
from seedbed.bases.summaries import BUILT_IN

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "bases.md").read_text(encoding="utf-8")
ROWS = {
    "nothing": {*GLOBAL, "if", "random"},
    "any value": {*ANY},
    "dates": {*METHODS["date"], *(f".{name}" for name in DATE_FIELDS)},
    "texts": {*TEXT, ".length"},
    "numbers": {*METHODS["number"]},
    "lists": {*METHODS["list"], "filter", "map", "reduce", ".length"},
    "links": {*METHODS["link"].keys() - TEXT.keys()},
    "files": {*METHODS["file"], *(f".{name}" for name in FILE_FIELDS)},
    "objects": {*METHODS["object"]},
}


def test_the_guide_lists_the_functions_of_every_type():
    listed = {
        row[1]: set(re.findall(r"`([^`]+)`", row[2]))
        for row in re.finditer(r"^\| ([a-z ]+) \| (`.*) \|$", GUIDE, re.MULTILINE)
        if row[1] in ROWS
    }
    assert listed == {
        kind: names - ({"isEmpty"} if kind != "any value" else set())
        for kind, names in ROWS.items()
    }


def test_the_guide_lists_the_summaries():
    listed = re.search(r"The summaries (.*?) are there", GUIDE, re.DOTALL)[1]
    assert re.findall(r"`(\w+)`", listed) == list(BUILT_IN)
