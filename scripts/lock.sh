#!/bin/bash
# Pins and hashes the newest of what requirements/*.in ask for. Any package index may serve them: no address is written.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${1:?the path of uv}

for name in run dev peers planners; do
    "$uv" pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links "requirements/$name.in" --output-file "requirements/$name.txt"
done
if grep -n '://' requirements/*.txt; then
    echo "An address got into a lock file." >&2
    exit 1
fi
