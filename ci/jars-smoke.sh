#!/usr/bin/env bash
# Runs the built jars on whatever `java` is in the path: the options that need nothing, then the whole pipeline of the sandbox once.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

java -version
for jar in producer consumer; do
    java -jar "$jar/target/$jar.jar" --version
    java -jar "$jar/target/$jar.jar" --help >/dev/null

    # A wrong configuration is told on the spot, with the exit code that says so and without a stack trace.
    status=0
    output=$(HTTP_PORT=-1 java -jar "$jar/target/$jar.jar" 2>&1) || status=$?
    printf '%s\n' "$output"
    [ "$status" -eq 2 ] || { echo "$jar: exit code $status instead of 2"; exit 1; }
    [[ $output == *HTTP_PORT* ]] || { echo "$jar: does not name the wrong setting"; exit 1; }
    [[ $output != *$'\tat '* ]] || { echo "$jar: shows a stack trace"; exit 1; }
done
bin/rowrelay --version
bin/rowrelay producer --version
java -jar admin/target/admin.jar resync --help >/dev/null
status=0
output=$(SOURCE_DB_URL=nonsense java -jar admin/target/admin.jar resync 2>&1) || status=$?
[[ $status -eq 2 && $output == *SOURCE_DB_URL* && $output != *$'\tat '* ]] || { echo "admin: $output, exit code $status"; exit 1; }
java -jar bench/target/bench.jar --version
timeout 300 java -jar sandbox/target/sandbox.jar --exit
