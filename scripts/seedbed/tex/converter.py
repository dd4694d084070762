"""Nodes -> MathML Core; the only module that calls math-core.

It writes nodes as text, knows for each character of that text where the author wrote it, and turns what
math-core reports into a ``Mistake`` at that place. It also guards math-core against nesting that would end the
process, and puts finished MathML where the text only holds its place.
"""

from __future__ import annotations

import bisect
import html
import re
from collections.abc import Iterator
from typing import Final

from math_core import LatexError, LatexToMathML

from seedbed.tex.brackets import first_too_many
from seedbed.tex.names import MACROS
from seedbed.tex.tree import MAX_DEPTH, Atom, Environment, Fence, Group, Mistake, Nodes, Splice

_CONVERTER: Final = LatexToMathML(
    fancy_error=False,  # an offset and one line, instead of a drawing
    annotation=True,  # makes one element of the content, as <semantics> and a splice need it
    allow_unreliable_rendering=True,  # \widetilde and its kin; Chromium and Firefox draw them
    macros=dict(MACROS),
)
_TOO_MANY: Final = "brackets are opened and never closed, or lie too deep in one another"
_CONTENT = re.compile(r"<math[^>]*><semantics>(.*)<annotation ", re.DOTALL)
_DIGITS: Final = "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7"
"""Of placeholders: noncharacters, which ``render`` takes out of what authors write."""
_PLACE = re.compile(rf"<(mtext|mi|mo)( [^>]*)?>([{_DIGITS}]+)</\1>")
_LEFT_OVER = re.compile(f"[{_DIGITS}]")
_SPACE = re.compile(r'([lr])space="([^"]*)"')
_TAG = re.compile(r"<mtext>tag ([0-9]+)</mtext>")
r"""A tag's place, which must be ASCII. From ``\text`` no such element can come: its blanks do not break."""
_ROW = re.compile(
    rf"<mtr>(?:<mtd[^>]*></mtd>)*<mtd[^>]*><mtext>([{_DIGITS}]+)</mtext></mtd>(?:<mtd[^>]*></mtd>)*</mtr>"
)
_STRETCHED: Final = '<mo stretchy="true">'
_GROWING: Final = {
    f"{_STRETCHED}\u0332</mo></mover>": f"{_STRETCHED}‾</mo></mover>",
    f"{_STRETCHED}\u0332</mo></munder>": f"{_STRETCHED}_</mo></munder>",
    f"{_STRETCHED}~</mo>": f"{_STRETCHED}˜</mo>",
}
"""Characters over and under an expression that grow to its width, in place of some that hardly do."""
_COLOR = re.compile(r'style="color:(#[0-9A-F]{6});"')
_ARGUMENTS: Final = {
    **dict.fromkeys(
        (r"\frac", r"\dfrac", r"\tfrac", r"\cfrac", r"\binom", r"\dbinom", r"\tbinom"), 2
    ),
    **dict.fromkeys((r"\overset", r"\underset", r"\stackrel", r"\textcolor", r"\color"), 2),
    r"\sideset": 3,
    r"\prescript": 3,
    r"\mathchoice": 4,
    r"\genfrac": 6,
}
_OPTION: Final = 0
"""Marks an open option among the numbers of open arguments."""
_SWITCHES: Final = (
    r"\displaystyle",
    r"\textstyle",
    r"\scriptstyle",
    r"\scriptscriptstyle",
    r"\color",
)
"""Their scope is the rest of the cell, and the converter descends one level for it."""
_CLEAR: Final = (
    ('Found "&"', "& stands outside a table or aligned environment"),
    (
        'There must be a parenthesis after "\\left"',
        r"\left and \right need a delimiter, such as ( or |",
    ),
    (
        "There must be a parenthesis after",
        r"\big, \Big and their kin need a delimiter, such as ( or |",
    ),
    ("Invalid parameter number", r"# is written \# in math"),
    ("Macro parameter found outside", r"# is written \# in math"),
    (
        "Duplicate subscript or superscript",
        "two subscripts or two superscripts on one base; use braces",
    ),
    ("'^' or '_' directly followed", "a subscript or superscript has no content"),
    ("Not valid in text mode", r"a command for math stands inside \text"),
    ("Not valid in math mode", r"a command for text stands outside \text"),
    ("Could not extract text", r"\operatorname takes only text"),
    ("More than one infix", r"two of \over, \choose and their kin in one group; use braces"),
    ("Found more than one infix", r"two of \over, \choose and their kin in one group; use braces"),
    ("Expected argument", "an argument is missing"),
)
"""What math-core reports, by its beginning, in words for authors."""


def document(nodes: Nodes, source: str, *, display: bool) -> str:
    """Convert a whole formula, with its source for copying and for other programs.

    The source is an annotation, not a data attribute: HTML gives the element this very meaning, browsers hide
    it, and converters and feed readers look for it. Raises Mistake.
    """
    return _math(fragment(nodes, display=display), source, display=display)


def document_of_plain(source: str, *, display: bool) -> str | None:
    """Convert a formula that needs no rewriting; None where the converter does not understand it."""
    if first_too_many(source) is not None:
        return None
    try:
        converted = _CONVERTER.convert_with_local_state(source, displaystyle=display)
    except LatexError:
        return None
    return _math(_content(converted), source, display=display)


def _content(converted: str) -> str:
    content = _CONTENT.match(converted)
    # The only named entity among the converter's: XML, and so a feed, does not know it.
    mathml = content[1].replace("&ApplyFunction;", "\u2061") if content else ""
    if _STRETCHED in mathml:
        for written, drawn in _GROWING.items():
            mathml = mathml.replace(written, drawn)
    # The stylesheet lightens the color on a dark page, for which it must know it.
    return (
        _COLOR.sub(r'style="color:\1;--seedbed-color:\1"', mathml)
        if "color:#" in mathml
        else mathml
    )


def _math(content: str, source: str, *, display: bool) -> str:
    attribute = ' display="block"' if display else ""
    annotation = f'<annotation encoding="application/x-tex">{html.escape(source.strip(), quote=False)}</annotation>'
    return f"<math{attribute}><semantics>{content}{annotation}</semantics></math>"


def fragment(nodes: Nodes, *, display: bool) -> str:
    """Convert part of a formula to one MathML element; raises Mistake."""
    _check_depth(nodes, 0)
    written = _Written(nodes)
    bracket = first_too_many(written.text)
    if bracket is not None:
        raise written.mistake(f"{bracket}: {_TOO_MANY}")
    try:
        converted = _CONVERTER.convert_with_local_state(written.text, displaystyle=display)
    except LatexError as error:
        raise written.mistake(str(error)) from None
    return written.put_splices(_content(converted))


class _Written:
    """Nodes as TeX text, with the place each piece of it has in the author's source."""

    def __init__(self, nodes: Nodes) -> None:
        self._splices: list[Splice] = []
        self._starts: list[int] = []
        self._offsets: list[int] = []
        pieces: list[str] = []
        length = 0
        for text, offset in self._pieces(nodes):
            # A command's name must not run into a letter that rewriting has put after it, nor into a star:
            # math-core takes \alpha* for a name.
            gap = pieces and (text[0].isalpha() or text == "*") and _ends_in_name(pieces[-1])
            pieces.append(f" {text}" if gap else text)
            self._starts.append(length)
            self._offsets.append(offset)
            length += len(pieces[-1])
        self.text = "".join(pieces)

    def _pieces(self, nodes: Nodes) -> Iterator[tuple[str, int]]:
        for node in nodes:
            match node:
                case Atom(text=text, offset=offset):
                    yield text, offset
                case Group(body=body, offset=offset, end=end):
                    yield "{", offset
                    yield from self._pieces(body)
                    yield "}", end
                case Environment(name=name, body=body, offset=offset, end=end):
                    yield f"\\begin{{{name}}}", offset
                    yield from self._pieces(body)
                    yield f"\\end{{{name}}}", end
                case Fence(body=body, offset=offset, end=end):
                    yield f"\\left{node.opening}", offset
                    yield from self._pieces(body)
                    yield f"\\right{node.closing}", end
                case Splice(offset=offset):
                    yield self._place(node), offset

    def _place(self, splice: Splice) -> str:
        number = len(self._splices)
        self._splices.append(splice)
        if splice.form == "tag":
            return rf"\tag*{{tag {number}}}"
        digits = "".join(_DIGITS[int(digit)] for digit in f"{number:02o}")
        if splice.form == "operator":
            return rf"\operatorname*{{{digits}}}"
        return rf"\text{{{digits}}}"

    def mistake(self, report: str) -> Mistake:
        """Turn math-core's report, an offset and a message, into a mistake in the author's source."""
        position, _, message = report.partition(": ")
        index = bisect.bisect_right(self._starts, int(position)) - 1
        return Mistake(_clear(message), self._offsets[index] if self._offsets else 0)

    def put_splices(self, mathml: str) -> str:
        """Put finished MathML in the places held for it."""
        if not self._splices:
            return mathml
        mathml = _ROW.sub(self._row, mathml)
        mathml = _TAG.sub(lambda place: self._splices[int(place[1])].mathml, mathml)
        mathml = _PLACE.sub(self._symbol, mathml)
        if _LEFT_OVER.search(mathml):
            raise Mistake("this cannot stand where it is", self._splices[0].offset)
        return mathml

    def _row(self, place: re.Match[str]) -> str:
        splice = self._splice(place[1])
        return splice.mathml if splice.form == "row" else place[0]

    def _symbol(self, place: re.Match[str]) -> str:
        splice = self._splice(place[3])
        if splice.form == "row":
            raise Mistake(r"\hline may only stand at the beginning of a row", splice.offset)
        # An operator's place has the space that belongs around it.
        space = dict(_SPACE.findall(place[2] or ""))
        left, right = (_space(space.get(side, "0")) for side in "lr")
        return f"<mrow>{left}{splice.mathml}{right}</mrow>" if left or right else splice.mathml

    def _splice(self, digits: str) -> Splice:
        return self._splices[
            int("".join(str(_DIGITS.index(digit)) for digit in digits), len(_DIGITS))
        ]


def _space(width: str) -> str:
    return "" if width == "0" else f'<mspace width="{width}"/>'


def _ends_in_name(piece: str) -> bool:
    name = piece[piece.rfind("\\") + 1 :]
    return len(name) < len(piece) and name.isalpha() and name != "operatorname"


def _clear(message: str) -> str:
    for beginning, clear in _CLEAR:
        if message.startswith(beginning):
            return clear
    line = (
        message.replace('"', "").rstrip(".").splitlines()[0]
        if message.strip()
        else "not understood"
    )
    return line[0].lower() + line[1:]


def _check_depth(nodes: Nodes, level: int) -> None:
    r"""Raise Mistake where the converter would descend too far.

    It descends for groups, for switches, for options, and for arguments without braces: ``\sqrt\sqrt\sqrt x``.
    How many arguments an unlisted command takes is not known here; one is assumed, which errs on the safe side.
    """
    open_arguments: list[int] = []
    switches, previous = 0, ""
    for node in nodes:
        deepest = level + switches + len(open_arguments)
        if deepest > MAX_DEPTH:
            raise Mistake(f"nested deeper than {MAX_DEPTH} levels", node.offset)
        text = node.text if isinstance(node, Atom) else ""
        if text == " ":
            continue
        if isinstance(node, Group | Environment | Fence):
            _check_depth(node.body, deepest + 1)
            _fill(open_arguments, text)
        elif text in ("&", r"\\"):
            open_arguments.clear()
            switches = 0
        elif text.startswith("\\"):
            switches += text in _SWITCHES
            open_arguments.append(_ARGUMENTS.get(text, 1))
        elif text == "[" and previous.startswith((r"\sqrt", r"\x")):
            open_arguments.append(_OPTION)
        else:
            _fill(open_arguments, text)
        previous = text


def _fill(open_arguments: list[int], text: str) -> None:
    """Take a node for the innermost open argument; one that fills a command fills an argument of the next."""
    if text == "]" and _OPTION in open_arguments:
        while open_arguments.pop() != _OPTION:
            pass
        return
    while open_arguments and open_arguments[-1] == 1:
        open_arguments.pop()
    if open_arguments and open_arguments[-1] != _OPTION:
        open_arguments[-1] -= 1
