#!/usr/bin/env bash
# Starts docker-compose.yml from nothing and shows that it does what it promises: rows arrive, every service may be
# killed, a restart continues where it was, and nothing is left behind.
# Needs docker with compose v2, curl, and the ports of the compose file (.env.example names the variables that move them).
# It runs as a project of its own, so the data of a running `docker compose up` is not touched.
#   KEEP=1   leave everything running at the end
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export COMPOSE_PROJECT_NAME=rowrelay-smoke COMPOSE_ANSI=never
services=(source-db destination-db kafka producer consumer)
columns=emp_id,first_name,last_name,dob,city,salary
topic=bf_employee_cdc

say() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }
fail() { say "FAILED: $*"; exit 1; }

finish() {
    local status=$?
    trap - EXIT
    if [ "$status" -ne 0 ]; then
        docker compose ps --all || true
        docker compose logs --tail 40 --no-color || true
    fi
    [ -n "${KEEP:-}" ] || docker compose down -v --remove-orphans >/dev/null 2>&1 || true
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# A compose command whose own progress matters only when it fails.
compose() {
    local output
    output=$(docker compose "$@" 2>&1) || { printf '%s\n' "$output"; fail "docker compose $*"; }
}
sql() { docker compose exec -T "$1-db" psql -X -v ON_ERROR_STOP=1 -Atq -U postgres -d "$1" -c "$2"; }

# rows DATABASE: how many employees there are, and a digest of all that they hold
rows() {
    sql "$1" "SELECT count(*) || ' rows ' || coalesce(md5(string_agg(e::text, '|' ORDER BY emp_id)), '')
              FROM (SELECT $columns FROM employees) e"
}

# until_true SECONDS WHAT COMMAND...: waits for the command to succeed, by looking twice a second
until_true() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || fail "$what"
        sleep 0.5
    done
}
equal() {
    local source destination
    source=$(rows source) && destination=$(rows destination) && [ "$source" = "$destination" ]
}
arrives() { # arrives WHAT: source and destination become equal
    until_true 90 "after $1: source has $(rows source), destination has $(rows destination)" equal
    say "equal after $1: $(rows destination)"
}
healthy() {
    local service
    for service in "${services[@]}"; do
        [ "$(docker inspect -f '{{.State.Health.Status}}' "$(docker compose ps -q "$service")")" = healthy ] || return 1
    done
}
restarts() { docker inspect -f '{{.RestartCount}}' "$(docker compose ps -q "$1")"; }
restarted() { [ "$(restarts "$1")" -gt "$2" ]; }

insert() { # insert HOW_MANY CITY
    sql source "INSERT INTO employees (first_name, last_name, dob, city, salary)
                SELECT 'First' || n, 'Last' || n, date '1980-01-01' + n, '$2', 50000 + 250 * n
                FROM generate_series(1, $1) n"
}

# As a crash does it, from outside and without a word to the engine: after `docker kill` no restart policy acts.
# A process of another container can be reached from one that shares the host's process ids.
crash() {
    local pid
    pid=$(docker inspect -f '{{.State.Pid}}' "$(docker compose ps -q "$1")")
    docker run --rm --pid host --network none --entrypoint bash "${POSTGRES_IMAGE:-postgres:17}" -c "kill -9 $pid"
}

# records: how many records the topic has ever got
records() {
    docker compose exec -T kafka /opt/kafka/bin/kafka-get-offsets.sh --bootstrap-server localhost:29092 --topic "$topic" |
        awk -F: '{ sum += $3 } END { print sum + 0 }'
}

say "start from nothing"
docker compose down -v --remove-orphans >/dev/null 2>&1 || true
compose up -d --build --wait --wait-timeout 600
healthy || fail "up --wait came back, yet a service is not healthy"
say "all services are healthy"
for service in producer consumer; do
    [ "$(docker compose exec -T "$service" id -u)" != 0 ] || fail "$service runs as root"
    ! docker compose exec -T "$service" touch /opt/rowrelay/x 2>/dev/null || fail "$service can write its root file system"
done

insert 100 Berlin
arrives "INSERT of 100"
compose run --rm -T admin status
compose run --rm -T admin verify
say "the service admin runs commands"
sql source "UPDATE employees SET salary = salary * 1.1 WHERE emp_id % 2 = 0"
arrives "UPDATE of every second row"
sql source "DELETE FROM employees WHERE salary < 60000"
arrives "DELETE of low salaries"
[ "$(rows source | cut -d' ' -f1)" -gt 0 ] || fail "nothing was left to compare"

for service in "${services[@]}"; do
    before=$(restarts "$service")
    crash "$service"
    # While it is down or coming back: a change that must not be lost. Only the source itself cannot take one.
    [ "$service" = source-db ] || insert 5 "crash of $service"
    until_true 60 "$service was not restarted" restarted "$service" "$before"
    until_true 120 "not all healthy after the crash of $service" healthy
    [ "$service" != source-db ] || insert 5 "crash of $service"
    arrives "the crash of $service"
done

for service in "${services[@]}"; do
    compose kill -s KILL "$service"
    [ "$service" = source-db ] || insert 5 "kill of $service"
    compose up -d --wait --wait-timeout 180
    [ "$service" != source-db ] || insert 5 "kill of $service"
    arrives "kill and up of $service"
done

before="$(rows destination), $(records) records"
compose down
compose up -d --wait --wait-timeout 180
after="$(rows destination), $(records) records"
[ "$before" = "$after" ] || fail "down and up: before $before, after $after"
say "down and up kept: $after"
insert 5 "after down and up"
arrives "an INSERT after down and up"
[ "$(records)" -gt 0 ] || fail "the topic is empty"

for service in producer:8081 consumer:8082; do
    address=$(docker compose port "${service%:*}" "${service#*:}")
    curl -fsS "http://$address/metrics" | grep rowrelay_ >/dev/null || fail "no metrics from ${service%:*} at $address"
done
say "both daemons show their metrics on the published ports"

compose stop -t 10 producer consumer
for service in producer consumer; do
    code=$(docker inspect -f '{{.State.ExitCode}}' "$(docker compose ps -aq "$service")")
    [ "$code" = 0 ] || fail "$service ended with exit code $code after SIGTERM"
done
say "both daemons ended with exit code 0 within 10 s of SIGTERM"

if [ -z "${KEEP:-}" ]; then
    compose down -v
    left=$(docker ps -aq --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME"
        docker volume ls -q --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME")
    [ -z "$left" ] || fail "down -v left: $left"
    say "down -v left nothing"
fi
say "passed"
