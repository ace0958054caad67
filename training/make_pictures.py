"""Draws pictures with their truth as `kordon bench read` takes them: scenes, and the plates cut out of them with some margin.

    make_pictures.py OUT_DIR COUNT --backgrounds DIR

Other seeds than the training's. `calibrate.py` learns from them what the program's confidence is worth.
"""

import argparse
import csv
import os
import random
import re

import cv2
import numpy as np

from faces import make_faces
from make_plates import load_backgrounds
from make_scenes import one_scene

SEED = 9_000_000
# What a gate's camera is set up to show: a plate this high in pixels, and this deep from light to dark (standard deviation).
HEIGHT_MIN, DEPTH_MIN = 16, 14


# The square Kazakh plate has its region in the upper row; the number has it at the end.
REGION_ABOVE = re.compile(r"^(\d{2,3})(0[1-9]|1\d|20)([A-Z]{2,3})$")


def is_legible(scene, quad):
    x0, y0, x1, y1 = (int(v) for v in (*quad.min(0), *quad.max(0)))
    if x0 < 0 or y0 < 0 or x1 > scene.shape[1] or y1 > scene.shape[0]:
        return False
    return np.linalg.norm(quad[3] - quad[0]) >= HEIGHT_MIN and scene[y0:y1, x0:x1].std() >= DEPTH_MIN


def cut_out(rng, scene, quad):
    """The upright box around a plate with a margin at each side."""
    (x0, y0), (x1, y1) = quad.min(0), quad.max(0)
    besides, above = (x1 - x0) * 0.06, (y1 - y0) * 0.15
    left, right = x0 - rng.uniform(0, besides), x1 + rng.uniform(0, besides)
    top, bottom = y0 - rng.uniform(0, above), y1 + rng.uniform(0, above)
    return scene[max(0, round(top)) : round(bottom), max(0, round(left)) : round(right)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("count", type=int)
    parser.add_argument("--backgrounds", required=True)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    rng, rng_np = random.Random(SEED), np.random.default_rng(SEED)
    faces, photos = make_faces(), load_backgrounds(given.backgrounds, 900)
    rows = {"scenes": [], "crops": []}
    for kind in rows:
        os.makedirs(f"{given.out}/{kind}", exist_ok=True)
    for number in range(given.count):
        scene, plates = one_scene(rng, rng_np, faces, photos)
        name = f"{number:05d}.png"
        cv2.imwrite(f"{given.out}/scenes/{name}", scene)
        for place, (quad, text, plate_rows) in enumerate(plates):
            if not is_legible(scene, quad):
                continue
            if plate_rows == 2:
                text = REGION_ABOVE.sub(r"\1\3\2", text)
            x, y, right, bottom = *quad.min(0), *quad.max(0)
            rows["scenes"].append([name, text, "full", *(round(float(v), 1) for v in (x, y, right - x, bottom - y))])
            cv2.imwrite(f"{given.out}/crops/{number:05d}-{place}.png", cut_out(rng, scene, quad))
            rows["crops"].append([f"{number:05d}-{place}.png", text, "crop", "", "", "", ""])
    for kind, of_kind in rows.items():
        with open(f"{given.out}/{kind}/truth.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "plate_text", "full_or_crop", "x", "y", "w", "h"])
            writer.writerows(of_kind)
        print(kind, len(of_kind), "plates")


if __name__ == "__main__":
    main()
