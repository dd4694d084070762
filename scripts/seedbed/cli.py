"""The command line: ``seedbed build | serve | check | new | link | export | figures``.

Turns arguments into calls, diagnostics into text and outcomes into exit codes: 0; 1 when strict and something was
diagnosed; 2 for wrong usage or set-up, with one line that says what.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from seedbed import diagnostics, drawings, export, host, linkcommand, new
from seedbed.diagnostics import Diagnostic
from seedbed.dialect.wikilinks import Ref
from seedbed.drawings import NoFigureError
from seedbed.executors import WorkersError, scheduler_of
from seedbed.host import HostSettings, SetupError
from seedbed.index import Index
from seedbed.meanings import Found
from seedbed.progress import shown_progress
from seedbed.site import Site
from seedbed.text import NotePath, Span, did_you_mean
from seedbed.vault import VaultError

OK, DIAGNOSED, UNUSABLE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        self.exit(UNUSABLE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = build_parser().parse_args(arguments)
    try:
        code: int = given.run(given)
    except (SetupError, VaultError, WorkersError, NoFigureError, new.NameTakenError) as error:
        print(f"seedbed: {error}", file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:
        return OK
    except KeyboardInterrupt:
        return OK
    return code


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; README's reference is its help."""
    parser = _Parser(prog="seedbed", description="Turn a vault of Obsidian notes into a site.")
    parser.add_argument("--version", action="version", version=f"seedbed {version('seedbed')}")
    commands = parser.add_subparsers(
        title="commands", required=True, metavar="COMMAND", parser_class=_Parser
    )
    _add_build(commands)
    _add_serve(commands)
    _add_check(commands)
    _add_new(commands)
    _add_link(commands)
    _add_export(commands)
    _add_figures(commands)
    return parser


_Commands = argparse._SubParsersAction  # noqa: SLF001 -- argparse gives this type no public name


def _add_build(commands: _Commands[_Parser]) -> None:
    command = commands.add_parser(
        "build", help="build the site", description="Build the site of a vault."
    )
    _add_notes(command)
    command.add_argument(
        "--site-dir", type=Path, metavar="DIR", help="where to write the site (default: site)"
    )
    _add_config(command)
    command.add_argument(
        "--strict", action="store_true", help="exit with 1 if anything was diagnosed"
    )
    command.add_argument(
        "--jobs", type=_count, default=0, metavar="N", help="processes to work in (default: all)"
    )
    command.add_argument(
        "--executor",
        type=_executor,
        default="",
        metavar="ADDRESS",
        help="Dask cluster to work on, as dask://HOST:PORT (default: this machine)",
    )
    command.add_argument("--no-cache", action="store_true", help="compute everything again")
    command.add_argument("-q", "--quiet", action="store_true", help="show no progress")
    command.set_defaults(run=_build)


def _add_serve(commands: _Commands[_Parser]) -> None:
    command = commands.add_parser(
        "serve",
        help="serve the site and reload it at every change",
        description="Serve the site of a vault.",
    )
    _add_notes(command)
    _add_config(command)
    command.add_argument(
        "--addr",
        type=_address,
        default="127.0.0.1:8000",
        metavar="HOST:PORT",
        help="where to serve (default: 127.0.0.1:8000)",
    )
    command.set_defaults(run=_serve)


def _add_check(commands: _Commands[_Parser]) -> None:
    command = commands.add_parser(
        "check",
        help="print every diagnostic",
        description="Print everything that is wrong with a vault.",
    )
    _add_notes(command)
    _add_config(command)
    command.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="how to print (default: text)",
    )
    command.add_argument(
        "--strict", action="store_true", help="exit with 1 if anything was diagnosed"
    )
    command.set_defaults(run=_check)


def _add_new(commands: _Commands[_Parser]) -> None:
    command = commands.add_parser(
        "new", help="write a new note", description="Write a new note into a vault."
    )
    command.add_argument("title", metavar="TITLE", help="title and file name of the note")
    command.add_argument(
        "--upstream", metavar="NOTE", help="the note that the new one belongs under"
    )
    command.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="a tag; may be repeated"
    )
    _add_notes(command)
    _add_config(command)
    command.set_defaults(run=_new)


def _add_link(commands: _Commands[_Parser]) -> None:
    command = commands.add_parser(
        "link",
        help="make unlinked mentions links",
        description="Show where other notes mention a note without a link, and make links of it.",
    )
    linkcommand.add_arguments(command)
    _add_notes(command)
    _add_config(command)
    command.set_defaults(run=_link)


def _add_export(commands: _Commands[_Parser]) -> None:
    command = commands.add_parser(
        "export",
        help="write the pages as files",
        description="Write the pages as files that other hosts can build.",
    )
    command.add_argument("directory", type=Path, metavar="DIR", help="where to write")
    _add_notes(command)
    _add_config(command)
    command.set_defaults(run=_export)


def _add_figures(commands: _Commands[_Parser]) -> None:
    command = commands.add_parser(
        "figures",
        help="list the kinds of figures, or draw a figure",
        usage="%(prog)s [-h] [KIND]\n"
        "       %(prog)s render NOTE ID -o FILE [--notes DIR] [--config FILE]",
        description="List the kinds of figures and their fields, or explain one kind. With render: "
        "draw one figure of a vault into a file.",
    )
    command.add_argument(
        "kind", nargs="?", metavar="KIND", help="explain this kind alone, with a block to copy"
    )
    command.add_argument(
        "note", nargs="?", metavar="NOTE", help="path or name of the note that has the figure"
    )
    command.add_argument(
        "figure", nargs="?", metavar="ID", help="the figure's id, as its page names it"
    )
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="SVG file to write")
    _add_notes(command)
    _add_config(command)
    command.set_defaults(run=_figures)


def _add_notes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--notes", type=Path, metavar="DIR", help="the vault (default: as configured, or notes)"
    )


def _add_config(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="MkDocs configuration (default: mkdocs.yml, else a built-in one)",
    )


def _count(written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"must be a number from 1, got {written!r}")
    return int(written)


def _executor(written: str) -> str:
    try:
        if written:
            scheduler_of(written)
    except WorkersError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return written


def _address(written: str) -> str:
    host_name, _, port = written.rpartition(":")
    if not host_name or not port.isdecimal() or int(port) > 65_535:  # noqa: PLR2004 -- the last port there is
        raise argparse.ArgumentTypeError(f"must be HOST:PORT, got {written!r}")
    return written


def _settings(given: argparse.Namespace) -> HostSettings:
    config = host.find_config(given.config)
    return HostSettings(notes=host.find_vault(given.notes, config), config=config)


def _build(given: argparse.Namespace) -> int:
    settings = _settings(given)
    with shown_progress(quiet=given.quiet) as progress:
        found = host.build(
            replace(
                settings,
                site_dir=given.site_dir,
                jobs=given.jobs,
                executor=given.executor,
                cached=not given.no_cache,
                progress=progress,
            )
        )
    return _report(found, strict=given.strict)


def _serve(given: argparse.Namespace) -> int:
    host.serve(_settings(given), given.addr)
    return OK


def _check(given: argparse.Namespace) -> int:
    found = host.check(_settings(given))
    text = diagnostics.render(found, given.format)
    if text:
        print(text)
    if given.format == "text":
        print(diagnostics.summary(found), file=sys.stderr)
    return DIAGNOSED if given.strict and found else OK


def _new(given: argparse.Namespace) -> int:
    notes, site_settings = host.site_settings_of(_settings(given))
    print(
        new.write_note(notes, site_settings.exclude, given.title, given.upstream, tuple(given.tag))
    )
    return OK


def _link(given: argparse.Namespace) -> int:
    root, settings = host.site_settings_of(_settings(given))
    linkcommand.run(given, root, settings, lambda index: _note(given.note, root, index))
    return OK


def _export(given: argparse.Namespace) -> int:
    notes, site_settings = host.site_settings_of(_settings(given))
    # Hand-written pages are not exported, so the home page must be one of ours.
    own = replace(site_settings, reserved=frozenset())
    found = export.write_pages(notes, own, given.directory)
    return _report(found, strict=False)


def _figures(given: argparse.Namespace) -> int:
    if given.kind == "render":
        return _render_figure(given)
    if given.note is not None or given.output is not None:
        raise SetupError("only figures render takes a note, an id and a file")
    from seedbed import figures  # noqa: PLC0415 -- no other command needs to know the kinds

    try:
        print(figures.catalogue(given.kind))
    except ValueError as error:
        raise SetupError(str(error)) from error
    return OK


def _render_figure(given: argparse.Namespace) -> int:
    if given.figure is None or given.output is None:
        raise SetupError("figures render needs a note, the figure's id and -o FILE")
    root, settings = host.site_settings_of(_settings(given))
    site = Site(root, settings)
    try:
        ground = site.ground
    finally:
        site.close()
    planned = ground.planned.only(_note(given.note, root, ground.index), given.figure)
    cache = settings.cache / "figures" if settings.cache else None
    jobs = settings.jobs or os.cpu_count() or 1
    try:
        drawn = drawings.compute(planned, cache=cache, jobs=jobs, progress=None)
        drawing = drawings.drawing_of(drawn, given.figure)
        if drawing is None:
            raise SetupError("; ".join(map(diagnostics.describe, drawn.diagnostics)))
        given.output.write_bytes(drawing)
    except OSError as error:
        where = f': "{error.filename}"' if error.filename else ""
        raise SetupError(f"{error.strerror or error}{where}") from error
    return _report(drawn.diagnostics, strict=False)


def _note(written: str, root: Path, index: Index) -> NotePath:
    """Return the note that ``written`` means: a file of the vault as seen from here, else what a link would find."""
    file, folder = (Path(os.path.abspath(path)) for path in (written, root))  # noqa: PTH100 -- links stay as they are
    if file.is_relative_to(folder):
        path = NotePath(file.relative_to(folder).as_posix())
        if path in index.vault.notes:
            return path
    found = index.resolve(Ref(written, None, None, embed=False, span=Span(0, 0)), None)
    if not isinstance(found, Found) or not found.is_note:
        hint = "" if isinstance(found, Found) else did_you_mean(found.nearest)
        raise SetupError(f'no note answers to "{written}"{hint}')
    if found.rivals:
        rivals = " or ".join(f'"{path}"' for path in (found.path, *found.rivals))
        raise SetupError(f'"{written}" may be {rivals}')
    return NotePath(found.path)


def _report(found: Sequence[Diagnostic], *, strict: bool) -> int:
    for line in diagnostics.render(found, "text").splitlines():
        print(line, file=sys.stderr)
    if found:
        print(diagnostics.summary(found), file=sys.stderr)
    return DIAGNOSED if strict and found else OK


if __name__ == "__main__":
    sys.exit(main())
