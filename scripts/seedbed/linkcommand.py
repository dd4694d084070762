"""``seedbed link``: unlinked mentions shown as a diff, asked about, and made into links."""

from __future__ import annotations

import argparse
import itertools
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from seedbed import linking
from seedbed.host import SetupError
from seedbed.index import Index
from seedbed.linking import NotLinkedError, Offer
from seedbed.site import Ground, Site, SiteSettings
from seedbed.text import NotePath

_MOST_LISTED = 20
"""Notes that are listed when none is named."""
_BESIDE = 60
"""Characters that are shown beside a mention."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_QUESTION = "Link it? y yes, n no, a all from here, q no more: "
_RED, _GREEN, _BOLD = "31", "32", "1"


def _numbers(written: str) -> tuple[int, ...]:
    """Return the numbers of ``1,3,5-7``. Raises ArgumentTypeError."""
    found: list[int] = []
    for part in written.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or len(part) > 12:  # noqa: PLR2004 -- two numbers
            raise argparse.ArgumentTypeError(f"must be numbers such as 1,3,5-7, got {written!r}")
        found.extend(range(int(first), min(int(last or first), int(first) + 9_999) + 1))
    return tuple(found)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what ``seedbed link`` can be told."""
    command.add_argument(
        "note", nargs="?", metavar="NOTE", help="the note that is mentioned (default: list them)"
    )
    which = command.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="make every mention a link")
    which.add_argument(
        "--only", type=_numbers, default=(), metavar="1,3", help="make these mentions links"
    )
    command.add_argument(
        "--first",
        action="store_true",
        help="take only the first mention of each note that has no link yet",
    )
    command.add_argument("--dry-run", action="store_true", help="change nothing")


def run(
    given: argparse.Namespace,
    root: Path,
    settings: SiteSettings,
    note_of: Callable[[Index], NotePath],
) -> None:
    """List what is mentioned, or make mentions links. Raises SetupError if a file could not be changed."""
    site = Site(root, settings)
    try:
        ground = site.ground
        if given.note is None:
            _list_most_mentioned(ground)
            return
        target = note_of(ground.index)
        found = linking.offers(target, ground.index, ground.mentions)
    finally:
        site.close()  # nobody shall wait for whoever is asked
    if given.first:
        found = linking.firsts(found, target, ground.index)
    if not found:
        print(f'no other note mentions "{_safe(target)}" without a link', file=sys.stderr)
        return
    chosen = _chosen(found, given)
    if chosen:
        _write(chosen, root, ground.index)


def _list_most_mentioned(ground: Ground) -> None:
    """Print the notes that are mentioned most, with the number of times."""
    counted = sorted(
        ((sum(each.times for each in said), path) for path, said in ground.mentions.of.items()),
        key=lambda each: (-each[0], each[1]),
    )
    shown = [each for each in counted if each[0]][:_MOST_LISTED]
    if not shown:
        print("no note is mentioned without a link", file=sys.stderr)
        return
    width = len(str(shown[0][0]))
    for times, path in shown:
        print(f"{times:>{width}}  {_safe(path)}")
    more = sum(1 for each in counted if each[0]) - len(shown)
    also = f"; {_counted(more, 'note')} more" if more else ""
    print(f"to see the mentions of one: seedbed link NOTE{also}", file=sys.stderr)


def _chosen(found: list[Offer], given: argparse.Namespace) -> list[Offer]:
    """Show ``found`` mentions, and return those that shall be links."""
    asks = not (given.all or given.only or given.dry_run)
    if asks and sys.stdin.isatty() and sys.stdout.isatty():
        return _asked(found)
    unknown = [number for number in given.only if not 1 <= number <= len(found)]
    if unknown:
        raise SetupError(f"there is no mention {unknown[0]}: they are 1 to {len(found)}")
    wanted = frozenset(given.only) or range(1, len(found) + 1)
    chosen = [(at, each) for at, each in enumerate(found, 1) if at in wanted]
    for number, offer in chosen:
        _show(number, offer)
    if asks:
        print("to make them links: --all, or --only with numbers", file=sys.stderr)
    return [] if asks or given.dry_run else [offer for _, offer in chosen]


def _write(chosen: list[Offer], root: Path, index: Index) -> None:
    count, trouble = Counter[NotePath](), []
    for path, group in itertools.groupby(chosen, key=lambda each: each.path):
        links = list(group)
        try:
            linking.write(Path(root, path), index.vault.digest(path), links)
        except NotLinkedError as error:
            trouble.append(str(error))
        else:
            count[path] = len(links)
    print(f"{_counted(count.total(), 'link')} in {_counted(len(count), 'note')}", file=sys.stderr)
    if trouble:
        raise SetupError("; ".join(trouble))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _asked(found: Sequence[Offer]) -> list[Offer]:
    """Return those of ``found`` that whoever sits at the terminal wants."""
    wanted: list[Offer] = []
    for number, offer in enumerate(found, 1):
        _show(number, offer)
        answer = _answer()
        if answer == "q":
            break
        if answer == "a":
            return [*wanted, *found[number - 1 :]]
        if answer == "y":
            wanted.append(offer)
    return wanted


def _answer() -> str:
    while True:
        try:
            answer = input(_QUESTION).strip().lower()[:1]
        except EOFError:
            return "q"
        if answer in {"y", "n", "a", "q"}:
            return answer


def _show(number: int, offer: Offer) -> None:
    """Print where a mention stands, and its line as it is and as it would be."""
    start = offer.column - 1
    before, behind = offer.text[:start], offer.text[start + len(offer.words) :]
    lead = before if len(before) <= _BESIDE else f"… {before[-_BESIDE:].partition(' ')[2]}"
    rest = behind if len(behind) <= _BESIDE else f"{behind[:_BESIDE].rpartition(' ')[0]} …"
    print(_coloured(f"[{number}] {offer.path}:{offer.line}:{offer.column}", _BOLD))
    for sign, words, colour in (("-", offer.words, _RED), ("+", offer.link, _GREEN)):
        print(f"{_coloured(sign, colour)} {_safe(lead)}{_coloured(words, colour)}{_safe(rest)}")


def _coloured(words: str, colour: str) -> str:
    is_shown = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return f"\x1b[{colour}m{_safe(words)}\x1b[0m" if is_shown else _safe(words)


def _safe(words: str) -> str:
    """Return ``words`` without what a terminal would obey."""
    return _CONTROLS.sub(" ", words)
