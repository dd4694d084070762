"""Notes that hold every construct of the dialect in every container, made from choices.

A byte is a choice; when no more are given, the simplest is taken. So a property may try notes that hypothesis
chooses, and makes small where it fails, as well as any number of notes from a random generator.
"""

WORDS = (
    "fern",
    "a",
    "Moss",
    "é",
    "日本",
    "2",
    "e\u0301",
    "😀",
    "x_y",
    "don't",
    "\u00a0",
    "*",
    "C#",
    "5%",
)
TARGETS = (
    "Fern",
    "Moss",
    "moss",
    "a/Fern.md",
    "Fern#Roots",
    "#Roots",
    "Moss#^id",
    "Nowhere",
    "pic.png",
    "Café",
)
LANGUAGES = ("", "python", "mermaid", "figure", 'text title="a"', "c++ {1,3-4}", "dataview", "base")
CODE = (
    *(
        "x = 1",
        "",
        "    y",
        "\tz",
        "[[Fern]]",
        "%%c%%",
        "%%",
        "$m$",
        "==h==",
        "> q",
        "- [ ] t",
        "<b>",
        "&amp;",
    ),
    *(
        "#t",
        "^id",
        "![[Moss]]",
        "graph TD; A[[a]]-->B",
        "| a |",
        "``",
        "~~",
        "kind: variance_by_depth",
        "x  ",
    ),
)
FORMULAS = (
    "x",
    "x^2_i",
    "\\frac{a}{b}",
    "a < b",
    "\\text{a $b$ c}",
    "[[Fern]]",
    "\\undefined",
    "{",
    "x \\% y",
    "a|b",
)
TAGS = (
    "<b>",
    "</b>",
    "<br>",
    "<u title='[[a]]'>",
    "</u>",
    "<!-- c -->",
    "<img src=x onerror=y>",
    "<a href='Fern.md'>",
)
HTML_BLOCKS = (
    *(
        "<div>\n{}\n</div>",
        "<details>\n<summary>s</summary>\n\n{}\n\n</details>",
        "<!-- {} -->",
        "<table><tr><td>{}",
    ),
    *(
        "</div>{}",
        "<script>\n{}\n</script>",
        "<textarea>\n{}\n</textarea>",
        "<div\n{}",
        "<iframe src='//a.b'>{}",
    ),
)


class Writer:
    """Writes one note, a choice after the other."""

    def __init__(self, choices: bytes) -> None:
        """``choices`` may be any bytes; the more there are, the longer the note."""
        self._choices = iter(choices)
        self._spent = False

    def pick(self, options):
        """Return one of ``options``; the first when no choice is left."""
        choice = next(self._choices, None)
        self._spent = choice is None
        return options[(choice or 0) % len(options)]

    def note(self) -> str:
        """Return a whole note."""
        lines = list(
            self.pick(
                (
                    (),
                    (),
                    ("---", "tags: [a]", 'up: "[[Fern]]"', "---"),
                    ("#seed", "up: [[Moss]]", ""),
                )
            )
        )
        while not self._spent:
            lines += [*self.block(0), *self.pick(((""), (), ("", "")))]
        return "\n".join(lines)

    def block(self, depth: int) -> list[str]:
        """Return the lines of one block; deep down, of one that holds no other."""
        leaves = (
            *(
                self._paragraph,
                self._heading,
                self._fence,
                self._table,
                self._math,
                self._html,
                self._embed,
            ),
            *(self._indented, self._comment, self._small),
        )
        containers = (
            self._list,
            self._quote,
            self._callout,
            self._footnote,
            self._list,
            self._callout,
        )
        return self.pick(leaves + containers if depth < 4 else leaves)(depth)

    def blocks(self, depth: int) -> list[str]:
        """Return the lines of one to three blocks."""
        lines = self.block(depth)
        for _ in self.pick(((), (1,), (1, 2))):
            lines += [*self.pick((("",), ())), *self.block(depth)]
        return lines

    def line(self, depth: int = 0) -> str:
        """Return some words with markup around and between."""
        return self.pick((" ", "", "  ")).join(
            self._inline(depth) for _ in self.pick(("a", "ab", "abc", "abcd"))
        )

    def _inline(self, depth: int) -> str:
        kinds = (
            lambda: self.pick(WORDS),
            lambda: f"[[{self.pick(TARGETS)}]]",
            lambda: f"[[{self.pick(TARGETS)}{self.pick(('|', chr(92) + '|'))}{self.pick(WORDS)}]]",
            lambda: f"![[{self.pick(TARGETS)}{self.pick(('', '|30', '|30x20'))}]]",
            lambda: (
                f"[{self.pick(WORDS)}]({self.pick(('Fern.md', '<a b.md>', 'https://a.b/c', '#Roots', 'x y'))})"
            ),
            lambda: f"![{self.pick(('a', 'a|9'))}]({self.pick(('pic.png', 'https://a.b/c.png'))})",
            lambda: f"`{self.pick(CODE)}`",
            lambda: f"${self.pick(FORMULAS)}$",
            lambda: f"$${self.pick(FORMULAS)}$$",
            lambda: self.pick(
                (
                    "#tag",
                    "#a/b",
                    "#1",
                    "^id",
                    "[^1]",
                    "[^x y]",
                    "https://a.b/c_d.",
                    "<http://a.b>",
                    "a@b.c",
                )
            ),
            lambda: self.pick(
                (
                    "%%c%%",
                    "%",
                    "%%[[Fern]]%%",
                    "\\[[a]]",
                    "\\$",
                    "\\%%",
                    "&amp;",
                    "&#91;",
                    "[[",
                    "]]",
                    "$$",
                    "`",
                )
            ),
            lambda: self.pick(
                (
                    "==",
                    "~~",
                    "~",
                    "**",
                    "_",
                    "[",
                    "]",
                    "(",
                    ")",
                    "|",
                    "\\",
                    "<",
                    "^[",
                    "key:: v",
                    "[k:: v]",
                )
            ),
            lambda: self.pick(TAGS),
        )
        if depth > 2:
            return self.pick(kinds)()
        nested = (
            lambda: (
                f"{(mark := self.pick(('**', '==', '*', '~~', '_', '~', '***')))}{self.line(depth + 1)}{mark}"
            ),
            lambda: f"^[{self.line(depth + 1)}]",
            lambda: f"[{self.line(depth + 1)}](Fern.md)",
            lambda: f"[[Fern|{self.line(depth + 1)}]]",
            lambda: f"<b>{self.line(depth + 1)}</b>",
            lambda: f"%%{self.line(depth + 1)}%%",
        )
        return self.pick(kinds + nested)()

    def _paragraph(self, _: int) -> list[str]:
        ends = ("", "  ", "\\", " ^id", " %%c%%")
        return [self.line() + self.pick(ends) for _ in self.pick(("a", "ab", "abc"))]

    def _heading(self, _: int) -> list[str]:
        if self.pick((False, False, True)):
            return [self.line(), self.pick(("===", "---"))]
        return [
            f"{self.pick(('# ', '## ', '###### ', '#'))}{self.line()}{self.pick(('', ' #', ' ^h'))}"
        ]

    def _fence(self, _: int) -> list[str]:
        mark = self.pick(("```", "~~~", "````"))
        closing = self.pick(([mark], [mark], [mark], []))
        return [mark + self.pick(LANGUAGES), *self._code(), *closing, *self.pick(((), ("^id",)))]

    def _indented(self, _: int) -> list[str]:
        return ["", *("    " + line for line in self._code()), ""]

    def _code(self) -> list[str]:
        return [self.pick(CODE) for _ in self.pick(("", "a", "ab", "abc"))]

    def _table(self, _: int) -> list[str]:
        columns = self.pick(("ab", "a", "abc"))
        rows = [
            [self.line(1).replace("\\|", "|").replace("|", "\\|") for _ in columns]
            for _ in self.pick(("ab", "a", "abcd"))
        ]
        head, *body = (f"| {' | '.join(row)} |" for row in rows)
        return [head, "|" + self.pick((" - |", ":-:|")) * len(columns), *body]

    def _math(self, _: int) -> list[str]:
        return [
            "$$",
            *(self.pick(FORMULAS) for _ in self.pick(("a", "ab"))),
            *self.pick((["$$"], ["$$"], [])),
        ]

    def _html(self, _: int) -> list[str]:
        return self.pick(HTML_BLOCKS).format(self.line()).split("\n")

    def _embed(self, _: int) -> list[str]:
        return [f"![[{self.pick(TARGETS)}]]"]

    def _comment(self, depth: int) -> list[str]:
        inner = self.block(max(depth, 4))
        return ["%%", *inner, *self.pick((*[["%%"]] * 6, ["x %% y"], ["%% x"]))]

    def _small(self, _: int) -> list[str]:
        return [
            self.pick(
                (
                    "---",
                    "^id",
                    "[r]: Fern.md",
                    "[a]: https://a.b",
                    "%%c%%",
                    "a %% c",
                    "key:: [[Moss]]",
                    "***",
                )
            )
        ]

    def _list(self, depth: int) -> list[str]:
        mark = self.pick(("- ", "1. ", "- [ ] ", "* [x] ", "+   ", "07) ", "-\t"))
        width = self.pick((2, 3, 4)) if mark[0] in "-*" else len(mark)
        lines = []
        for _ in self.pick(("a", "ab", "abc")):
            first, *rest = self.blocks(depth + 1)
            lines += [mark + first, *(" " * width + line if line else line for line in rest)]
            lines += self.pick(((), (), ("",), ("^id",)))
        return lines

    def _quote(self, depth: int) -> list[str]:
        mark = self.pick(("> ", ">", "   > "))
        lines = [mark + line for line in self.blocks(depth + 1)]
        return lines + self.pick(([], [], [self.line()]))

    def _callout(self, depth: int) -> list[str]:
        head = self.pick(("> [!note]", "> [!tip]- ", "> [!x|m]+ ")) + self.pick(
            ("", " " + self.line())
        )
        return [
            head,
            *("> " + line for line in self.blocks(depth + 1)),
            *self.pick(([], ["^id"], [self.line()])),
        ]

    def _footnote(self, depth: int) -> list[str]:
        first, *rest = self.blocks(depth + 1)
        indent = self.pick(("    ", "  ", "\t"))
        return [
            f"[^{self.pick(('1', 'x', '1'))}]: {first}",
            *(indent + line if line else line for line in rest),
        ]
