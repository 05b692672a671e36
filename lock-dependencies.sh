#!/bin/sh
# Writes requirements/*.txt: every package that running, building and developing need, in one version, with the hashes of its files.
# The versions stay as they are where pyproject.toml still allows them; `./lock-dependencies.sh --upgrade` takes the newest.
# The hashes are those that the package index publishes, for every platform; where pip finds a file of the same version
# elsewhere (a local folder, a mirror), it takes that only if its hash is the same.
set -eu
cd "$(dirname "$0")"
bin=${VENV:-.venv}/bin

"$bin/pip" install --quiet 'uv>=0.9'
mkdir -p requirements

lock() {
    to=requirements/$1.txt
    shift
    "$bin/uv" pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command 'make lock' --output-file "$to" "$@"
}
lock run pyproject.toml --extra gunicorn "${@}"
printf 'hatchling>=1.27\nhatch-fancy-pypi-readme>=24.1\neditables>=0.5\n' |
    lock build - --constraint requirements/run.txt "${@}"
lock develop pyproject.toml --extra gunicorn --group test --group docs --group release \
    --constraint requirements/run.txt --constraint requirements/build.txt "${@}"
