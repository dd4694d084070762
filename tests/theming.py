"""Pages put into the theme by its own templates, as a build does it."""

from mkdocs.config import load_config
from mkdocs.structure.files import get_files
from mkdocs.structure.nav import Section, get_navigation
from vaults import write_vault

from seedbed.host import DEFAULT_CONFIG
from seedbed.wrapping import NotePage, Wrapper

DOCS = {
    "index.md": "# Home\n",
    "guide/writing.md": "# Writing\n",
    "guide/deep/Ä b.md": "# Deep\n",
    "about.md": "# About\n",
}


class Theme:
    """The theme of a site with some hand-written pages; ``placed`` pages have a section of its navigation."""

    def __init__(self, root, placed=(), templates=None, features=(), **settings):
        write_vault(root / "docs", DOCS)
        theme = {"name": "material", "font": False, "features": list(features)}
        if templates is not None:
            theme["custom_dir"] = str(write_vault(root / "templates", templates))
        config = load_config(
            str(DEFAULT_CONFIG),
            theme=theme,
            docs_dir=str(root / "docs"),
            site_dir=str(root / "site"),
            **settings,
        )
        config = config.plugins.on_config(config)
        env = config.theme.get_env()
        files = get_files(config)
        files.add_files_from_theme(env, config)
        nav = get_navigation(files, config)
        for file in files.documentation_pages():
            file.page.read_source(config)
        pages = {page.uri: NotePage(page, config) for page in placed}
        section = Section("Notes", [*pages.values()])
        for page in section.children:
            page.parent = section
        nav.items.append(section)
        self._wrapper = Wrapper(config, files, nav, env, pages)
        self.in_nav = frozenset(pages)
        self.runs = 0

    def render(self, page):
        """Return the whole HTML of ``page``, and count how often this is asked for."""
        self.runs += 1
        return self._wrapper(page)
