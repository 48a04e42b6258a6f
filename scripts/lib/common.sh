# Sourced by every script here, never run: where the project is, how a script speaks and how it stops.
# shellcheck shell=bash disable=SC2034
set -Eeuo pipefail

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
ME=scripts/$(basename -- "$(readlink -f -- "$0")")

# Exit codes of the scripts themselves; what qtop ends with is qtop's own (scripts/qtop --help).
readonly EXIT_FAILED=1 EXIT_USAGE=2 EXIT_MISSING=69 EXIT_BUILD=70

# A user's PATH often lacks the folders where Debian puts tor.
PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin
export PATH

# Talk goes to standard error: standard output belongs to the program that a script starts.
say() { printf '%s: %s\n' "$ME" "$*" >&2; }

# die CODE TEXT: one clear line, then the end.
die() {
  local code=$1
  shift
  say "$*"
  trap - ERR
  exit "$code"
}

trap 'die $? "line $LINENO: \"$BASH_COMMAND\" failed with code $?"' ERR

# The comment at a script's head is its help.
usage() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; }
