"""Commands are imported when they are run: asking for help starts fast, whatever the program can do."""

import os
import subprocess
import sys

import click
import pytest

from tests.support.commands import COMMANDS
from tracker import cli

HEAVY = ["alembic", "flask", "IPython", "networkx", "pyvis", "requests", "sqlalchemy", "sqlmodel"]
PROGRAM = """
import sys
from tracker.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("loaded:", *sorted(set(sys.modules)), file=sys.stderr)
"""


def loaded(*words):
    ended = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=True)
    return set(ended.stderr.rpartition("loaded:")[2].split()), ended.stdout


def test_help_imports_no_command_and_none_of_the_large_libraries():
    modules, help = loaded("--help")
    assert not modules & set(HEAVY)
    assert not [each for each in modules if each.startswith("tracker.cli.")]
    assert all(f"\n  {name} " in help for name in COMMANDS)


def test_matrices_are_not_shared_among_threads_unless_somebody_says_so():
    program = "import os, sys; import tracker.cli.wsgi; print(os.environ['OPENBLAS_NUM_THREADS'])"
    for given, found in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")):
        environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"} | given
        ended = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        assert ended.stdout.strip() == found


def test_a_question_imports_neither_the_web_nor_the_network(tmp_path):
    modules, _ = loaded("--database", f"sqlite:///{tmp_path / 'none.db'}", "status")
    assert not modules & {"alembic", "flask", "IPython", "networkx", "pyvis", "requests", "sqlmodel"}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_there_and_has_help_of_its_own(name):
    assert isinstance(COMMANDS[name], click.Command)
    assert COMMANDS[name].name == name
    assert COMMANDS[name].help


def test_an_unknown_command_is_refused_by_name():
    with pytest.raises(SystemExit) as ended:
        cli.main(["stauts"])
    assert ended.value.code == 2
