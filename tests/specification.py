"""The examples of the CommonMark and GFM specifications, out of the source archive that set-up fetches."""

import functools
import re
import tarfile
from dataclasses import dataclass

import pytest

from bootstrap import ROOT, Environment

TEXTS = {"commonmark": ("0.31.2", 652), "gfm": ("0.29", 672)}
"""Version and number of examples by the name of the text."""
_EXAMPLE = re.compile(
    r"^`{32} example(?: (?P<label>\w+))?\n(?P<markdown>.*?)^\.\n(?P<html>.*?)^`{32}$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Example:
    """One example: what is written, and the HTML it stands for."""

    number: int
    label: str | None
    """The extension it shows, as the specification calls it."""
    markdown: str
    html: str


@functools.cache
def examples(name):
    """Return the examples of the specification ``name``; fails if they are not there, or not those that are meant."""
    text = _text(name)
    version = re.search(r"^version: '?([\d.]+)", text, re.MULTILINE)[1]
    found = tuple(
        Example(number, match["label"], _with_tabs(match["markdown"]), _with_tabs(match["html"]))
        for number, match in enumerate(_EXAMPLE.finditer(text), start=1)
    )
    assert (version, len(found)) == TEXTS[name]
    return found


def _text(name):
    archives = sorted(Environment(ROOT).sources.glob("marko-*.tar.gz"))
    if len(archives) != 1:
        pytest.fail(
            f"{Environment(ROOT).sources} holds no archive with the specifications;"
            " python3 scripts/test.py fetches it (if it says that nothing is to be set up, remove .venv before)"
        )
    with tarfile.open(archives[0]) as archive:
        member = next(each for each in archive if each.name.endswith(f"/tests/spec/{name}.txt"))
        return archive.extractfile(member).read().decode("utf-8")


def _with_tabs(text):
    return text.replace("→", "\t")
