"""How much processor time the commands take that people run most: help, and the status of every instrument.

`python -m benchmarks.commands` prints a Markdown table: the median, least and most of five runs of a new process each,
after one run that warms the disk.
"""

import argparse
import resource
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

TRACKER = Path(sys.executable).with_name("tracker")
COMMANDS = {"tracker --help": ["--help"], "tracker status": ["status"], "tracker status untoc": ["status", "untoc"]}


def processor_seconds(command: list[str]) -> float:
    """User and system time of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--runs", type=int, default=5)
    runs = reader.parse_args().runs
    print("| command | median, s of CPU | least | most |\n|---|---:|---:|---:|")
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/record.db"
        subprocess.run([TRACKER, "--database", database, "init"], check=True, stdout=subprocess.DEVNULL)
        for name, words in COMMANDS.items():
            command = [str(TRACKER), "--database", database, *words]
            processor_seconds(command)
            found = [processor_seconds(command) for _ in range(runs)]
            print(f"| `{name}` | {statistics.median(found):.2f} | {min(found):.2f} | {max(found):.2f} |")


if __name__ == "__main__":
    main()
