#!/bin/sh
# Looks for the system libraries that the window and its tests need, and installs those that are missing through apt
# where that is allowed; elsewhere it names the one command to type. Does nothing on other systems.
set -eu

command -v dpkg-query >/dev/null 2>&1 || exit 0
wanted="python3-venv libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0"
if [ -n "${DISPLAY:-}" ]; then
    wanted="$wanted libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-shape0
 libxcb-randr0 libxcb-xkb1 libxcb-sync1 libxcb-xfixes0 libxkbcommon-x11-0 libx11-xcb1"
fi
missing=""
for name in $wanted; do
    # Newer releases add t64 to some names.
    if ! dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q "ok installed" &&
       ! dpkg-query -W -f='${Status}' "${name}t64" 2>/dev/null | grep -q "ok installed"; then
        missing="$missing $name"
    fi
done
# A Python from elsewhere brings its own venv.
if python3 -c "import ensurepip" >/dev/null 2>&1; then missing=$(echo "$missing" | sed 's/ python3-venv//'); fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then asroot=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then asroot="sudo"
else
    echo "Some system libraries are missing. Type this once, then run make again:" >&2
    echo "  sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "Installing system libraries:$missing"
$asroot apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $asroot apt-get install -y -qq --no-install-recommends $missing >/dev/null
