"""The command `doctor`: whether the installation is in order, line by line, with what to do."""

from __future__ import annotations

import click

from tracker.cli.data import now
from tracker.cli.output import as_json, line
from tracker.config import Settings
from tracker.errors import BadSettings
from tracker.maintenance import doctor as checks
from tracker.maintenance.doctor import CheckOutcome

STYLES = {CheckOutcome.OK: "green", CheckOutcome.WARN: "yellow", CheckOutcome.FAIL: "red"}


@click.command()
@click.option("--json", "for_programs", is_flag=True, help="Print the report as JSON.")
@click.option("--offline", is_flag=True, help="Reach no other server but the database.")
@click.pass_obj
def doctor(settings: Settings | BadSettings, for_programs: bool, offline: bool) -> int:
    """Check settings, database, disk, clock, mail, network and jobs; exits with 1 if something fails.

    Nothing is written and no message is sent.
    """
    if isinstance(settings, BadSettings):
        report = checks.bad_settings_report(settings)
    else:
        report = checks.installation_report(settings, now, network=not offline)
    if for_programs:
        as_json(report)
    else:
        for each in report.checks:
            line(f"{each.outcome.value:5} {each.name}: {each.found}", style=STYLES[each.outcome])
            if each.advice:
                line(f"      {each.advice}")
    return 0 if report.ok else 1
