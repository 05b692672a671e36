#!/bin/sh
# Installs Debian packages where this user may; otherwise says which command would.
set -eu
if ! command -v apt-get >/dev/null; then
    echo "Please install: $*" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "Please run as root: apt-get install $*" >&2
    exit 1
fi
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@"
