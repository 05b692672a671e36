#!/bin/sh
# Audits what is installed in VENV (default .venv): offline what needs no one else, then the advisories that OSV publishes.
# Exit codes: 0 clean, or the advisories could not be had (said loudly: NOT AUDITED); 1 something is wrong.
# REQUIRE_AUDIT=1 makes advisories that cannot be had a failure too.
set -eu
cd "$(dirname "$0")"
python=${VENV:-.venv}/bin/python

$python -m pip check
$python scripts/audit_dependencies.py

found=$(mktemp)
trap 'rm -f "$found"' EXIT
timeout "${AUDIT_PATIENCE:-120}" $python -m pip_audit --local --skip-editable --progress-spinner off --timeout 10 \
    --vulnerability-service osv --format json --output "$found" >/dev/null 2>&1 || true
$python scripts/audit_dependencies.py --judge "$found"
