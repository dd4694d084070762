"""Whether an article says what a specification's example says: HTML reduced to what it means.

``meaning`` reads HTML as a browser does, into a tree of elements, texts and comments, so that an entity and its
character, a slash in a void tag, the order of attributes or a tag that is closed for its author are no
difference; white space between blocks is none either. Text, structure and addresses stay as they are.
``article_meaning`` also takes off what articles add to Markdown's own HTML on purpose. Each addition is recognised
whole and in its place; anything less stays, and counts as a difference.
"""

import re

import html5lib

BLOCKS = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "center",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
        ),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "iframe", "legend", "li", "main", "menu", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
HEADING = re.compile("h[1-6]")
BLANKS = " \t\n"
_KEEPS_BLANKS = frozenset({"pre", "code", "comment"})


def meaning(html):
    """Return ``html`` as a tree: an element is a name, its sorted attributes, and texts and elements in order."""
    # The last line end is no part of either: a browser puts it into elements that nobody closed.
    fragment = html5lib.parseFragment(
        html.strip(BLANKS), treebuilder="etree", namespaceHTMLElements=False
    )
    return _without_last_blanks(_stripped(_tidy(_children(fragment))))


def article_meaning(html):
    """Return the tree of an article's ``html`` without what articles add to Markdown's own HTML."""
    return _stripped(_tidy(_plain(meaning(html))))


def without(children, *names):
    """Return a tree without the elements (or comments) of these names."""
    return _stripped(_tidy(_replaced(children, dict.fromkeys(names, lambda _: ()))))


def unwrapped(children, *names):
    """Return a tree in which what stood in elements of these names stands in their place."""
    return _stripped(_tidy(_replaced(children, dict.fromkeys(names, lambda child: child[2]))))


def _replaced(children, replacements):
    """Return ``children`` with every element whose name has a replacement replaced by what that returns."""
    found = []
    for child in children:
        if isinstance(child, str):
            found.append(child)
        elif child[0] in replacements:
            found += replacements[child[0]](child)
        else:
            inner = child[2] if child[0] == "comment" else _replaced(child[2], replacements)
            found.append((child[0], child[1], inner))
    return tuple(found)


def _children(element):
    found = [element.text or ""]
    for child in element:
        name = child.tag if isinstance(child.tag, str) else "comment"
        inner = _children(child) if name != "comment" else (child.text,)
        found += [_aligned(name, tuple(sorted(child.items())), inner), child.tail or ""]
    return tuple(found)


def _aligned(name, attributes, inner):
    """Return a cell with its alignment as an attribute, as the specification has it."""
    if name in {"td", "th"}:
        attributes = tuple(
            ("align", value.removeprefix("text-align:")) if key == "style" else (key, value)
            for key, value in attributes
        )
    return name, attributes, inner


def _tidy(children, *, in_code=False):
    """Return ``children`` with texts joined, and without blanks at the borders of blocks and after line breaks."""
    joined = []
    for child in children:
        if isinstance(child, str) and joined and isinstance(joined[-1], str):
            joined[-1] += child
        else:
            joined.append(child)
    found = []
    for place, child in enumerate(joined):
        if isinstance(child, str):
            before = joined[place - 1] if place else None
            after = joined[place + 1] if place + 1 < len(joined) else None
            text = child if in_code else _trimmed(child, before, after)
            found.extend([text] if text else [])
        else:
            name, attributes, inner = child
            inner = _tidy(inner, in_code=in_code or name == "pre") if name != "comment" else inner
            found.append(
                (
                    name,
                    attributes,
                    _stripped(inner) if _is_block(child) and name != "pre" else inner,
                )
            )
    return tuple(found)


def _trimmed(text, before, after):
    if _is_block(before):
        text = text.lstrip(BLANKS)
    if before is not None and before[0] == "br":
        text = text.removeprefix("\n")
    return text.rstrip(BLANKS) if _is_block(after) else text


def _stripped(children):
    """Return the content of a block without blanks at its ends."""
    found = list(children)
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip(BLANKS)
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip(BLANKS)
    return tuple(child for child in found if child)


def _without_last_blanks(children):
    """Return ``children`` without the blanks that end the last of them, however deep, code apart."""
    if not children or (isinstance(children[-1], tuple) and children[-1][0] in _KEEPS_BLANKS):
        return children
    last = children[-1]
    if isinstance(last, str):
        text = last.rstrip(BLANKS)
        return (*children[:-1], text) if text else children[:-1]
    return (*children[:-1], (last[0], last[1], _without_last_blanks(last[2])))


def _is_block(child):
    return isinstance(child, tuple) and child[0] in BLOCKS


def _plain(children):
    return tuple(
        child if isinstance(child, str) or child[0] == "comment" else _element(*child)
        for child in children
    )


def _element(name, attributes, inner):
    """Return an element as Markdown alone would have made it."""
    inner = _plain(inner)
    if HEADING.fullmatch(name) and [key for key, _ in attributes] == ["id"]:
        return _heading(name, attributes, inner)
    if name == "div":
        return _code_block(attributes, inner) or (name, attributes, inner)
    if name == "img":
        return name, tuple(each for each in attributes if each != ("loading", "lazy")), inner
    if name == "ul" and attributes == (("class", "task-list"),):
        return name, (), inner
    if name == "li" and ("class", "task-list-item") in attributes:
        return _task(attributes, inner) or (name, attributes, inner)
    return name, attributes, inner


def _heading(name, attributes, inner):
    """Return a heading without its id, if it ends with the permanent link to just that id."""
    address = "#" + attributes[0][1]
    link = ("a", (("class", "headerlink"), ("href", address), ("title", "Permanent link")), ("¶",))
    return (name, (), inner[:-1]) if inner and inner[-1] == link else (name, attributes, inner)


def _code_block(attributes, inner):
    """Return the code of a highlighted block with its language, None if this is no such block."""
    classes = re.fullmatch(r"language-(\S+) highlight", dict(attributes).get("class", ""))
    boxes = classes and len(attributes) == len(inner) == 1 and inner[0][:2] == ("pre", ())
    if not boxes or len(inner[0][2]) != 2:
        return None
    mark, code = inner[0][2]
    language = () if classes[1] == "text" else (("class", f"language-{classes[1]}"),)
    if mark != ("span", (), ()) or code[0] != "code" or code[1] not in {(), language}:
        return None
    return "pre", (), (("code", language, tuple(filter(None, [_text_of_spans(code[2])]))),)


def _text_of_spans(children):
    """Return the text of highlighted code, whose colours are spans with one class."""
    texts = []
    for child in children:
        if isinstance(child, str):
            texts.append(child)
        else:
            assert child[0] == "span"
            assert [key for key, _ in child[1]] in (["class"], [])
            texts.append(_text_of_spans(child[2]))
    return "".join(texts)


def _task(attributes, inner):
    """Return a task's item with a bare checkbox, None if this is no such item."""
    marked = dict(attributes).get("data-task")
    checked = (("checked", ""),) if marked != " " else ()
    said = {" ": "To do", "x": "Done", "X": "Done"}.get(marked)
    box = (("aria-label", said), *checked, ("disabled", ""), ("type", "checkbox"))
    indicator = ("span", (("class", "task-list-indicator"),), ())
    control = ("label", (("class", "task-list-control"),), (("input", box, ()), indicator))
    if len(attributes) != 2 or not inner or inner[0] != control:
        return None
    bare = ("input", (*checked, ("disabled", ""), ("type", "checkbox")), ())
    return "li", (), (bare, *inner[1:])
