"""Ten times the text is ten times the work, whatever it is made of.

Work is counted in calls, not in seconds, so that a busy machine changes nothing.
"""

import pytest
from counting import calls_in
from vaults import index_in_memory, write_vault

import seedbed
from seedbed import mentions, vault
from seedbed.index import Index
from seedbed.reading import Means

FEW = 30
NESTED = 100
"""The parser follows marks that open without closing so deep; only beyond is their work linear."""
REPEATED = {
    "opening wikilinks": "[[",
    "wikilinks": "[[a|b]] ",
    "wikilinks in links": "[x [[a]](",
    "links around wikilinks": "[x [[a]]](b) ",
    "embeds": "![[a|9]] ",
    "opening embeds": "![[",
    "opening wikilinks of notes": "[[a",
    "links with labels": "[[a|[[b|",
    "closing wikilinks": "]]",
    "labels with marks": "[[a|*b* ==c== [d](e)]]",
    "links to the web": "[[https://a.b|c]] ",
    "opening brackets": "[",
    "opening links": "[a](",
    "opening images": "![",
    "dollars": "$$$",
    "opening math": "$a ",
    "display math": "$$a$$ ",
    "math that cannot be read": "$\\frac{$ ",
    "blocks of math": "$$\na\n$$\n",
    "math in quotes": "> $$\n> a\n",
    "escaped dollars": "\\$a$",
    "opening display math": "$$\na\n\n",
    "opening display math in one paragraph": "$$\na\n",
    "percent signs": "%%%%",
    "comments": "a %%b%% ",
    "comments of paragraphs": "a %%b%%\n\n",
    "comments over paragraphs": "a %%b\n\nc%%\n",
    "lone percent signs": "a%% b\n",
    "comments in definitions": '[a]: b "c %%d%%"\n',
    "comments between definitions": "[a]: b\n%%c%%\n",
    "comments among rows": "| a |\n| - |\n| b |\n%%\nc\n\n%%\n",
    "comments in a row": "| %%a%% ",
    "comments over items": "- a %%b\n\nc%%\n",
    "comments that quotes hold alone": "> %%a%%\n\n",
    "comments in HTML": "<div>\n%%a\n\nb%%\n</div>\n\n",
    "comments in titles of callouts": "> [!a] %%b%%\n\n",
    "comments in wikilinks": "[[a%%b%%|c]] ",
    "comments in titles of links": "[a](b 'c %%d%%') ",
    "comments behind formulas": "$a$ %%b%% ",
    "comments behind opening math": "$a %%b%% $$c",
    "fences of comments": "%%%%\na\n%%%%\n",
    "opening fences of comments": "%%%%\n\n> %%%%\n",
    "opening links with comments": "%%a%% [b](",
    "opening titles of links with comments": "%%a%% [b](c '",
    "brackets with comments": "%%a%% [[b",
    "addresses with percent signs": "http://a.b/%%c) www.a.b/%% ",
    "comments in quotes": "> a %%b\n> c%%\n",
    "comments in items": "- %%a\n  b%%\n",
    "comments in cells": "| %%a%% |\n| - |\n| %%b\nc%% |\n\n",
    "escaped comments": "\\%%a",
    "comments between backticks": "`%%``%%",
    "comments in fences": "```\n%%\n```\n%%a\n",
    "quote marks": ">",
    "quotes": "> a\n",
    "quotes in quotes": "> a\n>> b\n",
    "callouts": "> [!note] a\n> b\n\n",
    "callouts in callouts": "> [!a]\n> > [!b]\n",
    "marks of callouts": "> [!",
    "types of callouts": "> [!a|",
    "quotes with lazy lines": "> a\nb\n",
    "quotes in items": "- > a\n",
    "backticks": "`a``b```c ",
    "equal signs": "a==b",
    "runs of equal signs": "===a",
    "highlights": "==a== ",
    "stars": "*a**b***c",
    "underscores": "_a __b ",
    "tildes": "~~a ",
    "single tildes": "~a~b ~",
    "runs of tildes": "~~~a~~~~ b ~",
    "stars and underscores": "*_a_* **_b *__c",
    "emphasis that never closes": "*a _b **c __d ==e ~~f ~g ",
    "emphasis that was never open": "a* b_ c** d__ e== f~~ g~ ",
    "inline footnotes": "^[",
    "closed inline footnotes": "^[a] ",
    "inline footnotes in words": "a^[b] ",
    "inline footnotes in inline footnotes": "^[a ^[b ",
    "opening HTML comments": "<!--",
    "closed HTML comments": "<!-- a ---> ",
    "addresses that begin with www": "www.a.b/c ",
    "opening addresses that begin with www": "www. ",
    "highlighted addresses": "==http://a.b/== ",
    "footnotes": "[^a]: b\n",
    "footnote references": "[^a]",
    "opening footnote references": "[^",
    "footnotes in footnotes": "[^a]: ",
    "footnotes of many lines": "[^a]: b\n\n    c\n  d\n",
    "footnotes with lists": "[^a]: - b\n      - c\n",
    "footnotes that are used": "[^a] ^[b [^a]]\n\n[^a]: b [^a]\n",
    "bars": "| a",
    "rows of bars": "|||\n",
    "delimiter rows": "|-|-|\n",
    "heads without a table": "| a | b |\n| - |\n",
    "escaped bars": "| a \\| b |\n|-|\n",
    "tables under text": "a\n| b |\n| - |\n| c |\n\n",
    "tables in quotes": "> | b |\n> | - |\n",
    "table rows": "| a | b |\n| - | - |\n",
    "block ids": "a ^b\n\n",
    "carets": "^",
    "block ids alone": "^b\n\n",
    "blocks of one id": "- a ^b\n\n^b\n",
    "tags": "#a ",
    "tasks": "- [ ] a\n",
    "items": "- a\n",
    "list markers": "- ",
    "number markers": "1. ",
    "mixed markers": "- 1. * > ",
    "markers on lines": "-\n",
    "changing markers": "- a\n+ b\n* c\n1. d\n2) e\n",
    "loose items": "- a\n\n  b\n\n",
    "tasks in quotes": "> - [ ] a\n",
    "hash marks": "#",
    "colons": ":::",
    "lines of colons": "::: a\n:::\n",
    "icons": ":a-b: ",
    "opening icons": ":a",
    "fields in lines": "[a:: b] (c:: d) ",
    "opening fields": "[a:: ",
    "fields of lines": "a:: b\n",
    "headings": "# a\n",
    "underlined headings": "a\n===\n",
    "lines": "a\n",
    "fences": "```\na\n```\n",
    "fences in items": "- ```\n  a\n",
    "longer fences": "````\n```\n",
    "diagrams": "```mermaid\na\n```\n",
    "indented code": "    a\n\n",
    "unclosed fences": "```a\n",
    "angle brackets": "<a ",
    "angle brackets alone": "<",
    "attributes": "<a b=c d='e' f ",
    "many attributes": "<a " + "b ",
    "unclosed quotes in tags": "<a b='",
    "links of HTML": "<a href=b>",
    "ends of elements": "</b>",
    "elements in emphasis": "*<b>*",
    "instructions": "<?",
    "declarations": "<!A ",
    "text boxes": "<textarea>",
    "scripts": "<script>a\n\n",
    "elements over paragraphs": "<b>a\n\n</b>",
    "details": "<details>\n\n> a\n\n</details>\n\n",
    "HTML comments": "<!-- a ",
    "elements": "<b>",
    "blocks of HTML": "<div>\n\n",
    "addresses": "http://a.b/c ",
    "addresses in one word": "http://",
    "bad addresses in one word": "http://a_b.c_d/",
    "addresses between angle brackets": "<http://a.b>",
    "parentheses behind an address": "http://a.b/)",
    "parentheses": "(",
    "closed parentheses": "www.a.b)))",
    "semicolons": "www.a.b/&a;&b;;",
    "www": "www.",
    "at signs": "a@",
    "resources": "xmpp:a@b.c/d@",
    "mail addresses": "a@b.c ",
    "backslashes": "\\",
    "entities": "&amp; ",
    "ampersands": "&",
    "opening entities": "&a",
    "opening numbers": "&#1",
    "definitions of links": "[a]: b\n",
    "definitions of many links": "[a]: <b> 'c'\n[d]:\ne\n",
    "opening definitions": "[a]: b '",
    "definitions without addresses": "[a]:\n",
    "brackets with names": "[a][b]",
    "brackets before colons": "[a]:[b]:",
    "empty fields": "a:\n",
    "fields": "a: [[b]]\n",
    "rules": "---\n",
}
GROWN = {
    "nested items": lambda count: "".join("  " * (n % 40) + "- a\n" for n in range(count)),
    "emphasis in emphasis": lambda count: "*a **b " * count + "b** a*" * count,
    "brackets in brackets": lambda count: "[" * count + "a" + "](b)" * count,
    "backticks of many lengths": lambda count: " ".join("`" * n for n in range(1, count // 4)),
    "fences of many lengths": lambda count: "".join(
        "`" * (3 + n % 40) + "a\n" for n in range(count)
    ),
    "quotes of many depths": lambda count: "".join(">" * (n % 60) + " a\n" for n in range(count)),
    "callouts in items in quotes": lambda count: "".join(
        "> - > [!note]\n> " + "  > " * (n % 9) + "a\n" for n in range(count)
    ),
    "footnotes at many indents": lambda count: "".join(
        " " * (n % 9) + f"[^{n}]: a\n" for n in range(count)
    ),
    "footnotes that refer each to the next": lambda count: (
        "[^0]\n\n" + "".join(f"[^{n}]: [^{n + 1}]\n\n" for n in range(count))
    ),
    "blank lines in a comment": lambda count: "a\n%%" + "\n" * count + "%%\nb",
    "a comment over many items": lambda count: "a %%" + "\n- b\n\n  > c" * count + "%%",
    "comments around everything": lambda count: "%%\n" + "> - a `b` $c$\n" * count + "%%\n",
    "items far apart": lambda count: "- a\n" + "\n" * count + "  b\n",
    "a long line of words": lambda count: "word " * count,
    "a long destination": lambda count: f"[a](<{'b' * count}> '{'c' * count}')",
    "a long tag": lambda count: "#" + "a/" * count,
    "a long address": lambda count: "http://a.b/" + "(c" * count + ")" * count,
    "a wide table": lambda count: f"{'|a' * count}|\n{'|-' * count}|\n{'|b' * count}|\n",
    "properties": lambda count: (
        "---\n" + "".join(f'a{n}: "[[b]]"\n' for n in range(count)) + "---\n"
    ),
    "equal headings": lambda count: "# a\n" * count + "[[#a]] " * count,
}


VAULTS = {
    "misspelt notes": lambda count: {f"Tree {n:05}.md": f"[[Trea {n:05}]]" for n in range(count)},
    "misspelt notes of one spelling": lambda count: {
        f"Tree {n}.md": "[[Trea 7]]" for n in range(count)
    },
    "headings": lambda count: {
        "A.md": "".join(f"# Week {n}\n[[#Week {n}]]\n" for n in range(count))
    },
    "misspelt headings": lambda count: {
        "A.md": "".join(f"# Week {n}\n[[#Weak {n}]]\n" for n in range(count))
    },
    "equal headings under others": lambda count: {
        "A.md": "".join(f"# Week {n}\n[[#Week {n}#Done]]\n## Done\n" for n in range(count))
    },
    "headings under equal ones": lambda count: {
        "A.md": "".join(f"# Week\n[[#Week#Day {n}]]\n## Day {n}\n" for n in range(count))
    },
    "misspelt blocks": lambda count: {
        "A.md": "".join(f"a [[#^bolck{n}]] ^block{n}\n\n" for n in range(count))
    },
    "namesakes": lambda count: {f"{n}/Fern.md": f"[[Fern]] [[{n}/Fern]]" for n in range(count)},
    "namesakes in folders of one name": lambda count: {
        f"{n}/a/Fern.md": f"[[a/Fern]] [[{n}/a/Fern]]" for n in range(count)
    },
    "notes of one address": lambda count: {
        f"{'!' * n}.md": "---\npermalink: a/index.html\n---\n" for n in range(1, count)
    },
    "notes below a file": lambda count: {
        f"{n}.md": "---\npermalink: 404.html/a\n---\n" for n in range(count)
    },
    "notes under one another": lambda count: {
        f"{n}.md": f"upstream: [[{n + 1}]]\n" for n in range(count)
    },
}


def calls(text):
    """Return how many functions are called to render ``text``."""
    return calls_in(lambda: seedbed.render(text))


@pytest.fixture(scope="module", autouse=True)
def loaded():
    seedbed.render("a $x$\n\n```\nb\n```\n\n```mermaid\na\n```\n")


@pytest.mark.timeout(60)  # being watched takes five times as long
@pytest.mark.parametrize("name", [*REPEATED, *GROWN])
def test_ten_times_the_text_is_ten_times_the_work(name):
    grow = GROWN.get(name, lambda count: REPEATED[name] * count)
    nests = name.startswith(("opening", "inline", "brackets", "marks", "types", "quotes of many"))
    few = NESTED if nests else FEW
    assert calls(grow(10 * few)) < 15 * calls(grow(few))


@pytest.mark.timeout(60)  # being watched takes five times as long
@pytest.mark.parametrize("name", VAULTS)
def test_ten_times_the_vault_is_ten_times_the_work(name):
    few, many = (index_in_memory(VAULTS[name](count)).vault for count in (100, 1000))
    assert calls_in(lambda: Index(many)) < 15 * calls_in(lambda: Index(few))


NAMING = {
    "names": lambda count: {"Fern.md": "", "A.md": "a fern *b* " * count},
    "names behind escapes": lambda count: {"Fern.md": "", "A.md": "a \\* fern &amp; " * count},
    "names behind code over lines": lambda count: {"Fern.md": "", "A.md": "`a\nb` fern\n" * count},
    "names within names": lambda count: (
        {"A.md": "a " * count} | {f"{'a ' * n}a.md": "" for n in range(3, 10)}
    ),
    "many names": lambda count: {f"Fern {n}.md": f"fern {n + 1} and fern" for n in range(count)},
    "many names in one note": lambda count: (
        {"A.md": "".join(f"fern {n}. " for n in range(count))}
        | {f"Fern {n}.md": "" for n in range(count)}
    ),
}


@pytest.mark.parametrize("name", NAMING)
def test_ten_times_the_text_is_ten_times_the_work_for_mentions(name, tmp_path):
    def calls_for(count):
        root = write_vault(tmp_path / str(count), NAMING[name](count))
        read = vault.read(vault.look(root))
        return calls_in(lambda: mentions.find(read, Means()))

    calls_for(FEW)  # so that what is loaded once is loaded
    assert calls_for(10 * FEW) < 15 * calls_for(FEW)
