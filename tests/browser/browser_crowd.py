"""A vault in which much is around one note: neighbours with names of every kind, links in every place, mentions.

With a site of it, or of any other vault, on both hosts.
"""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from browser_hosts import Host, free_address, hosting, seedbed_command, serving
from browser_reader import Reader
from vaults import write_vault

from seedbed.host import DEFAULT_CONFIG

_WIDTHS = (1440, 768, 390)
_FOLDER = Path(__file__).parent
_COLOURS = (_FOLDER / "colours.js").read_text(encoding="utf-8")
TITLES = (
    "Variance",
    "He Initialization",
    "Mean-Field Theory of Signal Propagation in Deep Networks",
    "WWWWWWWWWWWWWW MMMMMMMMMMMMMM",
    "权重初始化与方差传播的理论和实践",
    "تهيئة الأوزان",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "fi, fl, ij; ill-lit [!]",
    "ALL OF IT IN CAPITAL LETTERS",
    "🌱 Seeds & <b>trees</b>",
)
_FILLED = "".join(f"Line number {number} fills the window.\n\n" for number in range(40))
_SAID = (
    "One more. The variance $\\sigma^2$ of `weights` *must* not grow, or **no** [[N00|signal]] of "
    "[a link](https://example.com/) [[Hub]] comes through a ==deep== network. Another sentence."
)
NOTES = {
    "Hub.md": "---\naliases: [Central Station]\n---\n"
    + "".join(f"[[N{number:02}]] " for number in range(len(TITLES) + 14)),
    **{
        f"N{place:02}.md": f'---\ntitle: "{title}"\n---\n[[Hub]] [[N{(place + 3) % 20:02}]]\n'
        for place, title in enumerate(TITLES)
    },
    **{f"N{place:02}.md": "Nothing.\n" for place in range(len(TITLES), len(TITLES) + 14)},
    "Quoting.md": f"{_FILLED}## Über $x^2$ & more\n\n{_SAID}\n\n{_FILLED}",
    "Pair.md": "[[Alone]]\n",
    "Alone.md": "Only [[Pair]].\n",
    "Told.md": (
        "---\naliases: [Carrier Wave]\nrelated: '[[Teller]]'\n---\n"
        "Told of.\n\n| Kind | Note |\n|---|---|\n| first | [[Teller]] |\n"
    ),
    "Teller.md": (
        "---\nsee also: '[[Told]]'\n---\nupstream: [[Told]]\n\n"
        f"{_FILLED}## Über $x^2$ & more\n\n{_SAID.replace('[[Hub]]', '[[Told]]')}\n\n"
        f"- An item, [[Told|told here]]\n\n{_FILLED}"
    ),
    "Echo.md": (
        f"{_FILLED}## Shown\n\n![[Told]]\n\n## Endless\n\n{'Donaudampfschifffahrt' * 20} [[Told]] "
        f"${'a+' * 120}a$, `{'long_code_' * 30}`.\n\n{_FILLED}"
    ),
    "Mentioning.md": (
        f"{_FILLED}## In the middle\n\nNo wave. The *old* carrier wave carries $E = m c^2$ & `code` [[Pair|so]]. "
        f"Later.\n\n{_FILLED}Again, a Carrier Wave.\n"
    ),
    "Silent.md": (
        "Carrier waves, a subcarrier wave, `carrier wave`, $carrier wave$, [carrier wave](Pair.md), "
        "[[Pair|carrier wave]], https://carrier-wave.example/\n\n```\ncarrier wave\n```\n\n## Carrier wave\n"
    ),
}


def seen(  # noqa: PLR0913 -- most are asked for by name
    new_reader: Callable[..., Reader],
    host: Host,
    uris: Iterable[str],
    script: str,
    *,
    scripts: bool,
    after: Callable[[Reader], None] = lambda _: None,
) -> dict[tuple[str, int, str], dict]:
    """Return what ``script`` sees on the pages at ``uris`` at each width, light and dark; ``scripts`` of theirs run.

    Without scripts a page is as its author chose, whatever the reader likes: light. ``after`` does what is to be done
    on each page first.
    """
    source = (_FOLDER / script).read_text(encoding="utf-8")
    found = {}
    for scheme in ("light", "dark") if scripts else ("light",):
        reader = new_reader(host, color_scheme=scheme, java_script_enabled=scripts)
        for uri in uris:
            reader.open(uri)
            after(reader)
            for width in _WIDTHS:
                reader.page.set_viewport_size({"width": width, "height": 900})
                each = reader.page.evaluate(f"({source})({_COLOURS})")
                assert each["isDark"] == (scheme == "dark")
                found[uri, width, scheme] = each
    return found


def faults(found: Mapping[tuple[str, int, str], dict]) -> dict[tuple[str, int, str], list[str]]:
    """Return what should be otherwise, where anything should."""
    return {view: each["faults"] for view, each in found.items() if each["faults"]}


@contextmanager
def hosted(folder: Path, notes: Mapping[str, str], said: str = "") -> Iterator[dict[str, Host]]:
    """Build a site of ``notes`` in ``folder`` and yield it as files and on `mkdocs serve`; ``said`` to the plugin."""
    write_vault(folder / "notes", notes)
    for name in ("docs", "scratch"):
        (folder / name).mkdir()
    (folder / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    configuration = f"INHERIT: {DEFAULT_CONFIG}\nplugins:\n  seedbed:\n    notes_dir: notes\n"
    (folder / "mkdocs.yml").write_text(f"{configuration}{said}", encoding="utf-8")
    command = [seedbed_command(), "build", "--quiet", "--site-dir", "site"]
    subprocess.run(command, cwd=folder, check=True)
    address = free_address()
    command = [sys.executable, "-m", "mkdocs", "serve", "--no-livereload", "--dev-addr", address]
    with (
        hosting(folder / "site", "/kb/") as files,
        serving(command, address, folder / "scratch", folder=folder),
    ):
        yield {"files": files, "served": Host(f"http://{address}/")}
