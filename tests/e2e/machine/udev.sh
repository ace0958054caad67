#!/bin/sh
# Starts the distribution's own udev, which makes the names of devices that do not change.
/lib/systemd/systemd-udevd --daemon
