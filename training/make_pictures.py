"""Draws pictures with their truth as `kordon bench read` takes them: scenes, and the plates cut out of them with some margin.

    make_pictures.py OUT_DIR COUNT --backgrounds DIR

Other seeds than the training's. `calibrate.py` learns from them what the program's confidence is worth.
"""

import argparse
import csv
import os
import random

import cv2
import numpy as np

from faces import make_faces
from make_plates import load_backgrounds
from make_scenes import one_scene

SEED = 9_000_000
HEIGHT_MIN = 13  # px; nobody cuts out what is smaller


def cut_out(rng, scene, quad):
    """The upright box around a plate with a margin at each side; None where it is too small or runs out of the picture."""
    low, high = quad.min(0), quad.max(0)
    if np.linalg.norm(quad[3] - quad[0]) < HEIGHT_MIN or (low < 0).any() or (high > scene.shape[0]).any():
        return None
    width, height = high - low
    x0, x1 = low[0] - rng.uniform(0, 0.06) * width, high[0] + rng.uniform(0, 0.06) * width
    y0, y1 = low[1] - rng.uniform(0, 0.15) * height, high[1] + rng.uniform(0, 0.15) * height
    return scene[max(0, round(y0)) : round(y1), max(0, round(x0)) : round(x1)]


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
        for place, (quad, text) in enumerate(plates):
            x, y, right, bottom = *quad.min(0), *quad.max(0)
            rows["scenes"].append([name, text, "full", *(round(float(v), 1) for v in (x, y, right - x, bottom - y))])
            crop = cut_out(rng, scene, quad)
            if crop is not None:
                cv2.imwrite(f"{given.out}/crops/{number:05d}-{place}.png", crop)
                rows["crops"].append([f"{number:05d}-{place}.png", text, "crop", "", "", "", ""])
    for kind, of_kind in rows.items():
        with open(f"{given.out}/{kind}/truth.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "plate_text", "full_or_crop", "x", "y", "w", "h"])
            writer.writerows(of_kind)
        print(kind, len(of_kind), "plates")


if __name__ == "__main__":
    main()
