#!/usr/bin/env bash
# Makes the parts of a small virtual machine with GPIO lines, for the tests: Debian's kernel and its GPIO simulator, which
# Debian ships as source only. Usage: gpio-machine.sh FOLDER. Leaves vmlinuz, configfs.ko and gpio-machine.ko in it.
set -euo pipefail

readonly FOLDER=$1
# The kernel whose headers are installed: the module is built against these.
HEADERS=$(dpkg-query -W -f='${Depends}' linux-headers-amd64 | grep -o 'linux-headers-[^ ,]*' | head -n 1)
readonly HEADERS KERNEL=${HEADERS#linux-headers-}
VERSION=$(dpkg-query -W -f='${Version}' "$HEADERS")
readonly VERSION SOURCE=linux-source-${VERSION%.*}

[[ $(cat "$FOLDER/version" 2>/dev/null) == "$VERSION" ]] && exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

apt-get download -q "linux-image-$KERNEL=$VERSION" "$SOURCE=$VERSION"
dpkg-deb --fsys-tarfile "linux-image-$KERNEL"_*.deb |
    tar -x "./boot/vmlinuz-$KERNEL" "./lib/modules/$KERNEL/kernel/fs/configfs/configfs.ko"
# --occurrence ends the reading of a very long archive with the last of the files named.
dpkg-deb --fsys-tarfile "$SOURCE"_*.deb | tar -xO "./usr/src/$SOURCE.tar.xz" |
    tar -xJ --occurrence=1 --strip-components=3 "$SOURCE/drivers/gpio/gpio-sim.c" "$SOURCE/drivers/gpio/gpiolib.h" \
        "$SOURCE/kernel/irq/irq_sim.c" || true # the writer of the pipe complains of the early end; make below finds what is missing

# A module cannot reach what the kernel keeps to itself: this call does the same with what it exports.
sed -i 's/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/' irq_sim.c
printf '%s\n' 'obj-m := gpio-machine.o' 'gpio-machine-y := gpio-sim.o irq_sim.o' >Kbuild
make -C "/lib/modules/$KERNEL/build" M="$work" modules

mkdir -p "$FOLDER"
strip --strip-debug -o "$FOLDER/gpio-machine.ko" gpio-machine.ko
cp "boot/vmlinuz-$KERNEL" "$FOLDER/vmlinuz"
cp "lib/modules/$KERNEL/kernel/fs/configfs/configfs.ko" "$FOLDER/configfs.ko"
echo "$VERSION" >"$FOLDER/version"
