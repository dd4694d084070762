"""A page in the browser -> what can be seen on it, as plain values.

Opens a page once and asks everything that is claimed of all pages, since opening is what takes time.
"""

from pathlib import Path

from browser_reader import Reader
from playwright.sync_api import CDPSession

_SCRIPT = Path(__file__).with_name("survey.js").read_text(encoding="utf-8")
_CONTROLS = {
    "button",
    "checkbox",
    "combobox",
    "dialog",
    "link",
    "radio",
    "searchbox",
    "tab",
    "textbox",
}
_OF_THE_THEME = {"md-annotation__index"}
"""What Material's script makes without a name, and takes out of the order of keys: the marks of annotations in code."""
_LANDMARKS = ("banner", "main", "contentinfo")


def survey(reader: Reader, uri: str) -> dict:
    """Return what `reader` sees on the page at `uri`."""
    before = len(reader.troubles)
    reader.open(uri)
    seen = reader.page.evaluate(f"({_SCRIPT})()")
    seen |= _accessible(reader)
    seen["foreign_glyphs"] = _foreign_glyphs(reader)
    seen["troubles"] = reader.troubles[before:]
    return seen


def _accessible(reader: Reader) -> dict:
    """Ask the tree that assistive technology reads for landmarks, and for what has no name."""
    session = reader.context.new_cdp_session(reader.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    shown = [node for node in nodes if not node["ignored"]]
    roles = [node["role"]["value"] for node in shown]
    nameless = [
        role
        for node, role in zip(shown, roles, strict=True)
        if role in _CONTROLS and not node.get("name", {}).get("value")
        if not _OF_THE_THEME & set(_classes(session, node))
    ]
    session.detach()
    return {
        "nameless": nameless,
        "landmarks": [role for role in _LANDMARKS for found in roles if found == role],
    }


def _classes(session: CDPSession, node: dict) -> list[str]:
    described = session.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})
    attributes = described["node"]["attributes"]
    return dict(zip(attributes[::2], attributes[1::2], strict=True)).get("class", "").split()


def _foreign_glyphs(reader: Reader) -> list[str]:
    """Return the fonts other than the site's own that formulas are drawn with."""
    session = reader.context.new_cdp_session(reader.page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    formulas = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "math"})
    fonts = [
        font
        for formula in formulas["nodeIds"]
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": formula})["fonts"]
    ]
    session.detach()
    return sorted({font["familyName"] for font in fonts if not font["isCustomFont"]})
