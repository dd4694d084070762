"""What an earlier build left changes no byte: after any edits, a warm site is the one that a clean build makes."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vaults import write_vault

from seedbed.folder import SiteFolder, now_on_disk
from seedbed.output import HandWrittenPart, Output
from seedbed.site import Site, SiteSettings

NAMES = ("A", "B", "Über uns", "area/A", "area/C d", "area/index", "area/deep/E", "index")
PIECES = (
    "plain words",
    "Über uns and New title are named. The alias too.",
    "C d is named, [[A]] linked, index not; `Über uns`",
    "New *title*, ÜBER UNS\nand Nobody.",
    "[[A]]",
    "[[B|label]] and [[area/A#Part]]",
    "[[Nobody]] [[nobody]]",
    "[[Alias]] [text](B.md#Part)",
    "Before. Some [[A]] behind $x$. More.",
    "Before. Other [[A]] behind it. More.",
    "![[A]]",
    "![[B#Part]]",
    "![[C d#^block]]",
    "![[leaf.png]] [[leaf.png]]",
    "![[Board.canvas]] [[Board.canvas]]",
    "![[Rows.base]]",
    "```base\nfilters: file.hasTag('wet')\nviews: [{type: table, name: T}]\n```",
    "```base\nformulas: {age: 'now()'}\nviews: [{type: list, name: L, order: [formula.age]}]\n```",
    "#wet #wet/soil",
    "#hub",
    "#sapling",
    "word " * 120,
    "fern moss peat " * 3,
    "moss peat fern reed " * 3,
    "fern moss",
    "# Heading",
    "## Part\n\ntext",
    "## Part *two*",
    "line ^block",
    "$a+b$ and $$\\frac{\\alpha}{2}$$",
    "$\\nope",
    "```mermaid\ngraph LR\n A --> B\n class A internal-link\n```",
    "key:: value [[B]]",
    "<a href='A.md'>raw</a>",
    "[^1] text\n\n[^1]: note",
    "```figure\nkind: nothing\n```",
    "%% hidden [[B]] %%",
)
PROPERTIES = (
    "title: New title",
    "title: Other",
    "aliases: [Alias]",
    "aliases: [Nobody, old/place]",
    "tags: [wet, dry]",
    "upstream: '[[A]]'",
    "upstream: '[[B]]'",
    "publish: false",
    "permalink: some/where",
    "permalink: a/",
    "description: About *it*",
    "image: leaf.png",
    "cssclasses: [wide]",
    "show-properties: true",
    "rating: 3",
    "created: 2019-05-03",
    "modified: 2024-05-03",
    "maturity: seed",
    "status: evergreen",
)
TEXTS = st.builds(
    lambda header, lines: (
        ("---\n" + "\n".join(header) + "\n---\n" if header else "") + "\n\n".join(lines) + "\n"
    ),
    st.lists(st.sampled_from(PROPERTIES), max_size=3, unique_by=lambda each: each.split(":")[0]),
    st.lists(st.sampled_from(PIECES), max_size=5),
)
NOTES = st.sampled_from([f"{name}.md" for name in NAMES])
BOARDS = st.sampled_from(
    (
        '{"nodes": [{"id": "1", "type": "text", "text": "[[A]] #wet $x$", "x": 0, "y": 0, "width": 9, "height": 9}]}',
        '{"nodes": [{"id": "1", "type": "file", "file": "B.md", "x": 0, "y": 0, "width": 9, "height": 9}]}',
        "{",
    )
)
ROWS = st.sampled_from(
    (
        "views: [{type: table, name: All, order: [file.name, rating, file.backlinks]}]",
        "views: [{type: cards, name: Pictures, image: image}]",
        "views: [{type: list, name: Old, order: [file.mtime]}]",
    )
)
EDITS = st.one_of(
    st.tuples(st.just("write"), NOTES, TEXTS),
    st.tuples(st.just("write"), NOTES, TEXTS),
    st.tuples(st.just("rename"), NOTES, NOTES),
    st.tuples(st.just("touch"), NOTES, st.integers(1, 3)),
    st.tuples(st.just("commit"), st.just("."), st.integers(1, 3)),
    st.tuples(st.just("delete"), NOTES),
    st.tuples(st.just("write"), st.just("Board.canvas"), BOARDS),
    st.tuples(st.just("write"), st.just("Rows.base"), ROWS),
    st.tuples(st.just("write"), st.sampled_from(("leaf.png", "area/leaf.png")), st.just("x")),
    st.tuples(st.just("delete"), st.sampled_from(("leaf.png", "Board.canvas", "Rows.base"))),
    st.tuples(
        st.just("write"),
        st.just(".obsidian/app.json"),
        st.sampled_from(('{"strictLineBreaks": true}', '{"userIgnoreFilters": ["area/"]}', "{}")),
    ),
)
STEPS = st.lists(
    st.tuples(st.lists(EDITS, min_size=1, max_size=3), st.booleans()), min_size=1, max_size=4
)
VAULTS = st.dictionaries(NOTES, TEXTS, min_size=1, max_size=6)


def edit(root, kind, path, what=None):
    """Do one edit, as far as it can be done."""
    file = root / path
    if kind == "write":
        write_vault(root, {path: what})
    elif kind == "delete":
        file.unlink(missing_ok=True)
    elif kind == "commit":
        commit(root, f"2020-01-0{what}T12:00:00+00:00")
    elif kind == "touch":
        if file.exists():
            os.utime(file, (what * 86400, what * 86400))
    elif file.exists():
        (root / what).parent.mkdir(parents=True, exist_ok=True)
        file.replace(root / what)


def commit(root, at):
    """Commit all of the vault, as of a day."""
    own = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at, "GIT_CONFIG_GLOBAL": os.devnull}
    who = ("-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "gc.auto=0")
    git = ["git", "-C", str(root), *who]
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "--allow-empty", "-m", "x")):
        subprocess.run([*git, *words], check=True, env={**os.environ, **own})


def shown(page, around):
    """Put something around a page that shows all there is of it."""
    return repr((around, replace(page, html=""), page.html)).encode()


def build(root, target, cache, last=None, around="theme"):
    """Build the vault at ``root`` into ``target``, and return the site."""
    site = Site(root, SiteSettings(name="Garden", cache=cache, jobs=1), last=last)
    folder = SiteFolder(target, site.store)
    output = Output(folder, partial(shown, around=around), around, "en", cache)
    output.write(site, HandWrittenPart(), now_on_disk(target))
    site.store.commit()
    return site


def content(folder):
    """Return every file below ``folder``, by path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def told(site):
    """Return what a host asks of a site beside its files."""
    stock = site.inventory
    return stock.diagnostics, stock.hubs, stock.home, site.hubs, site.uris


def assert_like_clean(root, warm, site, scratch):
    clean = scratch / "clean"
    fresh = build(root, clean, None)
    try:
        assert content(warm) == content(clean)
        assert told(site) == told(fresh)
    finally:
        fresh.close()
        shutil.rmtree(clean)


@pytest.fixture(autouse=True)
def _at_one_time(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@contextmanager
def folders():
    """Yield a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.timeout(600)
@settings(
    max_examples=int(os.environ.get("EDIT_SEQUENCES", "100")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(vault=VAULTS, steps=STEPS)
def test_after_any_edits_a_warm_site_is_a_clean_one(vault, steps):
    with folders() as scratch:
        root, warm, cache = scratch / "vault", scratch / "warm", scratch / "cache"
        write_vault(root, vault)
        site = build(root, warm, cache)
        for edits, stays in steps:
            for each in edits:
                edit(root, *each)
            if not stays:  # another process, another day
                site.close()
                site = None
            site = build(root, warm, cache, site)
            assert_like_clean(root, warm, site, scratch)
        site.close()


def test_an_edit_of_a_text_reaches_notes_that_it_makes_like_it(tmp_path):
    root, warm, cache = (tmp_path / name for name in ("vault", "warm", "cache"))
    write_vault(root, {"A.md": "fern moss peat " * 3, "B.md": "plain words", "C.md": "none"})
    before = build(root, warm, cache)
    write_vault(root, {"B.md": "plain words " + "fern moss peat " * 3})
    site = build(root, warm, cache, before)
    assert_like_clean(root, warm, site, tmp_path)
    assert "both speak of" in (warm / "a" / "index.html").read_text("utf-8")
    site.close()
