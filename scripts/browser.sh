#!/bin/bash
# Sees to it that the browser tests find Debian's Chromium. As root it installs it; as anybody else it says what to do.
# Fails only where it tried and could not.
set -euo pipefail

if command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq install --yes --no-install-recommends chromium fonts-dejavu-core >/dev/null
    command -v chromium >/dev/null
    exit 0
fi
echo "No Chromium here: the browser tests will be skipped. An administrator can change that: apt-get install chromium" >&2
