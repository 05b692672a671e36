#!/bin/sh
# Prints the address of a PostgreSQL for the tests: TRACKER_TEST_POSTGRES if that is set, else the
# local server if it answers, else a private cluster on loopback that this script makes and starts.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
local_server="postgresql://postgres@127.0.0.1:5432/test"
port=54329

answers() {
    "$here/${VENV:-.venv}/bin/python" -c 'import sys, psycopg; psycopg.connect(sys.argv[1], connect_timeout=3)' "$1" 2>/dev/null
}

if [ -n "${TRACKER_TEST_POSTGRES:-}" ]; then echo "$TRACKER_TEST_POSTGRES"; exit; fi
if [ -z "${PRIVATE:-}" ] && answers "$local_server"; then echo "$local_server"; exit; fi
private="postgresql://postgres@127.0.0.1:$port/postgres"
if answers "$private"; then echo "$private"; exit; fi

programs() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
[ -n "$(programs)" ] || "$here/install-packages.sh" postgresql >&2
bin=$(programs)

# The server refuses to run as root: there the packages' own user runs it.
if [ "$(id -u)" = 0 ]; then
    place=/var/tmp/tracker-test-postgres
    as() { runuser -u postgres -- "$@"; }
else
    place=${TMPDIR:-/tmp}/tracker-test-postgres-$(id -u)
    as() { "$@"; }
fi
if ! as test -f "$place/PG_VERSION"; then
    as "$bin/initdb" -D "$place" -U postgres -A trust -E UTF8 --no-sync >/dev/null
fi
cd /
as "$bin/pg_ctl" -D "$place" -w -t 60 -l "$place/log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='$place' -c fsync=off" start >/dev/null </dev/null
echo "$private"
