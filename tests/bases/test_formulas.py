"""Formulas: what a cell shows for each operator, type and function, and what is refused.

Tables in ``formulas/*.yml``; each row is a formula with what its cell ``shows`` or how it is ``refused``. The
formulas are those of Obsidian's help where it has any.
"""

import html
import json
import re
from pathlib import Path

import pytest
import yaml
from base_files import file, shown

TABLES = sorted((Path(__file__).parent / "formulas").glob("*.yml"))
ROWS = [
    pytest.param(row, id=f"{table.stem}: {row['formula']}")
    for table in TABLES
    for row in yaml.safe_load(table.read_text(encoding="utf-8"))
]
DUNE = file(
    "books/Dune.md",
    yaml.safe_load(
        """
        price: 12.5
        quantity: 4
        status: done
        empty: ""
        author: "[[Frank Herbert]]"
        authors: ["[[Frank Herbert]]", "[[Nobody|someone]]"]
        bare: [[Frank Herbert]]
        published: 1965-08-01
        read: 2025-05-31T08:15:00
        due: "2025-06-03"
        owned: true
        tags: [novel, area/desert]
        my-rating: 5
        nested: {first: {second: deep}, List: [1, [2, 3]]}
        """
    ),
    tags=["novel", "area/desert"],
    links=["people/Frank Herbert.md", "cover.png"],
    embeds=["cover.png"],
    backlinks=["Reading list.md"],
    aliases=["The first one"],
)
HERBERT = file("people/Frank Herbert.md", {"born": 1920, "icon": "pen"}, links=["books/Dune.md"])
READING_LIST = file("Reading list.md", {"year": 2025}, links=["books/Dune.md"], tags=["list"])
FILES = (DUNE, HERBERT, READING_LIST, file("cover.png"))


def outcome(formula):
    """Return what a cell with ``formula`` shows, and the messages about it."""
    source = (
        "filters: file.name == 'Dune.md'\n"
        f"formulas:\n  x: {json.dumps(formula)}\n"
        "  double: price * 2\n"
        "views:\n  - type: table\n    order: [formula.x]\n"
    )
    written, problems = shown(source, FILES, this=READING_LIST)
    cell = re.search(r"<td[^>]*>(.*?)</td>", written, re.DOTALL)
    return cell[1], [problem.message for problem in problems]


@pytest.mark.parametrize("row", ROWS)
def test_a_formula_shows(row):
    cell, messages = outcome(row["formula"])
    if "refused" in row:
        assert messages == [f'formula "x": {row["refused"]}']
        assert (
            cell
            == f'<span class="seedbed-base__error" title="{html.escape(row["refused"])}">error</span>'
        )
    else:
        assert (cell, messages) == (row["shows"], row.get("says", []))
