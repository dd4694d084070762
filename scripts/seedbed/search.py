"""The search index over the pages of a site.

Documents become an index that Pagefind's library searches in the browser: readers download the few pieces of it that
a query touches, so what a search costs them does not grow with the vault. Works from static files, offline.

Pagefind holds all documents of an index in memory. So a large site has its index in shards, each made by a process
of its own: the first in the folder of the index itself, the others in folders inside it, all listed in ``shards.json``,
which the site's script reads when a reader first searches. A page belongs to the shard that its address says, which
other pages cannot change; a shard whose documents are those of the last build is taken over.
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from seedbed.filterorder import in_order
from seedbed.pagefinding import SearchError, Stop, StoppedError, running
from seedbed.text import PageUri

__all__ = [
    "NO_TRAITS",
    "Document",
    "SearchError",
    "Stop",
    "StoppedError",
    "Traits",
    "document",
    "write_index",
]

LIST = "shards.json"
"""File in the folder of an index that lists its shards."""
MOST = 1300
"""Pages that a shard holds, more or less."""
_MOST_SHARDS = 8
"""Before it searches, a browser loads two files a shard."""
_IGNORED = (
    *(".headerlink", ".footnote-ref", ".footnote-backref", "annotation"),
    *(".seedbed-header", ".seedbed-figure__numbers"),
)
"""What stands in an article but is no text of its note."""
_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_PLAIN_TAGS = (
    "a|b|code|del|em|i|s|span|strong|u|math|semantics|m(?:i|n|o|s|text|space|row|frac|sqrt|root|style|padded|phantom"
    "|enclose|error|sub|sup|subsup|under|over|underover|multiscripts|prescripts|table|tr|td)"
)
_EMPTY_TO_SEARCH = re.compile(
    "<(?:annotation[^>]*>.*?</annotation>"
    '|a class="headerlink"[^>]*>.*?</a>'
    rf"|/?(?:{_PLAIN_TAGS})(?=[\s/>]){_ATTRIBUTES}>)",
    re.DOTALL,
)
"""Tags that make no difference to what is found, and elements whose text is ignored."""
_MEANT_FOR_SEARCH = re.compile("data-pagefind|footnote-")
"""May stand in one of these tags, and then makes a difference."""
_SEGMENTED = ("zh", "ja", "th")
"""Languages of which Pagefind finds the words itself."""
_LETTERS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = re.compile(f"[{_LETTERS}]")
_TAG_OR_UNSPACED = re.compile(f"<[^>]*>|[{_LETTERS}]+")
_UNUSED = ("pagefind-component-ui", "pagefind-highlight", "pagefind-modular-ui", "pagefind-ui")
"""How the names of files begin that only Pagefind's own dialogs need."""
_LIBRARY = (*_UNUSED, "pagefind.js", "pagefind-worker.js", "wasm.")
"""The same for what a browser loads once, from the first shard."""


@dataclass(frozen=True, slots=True)
class Document:
    """One page that can be found."""

    uri: PageUri
    """Its address relative to the site, not percent-encoded."""
    digest: str
    """Of everything that `html` depends on: documents with one digest are the same."""
    html: Callable[[], str]
    """Return a whole page, with ``data-pagefind-body`` on what can be found; called in any thread, one at a time."""


@dataclass(frozen=True, slots=True)
class _Shard:
    """Documents that are indexed together, by address."""

    folder: str
    """Where it stands in the folder of the index: ``""`` for the first, or a name with a slash behind."""
    documents: tuple[Document, ...]

    def key(self) -> str:
        """Return a digest of everything that the files of the shard depend on."""
        parts = [version("pagefind"), repr(_IGNORED), "" if self.folder else "first"]
        for each in self.documents:
            parts += (each.uri, each.digest)
        return _digest(json.dumps(parts).encode())


@dataclass(frozen=True, slots=True)
class Traits:
    """What a page is found by, or shown with when it is found, that does not stand in its text."""

    aliases: tuple[str, ...] = ()
    """Its other names."""
    tags: tuple[str, ...] = ()
    upstream: str = ""
    """The title of the note above it."""


NO_TRAITS = Traits()


def document(title: str, body: str, language: str, traits: Traits = NO_TRAITS) -> str:
    """Return a page with nothing but ``title``, a text, and the HTML of ``body``, in a language such as ``en``.

    Tags that Pagefind would read for nothing, which are half of many bodies, are left out.
    """
    if not _MEANT_FOR_SEARCH.search(body):
        body = _EMPTY_TO_SEARCH.sub("", body)
    text = body + _told(traits)
    if not language.lower().startswith(_SEGMENTED) and _UNSPACED.search(text):
        text = _TAG_OR_UNSPACED.sub(_spaced, text)
    return (
        f'<!doctype html><html lang="{html.escape(language)}"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title></head><body data-pagefind-body>{text}</body></html>"
    )


def _told(traits: Traits) -> str:
    """Return the traits as Pagefind reads them: names that weigh as much as headings, a filter, two pieces of data."""
    parts = [f'<p data-pagefind-weight="6">{html.escape(name)}</p>' for name in traits.aliases]
    shown = {"upstream": traits.upstream, "tags": " ".join(traits.tags)}
    parts += (
        f'<data data-pagefind-meta="{name}[value]" value="{html.escape(value)}"></data>'
        for name, value in shown.items()
        if value
    )
    keys = dict.fromkeys(key for tag in traits.tags for key in _with_those_above(_as_asked(tag)))
    parts += (
        f'<data data-pagefind-filter="tag[value]" value="{html.escape(key)}"></data>'
        for key in keys
    )
    return "".join(parts)


def _as_asked(tag: str) -> str:
    """Return ``tag`` as the site's script asks for it: lower case as JavaScript knows it, in which ``ß`` stays one."""
    return unicodedata.normalize("NFC", tag).lower()


def _with_those_above(tag: str) -> Iterator[str]:
    """Yield ``tag`` and the tags that it is nested in."""
    steps = [step for step in tag.split("/") if step]
    return ("/".join(steps[:length]) for length in range(1, len(steps) + 1))


def _spaced(match: re.Match[str]) -> str:
    """Return letters of a script without spaces as words of their own, which the site's script asks for as a phrase."""
    return match[0] if match[0].startswith("<") else f" {' '.join(match[0])} "


def write_index(  # noqa: PLR0913 -- most are asked for by name, and seldom
    documents: Iterable[Document],
    target: Path,
    *,
    last: Path | None = None,
    jobs: int = 1,
    most: int = MOST,
    stop: Stop | None = None,
) -> None:
    """Make the index of ``documents`` in the folder ``target``, in place of what stands there. Raises SearchError.

    ``last`` is the index of the last build, if there is one: what has not changed is moved from there, so it must
    stand on the same disk, and is of no use afterwards. It may be ``target``; it may hold anything. At most ``jobs``
    processes work at a time. The same documents, in any order, give the same files.

    ``most`` is the number of pages above which the index is divided. With ``stop`` somebody else can end this; then it
    raises StoppedError, and ``target`` and ``last`` are untouched.
    """
    stop = stop or Stop()
    listed = _listed(last) if last else {}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".pagefind-", dir=target.parent) as scratch:
            made = Path(scratch, "index")
            made.mkdir()
            shards = [(shard, shard.key()) for shard in _divided(documents, most)]
            kept = {
                shard.folder for shard, key in shards if _holds(shard.folder, key, listed, last)
            }
            stale = [shard for shard, _ in shards if shard.folder not in kept]
            _index_all(stale, made, jobs, stop)
            if last:
                for (
                    folder
                ) in kept:  # not before the rest is there: what is stopped shall change nothing
                    _take(folder, last, made)
            _write_list(shards, made)
            if target.exists():
                target.rename(Path(scratch, "replaced"))
            made.rename(target)
    except OSError as error:
        raise SearchError(f"cannot write the search index: {error}") from error


def _divided(documents: Iterable[Document], most: int) -> list[_Shard]:
    """Return the shards of an index: one at least, and no empty one beside it."""
    ordered = sorted(documents, key=lambda each: each.uri)
    number = 1
    while number < _MOST_SHARDS and len(ordered) > number * most:
        number *= 2
    parts: list[list[Document]] = [[] for _ in range(number)]
    for each in ordered:
        place = blake2b(_encoded(each.uri), digest_size=1).digest()[0] % number
        parts[place].append(each)
    filled = [part for part in parts if part] or [[]]
    return [_Shard(f"{place}/" if place else "", tuple(part)) for place, part in enumerate(filled)]


def _listed(index: Path) -> dict[str, tuple[str, str]]:
    """Return the key and the fingerprint of each shard that ``index`` says it has, by folder; it may say anything."""
    try:
        shards = json.loads(Path(index, LIST).read_bytes())["shards"]
        return {each["folder"]: (each["key"], each["files"]) for each in shards}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _write_list(shards: Iterable[tuple[_Shard, str]], made: Path) -> None:
    listed = [
        {
            "folder": shard.folder,
            "pages": len(shard.documents),
            "key": key,
            "files": _fingerprint(made / shard.folder),
        }
        for shard, key in shards
    ]
    text = json.dumps({"shards": listed}, separators=(",", ":"))
    Path(made, LIST).write_text(text, encoding="utf-8")


def _holds(folder: str, key: str, listed: Mapping[str, tuple[str, str]], last: Path | None) -> bool:
    """Whether a shard of the last index is there, whole, and the same."""
    try:
        return last is not None and listed.get(folder) == (key, _fingerprint(last / folder))
    except OSError:
        return False


def _take(folder: str, last: Path, made: Path) -> None:
    """Move a shard from the last index to the one being made."""
    old, new = last / folder, made / folder
    new.mkdir(exist_ok=True)
    for name in _own_names(old):
        Path(old, name).rename(new / name)


def _fingerprint(folder: Path) -> str:
    """Return a digest by which it shows when a shard has lost files, or parts of them. Raises OSError.

    Of the many files in its folders, names and sizes suffice: they are named after what they hold.
    """
    parts: list[object] = []
    for name in _own_names(folder):
        path = folder / name
        if path.is_dir():
            parts.append(
                [name, sorted((each.name, each.stat().st_size) for each in os.scandir(path))]
            )
        else:
            parts.append([name, _digest(path.read_bytes())])
    return _digest(json.dumps(parts).encode())


def _own_names(folder: Path) -> list[str]:
    """Return what stands in the folder of a shard, but for the list and the folders of other shards."""
    names = (each.name for each in folder.iterdir())
    return sorted(name for name in names if name != LIST and not name.isdecimal())


def _encoded(text: str) -> bytes:
    """Return UTF-8 with a question mark for half of a surrogate pair, which authors can write in YAML."""
    return text.encode("utf-8", "replace")


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _index_all(shards: Iterable[_Shard], made: Path, jobs: int, stop: Stop) -> None:
    """Index ``shards``, ``jobs`` at a time. Of their pages no more are in memory here than are on their way."""
    one_at_a_time = threading.Lock()

    def pages(shard: _Shard) -> Iterator[tuple[PageUri, str]]:
        for each in shard.documents:
            stop.check()
            with one_at_a_time:
                page = each.html()
            yield each.uri, page

    with ThreadPoolExecutor(max(jobs, 1)) as threads:
        running = [
            threads.submit(_index, pages(shard), made / shard.folder, stop) for shard in shards
        ]
        try:
            for each in as_completed(running):
                each.result()
        except BaseException:
            # The threads would be waited for.
            threads.shutdown(wait=False, cancel_futures=True)
            stop.kill()
            raise


def _in_order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    try:
        return in_order(files)
    except ValueError as error:
        raise SearchError(f"Pagefind wrote an index of another form: {error}") from error


def _index(pages: Iterable[tuple[PageUri, str]], folder: Path, stop: Stop) -> None:
    """Have one process of Pagefind index ``pages`` into ``folder``, in this order, on which the files depend."""
    folder.mkdir(exist_ok=True)
    unused = _LIBRARY if folder.name.isdecimal() else _UNUSED
    with running(folder, stop) as ask:
        ask("NewIndex", config={"exclude_selectors": _IGNORED})
        ask.all(
            {
                "type": "AddFile",
                "index_id": 0,
                "url": f"/{quote(_encoded(uri))}",
                "file_contents": _encoded(text).decode(),
            }
            for uri, text in pages
        )
        # Files that it writes itself may not be whole when it says so.
        files = ask("GetFiles", index_id=0)["files"]
        made = {file["path"]: base64.b64decode(file["content"]) for file in files}
        for name, content in _in_order(made).items():
            path = folder / name
            if not path.name.startswith(unused):
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
