r"""Commands that are another spelling of something: no structure, only names.

``MACROS`` goes to the converter as it is; ``TEXT_SYMBOLS`` are characters that may stand in text and in math.
Taken from what Obsidian's MathJax knows (its packages base, ams, mathtools, upgreek, gensymb, textcomp) less
what math-core knows itself.
"""

from __future__ import annotations

from typing import Final

_FONTS: Final = {
    "mathrm": "mathup symrm symup",
    "mathbf": "mathbfup symbfup",
    "mathit": "mit symit",
    "mathbb": "bbFont symbb mathds mathbbm",
    "mathfrak": "symfrak",
    "mathcal": "symcal",
    "mathscr": "scr symscr",
    "mathsf": "mathsfup symsf symsfup",
    "mathtt": "symtt",
    "boldsymbol": "pmb mathbfit symbfit",
}
"""The command that draws a font, with its other names."""

_SAME: Final = {
    "dotsc": r"\ldots",
    "dotso": r"\ldots",
    "dotsb": r"\cdots",
    "dotsm": r"\cdots",
    "dotsi": r"\cdots",
    "intop": r"\int",
    "smallint": r"\int",
    "divsymbol": r"\div",
    "smallsetminus": r"\setminus",
    "centerdot": r"\cdot",
    "thicksim": r"\sim",
    "thickapprox": r"\approx",
    "smallsmile": r"\smile",
    "smallfrown": r"\frown",
    "shortmid": r"\mid",
    "nshortmid": r"\nmid",
    "shortparallel": r"\parallel",
    "nshortparallel": r"\nparallel",
    "varpropto": r"\propto",
    "ketbra": r"\vert{#1}\rangle\langle{#2}\vert",
    "Ketbra": r"\left\vert{#1}\right\rangle\left\langle{#2}\right\vert",
    "overunderset": r"\overset{#1}{\underset{#2}{#3}}",
    "stackbin": r"\mathbin{\overset{#1}{#2}}",
    "skew": r"{#2{#3\mkern#1mu}\mkern-#1mu}",
    "strut": r"\mathstrut",
    "nonscript": "",
    "hfill": "",
    "hfil": "",
    "hfilll": "",
    "allowbreak": "",
    "nobreak": "",
    "/": "",
    "-": "",
    "mathnormal": "#1",
    "symnormal": "#1",
    "oldstyle": "",
    "uproot": "",
    "empty": r"\emptyset",
    "O": r"\emptyset",
    "splitfrac": r"\genfrac{}{}{0pt}{1}{#1}{#2}",
    "splitdfrac": r"\genfrac{}{}{0pt}{0}{#1}{#2}",
}

_SMALL_GREEK: Final = """
    alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon
    chi psi omega epsilon varepsilon vartheta varpi varrho varsigma phi varphi
"""
_CAPITAL_GREEK: Final = "gamma delta theta lambda xi pi sigma upsilon phi psi omega"
_LETTERS: Final = {
    "ohm": "Ω",
    "celsius": "℃",
    "perthousand": "‰",
    "micro": "µ",
    **{
        f"up{name}": letter
        for name, letter in zip(
            _SMALL_GREEK.split(),
            "αβγδζηθικλμνξοπρστυχψωϵεϑϖϱςϕφ",
            strict=True,
        )
    },
    **{
        f"Up{name}": letter
        for name, letter in zip(
            _CAPITAL_GREEK.split(),
            "ΓΔΘΛΞΠΣΥΦΨΩ",
            strict=True,
        )
    },
}
"""Upright letters."""


def _font_macros() -> dict[str, str]:
    return {
        alias: f"\\{command}{{#1}}"
        for command, aliases in _FONTS.items()
        for alias in aliases.split()
    }


MACROS: Final = {
    **_SAME,
    **_font_macros(),
    **{name: f"\\mathrm{{{letter}}}" for name, letter in _LETTERS.items()},
}
"""Bodies of commands by name, without the backslash, in words that math-core knows."""

_TEXT_SYMBOLS: Final = """
    asteriskcentered=* bullet=• exclamdown=¡ questiondown=¿ ordfeminine=ª ordmasculine=º paragraph=¶
    periodcentered=· section=§ visiblespace=␣ asciiacute=´ asciibreve=˘ asciicaron=ˇ
    asciidieresis=¨ asciimacron=¯ baht=฿ cent=¢ colonmonetary=₡ currency=¤ dong=₫ euro=€ florin=ƒ
    guarani=₲ lira=₤ naira=₦ peso=₱ won=₩ circledP=℗ copyright=© servicemark=℠ trademark=™
    bigcircle=◯ blank=␢ brokenbar=¦ discount=⁒ estimated=℮ interrobang=‽ musicalnote=♪ numero=№
    openbullet=◦ pertenthousand=‱ perthousand=‰ recipe=℞ referencemark=※ langle=〈 rangle=〉
    lbrackdbl=⟦ rbrackdbl=⟧ lquill=⁅ rquill=⁆ celsius=℃ div=÷ downarrow=↓ fractionsolidus=⁄
    leftarrow=← lnot=¬ mho=℧ minus=− mu=µ ohm=Ω onehalf=½ onequarter=¼ onesuperior=¹ pm=±
    rightarrow=→ surd=√ threequarters=¾ threesuperior=³ times=× twosuperior=² uparrow=↑ born=* died=†
    divorced=⚮ married=⚭
"""
TEXT_SYMBOLS: Final = {
    f"\\text{name}": character
    for name, character in (pair.split("=") for pair in _TEXT_SYMBOLS.split())
}
r"""Characters of TeX's text companion fonts by command, ``\texteuro``; allowed in math as well."""

_TEXT_COMMANDS: Final = """
    asciicircum asciitilde backslash bar bardbl braceleft braceright dagger daggerdbl degree dollar
    ellipsis emdash endash greater less quotedblleft quotedblright quoteleft quoteright registered
    sterling underscore yen
"""
TEXT_COMMANDS: Final = frozenset(f"\\text{name}" for name in _TEXT_COMMANDS.split())
r"""Symbols that math-core knows inside ``\text`` only."""
