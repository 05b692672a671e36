"""Commands on accounts: editors and operators, API tokens, the audit log."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime

import click

from tracker.accounts import api_tokens, users
from tracker.accounts.api_tokens import Scope
from tracker.accounts.users import Role
from tracker.cli.output import FORMATS, as_csv, as_json, line, table
from tracker.config import Settings
from tracker.errors import BadQuestion
from tracker.storage import audit_log
from tracker.storage.audit_log import Actor
from tracker.storage.database import make_engine

LINES = 10_000  # of the log that are printed at most


def actor() -> Actor:
    """How the log names who uses the command line: whoever has the computer may do anything."""
    return Actor(name=f"command line user {getpass.getuser()}", role=Role.OPERATOR.value)


@click.command()
@click.argument("name", required=False)
@click.option("--role", type=click.Choice([Role.EDITOR.value, Role.OPERATOR.value]), help="What NAME is to be.")
@click.option("--retire", is_flag=True, help="NAME may do no more than read.")
@click.pass_obj
def editor(settings: Settings, name: str | None, role: str | None, retire: bool) -> None:
    """List the editors and operators; add NAME as one or give a new password, asked for or read from a pipe.

    --role of one who is there already changes the role and keeps the password.
    """
    engine, moment = make_engine(settings.database_url), datetime.now(UTC)
    if name is None:
        _list_editors(settings)
    elif retire:
        users.retire_user(engine, name, moment=moment, actor=actor())
        line(f"{name} may do no more than read.")
    elif role and any(each.name == name and each.retired_at is None for each in users.list_users(engine)):
        users.change_role(engine, name, Role(role), moment=moment, actor=actor())
        line(f"{name} is {role} now, and has to sign in again.")
    else:
        given = Role(role or _role_of(settings, name))
        users.add_user(engine, name, _password(), moment=moment, role=given, actor=actor())
        line(f"{name} may decide what is held." if given is Role.EDITOR else f"{name} is operator.")


def _role_of(settings: Settings, name: str) -> Role:
    """The role that a new password leaves as it is."""
    found = [each for each in users.list_users(make_engine(settings.database_url)) if each.name == name]
    return found[0].role if found and found[0].retired_at is None else Role.EDITOR


def _list_editors(settings: Settings) -> None:
    rows = [
        {
            "name": each.name,
            "role": each.role.value,
            "since": f"{each.added_at:%Y-%m-%d}",
            "until": each.retired_at and f"{each.retired_at:%Y-%m-%d}",
        }
        for each in users.list_users(make_engine(settings.database_url))
    ]
    table("Editors", rows, {"Name": "name", "Role": "role", "Since": "since", "Until": "until"})


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@click.command()
@click.argument("name", required=False)
@click.option("--scope", type=click.Choice([each.value for each in Scope]), help="What it is good for.")
@click.option("--days", type=click.IntRange(1, api_tokens.LONGEST), default=api_tokens.USUAL, show_default=True,
              help="For how long.")  # fmt: skip
@click.option("--revoke", type=click.IntRange(1, 2**31 - 1), metavar="ID", help="End the token of that number.")
@click.pass_obj
def token(settings: Settings, name: str | None, scope: str | None, days: int, revoke: int | None) -> None:
    """List the tokens of programs; make one called NAME, which is shown once; or revoke one."""
    engine, moment = make_engine(settings.database_url), datetime.now(UTC)
    if revoke is not None:
        if name or scope:
            raise BadQuestion("Make a token or revoke one, not both.")
        revoked = api_tokens.revoke_token(engine, revoke, actor=actor(), moment=moment)
        line(f"Token {revoked.label} is revoked.")
    elif name is None:
        rows = [api_tokens.token_as_dict(each, moment) for each in api_tokens.list_tokens(engine)]
        headings = {
            "No.": "id",
            "Name": "name",
            "Scope": "scope",
            "State": "state",
            "Expires": "expires_at",
            "Last used": "used_at",
        }
        table("Tokens", rows, headings)
    elif scope is None:
        raise BadQuestion(f"Say what it is good for: --scope {', '.join(each.value for each in Scope)}.")
    else:
        made, secret = api_tokens.create_token(engine, name, Scope(scope), actor=actor(), moment=moment, days=days)
        click.echo(secret)
        click.echo(f"Token {made.id}, {scope}, until {made.expires_at:%Y-%m-%d}. It is not shown again.", err=True)


@click.command(name="audit")
@click.option("--since", metavar="DAY", help="Only what was done on this day or later.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table")
@click.pass_obj
def audit_(settings: Settings, since: str | None, form: str) -> None:
    """Who did what: every write, sign-in and refusal, newest first."""
    found = audit_log.recent_entries(make_engine(settings.database_url), since=_start_of_day(since), limit=LINES)
    rows = [audit_log.entry_as_dict(each) for each in found]
    if form == "json":
        as_json(rows)
    elif form == "csv":
        as_csv(rows, ("id", "at", "who", "role", "place", "action", "subject", "outcome", "request"))
    else:
        headings = {"When": "at", "Who": "who", "Role": "role", "Did": "action", "What": "subject",
                    "Outcome": "outcome"}  # fmt: skip
        table("Who did what", rows, headings)


def _start_of_day(day: str | None) -> datetime | None:
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) if day else None
    except ValueError:
        raise BadQuestion(f"--since {str(day)[:40]} is not a day: write it like 2026-11-02.") from None
