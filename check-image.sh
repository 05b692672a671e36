#!/bin/sh
# Builds the image and runs it as deploy/compose.yaml does: a read-only root, no capabilities, no network but its own.
# It ends with 77 where the base image cannot be had. It takes podman, docker or buildah, whichever is there. BASE names another base image, OPTIONS more options of the build.
set -eu
cd "$(dirname "$0")"
image=localhost/treaty-tracker
tool=$(command -v podman || command -v docker || command -v buildah) || { ./install-packages.sh podman && tool=podman; }

case $tool in
*buildah) ;;
*)
    base=${BASE:-$(sed -n 's/^ARG BASE=//p' deploy/Containerfile)}
    "$tool" image inspect "$base" >/dev/null 2>&1 || "$tool" pull "$base" || { echo "NOT RUN: no base image $base" && exit 77; }
    ;;
esac

# shellcheck disable=SC2086 - options are several words
"$tool" build ${BASE:+--build-arg BASE="$BASE"} ${OPTIONS:-} --file deploy/Containerfile --tag "$image" .

case $tool in
*buildah) echo "NOT RUN: buildah builds images and runs none as they are meant to be; install podman or docker." && exit ;;
esac

volume=tracker-check-$$
started=""
trap '[ -z "$started" ] || "$tool" rm --force "$started" >/dev/null; "$tool" volume rm "$volume" >/dev/null' EXIT
"$tool" volume create "$volume" >/dev/null
limits="--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --network none --volume $volume:/data"

# shellcheck disable=SC2086
"$tool" run --rm $limits "$image" init
# shellcheck disable=SC2086
"$tool" run --rm $limits "$image" doctor --offline
# shellcheck disable=SC2086
started=$("$tool" run --detach $limits "$image")
ask='import urllib.request as r; print(r.urlopen("http://127.0.0.1:8000/instruments/untoc", timeout=30).status)'
tries=0
until [ "$("$tool" exec "$started" python3 -c "$ask" 2>/dev/null)" = 200 ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { "$tool" logs "$started" && exit 1; }
    sleep 1
done
[ "$("$tool" exec "$started" id -u)" = 10001 ] || { echo "It runs as root." && exit 1; }
"$tool" exec "$started" sh -c '! touch /opt/tracker/written 2>/dev/null' || { echo "Its root can be written." && exit 1; }
"$tool" stop --time 30 "$started" >/dev/null
code=$("$tool" inspect --format '{{.State.ExitCode}}' "$started")
[ "$code" = 0 ] || { echo "It ended with $code." && exit 1; }
echo "The image serves pages as user 10001 with a read-only root, and ends in order."
