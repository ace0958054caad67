#!/usr/bin/env bash
# Makes a fresh Debian machine ready: system packages, Node.js, npm packages, two add-ons, the kernel of the tests' machine.
# Safe to run again: every step first looks whether its work is already done.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

readonly NODE_VERSION=24.21.0 # a system Node.js of this major version or newer is used instead
readonly TOOLCHAIN="$PWD/.toolchain"
readonly ADDON=node_modules/@u4/opencv4nodejs
readonly STAMP=node_modules/.kordon-setup
readonly REQUIRED=(g++ make python3 libopencv-dev)
FOR_TESTS=(
    mosquitto openssl iproute2 ffmpeg socat python3-pymodbus python3-serial-asyncio gcc libmodbus-dev
    snmpd python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-rtsp
    gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly chromium fonts-dejavu-core
)
readonly FOR_MACHINE_TESTS=(qemu-system-x86 busybox-static cpio xz-utils linux-headers-amd64 udev v4l-utils)
[[ $(uname -m) != x86_64 ]] || FOR_TESTS+=("${FOR_MACHINE_TESTS[@]}")
readonly FOR_TESTS

say() { printf 'setup: %s\n' "$*"; }
warn() { say "$@" >&2; }
fail() {
    warn "$@"
    exit 1
}

# logged NAME WHAT COMMAND...: output goes to a log; says every 30 s that it is at work; shows the end on failure.
logged() {
    local log="$TOOLCHAIN/$1.log" what=$2 status=0 pulse
    shift 2
    (
        for ((seconds = 1; ; seconds++)); do
            sleep 1
            kill -0 $$ 2>/dev/null || exit 0
            if ((seconds % 30 == 0)); then say "still $what, $seconds s"; fi
        done
    ) &
    pulse=$!
    "$@" >"$log" 2>&1 || status=$?
    kill "$pulse" 2>/dev/null || true
    wait "$pulse" 2>/dev/null || true
    if ((status != 0)); then
        tail -n 40 "$log" >&2
        warn "$what failed; the whole log is $log"
    fi
    return "$status"
}

# --- system packages ---

is_debian() { command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

missing_packages() {
    local package
    for package in "$@"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
    done
}

# Runs the rest of its line as root; fails where that would need a password.
as_root() {
    if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

can_be_root() { ((EUID == 0)) || sudo -n true 2>/dev/null; }

apt_install() {
    apt-cache show "$@" >/dev/null 2>&1 || as_root apt-get update -q
    # A package list that has aged names files that are gone: refresh it once and try again.
    local install=(as_root env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "$@")
    "${install[@]}" || { as_root apt-get update -q && "${install[@]}"; }
}

# install_packages LOG PACKAGE...: succeeds if there is nothing to install.
install_packages() {
    local log=$1
    shift
    (($# == 0)) && return
    say "installing Debian packages: $*"
    [[ " $* " != *" libopencv-dev "* ]] || say "libopencv-dev brings about 260 packages, 170 MB: allow some minutes"
    logged "$log" "installing packages" apt_install "$@"
}

# Where there is no apt, only looks whether the tools that the build needs are there.
check_foreign_system() {
    local tool missing=()
    for tool in g++ make python3; do command -v "$tool" >/dev/null || missing+=("$tool"); done
    [[ -e /usr/include/opencv4/opencv2/core.hpp ]] || missing+=("OpenCV 4 headers in /usr/include/opencv4")
    warn "this is not Debian or Ubuntu: nothing is installed for you"
    warn "tests that miss one of these skip themselves (Debian's names): ${FOR_TESTS[*]}"
    ((${#missing[@]} == 0)) || fail "missing: $(printf '%s; ' "${missing[@]}")install them and run make setup again"
}

system_packages() {
    local required tests missing
    if ! is_debian; then
        check_foreign_system
        return
    fi
    mapfile -t required < <(missing_packages "${REQUIRED[@]}")
    mapfile -t tests < <(missing_packages "${FOR_TESTS[@]}")
    ((${#required[@]} + ${#tests[@]} > 0)) || return 0
    if can_be_root; then
        install_packages apt-required "${required[@]}" || fail "these packages are required"
        install_packages apt-tests "${tests[@]}" || warn "tests that need these packages skip themselves"
        return
    fi
    warn "Debian packages are missing, and there is no right to install them. The command is:"
    missing=("${required[@]}" "${tests[@]}")
    warn "    sudo apt-get install --no-install-recommends ${missing[*]}"
    ((${#required[@]} == 0)) || fail "required: ${required[*]}"
    warn "going on: they are for tests, which skip themselves"
}

# --- Node.js ---

# The tarballs are the npm registry's repackaging of the official builds; the sums are pinned here.
node_tarball_sum() {
    case $1 in
        x64) echo "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==" ;;
        arm64) echo "FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==" ;;
    esac
}

# Prints the folder of a system Node.js that is new enough and has its headers beside it.
system_node() {
    local node prefix
    node=$(readlink -f "$(command -v node)") || return
    prefix=${node%/bin/node}
    [[ $("$node" -p 'process.versions.node.split(".")[0]') -ge ${NODE_VERSION%%.*} ]] || return
    [[ -e $prefix/include/node/node.h ]] && echo "$prefix"
}

fetch_node() {
    local arch partial="$TOOLCHAIN/node.partial" tarball sum
    case $(uname -m) in
        x86_64) arch=x64 ;;
        aarch64) arch=arm64 ;;
        *) fail "no Node.js $NODE_VERSION for $(uname -m): install Node.js ${NODE_VERSION%%.*} with its headers yourself" ;;
    esac
    say "fetching Node.js $NODE_VERSION (the system has $(node --version), too old or without headers)"
    rm -rf "$partial"
    mkdir -p "$partial"
    logged node "fetching Node.js" npm pack "node-linux-$arch@$NODE_VERSION" --pack-destination "$partial" ||
        fail "check that the npm registry can be reached"
    tarball="$partial/node-linux-$arch-$NODE_VERSION.tgz"
    sum=$(node -p 'crypto.createHash("sha512").update(fs.readFileSync(process.argv[1])).digest("base64")' "$tarball")
    [[ $sum == "$(node_tarball_sum "$arch")" ]] || fail "$tarball is not the file that was expected: sha512 $sum"
    tar -xzf "$tarball" -C "$partial"
    rm -rf "$TOOLCHAIN/node"
    mv "$partial/package" "$TOOLCHAIN/node"
    rm -rf "$partial"
}

# Puts the chosen Node.js first in PATH, so that npm and node-gyp run on it too. ./kordon looks in the same order.
choose_node() {
    local prefix
    { command -v node && command -v npm; } >/dev/null || fail "Node.js or npm is missing: apt-get install nodejs npm"
    if [[ $("$TOOLCHAIN/node/bin/node" --version 2>/dev/null) == "v$NODE_VERSION" ]]; then
        prefix="$TOOLCHAIN/node"
    elif rm -rf "$TOOLCHAIN/node" && prefix=$(system_node); then
        say "using Node.js $("$prefix/bin/node" --version) of the system"
    else
        fetch_node
        prefix="$TOOLCHAIN/node"
    fi
    export PATH="$prefix/bin:$PATH" npm_config_nodedir="$prefix"
}

# --- npm packages and the OpenCV add-on ---

fingerprint() {
    { node --version && uname -m && cat package.json package-lock.json scripts/setup.sh; } | sha256sum | cut -d' ' -f1
}

build_addon() {
    (cd "$ADDON" && OPENCV4NODEJS_DISABLE_AUTOBUILD=1 JOBS=$(nproc) node ../../node-gyp/bin/node-gyp.js rebuild)
}

# The build takes minutes, so its result is kept for as long as add-on, Node.js and OpenCV stay the same.
opencv_addon() {
    local built="$ADDON/build/Release/opencv4nodejs.node" kept opencv
    opencv=$(dpkg-query -W -f='${Version}' libopencv-dev 2>/dev/null || echo foreign)
    kept="$TOOLCHAIN/opencv4nodejs-$(node -p 'require(process.argv[1]).version' "./$ADDON/package.json")"
    kept+="-node$(node -p process.versions.modules)-$(uname -m)-opencv${opencv//[^0-9a-z.+-]/_}.node"
    if [[ ! -e $kept ]]; then
        say "building the OpenCV add-on: 4 to 8 minutes on two cores, once"
        logged opencv "building the OpenCV add-on" build_addon || fail "the OpenCV add-on could not be built"
        rm -f "$TOOLCHAIN"/opencv4nodejs-*.node
        cp "$built" "$kept.partial"
        mv "$kept.partial" "$kept"
    fi
    rm -rf "$ADDON/build"
    mkdir -p "${built%/*}"
    cp "$kept" "$built"
}

# onoff waits for edges of GPIO lines through this one: a single small file, built in seconds.
epoll_addon() {
    local folder=node_modules/epoll kept
    kept="$TOOLCHAIN/epoll-$(node -p 'require("./node_modules/epoll/package.json").version')"
    kept+="-node$(node -p process.versions.modules)-$(uname -m).node"
    if [[ ! -e $kept ]]; then
        logged epoll "building the epoll add-on" build_epoll || fail "the epoll add-on could not be built"
        rm -f "$TOOLCHAIN"/epoll-*.node
        cp "$folder/build/Release/epoll.node" "$kept.partial"
        mv "$kept.partial" "$kept"
    fi
    rm -rf "$folder/build"
    mkdir -p "$folder/build/Release"
    cp "$kept" "$folder/build/Release/epoll.node"
}

build_epoll() { (cd node_modules/epoll && node ../node-gyp/bin/node-gyp.js rebuild); }

# The package brings its library for five platforms, 290 MB; a post's disk keeps its own, 46 MB.
own_runtime_only() {
    find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d \
        -not -path "*/$(node -p 'process.platform + "/" + process.arch')" -exec rm -rf {} +
}

# loads PACKAGE EXPRESSION: the proof that an add-on works is that it does; some print while they load.
loads() {
    OPENCV4NODEJS_DISABLE_AUTOBUILD=1 node -e "const addon = require(process.argv[1]); $2" "$1" \
        >"$TOOLCHAIN/load.log" 2>&1 && return
    tail -n 20 "$TOOLCHAIN/load.log" >&2
    fail "$1 is installed but does not load on Node.js $(node --version), see above; make clean starts over"
}

npm_packages() {
    local wanted
    wanted=$(fingerprint)
    [[ $(cat "$STAMP" 2>/dev/null) == "$wanted" ]] && return
    say "installing npm packages"
    # Install scripts of packages are not run: the one that is needed, the build of the add-on, is run below.
    # Not npm ci: it refuses to go on where a mirror lacks the packages of other platforms. Versions and checksums are
    # the lock file's either way, and --no-save leaves that as it is.
    logged npm "installing npm packages" npm install --ignore-scripts --no-save --no-audit --no-fund ||
        fail "npm could not install what package-lock.json names"
    opencv_addon
    epoll_addon
    own_runtime_only
    loads better-sqlite3 'new addon(":memory:").prepare("SELECT 1").get()'
    loads @u4/opencv4nodejs 'new addon.Mat(2, 2, addon.CV_8UC1)'
    loads onnxruntime-node 'addon.InferenceSession.create("models/plate-province.onnx")'
    loads onoff 'addon.Gpio.accessible'
    echo "$wanted" >"$STAMP"
}

# --- the kernel that tests of hardware boot in a virtual machine ---

test_machine() {
    local folder="$TOOLCHAIN/test-machine" wanted
    is_debian && [[ $(uname -m) == x86_64 && -z $(missing_packages "${FOR_MACHINE_TESTS[@]}") ]] || return 0
    wanted=$({ dpkg-query -W -f='${Version}' linux-headers-amd64 && cat scripts/test-machine.sh; } | sha256sum | cut -d' ' -f1)
    [[ $(cat "$folder/made-of" 2>/dev/null) == "$wanted" ]] && return
    say "making the kernel of the tests' virtual machine: 210 MB to fetch, half a minute"
    if logged test-machine "making the kernel of the tests' virtual machine" scripts/test-machine.sh "$folder"; then
        echo "$wanted" >"$folder/made-of"
    else
        warn "tests of hardware on a real kernel skip themselves"
    fi
}

exec 3>&2 # the trap may run while a step writes to its log
trap 'warn "interrupted; run it again to go on" 2>&3; exit 130' INT TERM
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
mkdir -p "$TOOLCHAIN"
system_packages
choose_node
npm_packages
test_machine
say "ready (Node.js $(node --version))"
