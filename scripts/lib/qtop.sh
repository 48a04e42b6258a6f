#!/bin/sh
# Starts qtop's jar: the installed one, or the one that QTOP_JAR names. QTOP_JAVA_OPTS holds more options for Java; they
# come last and so win. An archive of class data beside the jar (qtop.jsa) makes the start quicker; one that does not
# fit jar or Java is passed over.
set -eu
jar=${QTOP_JAR:-/usr/lib/qtop/qtop.jar}
least=17

# new_enough HOME: tells whether there is a Java there that can run qtop, by what its file "release" says. It starts no
# other program.
new_enough() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS='="' read -r name _ version _; do
    [ "$name" != JAVA_VERSION ] || break
  done <"$1/release"
  version=${version%%[!0-9]*}
  [ "$name" = JAVA_VERSION ] && [ "${version:-0}" -ge "$least" ]
}

on_path=$(command -v java) && on_path=$(readlink -f "$on_path") || on_path=
found=
for home in "${JAVA_HOME:-}" /usr/lib/jvm/default-java /usr/lib/jvm/java-17-openjdk-* /usr/lib/jvm/* \
  "${on_path%/bin/java}"; do
  if new_enough "$home"; then
    found=1
    break
  fi
done
if [ -z "$found" ]; then
  echo "qtop: Java $least or newer is needed, and neither JAVA_HOME, nor /usr/lib/jvm, nor the path leads to one" >&2
  exit 69
fi
# shellcheck disable=SC2086
set -- ${QTOP_JAVA_OPTS:-} -jar "$jar" "$@"
if [ -r "${jar%.jar}.jsa" ] && [ "${jar%.jar}.jsa" -nt "$jar" ]; then
  # Where the archive was made for, its pages are shared with the file; moved elsewhere, they are the process's own.
  set -- "-XX:SharedArchiveFile=${jar%.jar}.jsa" -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 \
    -Xlog:disable -Xlog:all=error:stderr "$@"
fi
# Serial collection: a small heap and few threads, so the shortest pauses. Direct memory holds the bytes in flight, a
# million seeds are 8 MB and ten million 80 MB. Survivor spaces that take what five hundred held streams are: what
# does not fit is kept as if it were old, and with it what it refers to (scripts/bench --lateness). No perf data: its
# file in /tmp can stall the process. Two arenas of malloc, for each more keeps what it once had, and twice a minute
# they give back what is free. Java's thorough compiler makes a set-up take a sixth less, but costs memory and a
# slower start: only what runs ten times as often as usual gets it (scripts/bench --peers with other flags).
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
exec "$home/bin/java" -XX:+IgnoreUnrecognizedVMOptions -Xms8m -Xmx256m -XX:MaxDirectMemorySize=256m -XX:+UseSerialGC \
  -XX:SurvivorRatio=3 -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 \
  -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000 -XX:TrimNativeHeapInterval=30000 \
  -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8 "$@"
