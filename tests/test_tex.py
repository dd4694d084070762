r"""LaTeX becomes MathML that is right, safe and the same each time; bad LaTeX becomes a message and a place.

Expectations are facts about structure and shown characters, not the converter's bytes: what is tested is what
Seedbed promises to authors.
"""

import html
import re
from xml.parsers.expat import ParserCreate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seedbed.tex import Formula, TexError, inline_html, render


def mathml(source: str, *, display: bool = True) -> str:
    rendered = render(source, display=display)
    assert isinstance(rendered, Formula), rendered
    return rendered.mathml


def content(source: str, *, display: bool = True) -> str:
    """The MathML without the annotation."""
    return mathml(source, display=display).partition("<annotation")[0]


def shown(source: str, *, display: bool = True) -> str:
    """The characters that a reader sees, without spaces and invisible operators."""
    characters = html.unescape(re.sub(r"<[^>]*>", "", content(source, display=display)))
    return re.sub("[\\s\u2061-\u2064\ufe00\ufe01]", "", characters)


def error(source: str, *, display: bool = True) -> TexError:
    rendered = render(source, display=display)
    assert isinstance(rendered, TexError), rendered
    return rendered


# What a formula is


def test_a_displayed_formula_is_a_block_and_another_is_not():
    assert mathml("x").startswith('<math display="block">')
    assert mathml("x", display=False).startswith("<math>")


def test_the_source_is_kept_once_as_the_author_wrote_it():
    source = r"a<b \text{ & } \substack{c\\d}"
    expected = r'<annotation encoding="application/x-tex">a&lt;b \text{ &amp; } \substack{c\\d}</annotation>'
    assert mathml(f"\n{source} ").count("<annotation") == 1
    assert expected in mathml(f"\n{source} ")


def test_a_formula_is_xml_as_well():
    for source in (
        r"\sin x \% < \& > \operatorname{f} y",
        r"\href{a&b}{x} \text{\texttt{<}} \boxed{x}",
    ):
        ParserCreate().Parse(mathml(source), True)


def test_a_formula_does_not_depend_on_those_before_it():
    alone = mathml(r"\begin{align} a &= b \\ c &= d \end{align}")
    render(r"\newcommand{\R}{X}\begin{align} a \tag{7} \label{a} \end{align}", display=True)
    render.cache_clear()
    assert alone == mathml(r"\begin{align} a &= b \\ c &= d \end{align}")
    assert shown(r"\R") == "ℝ"


@pytest.mark.parametrize(
    "source",
    [
        r"\begin{align} a &= b \\ c &= d \end{align}",
        r"\begin{equation} a \end{equation}",
        r"\begin{gather} a \\ b \end{gather}",
        r"\begin{align} a \label{x} \\ b \nonumber \end{align}",
    ],
)
def test_equations_have_no_numbers_of_their_own(source):
    assert not re.search(r"[()\d]", shown(source))
    assert " id=" not in mathml(source)


# What the converter lacks or takes differently


SHOWN = {
    # tables
    r"\begin{split} a &= b \\ &= c \end{split}": "a=b=c",
    r"\begin{equation}\begin{split} a &= b \\ &= c \end{split}\end{equation}": "a=b=c",
    r"\begin{smallmatrix} a & b \\ c & d \end{smallmatrix}": "abcd",
    r"\begin{psmallmatrix} a & b \\ c & d \end{psmallmatrix}": "(abcd)",
    r"\begin{pmatrix*}[r] -1 & 2 \end{pmatrix*}": "(−12)",
    r"\begin{array} a & b \\ c & d \end{array}": "abcd",
    r"\begin{array}{} a & b \end{array}": "ab",
    r"\begin{array}[t]{@{}l*{2}{c}|p{1cm}} a & b & c & d \end{array}": "abcd",
    r"\begin{array}{(cc|c)} a & b & c \end{array}": "abc",
    r"\begin{aligned}[t] a &= b \end{aligned}": "a=b",
    r"\begin{alignat}{2} a &= b & c &= d \end{alignat}": "a=bc=d",
    r"\begin{eqnarray} a &=& b \end{eqnarray}": "a=b",
    r"\begin{multline} a \\ b \end{multline}": "ab",
    r"\begin{cases*} a & if $x_1$ is so \\ b & otherwise \end{cases*}": "{aifx1issobotherwise",
    r"\begin{numcases}{y=} a & if so \\ b & not \end{numcases}": "y={aifsobnot",
    r"\cases{a & b \cr c & d}": "{abcd",
    r"\pmatrix{a & b \cr c & d}": "(abcd)",
    r"\begin{matrix} a \\[1em] b \\* c \\[-2pt] d \end{matrix}": "abcd",
    r"\begin{matrix} a \\ [x] \end{matrix}": "a[x]",
    r"a \\[1em] b": "ab",
    r"\begin{CD} A @>f>> B \\ @VgVV @| \\ C @= D \end{CD}": "A→fBg↓‖C=D",
    # operators
    r"\sum_{\substack{i < n \\ j < m}} a": "∑i<nj<ma",
    r"\operatorname{a-b}(x)": "a-b(x)",
    r"\operatorname*{arg\,max}_x": "argmaxx",
    r"\DeclareMathOperator*{\am}{arg\,min} \am_x f": "argminxf",
    r"\mathop{\rm Foo}\limits_x": "Foox",
    r"\varprojlim_n A": "lim←nA",
    r"\buildrel a \over =": "=a",
    r"\root 3 \of {x}": "x3",
    r"\not\!D": "/D",
    r"\alpha*b": "α∗b",
    r"\cancelto{0}{x}": "x0",
    # delimiters
    r"\left< x \right>": "⟨x⟩",
    r"\big{\{} x \big\}": "{x}",
    r"\big. x \big/": "x/",
    # text
    r"\text{if $x_1 < 2$ and \(y\)}": "ifx1<2andy",
    r"\text{a_b^c & #1 \% d}": "a_bˆc&#1%d",
    r"\textbf{bold \textit{both} $x$}": "boldbothx",
    r"\mbox{a} \textnormal{b} \textup{c}": "abc",
    r"5 \texteuro \text{ or \texteuro}": "5€or€",
    r"\verb|a_{b} %|": "a_{b}%",
    # fonts, boxes, colors
    r"\pmb{x} \mathup{d} \symbf{y}": "𝒙d𝒚",
    r"\boldsymbol{\mathcal{L}}": "𝓛",
    r"\upalpha \ohm": "αΩ",
    r"{\large x} \Huge y": "xy",
    r"\smash{x} \mathclap{y} \rlap{z}": "xyz",
    r"x \raise 2pt {y} \raisebox{1ex}{z}": "xyz",
    r"\colorbox{yellow}{a} \bbox[5px,red]{b}": "ab",
    # other
    r"\$5": "$5",
    "a $ b": "a$b",
    r"x % a comment": "x",
    r"\require{cancel} x": "x",
    r"\unicode{x3B1}": "α",
    r"\eqref{a}": "(???)",
    r"\LaTeX": "LaTeX",
    # chemistry
    r"\ce{2H2 + O2 -> 2H2O}": "2H2+O2→2H2O",
    r"\ce{SO4^2- + Ba^2+ -> BaSO4 v}": "SO42−+Ba2+→BaSO4↓",
    r"\ce{^{227}_{90}Th+}": "90227Th+",
    r"\ce{A <=>[H+][\Delta] B}": "A⇌ΔH+B",
    r"\ce{KCr(SO4)2*12H2O}": "KCr(SO4)2⋅12H2O",
    r"\pu{1.2e3 kJ/mol}": "1.2×103kJ/mol",
}


@pytest.mark.parametrize("source", SHOWN)
def test_every_character_is_shown(source):
    assert SHOWN[source] == shown(source)


STRUCTURE = {
    r"\boxed{x}": '<menclose notation="box">',
    r"\fbox{where $x$}": '<menclose notation="box">',
    r"\cancel{x}": '<menclose notation="updiagonalstrike">',
    r"\bcancel{x}": '<menclose notation="downdiagonalstrike">',
    r"\xcancel{x}": '<menclose notation="updiagonalstrike downdiagonalstrike">',
    r"\enclose{circle}{x}": '<menclose notation="circle">',
    r"\smash[b]{x}": '<mpadded depth="0">',
    r"\overline{AB}": '<mo stretchy="true">‾</mo>',
    r"\widetilde{AB}": '<mo stretchy="true">˜</mo>',
    r"\mathscr{L}": "ℒ\ufe01",
    r"\mathcal{L}": "ℒ\ufe00",
    r"\color{green} x": "color:#008000",  # as in CSS, not TeX's bright green
    r"\textcolor{#abc}{x}": "color:#AABBCC",
    r"\color[RGB]{255,0,128} x": "color:#FF0080",
    r"\definecolor{mine}{HTML}{123456} \color{mine} x": "color:#123456",
    r"\href{https://example.org/?a&b}{x}": '<a href="https://example.org/?a&amp;b">',
    r"\begin{array}{c|c} a & b \\ \hline\hline c & d \end{array}": "border-top",
    r"\begin{aligned} a &= b \\ \hline c &= d \end{aligned}": '<mtr class="seedbed-line">',
    r"\begin{aligned} 1 & + 2 \end{aligned}": "<mrow></mrow><mo>+</mo>",
    r"\sum\limits_a^b": "<munderover>",
    r"x \tag{1}": 'style="width: 100%"',
}


@pytest.mark.parametrize("source", STRUCTURE)
def test_structure_is_kept(source):
    assert STRUCTURE[source] in content(source)


def test_a_row_end_before_the_end_begins_no_row():
    rows = r"a \\ b"
    for body in (rows, rf"{rows} \\", rf"{rows} \\ "):
        assert content(rf"\begin{{matrix}} {body} \end{{matrix}}").count("<mtr>") == 2


def test_a_last_line_reaches_over_the_whole_table():
    table = content(r"\begin{array}{cc} a & b \\ c & d \\ \hline \end{array}")
    assert table.count("border-top") == 2


def test_limits_of_an_operator_stand_beside_it_in_a_line_of_text():
    assert "<munder>" in content(r"\mathop{\rm Foo}_x")
    assert "<msub>" in content(r"\mathop{\rm Foo}_x", display=False)


# Tags


def test_a_tag_stands_beside_its_formula_or_row():
    assert shown(r"E = mc^2 \tag{1}") == "E=mc2(1)"
    assert shown(r"E = mc^2 \tag*{1}") == "E=mc21"
    assert (
        shown(r"\begin{align} a &= b \tag{3.1'} \\ c &= d \tag{$*$} \end{align}")
        == "a=b(3.1’)c=d(∗)"
    )
    assert (
        shown(r"\begin{equation} \begin{split} a &= b \end{split} \tag{é} \end{equation}")
        == "a=b(é)"
    )


def test_text_that_looks_like_a_tag_stays_text():
    assert shown(r"\text{tag 0} \tag{1}") == "tag0(1)"


def test_a_formula_in_a_line_has_no_tag():
    assert shown(r"x \tag{1}", display=False) == "x"


# Macros


MACROS = {
    r"\newcommand{\R}{\mathbb{Q}} \R": "ℚ",
    r"\newcommand{\f}[2][z]{#1+#2} \f{a} \f[b]{c}": "z+ab+c",
    r"\def\half{\frac12} \half": "12",
    r"\def\f#1#2{#2#1} \f ab": "ba",
    r"\newcommand{\half}{\frac} \half 12": "12",
    r"\let\old\phi \let\phi\varphi \let\varphi\old \phi \varphi": "φϕ",
    r"\newcommand{\f}[1]{\text{if $#1$}\substack{#1\\#1}} \f{x}": "ifxxx",
    r"\DeclarePairedDelimiter{\abs}{\lvert}{\rvert} \abs{x} \abs*{y}": "|x||y|",
    r"\providecommand{\R}{a} \newcommand{\S}{b} \R\S": "ab",
}


@pytest.mark.parametrize("source", MACROS)
def test_macros_expand(source):
    assert MACROS[source] == shown(source)


@pytest.mark.parametrize("body", [r"\a{x}\a{x}", r"\a{#1#1}", r"\sqrt{\a{x}}"])
def test_a_macro_that_never_ends_is_an_error(body):
    assert re.search("without end|deeper", error(rf"\def\a#1{{{body}}} \a x").message)


# Errors


ERRORS = {
    r"a + \foo": (r"unknown command \foo", 4),
    "é日本 \\foo": (r"unknown command \foo", 4),
    r"\frac{1}{2": ("{ is never closed by }", 8),
    r"x}": ("} closes nothing", 1),
    r"\left( x": (r"\left is never closed by \right", 0),
    r"x \right)": (r"\right closes nothing", 2),
    r"{\left( x } \right)": (r"\left is never closed by \right", 1),
    r"\begin{matrix} x": (r"\begin{matrix} is never closed by \end{matrix}", 0),
    r"\begin{matrix} x \end{array}": (r"\begin{matrix} is closed by \end{array}", 17),
    r"a \begin{tikzcd} x \end{tikzcd}": ("unknown environment tikzcd", 2),
    r"x^2^3": ("two subscripts or two superscripts on one base; use braces", 3),
    r"a & b": ("& stands outside a table or aligned environment", 2),
    r"\substack": (r"\substack needs an argument", 0),
    r"\text{a $x} b": ("$ is never followed by $", 8),
    r"\color{nocolor} x": ("unknown color nocolor", 0),
    r"\newcommand{x}{y}": (r"\newcommand needs the name of a command, such as \R", 0),
    r"\begin{aligned} a \hline \end{aligned}": (
        r"\hline may only stand at the beginning of a row",
        18,
    ),
    r"x \tag{1} \tag{2}": (r"a second \tag for one line", 10),
    r"\begin{CD} A @x B \end{CD}": ("@ needs one of > < V A = | . behind it", 13),
}


@pytest.mark.parametrize("source", ERRORS)
def test_an_error_says_what_is_wrong_and_where(source):
    message, offset = ERRORS[source]
    assert TexError(message, offset) == error(source)


@pytest.mark.parametrize(
    "before",
    [
        r"\begin{split} a &= b \\[1em] c &= d \\ \end{split}",
        r"\text{where $x$ and $\substack{a\\b}$} ",
        r"\textcolor{green}{x} \ce{2H2O} \tag{1} ",
        r"\newcommand{\f}[1]{\frac{#1}{2}} \f{long argument} ",
        "% a comment \\foo\n",
    ],
)
def test_an_error_behind_rewritten_parts_keeps_its_place(before):
    assert error(before + r"\nosuch").offset == len(before)


def test_an_error_inside_rewritten_parts_keeps_its_place():
    for source in (
        r"\substack{a \\ \nosuch}",
        r"\text{a $b \nosuch$}",
        r"\begin{pmatrix*}[r] \nosuch \end{pmatrix*}",
        r"\newcommand{\f}[1]{\frac{#1}{2}} \f{\nosuch}",
        r"\smash{\mathop{\nosuch}}",
    ):
        assert source.index(r"\nosuch") == error(source).offset


def test_an_error_inside_a_macro_is_where_the_macro_is_called():
    source = r"\newcommand{\f}{\nosuch} a + \f"
    assert source.rindex(r"\f") == error(source).offset


@pytest.mark.parametrize(
    "source",
    [
        "{" * 20_000,
        r"\sqrt" * 5_000,
        r"\sqrt[" * 5_000,
        r"\left(" * 5_000,
        r"\frac x" * 5_000,
        r"\large " * 5_000,
    ],
)
def test_nesting_that_would_end_the_process_is_an_error(source):
    assert "deeper" in error(source).message


@pytest.mark.parametrize(
    "source",
    ["(" * 60, "[" * 60, r"\{" * 60, r"\lfloor" * 60, r"\frac{(}{2}" * 60, r"\bigl( x" * 60],
)
def test_brackets_that_are_never_closed_are_an_error_when_there_are_many(source):
    assert error(source).message.startswith("brackets are opened and never closed")


def test_brackets_too_deep_in_one_another_are_an_error():
    assert error("(" * 24_000 + ")" * 24_000).offset == 100


@pytest.mark.parametrize(
    "source", ["(0,1] " * 60, r"\llbracket x \rrbracket" * 60, r"\left( x \right]" * 60, "(" * 14]
)
def test_brackets_that_close_or_are_few_are_no_error(source):
    assert isinstance(render(source, display=False), Formula)


def test_a_formula_of_a_megabyte_is_an_error():
    assert error("x + " * 300_000).message == "longer than 50000 characters"


# Nothing but mathematics comes out


ELEMENTS = set(
    "math semantics annotation mrow mi mo mn mtext mspace msup msub msubsup mfrac msqrt mroot mover munder "  # noqa: SIM905
    "munderover mtable mtr mtd menclose mpadded mphantom mmultiscripts mprescripts a b u em code span".split()
)
ATTRIBUTES = set(
    "display encoding style class href displaystyle scriptlevel stretchy lspace rspace form symmetric accent "  # noqa: SIM905
    "accentunder notation width height depth voffset linethickness mathvariant movablelimits minsize maxsize "
    "columnspan".split()
)
TAG = re.compile(r'<(/?)([a-z]+)((?: [a-z]+(?:="[^"<>]*")?)*)\s*/?>')


def assert_harmless(formula: str) -> None:
    """Every angle bracket belongs to a tag of MathML with known attributes."""
    rest = TAG.sub(lambda tag: assert_known(tag[2], tag[3]), formula)
    assert not set("<>") & set(rest), formula
    assert "javascript:" not in formula.partition("<annotation")[0].lower()


def assert_known(element: str, attributes: str) -> str:
    assert element in ELEMENTS, element
    assert set(re.findall(r' ([a-z]+)="[^"]*"', attributes)) <= ATTRIBUTES, attributes
    return ""


@pytest.mark.parametrize(
    "source",
    [
        r"\text{<script>alert(1)</script>}",
        r"<script>alert(1)</script>",
        r"\operatorname{<b>}",
        r"\unicode{60}script\unicode{62}",
        r"\verb|<img src=x onerror=alert(1)>|",
        r'\class{" onclick="x}{a}',
        r"\style{background:url(//x)}{a}",
        r'\href{https://x" onclick="alert(1)}{a}',
        r'\enclose{box}[style="x"]{a}',
        r"\bbox[background:url(//x)]{a}",
        r'\label{"><script>} a',
        r'\tag{<b>"} a',
        r"\ce{<script>}",
        "</annotation></semantics></math><script>",
        r"\cssId{x}{a}",
        r"\color{red\"><script>}{a}",
    ],
)
def test_nothing_an_author_writes_becomes_html(source):
    rendered = render(source, display=True)
    if isinstance(rendered, Formula):
        assert_harmless(rendered.mathml)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        " data:text/html,x",
        "vbscript:x",
    ],
)
def test_links_lead_only_where_links_may_lead(address):
    assert r"\href leads only to" in error(rf"\href{{{address}}}{{x}}").message


@pytest.mark.parametrize(
    "address", ["https://a.b/c", "http://a", "mailto:a@b.c", "../note/", "#part"]
)
def test_harmless_links_are_kept(address):
    assert f'href="{address}"' in content(rf"\href{{{address}}}{{x}}")


PIECES = st.sampled_from(
    [
        *"abx12{}{}{}[]()^_&~$#%'|<>=+-*/,.:;!\"@ \n",
        *(
            r"\\",
            r"\{",
            r"\}",
            r"\,",
            r"\$",
            "é",
            "日",
            "\u0301",
            "\ud800",
            "\ufdd0",
            "\x00",
            "\u200b",
        ),
        *(
            r"\frac",
            r"\sqrt",
            r"\text{",
            r"\textbf{",
            r"\left(",
            r"\right)",
            r"\middle|",
            r"\big",
            r"\mathop",
        ),
        *(
            r"\operatorname*{",
            r"\substack{",
            r"\tag{",
            r"\label{",
            r"\color{red}",
            r"\large ",
            r"\hline",
        ),
        *(
            r"\newcommand{\f}[1]{",
            r"\f",
            r"\def\g",
            r"\let\f\g",
            "#1",
            r"\ce{",
            r"\pu{",
            "->",
            r"\href{",
            r"\unicode{",
        ),
        *(
            r"\begin{align}",
            r"\end{align}",
            r"\begin{array}{cc}",
            r"\end{array}",
            r"\begin{CD}",
            r"\end{CD}",
        ),
        *(
            r"\begin{cases*}",
            r"\end{cases*}",
            r"\begin{",
            r"\end{",
            r"\smash",
            r"\cancelto",
            r"\raise 2pt",
            r"\not",
        ),
    ]
)
TEX = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40)


@given(TEX, st.booleans())
@example("\ud800", True)
@example(r"\operatorname* \micro", True)
@example(r"\begin{alignat},\end{alignat}", True)
def test_any_text_renders_or_is_an_error_in_one_line(source, display):
    rendered = render(source, display=display)
    if isinstance(rendered, Formula):
        assert_harmless(rendered.mathml)
        rendered.mathml.encode()
    else:
        assert rendered.message
        assert len(rendered.message.splitlines()) == 1
        assert 0 <= rendered.offset <= len(source)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_formulas_that_need_no_rewriting_come_out_as_if_they_were_rewritten(source):
    plain = render(source, display=True)
    rewritten = render(rf"\notag {source}", display=True)
    if isinstance(plain, Formula) and isinstance(rewritten, Formula):
        assert (
            plain.mathml.partition("<annotation")[0] == rewritten.mathml.partition("<annotation")[0]
        )


def test_what_cannot_be_rendered_is_shown_as_its_source():
    assert inline_html("x<y").startswith("<math>")
    assert inline_html(r"\bad<y") == r"<code>\bad&lt;y</code>"
