#!/usr/bin/env bash
# Runs a command beside a PostgreSQL and a Redis of its own, on loopback, which are gone afterwards:
#   bash scripts/with-servers.sh npm test
# As root it installs Debian's packages where they are missing; otherwise the command runs without the servers that are not there.
set -euo pipefail

find_postgres() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }

# Waits up to 30 seconds for a command to succeed while a process lives.
wait_until() {
  local pid=$1 tries=300
  shift
  until "$@" >/dev/null 2>&1; do
    if ! kill -0 "$pid" 2>/dev/null || ((--tries == 0)); then return 1; fi
    sleep 0.1
  done
}

if [[ $EUID -eq 0 ]] && { [[ -z $(find_postgres) ]] || ! command -v redis-server >/dev/null; }; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql redis-server; } >/dev/null ||
    echo "with-servers: apt-get could not install postgresql and redis-server" >&2
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/crosspoint-servers-XXXXXX")
postgres_pid='' redis_pid=''
stop() {
  # PostgreSQL ends at once on QUIT, which Redis does not hear.
  [[ -z $postgres_pid ]] || kill -QUIT "$postgres_pid" 2>/dev/null || true
  [[ -z $redis_pid ]] || kill -TERM "$redis_pid" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

postgres=$(find_postgres)
if [[ -n $postgres ]]; then
  mkdir "$folder/postgres"
  as=()
  if [[ $EUID -eq 0 ]]; then
    chmod 755 "$folder"
    chown postgres "$folder/postgres"
    as=(setpriv --reuid=postgres --regid=postgres --init-groups --)
  fi
  port=$(free_port)
  # A linguistic order by default, so that an order that should not depend on it shows.
  (cd / && "${as[@]}" "$postgres/initdb" -D "$folder/postgres" -A trust -U crosspoint -E UTF8 --locale=C.UTF-8 --locale-provider=icu \
    --icu-locale=en-US --no-sync --no-instructions) >"$folder/initdb.log"
  (cd / && exec "${as[@]}" "$postgres/postgres" -D "$folder/postgres" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c fsync=off -c full_page_writes=off) >"$folder/postgres.log" 2>&1 &
  postgres_pid=$!
  if ! wait_until "$postgres_pid" "$postgres/pg_isready" -q -h 127.0.0.1 -p "$port"; then
    cat "$folder/postgres.log" >&2
    exit 1
  fi
  export CROSSPOINT_POSTGRES_URL="postgresql://crosspoint@127.0.0.1:$port/postgres"
else
  echo "with-servers: no PostgreSQL here" >&2
fi

if command -v redis-server >/dev/null; then
  port=$(free_port)
  redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$folder" >"$folder/redis.log" 2>&1 &
  redis_pid=$!
  if ! wait_until "$redis_pid" redis-cli -h 127.0.0.1 -p "$port" ping; then
    cat "$folder/redis.log" >&2
    exit 1
  fi
  export CROSSPOINT_REDIS_URL="redis://127.0.0.1:$port"
else
  echo "with-servers: no Redis here" >&2
fi

"$@"
