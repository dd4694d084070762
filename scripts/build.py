"""Turn a fresh clone into the built site: set up `.venv` once, then run `seedbed build --strict`.

    python3 scripts/build.py              builds notes/ into site/
    python3 scripts/build.py --serve      serves it, and reloads pages as notes change

Further arguments go to `seedbed build` or `seedbed serve`.
"""

import argparse
import os
import sys
from collections.abc import Sequence

import bootstrap


def main(arguments: Sequence[str]) -> int:
    """Build or serve the site and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="build.py",
        allow_abbrev=False,
        description="Build the site from notes/ into site/, in strict mode.",
        epilog="Further arguments go to `seedbed build`, or with --serve to `seedbed serve`.",
    )
    parser.add_argument(
        "--serve", action="store_true", help="serve the site and reload pages as notes change"
    )
    chosen, further = parser.parse_known_args(arguments)
    environment = bootstrap.prepare(bootstrap.ROOT)
    seedbed = environment.command("seedbed")
    if chosen.serve:
        return serve([str(seedbed), "serve", *further])
    code = bootstrap.run([seedbed, "build", "--strict", *further], bootstrap.ROOT)
    if code == 0:
        bootstrap.say(how_to_read(site_folder(further)))
    return code


def serve(command: list[str]) -> int:
    """Run the server; where it can be, in place of this process, so that signals reach it."""
    if os.name != "nt":  # Windows reports a replaced process as ended
        sys.stdout.flush()
        os.chdir(bootstrap.ROOT)
        os.execv(command[0], command)  # noqa: S606  (no shell is wanted)
    return bootstrap.run(command, bootstrap.ROOT)


def site_folder(arguments: Sequence[str]) -> str:
    """Return where `seedbed build` with these arguments puts the site."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--site-dir", default="site")
    return str(parser.parse_known_args(arguments)[0].site_dir)


def how_to_read(folder: str) -> str:
    """Return what to type to see the site in `folder`."""
    quoted = f'"{folder}"' if " " in folder else folder
    return (
        f"The site is in {folder}. To read it:\n"
        f"  python3 -m http.server --bind 127.0.0.1 --directory {quoted} 8000\n"
        "  and open http://127.0.0.1:8000/\n"
        "To write with the pages reloading as you save:\n"
        "  python3 scripts/build.py --serve"
    )


if __name__ == "__main__":
    sys.exit(bootstrap.exit_code("build.py", lambda: main(sys.argv[1:])))
