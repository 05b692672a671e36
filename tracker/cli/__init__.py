"""The `tracker` command: one group, its options, and the exit codes that errors end in.

Commands that keep the record are in `keeping`, those that keep it safe in `moving`, those that keep it current
in `running`, those that ask it questions in `asking`, `crossing` and `network`; all parse, call the same use
cases as pages and jobs, and print through `printing`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tracker import __version__
from tracker.cli import data as data_commands
from tracker.cli import network, queries, users, worker
from tracker.config import Settings
from tracker.errors import BadSettings, TrackerError

NO_FILE = 74  # sysexits.h, EX_IOERR


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--database", metavar="URL", help="Where the record is kept; default TRACKER_DATABASE_URL or tracker.db.")
@click.option(
    "--data", metavar="DIR", type=click.Path(path_type=Path), help="The folder of data files that init loads."
)
@click.version_option(__version__, prog_name="tracker")
@click.pass_context
def cli(context: click.Context, database: str | None, data: Path | None) -> None:
    """Who is bound by which treaty, since when, and why."""
    given = {
        "TRACKER_DATABASE_URL": database,
        "TRACKER_DATA": str(data) if data else None,
    }
    settings = Settings.from_environment({**os.environ, **{k: v for k, v in given.items() if v}})
    context.obj = settings


for group in (data_commands, worker, queries, network, users):
    for command in group.COMMANDS:
        cli.add_command(command)


def shared_settings() -> Settings:
    """The settings of a process that is one of several: what each would make up for itself must be given.

    BadSettings where TRACKER_SECRET_KEY is not set, or for any bad setting.
    """
    if not os.environ.get("TRACKER_SECRET_KEY"):
        raise BadSettings(
            "TRACKER_SECRET_KEY is not set, and several processes must share one: forms and sign-ins made by one "
            "worker would be refused by the next. Set it to 32 or more random characters, the same for all."
        )
    return Settings.from_environment(os.environ)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code: 0, 1 for findings, or that of the error."""
    try:
        code = cli.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as trouble:
        trouble.show()
        sys.exit(trouble.exit_code)
    except TrackerError as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(trouble.exit_code)
    except OSError as trouble:
        if not trouble.filename:
            raise  # no file that somebody named
        click.echo(f"{trouble.strerror}: {str(trouble.filename)[:200]}. Name another file or folder.", err=True)
        sys.exit(NO_FILE)
    sys.exit(code if isinstance(code, int) else 0)
