"""The `tracker` command: its commands, loaded when they are run; its options; the exit codes that errors end in.

A command's module is imported only when it is asked for, so that help and small questions start fast. Commands
parse their arguments, call the same functions as pages and jobs, and print through `output`.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from tracker import __version__
from tracker.errors import BadSettings, TrackerError

if TYPE_CHECKING:
    from tracker.config import Settings

# Before NumPy is loaded: the matrices of an outlook are small, and its threads would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

NO_FILE = 74  # sysexits.h, EX_IOERR
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)

# Each command: the module and function behind it, and its line in the list of commands.
COMMANDS = {
    "init": ("data:init", "Prepare the database and load the data files into an empty one."),
    "serve": ("serve:serve", "Serve the pages and the API."),
    "import": ("imports:import_", "Check data files and record what they say."),
    "export": ("data:export", "Write the data as files."),
    "copy": ("data:copy", "Copy the data into another, empty database."),
    "backup": ("data:backup", "Write the database into one file and verify it."),
    "restore": ("data:restore", "Verify a backup and fill the database with it."),
    "doctor": ("doctor:doctor", "Check settings, database, disk, clock, mail, network and jobs."),
    "verify": ("data:verify", "Check the database for damage and broken rules."),
    "add": ("add:add", "Add treaties of the UN Treaty Collection by number."),
    "sync": ("worker:sync", "Compare the data with the UN's status files."),
    "held": ("worker:held_", "List or decide what a sync held for review."),
    "work": ("worker:work", "Run the scheduled jobs."),
    "jobs": ("worker:jobs_", "List the scheduled jobs and their last runs."),
    "status": ("status:status", "The status of one instrument, or of all."),
    "participant": ("queries:participant", "A participant's status on every instrument."),
    "check": ("check:check", "Check the data against treaty law and one another."),
    "outlook": ("outlook:outlook", "How many parties by which date, and who may be next."),
    "deadline": ("queries:deadline", "When to deposit, and when a denunciation would take effect."),
    "what-if": ("queries:what_if", "What would follow if these States deposited."),
    "between": ("queries:between", "Whether a treaty is in force between two States."),
    "claim": ("queries:claim", "Check a published figure."),
    "needed": ("queries:needed", "Instruments not yet in force and what they need."),
    "targets": ("queries:targets", "Targets and reported figures, checked."),
    "assessments": ("queries:assessments", "Who is assessed under a scheme."),
    "select": ("queries:select", "Participants that meet every condition."),
    "panel": ("panel:panel", "Write the table of participants, treaties and years."),
    "network": ("network:network", "Ask and export the network of participants."),
    "editor": ("users:editor", "List or add editors and operators."),
    "token": ("users:token", "List, make or revoke API tokens."),
    "audit": ("users:audit_", "Who did what, newest first."),
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is run or asked for its own help.

    After the pattern in click's documentation, "Lazily Loading Subcommands".
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(_import_module(f"tracker.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the group's help, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def _import_module(name: str) -> ModuleType:
    """The module, imported at its first use, without searches for garbage: what modules make stays until the end.

    Those searches, while loading and later through everything loaded, cost a quarter of a short command's time.
    """
    if name not in sys.modules:
        gc.disable()
        try:
            import_module(name)
        finally:
            gc.freeze()
            gc.enable()
    return sys.modules[name]


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--database", metavar="URL", help="The address of the database; default TRACKER_DATABASE_URL or tracker.db."
)
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
    try:
        context.obj = _settings({**os.environ, **{k: v for k, v in given.items() if v}})
    except BadSettings as trouble:
        if context.invoked_subcommand != "doctor":
            raise
        context.obj = trouble  # it is what the doctor looks for


def shared_settings() -> Settings:
    """The settings of a process that is one of several: what each would make up for itself must be given.

    BadSettings where TRACKER_SECRET_KEY is not set, or for any bad setting.
    """
    if not os.environ.get("TRACKER_SECRET_KEY"):
        raise BadSettings(
            "TRACKER_SECRET_KEY is not set, and several processes must share one: forms and sign-ins made by one "
            "worker would be refused by the next. Set it to 32 or more random characters, the same for all."
        )
    return _settings(os.environ)


def _settings(environ: Mapping[str, str]) -> Settings:
    """The settings; their module, and with it pydantic, is imported only now, since help needs neither."""
    settings: Settings = import_module("tracker.config").Settings.from_environment(environ)
    return settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code: 0, 1 for findings, or that of the error."""
    atexit.register(gc.freeze)  # a last search for garbage would cost 0.2 s
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
        if not trouble.filename and trouble.errno not in DISK_FULL:
            raise  # no file that somebody named
        place = f": {str(trouble.filename)[:200]}" if trouble.filename else ""
        advice = "Free some space, or name" if trouble.errno in DISK_FULL else "Name"
        click.echo(f"{trouble.strerror}{place}. {advice} another file or folder.", err=True)
        sys.exit(NO_FILE)
    sys.exit(code if isinstance(code, int) else 0)
