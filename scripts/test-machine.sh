#!/usr/bin/env bash
# Makes the parts of the tests' small virtual machine: Debian's kernel with the modules that the proofs load, and its GPIO
# simulator, which Debian ships as source only. Usage: test-machine.sh FOLDER. Leaves vmlinuz and lib/modules in it, and nothing
# else that was there.
set -euo pipefail

readonly FOLDER=$1
# GPIO simulator's settings; a USB host and the adapters on it; a camera that draws its own pictures.
readonly MODULES=(configfs xhci-pci ftdi_sio vivid)
# The kernel whose headers are installed: the simulator is built against these.
HEADERS=$(dpkg-query -W -f='${Depends}' linux-headers-amd64 | grep -o 'linux-headers-[^ ,]*' | head -n 1)
readonly HEADERS KERNEL=${HEADERS#linux-headers-}
VERSION=$(dpkg-query -W -f='${Version}' "$HEADERS")
readonly VERSION SOURCE=linux-source-${VERSION%.*}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

apt-get download -q "linux-image-$KERNEL=$VERSION" "$SOURCE=$VERSION"
dpkg-deb --fsys-tarfile "linux-image-$KERNEL"_*.deb | tar -x "./boot/vmlinuz-$KERNEL" "./lib/modules/$KERNEL"
# --occurrence ends the reading of a very long archive with the last of the files named.
dpkg-deb --fsys-tarfile "$SOURCE"_*.deb | tar -xO "./usr/src/$SOURCE.tar.xz" |
    tar -xJ --occurrence=1 --strip-components=3 "$SOURCE/drivers/gpio/gpio-sim.c" "$SOURCE/drivers/gpio/gpiolib.h" \
        "$SOURCE/kernel/irq/irq_sim.c" || true # the writer of the pipe complains of the early end; make below finds what is missing

# A module cannot reach what the kernel keeps to itself: this call does the same with what it exports.
sed -i 's/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/' irq_sim.c
printf '%s\n' 'obj-m := gpio-machine.o' 'gpio-machine-y := gpio-sim.o irq_sim.o' >Kbuild
make -C "/lib/modules/$KERNEL/build" M="$work" modules

rm -rf "$FOLDER"
mkdir -p "$FOLDER/lib/modules/$KERNEL"
cp "boot/vmlinuz-$KERNEL" "$FOLDER/vmlinuz"
strip --strip-debug -o "$FOLDER/lib/modules/$KERNEL/gpio-machine.ko" gpio-machine.ko
# Each line of modules.dep names a module and all that it needs.
busybox depmod -b "$work" "$KERNEL"
for module in "${MODULES[@]}"; do
    grep "/$module\.ko:" "lib/modules/$KERNEL/modules.dep" | tr -d : | tr ' ' '\n'
done | sort -u | tar -c -C "lib/modules/$KERNEL" -T - | tar -x -C "$FOLDER/lib/modules/$KERNEL"
busybox depmod -b "$FOLDER" "$KERNEL"
