"""Golden cases: small vaults, the HTML of their notes, and what is diagnosed.

A case is one file, ``cases/<feature>/<sentence>.yml``; ``pytest --golden`` writes what comes out into the files,
to be reviewed as a diff. ``pages`` holds articles, ``whole`` pages with what stands around the article, ``lists`` by
address those about the vault. Formulas are shown as their TeX between dollars and icons without their paths, since how
these look is no concern of the cases.
"""

import re
from pathlib import Path

import pytest
import yaml
from markup import faults
from vaults import articles_of, chart_of, diagnostics_of, index_of, write_vault

from seedbed.diagnostics import describe
from seedbed.pages import further_pages, note_page

CASES = Path(__file__).parent / "cases"
FILES = sorted(CASES.rglob("*.yml"))
FORMULA = re.compile(
    r"<math( display=\"block\")?.*?<annotation[^>]*>(.*?)</annotation>.*?</math>", re.DOTALL
)

ICON = re.compile(
    r'(?<=<span class="twemoji" aria-hidden="true">)<svg.*?</svg>|<svg class="seedbed-stage".*?</svg>',
    re.DOTALL,
)

PICTURE = re.compile(r'<nav class="seedbed-around".*?</nav>\n', re.DOTALL)


class Dumper(yaml.SafeDumper):
    """Writes texts of several lines as block scalars."""


def represent_text(dumper, text):
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    )


Dumper.add_representer(str, represent_text)


def shown(html, *, with_pictures):
    """Return ``html`` without what is no concern of a case; most are not about the picture of links."""
    html = ICON.sub("<svg></svg>", FORMULA.sub(with_dollars, html))
    return html if with_pictures else PICTURE.sub("", html)


def outcome(case, root):
    """Return ``case`` with its pages and diagnostics as they come out."""
    write_vault(root, case["notes"] | case.get("files", {}), case.get("settings"))
    index = index_of(root)
    articles = articles_of(index)
    notes = index.vault.notes
    further = {
        page.uri: page.html for page in further_pages(index, "Notes", lambda: chart_of(index))
    }
    got = {
        "pages": {path: articles[path].html for path in case.get("pages") or ()},
        "whole": {
            path: note_page(notes[path], articles[path], index).html
            for path in case.get("whole") or ()
        },
        "lists": {uri: further.get(uri) for uri in case.get("lists") or ()},
        "diagnostics": [describe(found) for found in diagnostics_of(index)],
    }
    for kind in ("pages", "whole", "lists"):
        got[kind] = {
            path: html and shown(html, with_pictures=case.get("pictures"))
            for path, html in got[kind].items()
        }
    given = {key: value for key, value in case.items() if key not in got}
    return given | {key: value for key, value in got.items() if value}


def with_dollars(formula):
    dollars = "$$" if formula[1] else "$"
    return f"{dollars}{formula[2]}{dollars}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_vault_gives_its_pages_and_diagnostics(file, tmp_path, request):
    case = yaml.safe_load(file.read_text(encoding="utf-8"))
    got = outcome(case, tmp_path)
    if request.config.getoption("--golden"):
        written = yaml.dump(got, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
        file.write_text(written, encoding="utf-8", newline="\n")
    else:
        assert case == got
    for kind in ("pages", "whole", "lists"):
        assert [faults(html) for html in got.get(kind, {}).values() if html and faults(html)] == []
