# Sourced after common.sh: finds the programs a script needs and, where apt is there, installs those that are missing.
# shellcheck shell=bash

readonly JAVA_LEAST=17
readonly POLICY=/usr/sbin/policy-rc.d
readonly POLICY_MARK="# Written by qtop's scripts while they install tor; removed when that is done."

declare -A WHAT=(
  [jdk]="a JDK, version $JAVA_LEAST or newer, with javac: compiles and runs qtop"
  [maven]="Maven (mvn) 3.6.3 or newer: builds qtop and runs its tests"
  [tor]="tor: the network that qtop's streams go through"
  [tor-gencert]="tor-gencert, a part of tor: makes the private network's certificates"
  [torsocks]="torsocks: sends any program through qtop"
  [curl]="curl: tries qtop out, and its tests"
  [chromium]="Chromium: the tests look at qtop's page with it"
  [chromedriver]="chromedriver: steers Chromium for the tests"
  [promtool]="promtool, a part of prometheus: the tests check the metrics with it"
  [firefox-esr]="Firefox ESR: the tests browse with it"
  [git]="git: the tests clone with it"
  [ssh]="OpenSSH's client: the tests log in with it"
  [sshd]="OpenSSH's server: the tests run one of their own to log in to"
  [nc]="netcat: takes ssh through a proxy, for the tests"
  [ncat]="ncat: takes ssh through a proxy, for the tests"
  [connect]="connect: takes ssh through a proxy, for the tests"
  [ip]="ip: shuts browsers up in a network of their own, for the tests"
  [cc]="a C compiler: the benchmarks build the bare relay with it"
  [haproxy]="HAProxy: the benchmarks put it beside qtop"
  [danted]="Dante's server: the benchmarks put it beside qtop"
  [nft]="nft: counts what those browsers send, for the tests"
  [sklearn]="python3 with scikit-learn: checks our random forest against its own"
)

# version_of JAVA_HOME: the feature version (8, 17, ...) of the Java there, or 0.
version_of() {
  local v
  v=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release" 2>/dev/null || true)
  [[ $v ]] || v=$("$1/bin/java" -version 2>&1 </dev/null | sed -n '1s/.*version "\([^"]*\)".*/\1/p' || true)
  v=${v#1.}
  v=${v%%[!0-9]*}
  echo "${v:-0}"
}

# find_java PROGRAM: sets and exports JAVA_HOME to a new enough Java that has PROGRAM (java or javac).
find_java() {
  local on_path home
  on_path=$(command -v "$1" || true)
  [[ -z $on_path ]] || on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")")
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*; do
    if [[ $home && -x $home/bin/$1 && -x $home/bin/java ]] && (($(version_of "$home") >= JAVA_LEAST)); then
      export JAVA_HOME=$home
      return 0
    fi
  done
  return 1
}

# find_sklearn: sets PYTHON to a python3 that has scikit-learn. Debian's is not always the first on the path.
find_sklearn() {
  for PYTHON in python3 /usr/bin/python3; do
    ! "$PYTHON" -c 'import sklearn' >/dev/null 2>&1 || return 0
  done
  return 1
}

# have TOOL: tells whether it is there; the JDK also sets JAVA_HOME.
have() {
  case $1 in
    jdk) find_java javac ;;
    maven) command -v mvn >/dev/null ;;
    sklearn) find_sklearn ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# absent TOOL...: prints those that are missing, one a line.
absent() {
  local tool
  for tool in "$@"; do
    have "$tool" || echo "$tool"
  done
}

# Whoever sits at a terminal is asked for a password; sudo asks there, also where its own input is none.
SUDO=(sudo)
[[ -t 0 ]] || SUDO=(sudo -n)

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    "${SUDO[@]}" -- "$@"
  fi
}

# may_install: tells whether apt is there and may be used.
may_install() {
  command -v apt-get >/dev/null || return 1
  ((EUID == 0)) || { command -v sudo >/dev/null && as_root true; }
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -qq -o DPkg::Lock::Timeout=300 "$@" \
    </dev/null >>"$APT_LOG" 2>&1
}

# package_of TOOL: the apt package that brings it.
package_of() {
  case $1 in
    jdk)
      if apt-cache show "openjdk-$JAVA_LEAST-jdk-headless" >/dev/null 2>&1; then
        echo "openjdk-$JAVA_LEAST-jdk-headless"
      else
        echo default-jdk-headless
      fi
      ;;
    tor-gencert) echo tor ;;
    chromedriver) echo chromium-driver ;;
    promtool) echo prometheus ;;
    ssh) echo openssh-client ;;
    sshd) echo openssh-server ;;
    nc) echo netcat-openbsd ;;
    connect) echo connect-proxy ;;
    ip) echo iproute2 ;;
    nft) echo nftables ;;
    sklearn) echo python3-sklearn ;;
    danted) echo dante-server ;;
    cc) echo build-essential ;;
    *) echo "$1" ;;
  esac
}

ours() { [[ -f $POLICY ]] && grep -qxF "$POLICY_MARK" "$POLICY"; }

# Debian starts tor as soon as it is installed, and it would take port 9050; the other servers here likewise. A
# policy file keeps these services off, for the one call of apt; one that the machine has already is left alone.
forbid_start() {
  [[ ! -e $POLICY ]] || ours || return 0
  # shellcheck disable=SC2016
  printf '%s\n' '#!/bin/sh' "$POLICY_MARK" 'case "$1" in tor|tor.service|tor@*|prometheus*|ssh|ssh.*|sshd*) exit 101 ;;' \
    'haproxy*|danted*) exit 101 ;; esac' 'exit 0' | as_root tee "$POLICY" >/dev/null
  as_root chmod 755 "$POLICY"
  trap allow_start EXIT
}

allow_start() {
  trap - EXIT
  ! ours || as_root rm -f "$POLICY"
}

# keep_tor_off: the service of a tor that we installed neither runs now nor starts at the next boot.
keep_tor_off() {
  as_root update-rc.d tor disable >>"$APT_LOG" 2>&1 || true
  if [[ -d /run/systemd/system ]]; then
    as_root systemctl stop tor.service tor@default.service >>"$APT_LOG" 2>&1 || true
  elif [[ -x /etc/init.d/tor ]] && /etc/init.d/tor status >/dev/null 2>&1; then
    as_root /etc/init.d/tor stop >>"$APT_LOG" 2>&1 || true
  fi
  say "tor's system service is off, now and at boot (qtop starts a Tor of its own);" \
    "\"systemctl enable --now tor\" turns it on"
}

# keep_sshd_off: nobody asked for an ssh server on this machine but our tests, which run one of their own.
keep_sshd_off() {
  as_root update-rc.d ssh disable >>"$APT_LOG" 2>&1 || true
  [[ ! -d /run/systemd/system ]] || as_root systemctl stop ssh.service ssh.socket >>"$APT_LOG" 2>&1 || true
  say "the ssh server's system service is off, now and at boot; \"systemctl enable --now ssh\" turns it on"
}

# offered PACKAGE: tells whether apt could install it. Ubuntu has no firefox-esr, and its chromium is a snap.
offered() {
  # Not through a pipe to grep -q, whose early end would kill apt-cache and with it the pipe's good name.
  [[ $(LC_ALL=C apt-cache policy "$1" 2>/dev/null) =~ Candidate:\ [^\(] ]]
}

# packages_of TOOL...: their packages, each once, in one line.
packages_of() {
  local tool
  for tool in "$@"; do
    package_of "$tool"
  done | sort -u | paste -sd ' '
}

# apt_install TOOL...: has apt install the packages of these, if there are any.
apt_install() {
  local -a packages
  read -ra packages <<<"$(packages_of "$@")"
  ((${#packages[@]} == 0)) || apt_get install -y --no-install-recommends "${packages[@]}"
}

# install_tools TOOL... [-- TOOL...]: installs their packages with apt, saying which and why. Those after the -- are
# left out where apt does not have them, or fails on them.
install_tools() {
  local tool package optional=
  local -A reason=()
  local -a needed=() spare=() unknown=()
  APT_LOG=$(mktemp "${TMPDIR:-/tmp}/qtop-apt.XXXXXX")
  say "bringing apt's lists up to date"
  apt_get update || say "apt-get update failed (see $APT_LOG); going on with the lists that are there"
  for tool in "$@"; do
    if [[ $tool == -- ]]; then
      optional=1
      continue
    fi
    package=$(package_of "$tool")
    if offered "$package"; then
      [[ $optional ]] && spare+=("$tool") || needed+=("$tool")
      reason[$package]=${reason[$package]:-${WHAT[$tool]}}
    elif [[ $optional ]]; then
      say "apt has no $package here, so it is left out, and what needs it is skipped (${WHAT[$tool]})"
    else
      unknown+=("$package (${WHAT[$tool]})")
    fi
  done
  if ((${#unknown[@]})); then
    die "$EXIT_MISSING" "apt has no $(printf '%s, ' "${unknown[@]}" | sed 's/, $//'): nothing is installed;" \
      "see $APT_LOG, or install that yourself and start again"
  fi
  if ((${#reason[@]} == 0)); then
    rm -f "$APT_LOG"
    return 0
  fi
  say "installing with apt, and nothing else is changed:"
  for package in "${!reason[@]}"; do
    printf '  %s (%s)\n' "$package" "${reason[$package]}" >&2
  done
  # Slim container images have no folder for manual pages, and Java's packages fail without it.
  [[ -d /usr/share/man/man1 ]] || as_root mkdir -p /usr/share/man/man1
  for package in tor prometheus openssh-server haproxy dante-server; do
    [[ -z ${reason[$package]:-} ]] || forbid_start
  done
  apt_install "${needed[@]}" \
    || { tail -n 20 "$APT_LOG" >&2; die "$EXIT_MISSING" "apt failed: the end of $APT_LOG is above"; }
  if apt_install "${spare[@]}"; then
    set -- "${needed[@]}" "${spare[@]}"
  else
    say "apt failed on $(packages_of "${spare[@]}"), and what needs it is skipped; the end of $APT_LOG:"
    tail -n 20 "$APT_LOG" >&2
    set -- "${needed[@]}"
  fi
  allow_start
  # A tor that was there before, from elsewhere, may have a service of the same name.
  [[ " $* " != *" tor "* ]] || keep_tor_off
  [[ " $* " != *" promtool "* ]] || as_root update-rc.d prometheus disable >>"$APT_LOG" 2>&1 || true
  [[ " $* " != *" sshd "* ]] || keep_sshd_off
  for tool in haproxy danted; do
    [[ " $* " != *" $tool "* ]] || as_root update-rc.d "$tool" disable >>"$APT_LOG" 2>&1 || true
  done
  rm -f "$APT_LOG"
}

# complain TOOL...: says exactly what is missing here, and ends.
complain() {
  local tool
  say "missing here:"
  for tool in "$@"; do
    printf '  %s\n' "${WHAT[$tool]}" >&2
  done
  if ! command -v apt-get >/dev/null; then
    die "$EXIT_MISSING" "this system has no apt: please install them yourself and start again"
  fi
  die "$EXIT_MISSING" "apt needs root, and sudo is not here or does not let you: as root, apt-get install" \
    "$(packages_of "$@")"
}

# set_up TOOL... [-- TOOL...]: has all of these in place or ends. Tools after the -- are installed too where apt is
# there, but elsewhere their absence is only mentioned.
set_up() {
  local -a needed=() wanted=() gone=() spare=()
  local into=needed arg
  for arg in "$@"; do
    case $arg in
      --) into=wanted ;;
      *) [[ $into == needed ]] && needed+=("$arg") || wanted+=("$arg") ;;
    esac
  done
  mapfile -t gone < <(absent "${needed[@]}")
  mapfile -t spare < <(absent "${wanted[@]}")
  if ((${#gone[@]} + ${#spare[@]})) && may_install; then
    install_tools "${gone[@]}" -- "${spare[@]}"
  fi
  mapfile -t gone < <(absent "${needed[@]}")
  ((${#gone[@]} == 0)) || complain "${gone[@]}"
  mapfile -t gone < <(absent "${wanted[@]}")
  for arg in "${gone[@]}"; do
    say "not here, and qtop works without it: ${WHAT[$arg]}"
  done
  # The subshells above have looked; now JAVA_HOME is set for good.
  [[ " ${needed[*]} " != *" jdk "* ]] || find_java javac
}
