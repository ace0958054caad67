#!/bin/sh
# Makes the GPIO lines of the machine: sixteen of a chip named gate-io, the last of which the kernel holds.
modprobe gpio-machine && mount -t configfs configfs /sys/kernel/config
bank=/sys/kernel/config/gpio-sim/gate/bank0
mkdir -p "$bank/line15/hog"
echo 16 >"$bank/num_lines"
echo gate-io >"$bank/label"
echo kernel-own >"$bank/line15/hog/name"
echo input >"$bank/line15/hog/direction"
echo 1 >"$bank/../live"
