"""What a browser would have to mend in a piece of HTML."""

from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "source", "track", "wbr"}
NOT_IN_PARAGRAPHS = {
    *("address", "aside", "blockquote", "details", "div", "dl", "figure", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre"),
    *("section", "table", "ul"),
}
PARENTS = {"li": {"ol", "ul"}, "tr": {"table", "tbody", "thead"}, "td": {"tr"}, "th": {"tr"}}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.open = []
        self.ids = set()
        self.faults = []

    def handle_starttag(self, tag, attrs):
        if tag == "a" and "a" in self.open:
            self.faults.append("a link in a link")
        if tag in NOT_IN_PARAGRAPHS and "p" in self.open[self._nearest_box() :]:
            self.faults.append(f"<{tag}> in a paragraph")
        if tag in PARENTS and (not self.open or self.open[-1] not in PARENTS[tag]):
            self.faults.append(f"<{tag}> in <{self.open[-1] if self.open else ''}>")
        for name, value in attrs:
            if name == "id" and value in self.ids:
                self.faults.append(f"id {value} again")
            elif name == "id":
                self.ids.add(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> while {self.open[-3:]} are open")
        elif self.open:
            self.open.pop()

    def handle_comment(self, data):
        self.faults.append(f"a comment: {data}")

    def _nearest_box(self):
        """Return where the innermost element begins that may hold paragraphs of its own."""
        boxes = [
            place for place, tag in enumerate(self.open) if tag in {"td", "th", "li", "button"}
        ]
        return boxes[-1] if boxes else 0


def faults(html):
    """Return what is wrong with ``html``: unbalanced, misplaced or nested elements, ids given twice."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.faults + [f"<{tag}> is never closed" for tag in reader.open]
