# shellcheck shell=bash
# Sourced: a private PostgreSQL with PostGIS in a folder. Socket only: no port, no password, and
# no clash between copies of the project. Several commands may use it at once; the last one out
# stops it.

PG_BIN=/usr/lib/postgresql/15/bin # Debian keeps these off PATH
DATABASE=rasd

# Who runs the server. PostgreSQL refuses root: root runs it in a user namespace of its own or,
# where the kernel allows none (a chroot, most containers), as Debian's postgres user.
# Whoever made the data keeps it.
cluster_owner() {
    if [ -d "$CLUSTER/data" ]; then
        stat -c %U "$CLUSTER/data"
    elif [ "$EUID" != 0 ] || unshare --user --map-user=1000 --map-group=1000 true 2>/dev/null; then
        id -un
    else
        echo postgres
    fi
}

as_owner() (
    cd / # the caller's folder may be closed to the owner
    if [ "$EUID" != 0 ]; then
        "$@"
    elif [ "$OWNER" = root ]; then
        unshare --user --map-user=1000 --map-group=1000 "$@"
    else
        setpriv --reuid "$OWNER" --regid "$(id -g "$OWNER")" --clear-groups "$@"
    fi
)

# The path of a socket has at most 107 bytes, its own name takes 14.
socket_folder() {
    if [ "$(printf %s "$CLUSTER/socket" | wc -c)" -le 93 ]; then
        echo "$CLUSTER/socket"
    else
        echo "/tmp/rasd-$(printf %s "$CLUSTER" | sha256sum | cut -c1-12)"
    fi
}

cluster_folder() {
    local folder
    [ "$EUID" = 0 ] || [ "$OWNER" = "$(id -un)" ] ||
        fail "$CLUSTER was made by $OWNER." "Run this as $OWNER, or set RASD_LOCAL to another folder."
    for folder in "$CLUSTER" "$SOCKET"; do
        [ -d "$folder" ] || install -d -m 700 -o "$OWNER" -g "$(id -gn "$OWNER")" "$folder"
        [ "$(stat -c %U "$folder")" = "$OWNER" ] ||
            fail "$folder belongs to somebody else." "Remove it, or set RASD_LOCAL to another folder."
    done
    as_owner test -x "$CLUSTER" || fail "The user $OWNER cannot reach $CLUSTER." \
        "Set RASD_LOCAL to a folder that every user can reach, such as /var/lib/rasd."
}

make_cluster() {
    # ICU's Arabic order needs no locale of the system's.
    as_owner "$PG_BIN/initdb" -D "$CLUSTER/data" --username=rasd --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 --locale-provider=icu --icu-locale=ar
    as_owner tee -a "$CLUSTER/data/postgresql.conf" >/dev/null <<'CONF'
listen_addresses = ''
jit = off                  # costs more than it saves on queries of milliseconds
CONF
}

# Decided at every start, since a cluster may be moved to another machine. Memory, page cost
# and compression were measured (bench/results); the other two let a bulk load write with fewer checkpoints.
# Nothing that a crash could cost is traded.
tuned() {
    local mib
    mib="$(awk '/^MemTotal:/ { printf "%d", $2 / 1024 }' /proc/meminfo)"
    printf -- '-c %s ' \
        "shared_buffers=$((mib / 8))MB" \
        random_page_cost=1.1 \
        max_wal_size=4GB \
        checkpoint_timeout=15min \
        wal_compression=lz4
}

sql() { "$PG_BIN/psql" -XAtq -v ON_ERROR_STOP=1 -h "$SOCKET" -U rasd "$@"; }

# start_cluster OPTIONS: PostgreSQL's own, beyond where its socket lies.
start_cluster() {
    as_owner "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -l "$CLUSTER/log" -w -t 60 \
        -o "-k '$SOCKET' $(tuned)$1" start >/dev/null || { tail -n 20 "$CLUSTER/log"; return 1; }
}

cluster_runs() { as_owner "$PG_BIN/pg_ctl" -D "$CLUSTER/data" status >/dev/null 2>&1; }

stop_cluster() { as_owner "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -m fast -w stop >/dev/null; }

# The gate lets one command at a time start or stop the cluster; the register is held by each that
# uses it. The server itself must hold neither, so it is started with both closed.
enter_cluster() { # FOLDER OPTIONS
    CLUSTER="$1"
    OWNER="$(cluster_owner)"
    SOCKET="$(socket_folder)"
    cluster_folder
    exec {gate}>"$CLUSTER/gate" {register}>"$CLUSTER/register"
    flock "$gate"
    [ -s "$CLUSTER/data/PG_VERSION" ] ||
        step "Database cluster" "Is there room on the disk? $CLUSTER may be removed whole." make_cluster
    cluster_runs || (exec {gate}>&- {register}>&- && start_cluster "$2") ||
        fail "The database server does not start." "Its log is $CLUSTER/log."
    [ -n "$(sql -d postgres -c "SELECT 1 FROM pg_database WHERE datname = '$DATABASE'")" ] ||
        sql -d postgres -c "CREATE DATABASE $DATABASE"
    flock --shared "$register"
    flock --unlock "$gate"
}

leave_cluster() {
    flock "$gate"
    flock --unlock "$register"
    if flock --exclusive --nonblock "$register"; then stop_cluster; fi
    exec {register}>&- {gate}>&-
}

cluster_url() {
    "$PYTHON" -c 'import sys, urllib.parse as u; print("postgis://rasd@/" + u.quote(sys.argv[1], safe=""))' \
        "$SOCKET/$DATABASE"
}

# use_database: the server that DATABASE_URL names or, without one, the private cluster, which
# alone may hold the demo city.
use_database() {
    if [ -n "${DATABASE_URL:-}" ]; then
        unset RASD_EMBEDDED
        return
    fi
    enter_cluster "$RASD_LOCAL/pg" ""
    trap leave_cluster EXIT
    DATABASE_URL="$(cluster_url)"
    export DATABASE_URL RASD_EMBEDDED=1 DEBUG="${DEBUG:-1}"
    if [ -z "${SECRET_KEY:-}" ]; then
        [ -s "$RASD_LOCAL/secret_key" ] ||
            (umask 077 && "$PYTHON" -c 'import secrets; print(secrets.token_urlsafe(50))' >"$RASD_LOCAL/secret_key")
        SECRET_KEY="$(cat "$RASD_LOCAL/secret_key")"
        export SECRET_KEY
    fi
}
