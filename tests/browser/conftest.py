"""One Chromium and one host of each kind for all tests; a fresh reader for each."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack

import pytest
from browser_hosts import (
    ROOT,
    Host,
    free_address,
    hosting,
    seedbed_command,
    serving,
)
from browser_reader import PHONE, Reader
from browser_survey import survey
from playwright.sync_api import expect
from vaults import write_vault

from benchmarks.browser import launched


@pytest.fixture(scope="session")
def chromium():
    executable = os.environ.get("CHROMIUM")
    if not executable:
        pytest.skip("the environment variable CHROMIUM names no browser")
    expect.set_options(timeout=10_000)
    with launched(executable) as browser:
        yield browser


@pytest.fixture(scope="session")
def _site(tmp_path_factory, chromium):  # noqa: ARG001 -- no site is built where none can be seen
    folder = tmp_path_factory.mktemp("built")
    with hosting(folder, "/kb/") as host:
        subprocess.run(
            [seedbed_command(), "build", "--quiet", "--site-dir", str(folder)],
            cwd=ROOT,
            env={**os.environ, "SITE_URL": host.url},
            check=True,
        )
        yield folder, host


@pytest.fixture(scope="session")
def built_folder(_site):
    return _site[0]


@pytest.fixture(scope="session")
def built(_site):
    return _site[1]


@pytest.fixture(scope="session")
def served(tmp_path_factory, chromium):  # noqa: ARG001 -- as above
    address = free_address()
    # Without reloading: whoever writes a note meanwhile shall not turn the pages of a test.
    command = [sys.executable, "-m", "mkdocs", "serve", "--no-livereload", "--dev-addr", address]
    with serving(command, address, tmp_path_factory.mktemp("served")):
        yield Host(f"http://{address}/")


@pytest.fixture(scope="session", params=["built", "served"])
def host(request):
    """The repository's own site: its files in a subfolder, and `mkdocs serve`."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def uris(built_folder):
    """Addresses of all pages at which a reader stays."""
    found = (page.parent.relative_to(built_folder) for page in built_folder.rglob("index.html"))
    stays = (uri for uri in found if uri.as_posix() != "random")
    return sorted(f"{uri.as_posix()}/" if uri.parts else "" for uri in stays)


@pytest.fixture(scope="session")
def manifest(built_folder):
    """What the site says of its notes, by title."""
    notes = json.loads((built_folder / "notes.json").read_text(encoding="utf-8"))
    return {note["title"]: note for note in notes}


@pytest.fixture(scope="session")
def surveys(chromium, built, uris):
    """What can be seen on each page, by its address; each page is opened once for all claims.

    On a narrow screen, where what stands beside the text elsewhere is still in the page.
    """
    reader = Reader(chromium, built, viewport=PHONE)
    found = {uri: survey(reader, uri) for uri in uris}
    reader.close()
    return found


@pytest.fixture(scope="session")
def site_of(tmp_path_factory, chromium):  # noqa: ARG001 -- as above
    """Make sites of notes that are a test's own, each hosted in a subfolder, and to the end: readers leave later."""
    with ExitStack() as stack:

        def make(name, notes, *options):
            folder = tmp_path_factory.mktemp(name)
            write_vault(folder / "notes", notes)
            host = stack.enter_context(hosting(folder / "site", "/kb/"))
            command = [seedbed_command(), "build", "--quiet", *options, "--notes", "notes"]
            subprocess.run(command, cwd=folder, check=True)
            return host

        yield make


@pytest.fixture
def new_reader(chromium):
    """Make readers with preferences of their own; whatever goes wrong for them fails the test."""
    readers = []

    def make(host, **preferences):
        readers.append(Reader(chromium, host, **preferences))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()
    assert [trouble for reader in readers for trouble in reader.troubles] == []


@pytest.fixture
def reader(new_reader, host):
    return new_reader(host)
