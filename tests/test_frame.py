"""The theme around a page without its templates: byte for byte what they give, or given by them."""

import itertools
from dataclasses import fields
from typing import get_args
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from theming import Theme

from seedbed.article import TocEntry
from seedbed.frame import Frames
from seedbed.frame.shapes import SHAPES, Contents, Image, Shape, shape_of
from seedbed.pages import Page

pytestmark = pytest.mark.timeout(60)  # a theme's templates are compiled


def page(title="Fern", uri="plants/fern/", **values):
    return Page(uri, title, f"<h1>{title}</h1>\n<p>About it</p>\n", **values)


HUB = Page("theory/hub/", "Hub", "<h1>Hub</h1>", (TocEntry(2, "Part", "part"),))
RATING = {"icon": "material/sprout", "name": "Yes", "data": 1, "note": "{title} at {url}"}
CONFIGURATIONS = {
    "default": {},
    "with an address": {"site_url": "https://a.example/", "site_description": "All of it"},
    "below a folder": {"site_url": "https://a.example/b/c", "use_directory_urls": False},
    "tabs": {"features": ["navigation.tabs", "navigation.sections", "navigation.indexes"]},
    "all along": {
        "features": [
            *("navigation.path", "navigation.footer", "navigation.prune", "navigation.expand"),
            *("navigation.instant", "navigation.tracking", "navigation.top", "toc.integrate"),
        ],
        "site_url": "https://a.example",
        "repo_url": "https://a.example/repository",
        "copyright": "Somebody",
        "extra_css": ["own.css", "../outside.css", "https://b.example/c.css"],
        "extra": {
            "homepage": "https://b.example",
            "social": [{"icon": "material/sprout", "link": "/x"}],
            "analytics": {"feedback": {"title": "Well?", "ratings": [RATING]}},
        },
    },
    "search by the theme": {"plugins": ["seedbed", "material/search"]},
    "templates of its own": {
        "templates": {
            "main.html": '{% extends "base.html" %}{% block extrahead %}{{ super() }}'
            '<meta name="path" content="{{ page.file.src_uri }}"><link href="{{ \'a/b c/\' | url }}">'
            '<meta name="title" content="{{ page.title | striptags | e }} {{ page.title | urlencode }}">'
            "{% endblock %}",
            "partials/toc-item.html": "<li>{% if toc_item.children %}<b>{{ toc_item.title }}</b><ol>"
            '{% for toc_item in toc_item.children %}{% include "partials/toc-item.html" %},{% endfor %}'
            '</ol>{% else %}{{ toc_item.title | e }}<a href="{{ toc_item.url }}">#</a>{% endif %}</li>',
        }
    },
}
# Each makes of a page's values something that differs from page to page as no filled text does.
UNFORESEEN = {
    "words counted": "{{ page.content | wordcount }}",
    "other letters": "{{ page.title | upper }}",
    "a part of a value": "{{ page.meta.title | truncate(12) }}",
    "a part of the address": "{{ page.url.split('/')[1] }}",
    "a condition": "{% if page.meta.title | length > 20 %}long{% endif %}",
    "entries in another order": "{% for each in page.toc | reverse %}{{ each.title }}{% endfor %}",
    "entries by number": "{{ page.toc | length }}{% if page.toc %}{{ page.toc.items[-1].title }}{% endif %}",
    "values of only some pages": "{{ {'Fern': 1, 'Fir': 2, 'Moss': 3, 'Hub': 4}[page.title] + 0 }}",
}


def themed(root, *placed, inside="", **settings):
    """Return a theme that writes ``inside`` into the head of each page, and its frames."""
    if inside:
        main = f'{{% extends "base.html" %}}{{% block extrahead %}}{inside}{{% endblock %}}'
        settings["templates"] = {"main.html": main}
    theme = Theme(root, placed, **settings)
    return theme, Frames(theme.render, theme.in_nav)


@pytest.fixture(scope="module", params=CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def framed(request, tmp_path_factory):
    """A theme by one of the configurations, and frames that have learned it from no page yet."""
    return themed(tmp_path_factory.mktemp("theme"), HUB, **request.param)


texts = st.text(
    st.sampled_from("aB ü日&<>\"'{}%#/\\\n\t;") | st.characters(codec="utf-8"), max_size=20
)
titles = texts.filter(bool)
steps = st.sampled_from(
    ["theory", "hub", "guide", "writing", "assets", "deep", "Ä b", "a"]
) | st.text(
    st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="/"),
    min_size=1,
    max_size=8,
).filter(lambda step: step.strip("."))
addresses = st.lists(steps, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + "/")
pages = st.builds(
    Page,
    uri=addresses,
    title=titles,
    html=st.builds(
        "{}{}".format, st.sampled_from(["", "<h1>x</h1>", "<p>y</p><h1 id='z'>"]), texts
    ),
    toc=st.lists(st.builds(TocEntry, st.integers(1, 6), texts, texts), max_size=12).map(tuple),
    description=st.none() | texts,
    image=st.none()
    | addresses.map(lambda address: quote(address) + "x.png")
    | texts.map("https://a.example/{}".format),
    classes=st.lists(titles, max_size=3).map(tuple),
    searchable=st.booleans(),
)


@settings(max_examples=30)
@given(made=pages)
def test_a_wrapped_page_is_what_the_templates_give(framed, made):
    theme, frames = framed
    right = theme.render(made)
    assert frames.encoded(made).decode() == right
    before = theme.runs
    assert frames.encoded(made).decode() == right
    assert theme.runs == before + (shape_of(made) is None or made.uri in theme.in_nav)


@given(made=pages)
def test_only_what_no_vault_gives_has_no_shape(made):
    unusual = (
        (made.toc and "\\" in made.toc[0].anchor)
        or made.uri.startswith(".")
        or (made.image and "://" not in made.image and ".." in made.image)
    )
    assert (shape_of(made) is None) == bool(unusual)


def test_a_page_of_the_navigation_is_marked_there(framed):
    theme, frames = framed
    assert frames.encoded(HUB).decode() == theme.render(HUB)
    assert "md-nav__link--active" in frames.encoded(HUB).decode()
    assert "md-nav__link--active" not in frames.encoded(page()).decode()


def test_the_home_page_is_made_by_the_templates(framed):
    theme, frames = framed
    home = page("Home", "")
    assert frames.encoded(home).decode() == theme.render(home)


@pytest.mark.parametrize("inside", UNFORESEEN.values(), ids=UNFORESEEN)
def test_what_no_frame_can_repeat_is_made_by_the_templates(tmp_path, inside):
    theme, frames = themed(tmp_path, inside=inside)
    entries = (TocEntry(2, "One", "one"), TocEntry(3, "Two", "two"))
    for made in (page(), page("Fir", toc=entries), page("Moss", "moss/", toc=entries[:1])):
        assert frames.encoded(made).decode() == theme.render(made)


def test_templates_that_never_give_the_same_are_asked_each_time(tmp_path):
    _, frames = themed(tmp_path, inside="{{ range(1000000000) | random }}")
    assert len({frames.encoded(page()).decode() for _ in range(3)}) == 3


def test_templates_that_fail_on_a_made_up_page_are_asked_each_time(tmp_path):
    theme, frames = themed(tmp_path, inside="{{ {'Fern': 1, 'Fir': 2}[page.title] + 0 }}")
    for made in (page(), page("Fir")):
        assert frames.encoded(made).decode() == theme.render(made)
    with pytest.raises(UndefinedError):
        frames.encoded(page("Moss")).decode()


def test_a_template_that_knows_a_page_is_found_out_by_that_page(tmp_path):
    theme, frames = themed(tmp_path, inside="{% if page.title == 'Fern' %}rare{% endif %}")
    for made in (page(), page("Fir"), page()):
        assert frames.encoded(made).decode() == theme.render(made)


def test_the_templates_run_as_often_for_a_hundred_pages_as_for_two(tmp_path):
    theme, frames = themed(tmp_path)
    for number in range(100):
        frames.encoded(page(f"Fern {number}", f"plants/fern-{number}/")).decode()
        if number == 1:
            before = theme.runs
    assert theme.runs == before


def test_a_lone_half_of_a_character_is_written_as_mkdocs_writes_it(tmp_path):
    theme, frames = themed(tmp_path)
    broken = page("Fern \ud83c")
    assert frames.encoded(broken) == theme.render(broken).encode("utf-8", "xmlcharrefreplace")
    assert frames.encoded(broken) == frames.encoded(broken)


CHANGES = {
    "a name": {"site_name": "Other"},
    "a navigation": {"placed": [HUB, page()]},
    "what marks pages in it": {
        "templates": {"partials/toc.html": "{% if page.ancestors %}here{% endif %}"}
    },
    "what pages with images have": {
        "templates": {
            "main.html": '{% extends "base.html" %}{% block extrahead %}'
            "{% if page.meta.image and not page.meta.description %}!{% endif %}{% endblock %}"
        }
    },
    "what no frame can repeat": {
        "templates": {"partials/content.html": "{{ page.content | upper }}"}
    },
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_everything_around_pages_has_another_name_once_it_changes(tmp_path, change):
    themes = [
        Theme(tmp_path / str(place), **settings)
        for place, settings in enumerate(
            ({"placed": [HUB]}, {"placed": [HUB]}, {"placed": [HUB]} | change)
        )
    ]
    first, same, changed = (Frames(theme.render, theme.in_nav).name for theme in themes)
    assert first == same
    assert first != changed


@pytest.mark.parametrize("inside", ["{{ range(1000000000) | random }}", "{{ 0 / 0 }}"])
def test_what_cannot_be_known_has_a_name_once_only(tmp_path, inside):
    theme, frames = themed(tmp_path, inside=inside)
    assert frames.name == frames.name
    assert frames.name != Frames(theme.render, theme.in_nav).name


def test_all_values_of_a_shape_meet_each_other():
    names = [field.name for field in fields(Shape)]
    for one, other in itertools.combinations(names, 2):
        met = {(getattr(shape, one), getattr(shape, other)) for shape in SHAPES}
        assert met == set(itertools.product(*map(set, zip(*met, strict=True))))
    assert {shape.contents for shape in SHAPES} == set(get_args(Contents))
    assert {shape.image for shape in SHAPES} == set(get_args(Image))
