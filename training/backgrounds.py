"""Fetches free photographs that come in Debian packages, and keeps them in grey at up to 1280 px for backgrounds.

    backgrounds.py OUT_DIR

Needs apt-get and dpkg, no root: packages are unpacked, not installed. Nothing of them is kept in the repository.
"""

import glob
import os
import subprocess
import sys

import cv2

PACKAGES = [
    "gnome-backgrounds", "plasma-workspace-wallpapers", "mate-backgrounds", "ukui-wallpapers", "lxqt-themes", "opencv-doc",
    "python3-skimage",
]
LONGEST = 1280


def fetch(out):
    raw = os.path.join(out, "raw")
    os.makedirs(raw, exist_ok=True)
    for package in PACKAGES:
        if not glob.glob(f"{out}/{package}_*.deb"):
            subprocess.run(["apt-get", "download", package], cwd=out, check=True)
        subprocess.run(["dpkg", "-x", glob.glob(f"{out}/{package}_*.deb")[0], raw], check=True)
    paths = sorted(p for p in glob.glob(raw + "/**/*", recursive=True) if p.lower().endswith((".jpg", ".jpeg", ".png", ".webp")))
    kept = 0
    for path in paths:
        if os.path.islink(path):
            continue
        picture = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        if picture is None or min(picture.shape) < 240 or picture.std() < 12:
            continue
        scale = min(1.0, LONGEST / max(picture.shape))
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        cv2.imwrite(f"{out}/photo-{kept:04d}.jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 88])
        kept += 1
    print(kept, "photographs")


if __name__ == "__main__":
    fetch(os.path.abspath(sys.argv[1]))
