"""HTML that authors write: what passes, what does not, and how it stays balanced.

Tags are read by CommonMark's grammar and written anew, attribute by attribute, so the browser sees nothing that
was not understood here. Scripts, event handlers and ``javascript:`` addresses are left out (OF-328), and what an
author leaves open is closed where its surroundings end, so that no note damages the page around it (OF-334).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from seedbed.article.marks import missing
from seedbed.text import THEME_IDS

_ATTRIBUTE = r"""\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_PIECE = re.compile(
    rf"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![A-Za-z][^>]*(?:>|\Z)"
    rf"|</(?P<close>[A-Za-z][A-Za-z0-9-]*)\s*>"
    rf"|<(?P<open>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>(?:{_ATTRIBUTE})*)\s*/?>",
    re.DOTALL,
)
_ONE_ATTRIBUTE = re.compile(
    r"""([A-Za-z_:][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?"""
)
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})
# Elements that run code, or whose content a browser does not read as HTML: they go with all they hold.
_DROPPED_WHOLE = frozenset(
    {
        "script",
        "style",
        "template",
        "title",
        "textarea",  # unless its end stands in the same piece of HTML
        "xmp",
        "noembed",
        "noframes",
        "noscript",
        "plaintext",
    }
)
# Elements that change the page around the article; what they hold stays.
_DROPPED_TAGS = frozenset(
    {
        "html",
        "head",
        "body",
        "base",
        "basefont",
        "bgsound",
        "link",
        "meta",
        "frame",
        "frameset",
        "object",
        "applet",
        "embed",
        "param",
        "animate",
        "set",
        "animatetransform",
        "animatemotion",
        "portal",
    }
)
_ADDRESSES = frozenset({"src", "href", "poster"})
NO_ADDRESSES: Mapping[str, str | None] = MappingProxyType({})
_IDS = frozenset({"id", "for", "name", "aria-labelledby", "aria-describedby", "aria-controls"})
_NO_CONTENT = frozenset({"iframe"})
_LONE_AMPERSAND = re.compile(r"&(?!#(?:[0-9]|[xX][0-9a-fA-F])|[A-Za-z])")
_TEXTAREA_END = re.compile(r"</textarea\s*>", re.IGNORECASE)
_UNSAFE_ADDRESS = re.compile(
    r"(?:javascript|vbscript|file|data(?!:image/(?:png|gif|jpe?g|webp|avif|bmp)[;,])):",
    re.IGNORECASE,
)
_BLANKS_AND_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028\u2029]+")


@dataclass(slots=True)
class Ids:
    """The ids in an author's HTML, each as it may stand on the page, and what names them."""

    give: Callable[[str], str] = str
    """Returns the id that an element gets instead of the one wanted, which may be taken."""
    prefix: str = ""
    """Before every id, so that those of embedded notes stay apart."""
    _given: dict[str, str] = field(default_factory=dict)

    def attribute(self, key: str, value: str) -> str:
        """Return an attribute that is an id, names one, or groups buttons, so that it means its own note's."""
        if key == "id" and value:
            self._given[value] = self.give(self.prefix + value)
            return self._given[value]
        if key in _IDS:
            return self._given.get(value, self.prefix + value)
        if key == "href" and value.startswith("#"):
            return f"#{self.prefix}{value[1:]}"
        return value


@dataclass(slots=True)
class Balance:
    """The elements an author's HTML holds open in one stretch of an article."""

    scopes: list[list[str]] = field(default_factory=lambda: [[]])
    """Open elements, by container: a list item's HTML cannot close its list."""
    postponed: list[str] = field(default_factory=list)
    """End tags met inside a paragraph for elements open around it."""
    ids: Ids = field(default_factory=Ids)
    dropping: str | None = None
    """The element whose content is being left out."""

    def holds(self, name: str) -> bool:
        """Whether an element called ``name`` is open."""
        return any([name in names for names in self.scopes])  # noqa: C419 -- few, and asked for often

    def enter(self) -> None:
        """Begin a container, such as a list item or a paragraph."""
        self.scopes.append([])

    def leave(self) -> str:
        """End the container and return the end tags its HTML still owes, its own and those it postponed."""
        self.dropping = None
        names = self.scopes.pop()
        return "".join(f"</{name}>" for name in reversed(names)) if names else ""

    def settle(self) -> str:
        """Return the end tags that were postponed until the paragraph's end."""
        if not self.postponed:
            return ""
        postponed, self.postponed = self.postponed, []
        return "".join(self._close(name, inline=False) for name in postponed)

    def close_all(self) -> str:
        """Return every end tag still owed."""
        owed = "".join(f"</{name}>" for scope in reversed(self.scopes) for name in reversed(scope))
        self.scopes = [[]]
        return owed

    def write(
        self, fragment: str, *, inline: bool, addresses: Mapping[str, str | None] = NO_ADDRESSES
    ) -> str:
        """Return an author's ``fragment`` of HTML as it may stand in a page.

        ``addresses`` says for addresses as written where they lead from there; None leaves the attribute out.
        """
        out: list[str] = []
        position = 0
        while (piece := _PIECE.search(fragment, position)) is not None:
            if self.dropping is None:
                out.append(_text(fragment[position : piece.start()]))
            position = piece.end()
            if self.dropping is not None:
                if piece["close"] and piece["close"].lower() == self.dropping:
                    self.dropping = None
            elif (text_box := _text_box(fragment, piece, self.ids)) is not None:
                written, position = text_box
                out.append(written)
            elif piece["open"]:
                out.append(self._tag(piece, addresses))
            elif piece["close"]:
                out.append(self._close(piece["close"].lower(), inline=inline))
        if self.dropping is None:
            out.append(_text(fragment[position:]))
        elif not inline:
            self.dropping = None
        return "".join(out)

    def _tag(self, piece: re.Match[str], addresses: Mapping[str, str | None]) -> str:
        """Return a start tag as it may stand in a page, or what stands for an image that is missing."""
        lost = _lost_image(piece, addresses)
        if lost is not None:
            return missing(lost)
        attributes = _attributes(piece["attributes"], addresses, self.ids)
        return self._open(piece["open"].lower(), attributes, self_closing=piece[0].endswith("/>"))

    def _open(self, name: str, attributes: str, *, self_closing: bool) -> str:
        if name in _DROPPED_TAGS or (name == "a" and self.holds("a")):  # links never nest (OF-075)
            return ""
        if name in _DROPPED_WHOLE:
            self.dropping = None if self_closing else name
            return ""
        tag = f"<{name}{attributes}>"
        if name in _VOID:
            return tag
        if self_closing and (self.holds("svg") or self.holds("math")):
            return f"{tag}</{name}>"
        if name in _NO_CONTENT:
            self.dropping = None if self_closing else name
            return f"{tag}</{name}>"
        self.scopes[-1].append(name)
        return tag

    def _close(self, name: str, *, inline: bool) -> str:
        scope = self.scopes[-1]
        if name in scope:
            owed = []
            while (last := scope.pop()) != name:
                owed.append(f"</{last}>")
            return "".join((*owed, f"</{name}>"))
        if inline and len(self.scopes) > 1 and name in self.scopes[-2]:
            self.postponed.append(name)
        return ""


def is_safe_address(address: str) -> bool:
    """Whether a link to ``address`` can run no code and leads to no file of its author's machine."""
    return _UNSAFE_ADDRESS.match(_BLANKS_AND_CONTROLS.sub("", html.unescape(address))) is None


def _text_box(fragment: str, start: re.Match[str], ids: Ids) -> tuple[str, int] | None:
    """Return the text box that ``start`` opens, its content as text, and where it ends; None if this is none."""
    if (start["open"] or "").lower() != "textarea":
        return None
    end = _TEXTAREA_END.search(fragment, start.end())
    if end is None:
        return None
    text = html.escape(html.unescape(fragment[start.end() : end.start()]), quote=False)
    return (
        f"<textarea{_attributes(start['attributes'], NO_ADDRESSES, ids)}>{text}</textarea>",
        end.end(),
    )


def _attributes(written: str, addresses: Mapping[str, str | None], ids: Ids) -> str:
    kept: dict[str, str] = {}
    for name, double, single, bare in _ONE_ATTRIBUTE.findall(written):
        value = html.unescape(double or single or bare)
        key = name.lower()
        leads = addresses.get(value, value) if key in _ADDRESSES else value
        if (
            key in kept
            or key.startswith("on")
            or key in {"srcdoc", "ping", "http-equiv"}
            or (key == "id" and value in THEME_IDS)
            or leads is None
            or not is_safe_address(leads)
        ):
            continue
        is_resolved = key in _ADDRESSES and value in addresses
        kept[key] = leads if is_resolved else ids.attribute(key, value)
    return "".join(f' {key}="{html.escape(value)}"' for key, value in kept.items())


def _lost_image(piece: re.Match[str], addresses: Mapping[str, str | None]) -> str | None:
    """Return what to show for an image whose file is missing: its text, else the file's name (OF-150)."""
    if not addresses or piece["open"].lower() != "img":
        return None
    found = {
        name.lower(): html.unescape(double or single or bare)
        for name, double, single, bare in _ONE_ATTRIBUTE.findall(piece["attributes"])
    }
    source = found.get("src", "")
    if addresses.get(source, "") is not None:
        return None
    return found.get("alt") or source.rpartition("/")[2]


def _text(raw: str) -> str:
    """Return text between tags; a ``<`` that begins no tag is only a sign, as is a ``&`` that begins no entity."""
    return _LONE_AMPERSAND.sub("&amp;", raw).replace("<", "&lt;")
