#!/bin/sh
# A USB host with nothing plugged in. ttyS1 is the far end of the adapter's cable, ttyS2 leads to QEMU's own monitor.
. tests/e2e/machine/udev.sh
modprobe xhci-pci
modprobe ftdi_sio
for line in /dev/ttyS1 /dev/ttyS2; do stty -F $line raw -echo 115200; done
