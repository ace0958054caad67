#!/bin/sh
# A camera of the kernel's own, which draws colour bars and a running clock.
. tests/e2e/machine/udev.sh
modprobe vivid node_types=1 num_inputs=1 input_types=0
udevadm settle
