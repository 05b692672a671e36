# ruff: noqa: INP001 - a script, not a package
"""Check the OpenAPI document with linters, and generated clients against the running site.

`python scripts/check_api_clients.py` serves the shipped record on loopback, lints its document with Redocly and
Spectral, generates clients with openapi-python-client, openapi-typescript and orval (with zod), compiles them, and
calls every public GET operation with each. Prints a line for each operation and client, and exits with 1 if an
answer is not what the client's types say. The tools are installed in build/api-clients; they need Node.js and npm.
"""

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from served_site import DATA, ROOT, served

SOURCE, FOLDER = ROOT / "scripts" / "api_clients", ROOT / "build" / "api-clients"
PYTHON, NODE_TOOLS = FOLDER / "python" / "bin", FOLDER / "node_modules" / ".bin"
GENERATED = FOLDER / "generated"
BEGUN = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)  # the moment that is the example in the document
NEWS = "2026"  # acts since this year are imported later, so that the log has changes
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
REDOCLY = {"error": "error", "warn": "warning"}
SPECTRAL = ("error", "warning", "warning", "warning")  # also information and hints
DOCUMENT = "api_document_get"
TOGETHER: Mapping[str, Sequence[Mapping[str, Any]]] = {  # parameters that find something only together
    "api_claims_get": ({"instrument": "untoc", "parties": 40},),
    "api_compare_get": ({"participant": ["FRA", "DEU"]}, {"instrument": ["untoc", "uncac"]}),
    "api_what_if_get": ({"instrument": "un-cybercrime", "who": ["signatories"]},),
    "api_record_changes_get": ({"since": 0, "limit": 5},),
}
WITH = {  # what a parameter's example needs beside it
    ("api_what_if_get", "leaving"): {"instrument": "untoc"},
    ("api_instrument_outlook_get", "by"): {"as_of": "2002-06-01"},  # a date ahead
}
Call = dict[str, Any]


def main() -> int:
    """Print what each tool finds, and how many of it are faults."""
    install_tools()
    with tempfile.TemporaryDirectory() as folder, served((earlier_data(Path(folder)), BEGUN), (DATA, LATER)) as site:
        document = fetched_document(site)
        faults = lint_errors("redocly", redocly_findings()) + lint_errors("spectral", spectral_findings())
        calls = [call for operation in public_operations(document) for call in calls_of(*operation)]
        (FOLDER / "calls.json").write_text(json.dumps(calls))
        faults += fruitless_operations(site, calls)
        faults += sum(step(each) for each in (*generators(), *compilers(calls)))
        faults += sum(reported(*each, expected=calls) for each in callers(site))
    say(f"{faults} faults" if faults else f"No faults: {len(calls)} calls with each client.")
    return 1 if faults else 0


def earlier_data(folder: Path) -> Path:
    """The shipped data without the latest acts."""
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    with (DATA / "parties.csv").open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    with (folder / "parties.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *(row for row in rows if row[heads.index("date")] < NEWS)])
    return folder


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program and give what it said."""
    path = f"{PYTHON}{os.pathsep}{os.environ['PATH']}"  # openapi-python-client formats with the ruff beside it
    environ = {**os.environ, **QUIET, "PATH": path, "PYTHONPATH": ""}
    words = list(map(str, command))
    return subprocess.run(words, cwd=FOLDER, env=environ, capture_output=True, text=True, check=False)  # noqa: S603


# -- the tools ---------------------------------------------------------------------------------------


def install_tools() -> None:
    """Install the tools in the versions that are pinned beside this script, unless they are there."""
    shutil.copytree(SOURCE, FOLDER, dirs_exist_ok=True)
    pins = b"".join((SOURCE / name).read_bytes() for name in ("package-lock.json", "requirements.txt"))
    mark, ready = hashlib.sha256(pins).hexdigest(), FOLDER / ".ready"
    if ready.exists() and ready.read_text() == mark:
        return
    if not (npm := shutil.which("npm")):
        sys.exit("The generators of clients need Node.js and npm: apt-get install nodejs npm")
    venv.create(FOLDER / "python", with_pip=True, clear=True)
    for command in (
        (npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"),
        (PYTHON / "python", "-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"),
    ):
        if (done := run(*command)).returncode:
            sys.exit(f"{Path(command[0]).name} could not install the tools:\n{done.stdout}{done.stderr}")
    ready.write_text(mark)


def step(named: tuple[str, Sequence[str | Path]]) -> int:
    """Run a generator or a compiler; 1 if it failed or warned, with what it said."""
    name, command = named
    done = run(*command)
    said = f"{done.stdout}{done.stderr}".strip()
    failed = bool(done.returncode) or "warning" in said.lower()
    say(f"{'FAULT' if failed else 'ok':7} {name}{f': {said}' if failed else ''}")
    return int(failed)


def generators() -> Iterator[tuple[str, Sequence[str | Path]]]:
    """How each client is generated."""
    shutil.rmtree(GENERATED, ignore_errors=True)
    GENERATED.mkdir()
    python = (
        "--path",
        "openapi.json",
        "--output-path",
        "generated/openapi-python-client",
        "--overwrite",
        "--fail-on-warning",
    )
    yield "openapi-python-client generates", (PYTHON / "openapi-python-client", "generate", *python)
    types = NODE_TOOLS / "openapi-typescript"
    yield "openapi-typescript generates", (types, "openapi.json", "--output", "generated/types.ts")
    for client in ("fetch", "zod"):
        output = ("--input", "openapi.json", "--output", f"generated/orval_{client}.ts", "--client", client)
        yield f"orval generates ({client})", (NODE_TOOLS / "orval", *output)


def compilers(calls: Sequence[Call]) -> Iterator[tuple[str, Sequence[str | Path]]]:
    """How each client is compiled and type-checked, with the calls for those of TypeScript."""
    (GENERATED / "fetch_calls.ts").write_text("\n".join(fetch_program(calls)))
    (GENERATED / "orval_calls.ts").write_text("\n".join(orval_program(calls)))
    package = "generated/openapi-python-client/treaty_tracker_client"
    yield "python compiles openapi-python-client's", (PYTHON / "python", "-m", "compileall", "-q", package)
    yield "mypy checks openapi-python-client's", (PYTHON / "mypy", "--strict", "--no-error-summary", package)
    yield "tsc checks openapi-typescript's and orval's", (NODE_TOOLS / "tsc", "--project", "tsconfig.json")


# -- the document ------------------------------------------------------------------------------------


def fetched_document(site: str) -> dict[str, Any]:
    """The document as the site gives it, kept for the tools with a line for each part."""
    with urlopen(f"{site}/api/v1/openapi.json") as answer:  # noqa: S310 - our own server on loopback
        document: dict[str, Any] = json.load(answer)
    (FOLDER / "openapi.json").write_text(json.dumps(document, indent=1))
    return document


def lint_errors(linter: str, findings: Sequence[tuple[str, str, str, str]]) -> int:
    """Print what a linter finds; how many errors."""
    for severity, rule, place, words in findings:
        say(f"{'FAULT' if severity == 'error' else severity:7} {linter} {rule} at {place}: {words}")
    errors = sum(severity == "error" for severity, *_ in findings)
    say(f"{'FAULT' if errors else 'ok':7} {linter}: {errors} errors, {len(findings) - errors} warnings")
    return errors


def redocly_findings() -> list[tuple[str, str, str, str]]:
    """Severity, rule, place and words of everything that Redocly's recommended rules find."""
    done = run(NODE_TOOLS / "redocly", "lint", "openapi.json", "--extends", "recommended", "--format", "json")
    return [
        (REDOCLY[each["severity"]], each["ruleId"], each["location"][0].get("pointer", ""), each["message"])
        for each in json.loads(done.stdout)["problems"]
    ]


def spectral_findings() -> list[tuple[str, str, str, str]]:
    """The same of the rules for OpenAPI that come with Spectral."""
    ruleset = ("--ruleset", ".spectral.json", "--format", "json", "--quiet")
    done = run(NODE_TOOLS / "spectral", "lint", "openapi.json", *ruleset)
    return [
        (SPECTRAL[each["severity"]], each["code"], "/".join(map(str, each["path"])), each["message"])
        for each in json.loads(done.stdout)
    ]


# -- the calls ---------------------------------------------------------------------------------------


def public_operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Path and description of every GET operation that anyone may use."""
    for path, methods in document["paths"].items():
        if "get" in methods and not methods["get"]["security"]:
            yield path, methods["get"]


def calls_of(path: str, operation: Mapping[str, Any]) -> Iterator[Call]:
    """An operation without parameters of the query, with each as its example shows it, and with some together."""
    name, parameters = operation["operationId"], operation["parameters"]
    in_path = {each["name"]: each["example"] for each in parameters if each["in"] == "path"}
    together = TOGETHER.get(name, ())
    asked = [each for each in parameters if each["in"] == "query"]
    alone = [{**WITH.get((name, each["name"]), {}), each["name"]: each["example"]} for each in asked]
    for query in ({}, *alone, *together):
        words = "&".join(f"{key}={value}" for key, value in query.items())
        yield {"operation": name, "address": path, "path": in_path, "query": query, "words": words}


def fruitless_operations(site: str, calls: Sequence[Call]) -> int:
    """How many operations have no call that finds something: their clients would be held to nothing."""
    fruitful = {call["operation"] for call in calls if finds_something(site, call)}
    fruitless = {call["operation"] for call in calls} - fruitful
    for name in sorted(fruitless):
        say(f"FAULT   no call of {name} finds anything")
    return len(fruitless)


def finds_something(site: str, call: Call) -> bool:
    """Is the answer to a call, or one of the lists in it, more than empty?"""
    address = f"{site}{call['address'].format(**call['path'])}?{urlencode(call['query'], doseq=True)}"
    with urlopen(address) as answer:  # noqa: S310 - our own server on loopback
        found = json.load(answer).get("data", True)
    lists = [each for each in found.values() if isinstance(each, list)] if isinstance(found, dict) else []
    return any(lists) if lists else bool(found)


def fetch_program(calls: Sequence[Call]) -> Iterator[str]:
    """A program that makes the calls with openapi-fetch and the types of openapi-typescript."""
    yield 'import createClient from "openapi-fetch";'
    yield 'import { fetched, fetchedDocument, site } from "../answers.js";'
    yield 'import type { paths } from "./types.js";'
    yield 'const client = createClient<paths, "application/json">({ baseUrl: site });'
    for call in calls:
        check = "fetchedDocument" if call["operation"] == DOCUMENT else "fetched"
        parameters = {place: given for place in ("path", "query") if (given := call[place])}
        got = f"await client.GET({json.dumps(call['address'])}, {json.dumps({'params': parameters})})"
        yield f"{check}({json.dumps(call['operation'])}, {json.dumps(call['words'])}, {got});"


def orval_program(calls: Sequence[Call]) -> Iterator[str]:
    """A program that makes the calls with orval's client and parses the answers with its zod schemas."""
    yield 'import { parsed, parsedDocument } from "../answers.js";'
    yield 'import * as client from "./orval_fetch.js";'
    yield 'import * as schemas from "./orval_zod.js";'
    for call in calls:
        check = "parsedDocument" if call["operation"] == DOCUMENT else "parsed"
        name = "".join(part.title() for part in call["operation"].split("_"))
        values = [*call["path"].values(), *([call["query"]] if call["query"] else [])]
        got = f"await client.a{name[1:]}({', '.join(map(json.dumps, values))})"
        said = f"{json.dumps(call['operation'])}, {json.dumps(call['words'])}"
        yield f"{check}({said}, schemas.{name}Response, {got});"


def callers(site: str) -> Iterator[tuple[str, Sequence[str | Path]]]:
    """The programs that make the calls, by client."""
    python = GENERATED / "openapi-python-client"
    yield python.name, (PYTHON / "python", FOLDER / "python_calls.py", site, FOLDER / "calls.json", python)
    for client, name in (("openapi-fetch", "fetch_calls"), ("orval", "orval_calls")):
        yield client, ("node", FOLDER / "compiled" / "generated" / f"{name}.js", site)


def reported(client: str, command: Sequence[str | Path], *, expected: Sequence[Call]) -> int:
    """Make a client's calls; print a line for each operation and count the faults, calls that were not made too."""
    done = run(*command)
    faults: dict[str, list[str]] = defaultdict(list)
    made: dict[str, int] = defaultdict(int)
    for line in filter(None, done.stdout.splitlines()):
        each = json.loads(line)
        made[each["operation"]] += 1
        if each["fault"]:
            faults[each["operation"]].append(f"{each['query'] or 'no query'}: {each['fault']}")
    for name in dict.fromkeys(call["operation"] for call in expected):
        wanted = sum(call["operation"] == name for call in expected)
        if made[name] != wanted:
            faults[name].append(f"{wanted - made[name]} calls were not made")
        say(f"{'FAULT' if faults[name] else 'ok':7} {client} {name}: {made[name]} calls")
        for fault in faults[name]:
            say(f"        {fault}")
    if done.returncode:
        say(f"FAULT   {client}: {done.stderr.strip()[-2000:]}")
    return sum(map(len, faults.values())) + (1 if done.returncode else 0)


if __name__ == "__main__":
    sys.exit(main())
