"""What the map costs: its layout when it is built, its page when it is opened, its frames while it is moved.

Builds a made-up vault, adds notes to its links one at a time to see how far the others move, and opens the page in a
headless Chromium. Run as ``python -m benchmarks.maps [NOTES]``, in ``scripts/``.
"""

from __future__ import annotations

import gzip
import itertools
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, Page

from benchmarks import browser, downloads, vaults
from seedbed.text import NotePath
from seedbed.vaultmap import SIDE, Links
from seedbed.vaultmap.communities import communities
from seedbed.vaultmap.layout import places

_NOTES = 10_000
_ADDED = 5
"""Notes that are added, each to the vault as it was, and links of each."""
_OPENED = 5
_SECONDS = 3.0
"""For which the map is moved."""
_DRAWN = "document.querySelector('.seedbed-map canvas')?.dataset.drawn === 'true'"
_CLOCK = f"""
(function look() {{
  if ({_DRAWN}) window.drawnAt = performance.now();
  else requestAnimationFrame(look);
}})();
"""
_FRAMES = """
() => {
  window.frames_ = [];
  (function next() { frames_.push(performance.now()); requestAnimationFrame(next); })();
}
"""


def main(arguments: Sequence[str]) -> int:
    """Measure the map of a vault of as many notes as ``arguments`` say, and print what was found."""
    notes = int(arguments[0]) if arguments else _NOTES
    with tempfile.TemporaryDirectory(prefix="seedbed-map-") as folder:
        vault, site = Path(folder, "vault"), Path(folder, "site")
        vaults.write_vault(vault, notes)
        command = [sys.executable, "-m", "seedbed.cli", "build", "--quiet"]
        subprocess.run([*command, "--notes", vault, "--site-dir", site], check=True, cwd=folder)
        links = _links(site)
        _say("notes and links", f"{len(links.paths):,} and {len(links.pairs):,}")
        for name, seconds in _laid_out(links):
            _say(name, f"{seconds:.2f} s")
        moved = [_moved(links, seed) for seed in range(_ADDED)]
        _say(
            "others move, one note added",
            f"{statistics.median(moved):.2%} of the width, at most {max(moved):.2%}",
        )
        page = site.joinpath("map", "index.html").read_bytes()
        data = page.partition(b'id="seedbed-map">')[2].partition(b"</script>")[0]
        _say("page, gzip", f"{len(gzip.compress(page, 6)) / 1000:.0f} kB")
        _say("of it places and links", f"{len(gzip.compress(data, 6)) / 1000:.0f} kB")
        with browser.opened() as chromium, downloads.served(site) as (address, _):
            for line in _opened(chromium, f"{address}map/") if chromium else ():
                _say(*line)
    return 0


def _links(site: Path) -> Links:
    """Return the links of a vault, from what its site says of them."""
    entries = json.loads(site.joinpath("notes.json").read_text(encoding="utf-8"))
    known = {entry["path"] for entry in entries}
    return Links.of(
        {
            NotePath(entry["path"]): [NotePath(path) for path in entry["links"] if path in known]
            for entry in entries
        }
    )


def _laid_out(links: Links) -> Iterator[tuple[str, float]]:
    for name, step in (
        ("places", lambda: places(links, SIDE)),
        ("communities", lambda: communities(links)),
    ):
        begun = time.perf_counter()
        step()
        yield name, time.perf_counter() - begun


def _moved(links: Links, seed: int) -> float:
    """Return how far others move when a note is added, as a part of the map's width: the median."""
    random = Random(seed)  # noqa: S311 -- nothing is kept secret by it
    ends = [links.paths[place] for pair in links.pairs for place in pair]
    targets: dict[NotePath, list[NotePath]] = {path: [] for path in links.paths}
    for one, other in links.pairs:
        targets[links.paths[one]].append(links.paths[other])
    targets[NotePath(f"added {seed}.md")] = random.sample(ends, _ADDED)
    after = Links.of(targets)
    before = zip(links.paths, places(links, SIDE), strict=True)
    place = dict(zip(after.paths, places(after, SIDE), strict=True))
    return statistics.median(math.dist(at, place[path]) for path, at in before) / SIDE


def _opened(chromium: Browser, address: str) -> Iterator[tuple[str, str]]:
    drawn, lines = [], []
    for _ in range(_OPENED):
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.add_init_script(_CLOCK)
        page.goto(address, wait_until="commit")
        page.wait_for_function("window.drawnAt")
        drawn.append(page.evaluate("drawnAt"))
        lines.append(
            page.evaluate("performance.getEntriesByName('seedbed-map-drawn')[0].startTime")
        )
        if len(drawn) < _OPENED:
            page.context.close()
    yield (
        "notes and links drawn after",
        f"{statistics.median(lines):.0f} ms, at most {max(lines):.0f} ms",
    )
    yield "names as well", f"{statistics.median(drawn):.0f} ms, at most {max(drawn):.0f} ms"
    yield "while it is panned", _rate(page, _pan)
    yield "while it is zoomed", _rate(page, _zoom)
    page.context.close()


def _rate(page: Page, move: Callable[[Page, tuple[float, float], float], None]) -> str:
    box = page.locator(".seedbed-map canvas").bounding_box() or {"x": 0, "y": 0}
    middle = box["x"] + 400, box["y"] + 300
    page.mouse.move(*middle)
    page.evaluate(_FRAMES)
    end = time.monotonic() + _SECONDS
    move(page, middle, end)
    times = page.evaluate("frames_")
    gaps = sorted(after - before for before, after in itertools.pairwise(times))
    often = len(gaps) / (times[-1] - times[0]) * 1000
    return f"{often:.0f} frames a second, 95 % within {gaps[int(len(gaps) * 0.95)]:.0f} ms, worst {gaps[-1]:.0f} ms"


def _pan(page: Page, middle: tuple[float, float], end: float) -> None:
    page.mouse.down()
    while (left := end - time.monotonic()) > 0:
        page.mouse.move(middle[0] + 200 * math.sin(3 * left), middle[1] + 150 * math.sin(2 * left))
    page.mouse.up()


def _zoom(page: Page, middle: tuple[float, float], end: float) -> None:
    page.mouse.move(*middle)
    while (left := end - time.monotonic()) > 0:
        page.mouse.wheel(0, -20 if left > _SECONDS / 2 else 20)
        time.sleep(0.02)


def _say(name: str, found: str) -> None:
    print(f"{name:28} {found}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
