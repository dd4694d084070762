"""Icons in notes are the theme's own drawings, each looked for once."""

import re
from importlib.resources import files

import seedbed
from seedbed.dialect.icons import drawing


def test_an_icon_is_drawn_as_the_theme_has_it():
    folder = files("material") / "templates" / ".icons"
    for name, file in (
        ("material-account", "material/account.svg"),
        ("octicons-alert-16", "octicons/alert-16.svg"),
        ("fontawesome-brands-github", "fontawesome/brands/github.svg"),
        ("simple-python", "simple/python.svg"),
    ):
        svg = folder.joinpath(file).read_text(encoding="utf-8").strip()
        shown = f'<p><span class="twemoji" aria-hidden="true">{svg}</span></p>\n'
        assert seedbed.render(f":{name}:") == shown
        outline = re.search(r' d="[^"]+"', svg)[0]
        assert outline in seedbed.render(f"---\ndialect: mkdocs\n---\n:{name}:")


def test_only_names_of_icons_are_looked_for():
    drawing.cache_clear()
    seedbed.render(
        "10:30 a:b: ::c:: :smile: :../../x-y: :material/account: `:material-account:` " * 50
    )
    assert drawing.cache_info().misses == 0
    seedbed.render(":material-account: " * 50)
    assert drawing.cache_info().misses == 1
