"""The commands of `tracker`, loaded, for tests that look at each of them."""

import click

from tracker.cli import cli

COMMANDS = {name: cli.get_command(click.Context(cli), name) for name in cli.list_commands(click.Context(cli))}
