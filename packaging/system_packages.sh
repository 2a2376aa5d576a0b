#!/bin/sh
# Looks for the system libraries that the window and its tests need, and installs those that are missing through apt
# where that is allowed; elsewhere it names the one command to type. Does nothing on other systems.
set -eu

command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 || exit 0
wanted="libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    wanted="$wanted libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-shape0
 libxcb-randr0 libxcb-xkb1 libxcb-sync1 libxcb-xfixes0 libxkbcommon-x11-0 libx11-xcb1"
fi
# Newer releases rename a library to …t64 and let it provide the old name: ask for both.
installed=" $(dpkg-query -W -f='${db:Status-Status} ${Package} ${Provides}\n' 2>/dev/null |
    sed -n 's/^installed //p' | sed 's/([^)]*)//g' | tr ',\n' '  ') "
missing=""
for name in $wanted; do
    case "$installed" in *" $name "*) ;; *) missing="$missing $name" ;; esac
done
# A Python from elsewhere brings its own venv; the system's lacks ensurepip until this package is there.
if ! "${PYTHON:-python3}" -c "import ensurepip" >/dev/null 2>&1; then missing="python3-venv $missing"; fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then asroot=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then asroot="sudo -n"
else
    echo "Some system libraries are missing. Type this once, then run make again:" >&2
    echo "  sudo apt-get install --no-install-recommends" $missing >&2
    exit 1
fi

echo "Installing system libraries:" $missing
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
    # shellcheck disable=SC2086  # a list of names is meant
    $asroot env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$log" 2>&1
}
# The lists of packages may be empty or old; an update fails for one bad source among many, so it decides nothing.
if ! install && ! { $asroot apt-get update -qq >"$log" 2>&1 || :; install; }; then
    tail -n 20 "$log" >&2
    exit 1
fi
