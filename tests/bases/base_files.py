"""A small library of notes, and a page that writes links so that a test can read them."""

import html
from datetime import datetime

from seedbed.bases import File, read_base, show

NOW = datetime(2025, 6, 1, 12, 30, 15)  # noqa: DTZ001 -- what the clock on the wall shows


def file(path, properties=None, **facts):
    """Return a file with the facts that its path tells."""
    folder, _, name = path.rpartition("/")
    basename, _, extension = name.rpartition(".")
    given = {
        "size": 120,
        "created": datetime(2024, 12, 24, 18, 0),  # noqa: DTZ001 -- see NOW
        "modified": datetime(2025, 5, 29, 12, 30, 15),  # noqa: DTZ001 -- see NOW
    }
    facts = {
        key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()
    }
    return File(
        path, name, basename, extension, folder, **given | facts, properties=properties or {}
    )


class Page:
    """Writes HTML as the page of a base would, only shorter."""

    def __init__(self, files):
        self._paths = {
            name: each.path
            for each in reversed(files)
            for name in (each.basename, each.name, each.path.removesuffix(".md"), each.path)
        }

    def find(self, target):
        return self._paths.get(target.partition("#")[0])

    def link(self, target, label):
        return f'<a href="{html.escape(self.find(target) or target)}">{html.escape(label or target)}</a>'

    def inline(self, markdown):
        return f"<md>{html.escape(markdown, quote=False)}</md>"

    def tag(self, name):
        return f'<a class="tag">#{html.escape(name)}</a>'

    def image(self, value, alt):
        known = self.find(value.removeprefix("[[").removesuffix("]]"))
        source = known or (value if value.startswith("https://") else None)
        return f'<img src="{html.escape(source)}" alt="{html.escape(alt)}">' if source else None


def shown(source, files, view=None, this=None, now=NOW):
    """Return a view of the base written as ``source``, and everything that is wrong with it."""
    base = read_base("library.base", source)
    outcome = show(base, view, files, this, Page(files), now)
    return outcome.html, sorted({*base.diagnostics, *outcome.problems})
