"""Images, sound, film and documents inside a page. Rules OF-140 to OF-157."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

IMAGES = frozenset(["avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp"])
SOUNDS = frozenset(["flac", "m4a", "mp3", "ogg", "wav", "3gp"])
FILMS = frozenset(["mkv", "mov", "mp4", "ogv", "webm"])

_SIZE = re.compile(r"(\d{1,5})(?:[x×](\d{1,5}))?")
_FILM_PAGE = re.compile(
    r"https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:[^#\s]*&)?v=|embed/|shorts/|live/)|youtu\.be/)([\w-]{6,20})"
)
_POST = re.compile(r"https?://(?:(?:www|mobile|m)\.)?(?:twitter|x)\.com/\w+/status/\d+")
_TIME = re.compile(r"(?:^|[#&])(t=[\w:.,]+)")
_PDF_HEIGHT = re.compile(r"(?:^|[#&])height=(\d{1,5})")
_PDF_PLACE = re.compile(r"(?:page|zoom|toolbar|view)=[\w.,]+")


@dataclass(frozen=True, slots=True)
class Shape:
    """How an embed asks to be shown."""

    caption: str | None
    """Text that is not a size: the alternative text."""
    width: str | None = None
    height: str | None = None

    @property
    def attributes(self) -> str:
        """The size as HTML attributes."""
        pairs = (("width", self.width), ("height", self.height))
        return "".join(f' {name}="{value}"' for name, value in pairs if value)


def shape(label: str | None) -> Shape:
    """Read ``300``, ``300x200``, ``text`` or ``text|300`` behind an embed's bar (OF-141, OF-142)."""
    if not label:
        return Shape(None)
    text, _, last = label.rpartition("|")
    size = _SIZE.fullmatch(last.strip())
    if size is None:
        return Shape(label.strip())
    return Shape(text.strip() or None, size[1], size[2])


def extension(name: str) -> str:
    """Return the extension of a file's name, in lower case, without its dot."""
    return name.rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""


def player(address: str, wanted: Shape) -> str | None:
    """Return the player of a film that lives elsewhere, if ``address`` is one's page (OF-149)."""
    film = _FILM_PAGE.match(address)
    if film is None:
        return None
    width, height = wanted.width or "560", wanted.height or "315"
    label = html.escape(wanted.caption or "Video")
    source = f"https://www.youtube-nocookie.com/embed/{film[1]}"
    size = f'width="{width}" height="{height}"'
    return f'<iframe src="{source}" title="{label}" {size} loading="lazy" allowfullscreen></iframe>'


def is_post(address: str) -> bool:
    """Whether ``address`` is a tweet's: a page, which no image can show (OF-149)."""
    return _POST.match(address) is not None


def place(name: str, fragment: str | None) -> str:
    """Return what leads to a place in the file called ``name``, with its ``#``: a document's page, a sound's time."""
    kind = extension(name)
    places = _PDF_PLACE if kind == "pdf" else _TIME if kind in SOUNDS | FILMS else None
    found = places.findall(fragment) if places and fragment else ()
    return f"#{'&'.join(found)}" if found else ""


def element(
    address: str, name: str, wanted: Shape, *, fragment: str | None = None, title: str = ""
) -> str:
    """Return the element that shows the file called ``name`` at ``address``; a link for kinds no browser shows."""
    kind = extension(name)
    source = html.escape(address + place(name, fragment))
    label = html.escape(wanted.caption or name.rpartition("/")[2])
    if kind in SOUNDS:
        return f'<audio controls preload="metadata" src="{source}" aria-label="{label}"></audio>'
    if kind in FILMS:
        return f'<video controls preload="metadata" src="{source}"{wanted.attributes} aria-label="{label}"></video>'
    if kind == "pdf":
        return _document(source, label, wanted, fragment or "")
    if kind in IMAGES:
        return image(address, label, wanted, title=title)
    return f'<a href="{source}">{label}</a>'


def image(address: str, escaped_alt: str, wanted: Shape, *, title: str = "") -> str:
    """Return an ``img`` element."""
    hint = f' title="{html.escape(title)}"' if title else ""
    return f'<img src="{html.escape(address)}" alt="{escaped_alt}"{hint}{wanted.attributes} loading="lazy">'


def _document(source: str, label: str, wanted: Shape, fragment: str) -> str:
    height = _PDF_HEIGHT.search(fragment)
    size = height[1] if height else wanted.height or "600"
    width = wanted.width or "100%"
    shape = f'width="{width}" height="{size}"'
    return f'<iframe class="pdf" src="{source}" title="{label}" {shape} loading="lazy"></iframe>'
