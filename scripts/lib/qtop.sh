#!/bin/sh
# Starts the installed qtop: what scripts/qtop is for a checkout. QTOP_JAVA_OPTS holds more options for Java, and
# QTOP_JAR another jar than the one that is installed.
set -eu
for home in "${JAVA_HOME:-}" /usr/lib/jvm/default-java /usr/lib/jvm/java-17-openjdk-* /usr/lib/jvm/*; do
  if [ -n "$home" ] && [ -x "$home/bin/java" ]; then
    break
  fi
done
# shellcheck disable=SC2086
exec "$home/bin/java" -Xms32m -Xmx256m -XX:MaxDirectMemorySize=256m -XX:+UseSerialGC -XX:-UsePerfData \
  -XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8 ${QTOP_JAVA_OPTS:-} -jar "${QTOP_JAR:-/usr/lib/qtop/qtop.jar}" "$@"
