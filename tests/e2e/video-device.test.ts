/** Cameras on the machine itself, on a real kernel whose driver draws their pictures: opened, frozen, pulled and put back. */
import { proveInMachine } from "./machine/proved-in-machine.ts";

proveInMachine({
    proofs: "video",
    memoryMiB: 2_560,
    packages: [
        "@tesseract.js-data/eng",
        "@u4/opencv4nodejs",
        "fast-xml-parser",
        "onnxruntime-node",
        "tesseract.js",
        "zod",
    ],
    programs: ["/bin/udevadm", "/lib/systemd/systemd-udevd", "/lib/udev/v4l_id", "/usr/bin/v4l2-ctl"],
    files: ["/lib/udev/rules.d/60-persistent-v4l.rules"],
    additions: {},
    hardware: () => [],
});
