# ruff: noqa: INP001 - a script, not a package
"""The audit of dependencies that needs no network: bounds, sources, tested versions.

Every dependency in pyproject.toml has a lower bound; everything that is needed is locked in requirements/ in one
version, with hashes; nothing came from a place of its own (a URL, a version control system) as far as the installed
metadata tell. Exits with 1 and the reasons otherwise.
`--judge FILE` says what pip-audit's JSON answer means: a package that it left out has not been audited, though
pip-audit itself then reports no vulnerability.
"""

import json
import os
import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run", "build", "develop")  # each in requirements/
OURS = "treaty-tracker"
LOWER = {">=", ">", "==", "~="}


def declared() -> list[Requirement]:
    """Every requirement of pyproject.toml, those of its groups included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [each for group in project.get("dependency-groups", {}).values() for each in group]
    texts = [*project["project"]["dependencies"], *groups, *project["build-system"]["requires"]]
    return [Requirement(each) for each in texts if isinstance(each, str)]


def needed(start: list[Requirement]) -> dict[str, Distribution]:
    """What these requirements bring in, by canonical name, as far as it is installed."""
    found: dict[str, Distribution] = {}
    ahead = [(each, extra) for each in start for extra in ("", *each.extras)]
    seen = set()
    while ahead:
        requirement, extra = ahead.pop()
        name = canonicalize_name(requirement.name)
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        for text in found[name].requires or ():
            each = Requirement(text)
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                ahead += [(each, more) for more in ("", *each.extras)]
    return found


def runtime() -> dict[str, Distribution]:
    """What the program itself needs to run."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return needed([Requirement(each) for each in project["dependencies"]])


def locked(name: str) -> dict[str, str]:
    """The versions in requirements/NAME.txt, by canonical name; ends the program where one has no hash."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    found = {}
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE | re.IGNORECASE)[1:]:
        requirement = Requirement(entry.partition("\n")[0].rstrip(" \\"))
        if "--hash=sha256:" not in entry:
            sys.exit(f"{requirement.name} of requirements/{name}.txt has no hash: make lock")
        found[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return found


def wrong() -> list[str]:
    """Everything that is wrong, in words."""
    faults = [
        f"{each.name} has no lower bound in pyproject.toml"
        for each in declared()
        if not {part.operator for part in each.specifier} & LOWER
    ]
    pins = {name: locked(name) for name in LOCKS}
    missing = sorted(set(runtime()) - set(pins["run"]))
    faults += [f"{name} is needed and not in requirements/run.txt" for name in missing]
    for each in declared():
        for file in LOCKS:
            version = pins[file].get(canonicalize_name(each.name))
            if version and not each.specifier.contains(version):
                faults.append(f"{each.name} {version} of requirements/{file}.txt is not what pyproject.toml asks for")
    for file in LOCKS[:2]:
        different = [n for n, version in pins[file].items() if pins["develop"].get(n, version) != version]
        faults += [f"{name} has another version in requirements/develop.txt than in {file}.txt" for name in different]
    for found in distributions():
        origin = json.loads(found.read_text("direct_url.json") or "{}")
        if origin and canonicalize_name(found.name) != OURS:
            faults.append(f"{found.name} was installed from a place of its own: {origin.get('url', '')[:80]}")
    return faults


def judged(file: Path) -> tuple[int, list[str]]:
    """The exit code that pip-audit's answer means, and the words."""
    text = file.read_text()
    answers = json.loads(text)["dependencies"] if text.strip() else []
    asked = [each for each in answers if canonicalize_name(each["name"]) != OURS]
    answered = [each for each in asked if "vulns" in each]
    found = [
        f"VULNERABLE: {each['name']} {each['version']}: {vuln['id']}, mended in {' '.join(vuln['fix_versions'])}"
        for each in answered
        for vuln in each["vulns"]
    ]
    if found:
        return 1, found
    if answered and len(answered) == len(asked):
        return 0, [f"Audited: no advisory is known against any of the {len(asked)} packages installed."]
    missing = [each["name"] for each in asked if "vulns" not in each]
    line = "=" * 80
    said = f"the advisories on {', '.join(missing)} could not be had" if answered else "no advisories could be had"
    words = f"NOT AUDITED: {said}. Known vulnerabilities, if there are any, have NOT been looked for."
    return (1 if os.environ.get("REQUIRE_AUDIT") else 0), [line, words, line]


def main() -> int:
    """Judge an answer, or say what is wrong."""
    if "--judge" in sys.argv:
        code, words = judged(Path(sys.argv[-1]))
        print("\n".join(words))  # noqa: T201
        return code
    faults, tested = wrong(), locked("run")
    others = [f"{name} {each.version}" for name, each in sorted(runtime().items()) if tested.get(name) != each.version]
    print("\n".join(faults) or f"{len(tested)} versions are locked; every dependency has a lower bound.")  # noqa: T201
    if others:
        print(f"Newer or older than tested: {', '.join(others)}.")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
