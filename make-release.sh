#!/bin/sh
# Builds what is published for the version of the program: wheel, source distribution, list of components, checksums, in dist/.
# The list (CycloneDX, dist/*.cdx.json) names what the wheel installs with the locked dependencies, with licences.
# It refuses a commit that is not clean or not tagged vVERSION; UNTAGGED=1 builds all the same, to try.
set -eu
cd "$(dirname "$0")"
bin=${VENV:-.venv}/bin
version=$("$bin/python" -c 'import tracker; print(tracker.__version__)')

refuse() {
    echo "$1" >&2
    [ -n "${UNTAGGED:-}" ] || exit 1
}
[ -z "$(git status --porcelain)" ] || refuse "There are changes that are not committed."
git tag --points-at HEAD | grep -qx "v$version" || refuse "This commit is not tagged v$version: git tag --sign v$version"

rm -rf dist build/release
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
"$bin/python" -m build --no-isolation --outdir dist . >/dev/null

"$bin/python" -m venv build/release
build/release/bin/python -m pip install --quiet --require-hashes --requirement requirements/run.txt
build/release/bin/python -m pip install --quiet --no-deps dist/*.whl
build/release/bin/python -m pip check
build/release/bin/python -m pip uninstall --quiet --yes pip setuptools
"$bin/cyclonedx-py" environment --pyproject pyproject.toml --mc-type application --output-reproducible \
    --output-file "dist/treaty_tracker-$version.cdx.json" build/release/bin/python
# Its own version is not written in pyproject.toml, from which the list takes it.
"$bin/python" - "dist/treaty_tracker-$version.cdx.json" "$version" <<'PYTHON'
import json, pathlib, sys

file, version = pathlib.Path(sys.argv[1]), sys.argv[2]
listed = json.loads(file.read_text())
listed["metadata"]["component"]["version"] = version
file.write_text(json.dumps(listed, indent=2) + "\n")
PYTHON

cd dist
sha256sum treaty_tracker-* >SHA256SUMS
cat SHA256SUMS
