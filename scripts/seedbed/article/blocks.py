"""Block tokens to HTML in the shapes that Material styles."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field

from seedbed.article import bases, diagrams, embeds, links, markup, runs
from seedbed.article.code import highlight
from seedbed.article.fragments import write_line
from seedbed.article.inlines import formula, write_inlines
from seedbed.article.scope import FigurePlace, Scope, TocEntry
from seedbed.dialect import Token
from seedbed.dialect.callouts import Callout
from seedbed.note import FIGURE_LANGUAGE
from seedbed.text import Lines
from seedbed.tokens import end_of

# Obsidian's callout types by the admonition type of Material that looks like them.
_ADMONITIONS = {
    "note": "note",
    "abstract": "abstract",
    "summary": "abstract",
    "tldr": "abstract",
    "info": "info",
    "todo": "todo",
    "tip": "tip",
    "hint": "tip",
    "important": "tip",
    "success": "success",
    "check": "success",
    "done": "success",
    "question": "question",
    "help": "question",
    "faq": "question",
    "warning": "warning",
    "caution": "warning",
    "attention": "warning",
    "failure": "failure",
    "fail": "failure",
    "missing": "failure",
    "danger": "danger",
    "error": "danger",
    "bug": "bug",
    "example": "example",
    "quote": "quote",
    "cite": "quote",
}
_QUOTE = "<blockquote>\n"
_BLANKS = " \t\n"
"""White space that means nothing at the ends of a text; a no-break space means something."""


@dataclass(frozen=True, slots=True)
class _Quote:
    """A quote or callout being written."""

    callout: Callout | None
    token: int
    """Index of the token that opened it."""
    opening: int
    """Index of its start tag in what has been written."""


@dataclass(slots=True)
class Blocks:
    """Writes one stretch of block tokens."""

    scope: Scope
    out: list[str] = field(default_factory=list)
    quotes: list[_Quote] = field(default_factory=list)

    def write(self, tokens: tuple[Token, ...], start: int, end: int) -> str:
        """Return ``tokens[start:end]`` as HTML; definitions of footnotes are written where they are referred to."""
        index = start
        while index < end:
            token = tokens[index]
            self.scope.at = index
            if token.type == "footnote_open":
                index = end_of(tokens, index)
                continue
            if token.type == "paragraph_open":
                self._paragraph(token, tokens[index + 1])
                index += 3
                continue
            if token.type == "heading_open":
                self._heading(token, tokens[index + 1], index)
                index += 3
                continue
            if token.type == "callout_title_open":
                self._callout_title(tokens[index + 1])
                index += 3
                continue
            writer = _WRITERS.get(token.type)
            if writer is not None:
                writer(self, token, index)
            elif token.type == "inline":
                self._leaf(token, "{text}")
            index += 1
        return "".join(self.out)

    def _id(self, token: Token) -> str:
        """Return the ``id`` attribute of a block that carries a block id; embedded blocks give theirs up."""
        written = token.meta.get("block_id")
        if written is None or self.scope.is_embedded:
            return ""
        return f' id="{self.scope.id("^" + written.lower())}"'

    def _paragraph(self, token: Token, leaf: Token) -> None:
        if token.hidden:
            self._leaf(leaf, "{text}\n")
        else:
            self._leaf(leaf, "<p{name}>{text}</p>\n", self._id(token))

    def _leaf(self, leaf: Token, shape: str, name: str = "") -> None:
        """Write a leaf's text, each run of it in ``shape``, and the notes it embeds; the first of these has the id."""
        balance = self.scope.balance
        if runs.is_one_text(leaf.children) and not (balance.dropping or balance.postponed):
            if text := write_inlines(self.scope, leaf.children).strip(_BLANKS):
                self.out.append(shape.format(name=name, text=text))
            return
        balance.enter()
        for piece in runs.split(leaf.children or (), self._is_block):
            if isinstance(piece, Token):
                shown = embeds.write(self.scope, piece.meta["ref"], write_range)
                self.out.append(f"<div{name}>\n{shown}</div>\n" if name else shown)
                name = ""
            elif text := write_inlines(self.scope, piece).strip(_BLANKS):
                self.out.append(shape.format(name=name, text=text + balance.leave()))
                name = ""
                balance.enter()
        self.out.append(balance.leave() + balance.settle())

    def _is_block(self, token: Token) -> bool:
        return embeds.is_block(self.scope, token)

    def _heading(self, token: Token, leaf: Token, index: int) -> None:
        scope = self.scope
        heading = scope.headings.get(index)
        anchor = scope.id(heading.anchor if heading else "section")
        scope.balance.enter()
        text = write_inlines(scope, leaf.children or []) + scope.balance.leave()
        name = html.escape(anchor)
        link = f'<a class="headerlink" href="#{name}" title="Permanent link">&para;</a>'
        shown = text if scope.is_in_link else text + link
        self.out.append(f'<{token.tag} id="{name}">{shown}</{token.tag}>\n')
        if heading and heading.top_level and not scope.is_embedded:
            scope.page.toc.append(TocEntry(heading.level, heading.plain, anchor))

    def open_quote(self, token: Token, index: int) -> None:
        """Begin a quote or a callout."""
        callout = token.meta.get("callout")
        self.quotes.append(_Quote(callout, index, len(self.out)))
        self.scope.balance.enter()
        if callout is None:
            self.out.append(_QUOTE.replace(">", f"{self._id(token)}>"))
            return
        # An author's own type is no class: it could be one that the theme uses for something else.
        kind = _ADMONITIONS.get(callout.type, "note")
        attributes = f' data-callout="{html.escape(callout.type)}"{self._id(token)}'
        if callout.metadata:
            attributes += f' data-callout-metadata="{html.escape(callout.metadata)}"'
        if callout.fold is None:
            self.out.append(f'<div class="admonition {kind}"{attributes}>\n')
        else:
            is_open = " open" if callout.fold == "open" else ""
            self.out.append(f'<details class="{kind}"{attributes}{is_open}>\n')

    def _callout_title(self, leaf: Token) -> None:
        """Write the title of a callout, or its type where the author gave none."""
        callout = self.quotes[-1].callout
        if callout is None:
            return
        if not leaf.content:
            default = callout.type.replace("-", " ").title()
            leaf = leaf.copy(children=[Token("text", "", 0, content=default)])
        tag = "summary" if callout.fold else "p"
        # One class for both, which is Obsidian's: a style sheet can find the title of any callout by it.
        style = "callout-title" if callout.fold else "admonition-title callout-title"
        self.scope.balance.enter()
        title = write_inlines(self.scope, leaf.children or []) + self.scope.balance.leave()
        self.out.append(f'<{tag} class="{style}">{title}</{tag}>\n')

    def close_quote(self, _: Token, index: int) -> None:
        """End a quote or a callout; leave out a quote that shows nothing, such as one around a footnote's text."""
        quote = self.quotes.pop()
        owed = self.scope.balance.leave()
        start, *inside = self.out[quote.opening :]
        is_empty = start == _QUOTE and not any(text.strip() for text in inside)
        if is_empty and index > quote.token + 1:
            del self.out[quote.opening :]
            return
        callout = quote.callout
        tag = "blockquote" if callout is None else "details" if callout.fold else "div"
        self.out.append(f"{owed}</{tag}>\n")

    def open_list(self, token: Token, _: int) -> None:
        """Begin a list."""
        start = token.attrs.get("start")
        attributes = f' start="{start}"' if start is not None else ""
        style = ' class="task-list"' if token.meta.get("tasks") else ""
        self.out.append(f"<{token.tag}{attributes}{style}{self._id(token)}>\n")

    def open_item(self, token: Token, _: int) -> None:
        """Begin a list item, with its checkbox if it is a task."""
        self.scope.balance.enter()
        task = token.meta.get("task")
        if task is None:
            self.out.append(f"<li{self._id(token)}>")
            return
        checked = "" if task == " " else " checked"
        state = f' data-task="{html.escape(task)}"'
        said = {" ": "To do", "x": "Done", "X": "Done"}.get(task, f"State {task}")
        name = f'aria-label="{html.escape(said)}"'
        box = f'<input type="checkbox" {name} disabled{checked}><span class="task-list-indicator"></span>'
        self.out.append(
            f'<li class="task-list-item"{state}{self._id(token)}><label class="task-list-control">{box}</label> '
        )

    def close_item(self, _: Token, __: int) -> None:
        """End a list item."""
        self.out.append(self.scope.balance.leave() + "</li>\n")

    def open_plain(self, token: Token, _: int) -> None:
        """Begin an element that needs nothing but its tag and its alignment."""
        style = (
            f' style="{html.escape(str(token.attrs["style"]))}"' if "style" in token.attrs else ""
        )
        self.out.append(f"<{token.tag}{style}{self._id(token)}>")

    def close_plain(self, token: Token, _: int) -> None:
        """End an element."""
        self.out.append(f"</{token.tag}>\n")

    def cell(self, token: Token, index: int) -> None:
        """Begin a table cell; its text follows as an inline token, whose HTML ends with the cell."""
        self.open_plain(token, index)
        self.scope.balance.enter()

    def close_cell(self, token: Token, _: int) -> None:
        """End a table cell."""
        self.out.append(f"{self.scope.balance.leave()}</{token.tag}>\n")

    def rule(self, token: Token, _: int) -> None:
        """Write a thematic break."""
        self.out.append(f"<hr{self._id(token)}>\n")

    def code(self, token: Token, index: int) -> None:
        """Write a code block, or what a block of its language stands for."""
        special = _LANGUAGES.get(token.info.partition(" ")[0])
        shown = special(self, token, index) if special else None
        if shown is None:
            shown = highlight(token.content, token.info)
        anchor = self._id(token)
        self.out.append((f"<div{anchor}>{shown}</div>" if anchor else shown) + "\n")

    def figure(self, token: Token, index: int) -> str | None:
        """Return the figure that a ``figure`` block describes, or why there is none."""
        drawing = self.scope.page.drawings.get(FigurePlace(self.scope.note.path, index))
        if drawing is None:
            return None
        caption = self._caption(drawing.caption, token) if drawing.caption else ""
        assets = self.scope.page.address(embeds.FIGURE_FILES)
        return drawing.html(caption, assets, self._figure_prefix(drawing.id))

    def base(self, token: Token, _: int) -> str | None:
        """Return the view that a ``base`` block describes."""
        return bases.write_fence(self.scope, token)

    def diagram(self, token: Token, _: int) -> str | None:
        """Return the diagram that a ``mermaid`` block describes."""
        return diagrams.write_fence(self.scope, token)

    def _figure_prefix(self, wanted: str | None) -> str:
        """Return what stands before a figure's ids: nothing, unless something else on the page has its id."""
        scope = self.scope
        if wanted is None or scope.prefix:
            return scope.prefix
        if wanted in scope.page.ids:
            return "figure-"
        scope.id(wanted)
        return ""

    def _caption(self, markdown: str, block: Token) -> str:
        """Return a figure's caption, one line of Markdown, whose mistakes are reported at its block."""
        offset = Lines(self.scope.note.source).start(block.map[0] if block.map else 0)
        return write_line(self.scope, markdown, offset)

    def math(self, token: Token, _: int) -> None:
        """Write a display formula."""
        shown = formula(self.scope, token.content, display=True, offset=token.meta["offset"])
        self.out.append(f'<div class="seedbed-math"{self._id(token)}>{shown}</div>\n')

    def markup(self, token: Token, _: int) -> None:
        """Write a block that Python-Markdown made."""

        def write_block(block: Token) -> str:
            return Blocks(self.scope).write((block,), 0, 1)

        text = markup.write(self.scope, token.children or (), write_range, write_block)
        self.out.append(markup.with_id(text, self._id(token)) + "\n")

    def raw(self, token: Token, _: int) -> None:
        """Write an author's HTML."""
        addresses = links.addresses(self.scope, token)
        written = self.scope.balance.write(token.content, inline=False, addresses=addresses)
        if anchor := self._id(token):  # beside it, since what it opens may end in another block
            self.out.append(f"<span{anchor}></span>")
        self.out.append(written)


def write_range(scope: Scope, start: int, end: int) -> str:
    """Return the note's tokens from ``start`` to ``end`` as HTML."""
    return Blocks(scope).write(scope.tokens, start, end)


_LANGUAGES: dict[str, Callable[[Blocks, Token, int], str | None]] = {
    FIGURE_LANGUAGE: Blocks.figure,
    bases.BASE_LANGUAGE: Blocks.base,
    diagrams.DIAGRAM_LANGUAGE: Blocks.diagram,
}
"""What stands for a code block of some languages; for None it is shown as code."""

_Writer = Callable[[Blocks, Token, int], None]
_WRITERS: dict[str, _Writer] = {
    "blockquote_open": Blocks.open_quote,
    "blockquote_close": Blocks.close_quote,
    "bullet_list_open": Blocks.open_list,
    "ordered_list_open": Blocks.open_list,
    "bullet_list_close": Blocks.close_plain,
    "ordered_list_close": Blocks.close_plain,
    "list_item_open": Blocks.open_item,
    "list_item_close": Blocks.close_item,
    "table_open": Blocks.open_plain,
    "table_close": Blocks.close_plain,
    "thead_open": Blocks.open_plain,
    "thead_close": Blocks.close_plain,
    "tbody_open": Blocks.open_plain,
    "tbody_close": Blocks.close_plain,
    "tr_open": Blocks.open_plain,
    "tr_close": Blocks.close_plain,
    "th_open": Blocks.cell,
    "th_close": Blocks.close_cell,
    "td_open": Blocks.cell,
    "td_close": Blocks.close_cell,
    "hr": Blocks.rule,
    "fence": Blocks.code,
    "code_block": Blocks.code,
    "math_block": Blocks.math,
    "html_block": Blocks.raw,
    "markup": Blocks.markup,
}
