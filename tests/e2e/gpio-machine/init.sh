#!/bin/sh
# First process of the virtual machine: mounts what is needed, makes GPIO lines, runs the proofs and switches off.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
ip link set lo up
date -s 2026-11-22 >/dev/null # the machine's clock may be anything; the daemon does not trust one before its own making
insmod /configfs.ko && insmod /gpio-machine.ko && mount -t configfs configfs /sys/kernel/config
bank=/sys/kernel/config/gpio-sim/gate/bank0
mkdir -p "$bank/line15/hog"
echo 16 >"$bank/num_lines"
echo gate-io >"$bank/label"
echo kernel-own >"$bank/line15/hog/name"
echo input >"$bank/line15/hog/direction"
echo 1 >"$bank/../live"
cd /kordon && /bin/node --disable-warning=ExperimentalWarning tests/e2e/gpio-machine/proofs-process.ts
echo "@@ over"
poweroff -f
