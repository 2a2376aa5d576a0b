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
# The long tests speak to a real mail server if there is one (make test-all). It is never started as a service: tests
# run their own, with its files in a folder of theirs.
extra=""
if [ "${WITH_POSTFIX:-}" = 1 ] && ! [ -x /usr/sbin/postfix ]; then extra=postfix; fi
[ -n "$missing$extra" ] || exit 0

if [ "$(id -u)" = 0 ]; then asroot=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then asroot="sudo -n"
elif [ -z "$missing" ]; then
    echo "Without $extra some long tests are left out. To have them: sudo apt-get install --no-install-recommends $extra" >&2
    exit 0
else
    echo "Some system libraries are missing. Type this once, then run make again:" >&2
    echo "  sudo apt-get install --no-install-recommends" $missing >&2
    exit 1
fi

held=""
if [ -n "$extra" ]; then
    # Not set up, and whoever starts services is told to leave it alone while it is installed.
    echo "postfix postfix/main_mailer_type select No configuration" | $asroot debconf-set-selections || extra=""
    if [ -n "$extra" ] && ! [ -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' | $asroot tee /usr/sbin/policy-rc.d >/dev/null
        $asroot chmod 755 /usr/sbin/policy-rc.d
        held=/usr/sbin/policy-rc.d
        trap '$asroot rm -f "$held"' EXIT
    fi
    log=$(mktemp)
    echo "Installing for the long tests:" $extra
    $asroot env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $extra >"$log" 2>&1 ||
        { $asroot apt-get update -qq >"$log" 2>&1 || :
          $asroot env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $extra >"$log" 2>&1; } ||
        echo "$extra could not be installed; the tests that need it are left out." >&2
    rm -f "$log"
    [ -n "$missing" ] || exit 0
fi

echo "Installing system libraries:" $missing
log=$(mktemp)
trap 'rm -f "$log"; [ -z "$held" ] || $asroot rm -f "$held"' EXIT
install() {
    # shellcheck disable=SC2086  # a list of names is meant
    $asroot env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$log" 2>&1
}
# The lists of packages may be empty or old; an update fails for one bad source among many, so it decides nothing.
if ! install && ! { $asroot apt-get update -qq >"$log" 2>&1 || :; install; }; then
    tail -n 20 "$log" >&2
    exit 1
fi
