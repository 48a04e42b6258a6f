# Sourced after setup.sh: calls Maven, and builds qtop's jar when it is missing or older than its sources.
# shellcheck shell=bash

JAR=$ROOT/proxy/target/qtop.jar

# Which repository Maven asks is the machine's business: its settings.xml is left in force, and no host is named here.
maven() {
  MAVEN_OPTS=${MAVEN_OPTS:--Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1} \
    mvn -B --no-transfer-progress -f "$ROOT/pom.xml" "$@" </dev/null
}

# renew_jar: puts a copy in the jar's place, to be written over: a qtop that runs keeps the file that it has open.
renew_jar() {
  [[ ! -f $JAR ]] || { cp -p "$JAR" "$JAR.new" && mv -f "$JAR.new" "$JAR"; }
}

# package MODULE,...: makes their jars without tests; silent unless it fails.
package() {
  local log
  renew_jar
  log=$(mktemp "${TMPDIR:-/tmp}/qtop-build.XXXXXX")
  if ! maven -q -Dmaven.test.skip=true -pl "$1" package >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die "$EXIT_BUILD" "the build failed: Maven's reasons are above"
  fi
  rm -f "$log"
}

# stale: tells whether the jar is missing or something it is made from is newer. Folders count, for files taken away.
stale() {
  [[ ! -f $JAR ]] || [[ $(find "$ROOT/pom.xml" "$ROOT/engine/pom.xml" "$ROOT/proxy/pom.xml" "$ROOT/engine/src/main" \
    "$ROOT/proxy/src/main" -newer "$JAR" -print -quit) ]]
}

# build_bench: makes the benchmarks' jar, BENCH_JAR, if it is missing or older than what it is made from.
BENCH_JAR=$ROOT/bench/target/benchmarks.jar
build_bench() {
  if [[ ! -f $BENCH_JAR \
    || $(find "$ROOT"/pom.xml "$ROOT"/*/pom.xml "$ROOT"/*/src/main -newer "$BENCH_JAR" -print -quit) ]]; then
    say "building bench/target/benchmarks.jar"
    package engine,proxy,bench
  fi
}

# archive JAR LAUNCHER: has a short run note which classes a start needs, and writes their data down beside the jar,
# which makes later starts quicker. Everything works without it. Both get nothing of this environment that could lead
# them astray.
archive() {
  local into=${1%.jar}.jsa
  # With one that does not fit, Java makes no other.
  rm -f "$into"
  if launch "$1" "-XX:DumpLoadedClassList=$into.list" "$2" rehearse \
    && launch "$1" "-Xshare:dump -XX:SharedClassListFile=$into.list -XX:SharedArchiveFile=$into.new" "$2" \
    && [[ -f $into.new ]]; then
    mv -f "$into.new" "$into"
  else
    rm -f "$into.new"
    say "no archive of class data could be made: qtop works, but starts slower"
  fi
  rm -f "$into.list"
}

# launch JAR OPTIONS LAUNCHER [ARGUMENT...]: starts the jar with these options for Java; silent.
launch() {
  env -i PATH="$PATH" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} QTOP_JAR="$1" QTOP_JAVA_OPTS="-Xlog:disable $2" "${@:3}" \
    >/dev/null 2>&1
}

# build: makes the jar if it is stale. Two scripts started at once do not build over each other; a qtop that runs
# keeps its jar, for the new one is a new file; and the jar gets the time of the build's start, so that what is edited
# during a build counts as newer.
build() {
  local started lock
  stale || return 0
  exec {lock}<"$ROOT/pom.xml"
  ! command -v flock >/dev/null || flock "$lock"
  if stale; then
    say "building proxy/target/qtop.jar; the first time, Maven downloads libraries"
    started=$(date +%s.%N)
    rm -f "$JAR" "${JAR%.jar}.jsa"
    package engine,proxy
    touch -d "@$started" "$JAR"
    find_java java
    archive "$JAR" "$ROOT/scripts/lib/qtop.sh"
  fi
  exec {lock}<&-
}
