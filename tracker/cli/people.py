"""The command that says who may decide: editors are added, given new passwords, and retired."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from tracker.cli.printing import line, table
from tracker.record import editors
from tracker.record.database import make_engine
from tracker.settings import Settings


@click.command()
@click.argument("name", required=False)
@click.option("--retire", is_flag=True, help="The editor may decide no longer.")
@click.pass_obj
def editor(settings: Settings, name: str | None, retire: bool) -> None:
    """List the editors; add NAME as one or give it a new password, asked for or read from a pipe."""
    engine, moment = make_engine(settings.database_url), datetime.now(UTC)
    if name is None:
        rows = [
            {
                "name": each.name,
                "since": f"{each.added_at:%Y-%m-%d}",
                "until": each.retired_at and f"{each.retired_at:%Y-%m-%d}",
            }
            for each in editors.listed(engine)
        ]
        table("Editors", rows, {"Name": "name", "Since": "since", "Until": "until"})
    elif retire:
        editors.retire(engine, name, moment=moment)
        line(f"{name} may decide no longer.")
    else:
        editors.add(engine, name, _password(), moment=moment)
        line(f"{name} may decide what is held.")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


COMMANDS: tuple[click.Command, ...] = (editor,)
