"""The footnotes at the end of a note's text, numbered in order of reference. Rules OF-235 to OF-243."""

from __future__ import annotations

from seedbed.article.scope import Scope, WriteRange


def write(scope: Scope, write_range: WriteRange) -> str:
    """Return the list of footnotes that the text refers to; a footnote may itself refer to others."""
    if not scope.footnotes:
        return ""
    definitions = _definitions(scope)
    items: list[str] = []
    for label in scope.footnotes:  # which grows while footnotes refer to others
        if label in scope.inline_footnotes:
            body = f"<p>{scope.inline_footnotes[label]}</p>\n"
        else:
            start, end = definitions.get(label, (0, 0))
            scope.balance.enter()
            body = write_range(scope, start, end) + scope.balance.leave()
        items.append(_item(scope, label, body))
    return f'<div class="footnote">\n<hr>\n<ol>\n{"".join(items)}</ol>\n</div>\n'


def _definitions(scope: Scope) -> dict[str, tuple[int, int]]:
    """Return where each definition's text begins and ends; of equal labels the first wins."""
    found: dict[str, tuple[int, int]] = {}
    opened: list[tuple[str, int]] = []
    for index, token in enumerate(scope.tokens):
        if token.type == "footnote_open":
            opened.append((token.meta["label"], index + 1))
        elif token.type == "footnote_close":
            label, start = opened.pop()
            found.setdefault(label, (start, index))
    return found


def _item(scope: Scope, label: str, body: str) -> str:
    number = scope.footnote_numbers[label]
    uses = scope.footnote_uses.get(label, 1)
    back = "".join(
        f'<a class="footnote-backref" href="#{scope.prefix}fnref:{number}{suffix}" '
        f'title="Jump back to footnote {number} in the text">&#8617;</a>'
        for suffix in ("", *(f":{use}" for use in range(2, uses + 1)))
    )
    if body.rstrip().endswith("</p>"):
        text = body.rstrip().removesuffix("</p>") + f"&#160;{back}</p>\n"
    else:
        text = f"{body}<p>{back}</p>\n"
    return f'<li id="{scope.prefix}fn:{number}">\n{text}</li>\n'
