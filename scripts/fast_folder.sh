#!/bin/bash
# Prints where tests write their databases: hundreds a minute, so in memory where there is enough of it and programs may
# run from there (PostgreSQL is unpacked beside its data), else wherever temporary files go.
set -euo pipefail
memory=/dev/shm
enough_kib=2000000

has_room() { [ "$(df --output=avail -k "$memory" | tail -1)" -gt "$enough_kib" ]; }
may_run() {
    local trial
    trial=$(mktemp -d "$memory/chargekey-trial-XXXXXX") || return 1
    trap 'rm -rf "$trial"' RETURN
    cp "$(type -P true)" "$trial/true" && "$trial/true"
}

if { has_room && may_run; } 2>/dev/null; then echo "$memory"; else echo "${TMPDIR:-/tmp}"; fi
