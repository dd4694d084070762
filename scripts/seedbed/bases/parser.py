"""The text of a formula or filter -> its tree, or what is wrong with it.

Precedence climbing over JavaScript's operators, as far as Obsidian documents them. Depth is limited, so that what
walks the tree may recurse. Separate from ``checking``: this knows the grammar, that the names.
"""

from __future__ import annotations

from seedbed.bases.expression import (
    Binary,
    Call,
    Item,
    ListOf,
    Literal,
    Member,
    Method,
    Name,
    Node,
    ObjectOf,
    Pattern,
    Unary,
)
from seedbed.bases.lexer import Lexeme, SyntaxProblemError, read_lexemes

_STRENGTH = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "===", "!=="), 3),
    **dict.fromkeys(("<", ">", "<=", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
_SAME = {"===": "==", "!==": "!="}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "undefined": None}
_DEEPEST = 60
"""Levels of a tree, however they come about: brackets, chains of calls, or of operators."""
_MOST_CHARACTERS = 20_000


def parse(source: str) -> tuple[Node | None, tuple[str, int] | None]:
    """Return the tree of ``source``, or what is wrong with it and the offset where."""
    if len(source) > _MOST_CHARACTERS:
        return None, (f"a formula is longer than {_MOST_CHARACTERS} characters", 0)
    try:
        return _Parser(read_lexemes(source)).whole(), None
    except SyntaxProblemError as problem:
        return None, (problem.message, problem.at)


class _Parser:
    """One pass over the pieces of a formula. Each method returns a node and its height."""

    def __init__(self, lexemes: tuple[Lexeme, ...]) -> None:
        self._lexemes = lexemes
        self._index = 0
        self._open = 0

    def whole(self) -> Node:
        if len(self._lexemes) == 1:
            raise SyntaxProblemError("the formula is empty", 0)
        node, _ = self._binary(0)
        if self._next.kind != "end":
            raise SyntaxProblemError(f"unexpected {_shown(self._next)}", self._next.at)
        return node

    @property
    def _next(self) -> Lexeme:
        return self._lexemes[self._index]

    def _take(self) -> Lexeme:
        lexeme = self._next
        self._index += lexeme.kind != "end"
        return lexeme

    def _is(self, sign: str) -> bool:
        return self._next.kind == "sign" and self._next.text == sign

    def _expect(self, sign: str) -> Lexeme:
        if not self._is(sign):
            raise SyntaxProblemError(f'expected "{sign}", not {_shown(self._next)}', self._next.at)
        return self._take()

    def _height(self, *heights: int) -> int:
        height = 1 + max(heights, default=0)
        if height > _DEEPEST:
            raise SyntaxProblemError("the formula is nested too deeply", self._next.at)
        return height

    def _binary(self, least: int) -> tuple[Node, int]:
        self._open += 1
        self._height(self._open)
        left, height = self._unary()
        while self._next.kind == "sign" and _STRENGTH.get(self._next.text, 0) > least:
            sign = self._take()
            right, other = self._binary(_STRENGTH[sign.text])
            left = Binary(_SAME.get(sign.text, sign.text), left, right, sign.at)
            height = self._height(height, other)
        self._open -= 1
        return left, height

    def _unary(self) -> tuple[Node, int]:
        signs: list[Lexeme] = []
        while self._is("!") or self._is("-"):
            signs.append(self._take())
        node, height = self._postfix()
        for sign in reversed(signs):
            node, height = Unary(sign.text, node, sign.at), self._height(height)
        return node, height

    def _postfix(self) -> tuple[Node, int]:
        node, height = self._primary()
        while True:
            if self._is("."):
                self._take()
                name = self._take()
                if name.kind != "name":
                    raise SyntaxProblemError(
                        f"expected a name behind the dot, not {_shown(name)}", name.at
                    )
                if self._is("("):
                    arguments, inner = self._listed("(", ")")
                    node = Method(node, name.text, arguments, name.at)
                    height = self._height(height, inner)
                else:
                    node, height = Member(node, name.text, name.at), self._height(height)
            elif self._is("["):
                sign = self._take()
                index, inner = self._binary(0)
                self._expect("]")
                node, height = Item(node, index, sign.at), self._height(height, inner)
            elif self._is("("):
                raise SyntaxProblemError("only names can be called", self._next.at)
            else:
                return node, height

    def _primary(self) -> tuple[Node, int]:  # noqa: PLR0911 -- one a kind of value
        lexeme = self._next
        match lexeme.kind:
            case "number":
                self._take()
                return Literal(_number(lexeme.text), lexeme.at), 1
            case "text":
                self._take()
                return Literal(lexeme.text, lexeme.at), 1
            case "pattern":
                self._take()
                return Pattern(lexeme.text, lexeme.flags, lexeme.at), 1
            case "name":
                return self._named()
        if self._is("("):
            self._take()
            node, height = self._binary(0)
            self._expect(")")
            return node, height
        if self._is("["):
            items, height = self._listed("[", "]")
            return ListOf(items, lexeme.at), self._height(height)
        if self._is("{"):
            return self._object()
        raise SyntaxProblemError(f"expected a value, not {_shown(lexeme)}", lexeme.at)

    def _named(self) -> tuple[Node, int]:
        name = self._take()
        if self._is("("):
            arguments, height = self._listed("(", ")")
            return Call(name.text, arguments, name.at), self._height(height)
        if name.text in _WORDS:
            return Literal(_WORDS[name.text], name.at), 1
        return Name(name.text, name.at), 1

    def _listed(self, opening: str, closing: str) -> tuple[tuple[Node, ...], int]:
        self._expect(opening)
        nodes: list[Node] = []
        height = 0
        while not self._is(closing):
            node, inner = self._binary(0)
            nodes.append(node)
            height = max(height, inner)
            if not self._is(closing):
                self._expect(",")
        self._take()
        return tuple(nodes), height

    def _object(self) -> tuple[Node, int]:
        opening = self._expect("{")
        entries: list[tuple[str, Node]] = []
        height = 0
        while not self._is("}"):
            name = self._take()
            if name.kind not in {"name", "text", "number"}:
                raise SyntaxProblemError(f"expected a name, not {_shown(name)}", name.at)
            self._expect(":")
            node, inner = self._binary(0)
            entries.append((name.text, node))
            height = max(height, inner)
            if not self._is("}"):
                self._expect(",")
        self._take()
        return ObjectOf(tuple(entries), opening.at), self._height(height)


def _number(numerals: str) -> float:
    return float(int(numerals, 16)) if numerals[:2] in {"0x", "0X"} else float(numerals)


def _shown(lexeme: Lexeme) -> str:
    if lexeme.kind == "end":
        return "the end"
    return {"text": "a text", "pattern": "a regular expression"}.get(
        lexeme.kind, f'"{lexeme.text}"'
    )
