#!/bin/bash
# Proves the README's two commands on a bare Debian 12: python3, python3-venv, make, ca-certificates, and nothing else.
#
#   scripts/fresh_machine.sh [REVISION]      (root; HEAD unless told; some 8 minutes, 2 GB in /var/tmp)
#
# 1. The machine is made by debootstrap and thrown away at the end. It lives in namespaces of its own, so its
#    mounts and its processes end with it, however this script ends.
# 2. It gets the tree by `git archive` and does everything as an ordinary user.
# 3. How pip reaches its index here (files, variables, certificates) is handed over at run time. Nothing of it is tracked.
set -euo pipefail

readonly BARE=python3,python3-venv,make,ca-certificates
readonly FIRST_START_S=600 NEXT_START_S=5 STOP_S=15
readonly PORTS="8700 8701"

say() { printf '\n== %s\n' "$*"; }
give_up() { printf 'make fresh: %s\n' "$*" >&2; exit 1; }

# ── outside: what belongs to this machine ────────────────────────────────────────────────────────

outside() {
    [ "$(id -u)" = 0 ] || give_up "only root can make a machine; run it as root"
    cd "$(dirname "$0")/.."
    revision=${1:-HEAD}
    git rev-parse --quiet --verify "$revision^{commit}" >/dev/null || give_up "no such revision: $revision"
    for port in $PORTS; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then give_up "port $port is taken; stop what listens there"; fi
    done
    command -v debootstrap >/dev/null || { apt-get -qq update && apt-get -qq install --yes debootstrap >/dev/null; }

    place=$(mktemp --directory /var/tmp/chargekey-fresh.XXXXXX)
    trap 'rm --recursive --force --one-file-system "$place"' EXIT
    say "a bare Debian 12 ($BARE)"
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
    SECONDS=0
    debootstrap --variant=minbase --include="$BARE" bookworm "$place/root" ${mirror:+"$mirror"} >"$place/debootstrap.log" 2>&1 ||
        { tail -n 20 "$place/debootstrap.log"; give_up "debootstrap failed"; }
    echo "made in $SECONDS s, $(du --summarize --block-size=1M "$place/root" | cut -f 1) MB"

    chroot "$place/root" useradd --create-home --shell /bin/bash driver
    mkdir "$place/root/home/driver/chargekey"
    git archive "$revision" | tar --extract --directory "$place/root/home/driver/chargekey"
    unshare --mount --mount-proc --pid --fork --kill-child --propagation private -- "$0" --inside "$place"
}

# ── inside: a machine that has never seen this project ───────────────────────────────────────────

inside() {
    place=$1 root=$1/root
    furnish
    say "make run, for the first time"
    start_and_time "$FIRST_START_S"
    stop_again
    say "make run, the next time"
    start_and_time "$NEXT_START_S"
    stop_again
    say "make test"
    SECONDS=0
    as_driver 'make test' || give_up "make test failed"
    echo "tests took $SECONDS s, their environment included"
    say "Both README commands work on a bare Debian 12."
}

furnish() {
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    cp --dereference /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    if [ -f /etc/pip.conf ]; then cp /etc/pip.conf "$root/etc/"; fi
    for folder in .config/pip .pip; do
        if [ -f "$HOME/$folder/pip.conf" ]; then install -D "$HOME/$folder/pip.conf" "$root/home/driver/$folder/pip.conf"; fi
    done
    chroot "$root" chown -R driver:driver /home/driver
}

handed_over() {
    compgen -e | grep -E '^(PIP_.*|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY)$' |
        while read -r name; do printf '%s=%s\n' "$name" "${!name}"; done
}

as_driver() {
    mapfile -t carried < <(handed_over)
    # The shell starts background commands deaf to Ctrl-C; what a person starts is not.
    chroot --userspec=driver:driver "$root" env --ignore-environment --default-signal=INT,QUIT HOME=/home/driver USER=driver LANG=C.UTF-8 \
        PATH=/usr/local/bin:/usr/bin:/bin "${carried[@]}" bash -c "cd ~/chargekey && $1"
}

start_and_time() {
    log=$place/run.log
    : >"$log"
    began=$(date +%s%N)
    as_driver 'exec setsid make run' >"$log" 2>&1 &
    running=$!
    until answers; do
        kill -0 "$running" 2>/dev/null || { tail -n 30 "$log"; give_up "make run ended before it answered"; }
        [ $(($(date +%s%N) - began)) -lt $(($1 * 1000000000)) ] || { tail -n 30 "$log"; give_up "no answer within $1 s"; }
        sleep 0.1
    done
    awk -v ns=$(($(date +%s%N) - began)) 'BEGIN { printf "printed its address and answered after %.1f s\n", ns / 1e9 }'
}

answers() {
    grep --quiet --extended-regexp 'http://localhost:[0-9]+' "$log" || return 1
    for port in $PORTS; do
        python3 -c 'import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=2)' "http://localhost:$port/" 2>/dev/null ||
            return 1
    done
}

stop_again() {
    # What Ctrl-C does: everybody in make's process group is told.
    kill -INT -- "-$(pgrep --parent "$running")"
    for _ in $(seq $((STOP_S * 10))); do
        kill -0 "$running" 2>/dev/null || { wait "$running" || true; echo "stopped"; return; }
        sleep 0.1
    done
    give_up "make run did not stop within $STOP_S s of Ctrl-C"
}

case ${1:-} in
    --inside) inside "$2" ;;
    *) outside "$@" ;;
esac
