"""How well the reader reads drawn plates, layout by layout; the only measure there is for layouts without photographs.

    measure_layouts.py RUN_DIR --backgrounds DIR [--count 400]

Other seeds than the training's and the same degradations: many of these pictures nobody could read.
"""

import argparse
import random

import cv2
import numpy as np
import torch

from degrade import on_vehicle, spoil_sheet, through_camera
from faces import make_faces
from layouts import SHARES
from make_plates import load_backgrounds
from networks import Reader
from train_reader import decode, normalise

SEED = 7_000_000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run")
    parser.add_argument("--backgrounds", required=True)
    parser.add_argument("--count", type=int, default=400)
    given = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    network = Reader()
    network.load_state_dict(torch.load(given.run + "/reader.pt")["average"])
    network.eval()
    faces, photos = make_faces(), load_backgrounds(given.backgrounds)
    for maker, _ in SHARES:
        rng, rng_np = random.Random(SEED), np.random.default_rng(SEED)
        right = {1: [], 2: []}
        pictures, texts = [], []
        for _ in range(given.count):
            sheet, text, rows = maker(rng, faces)
            around, mx, my = on_vehicle(rng, rng_np, sheet.picture, photos, faces)
            pictures.append(through_camera(rng, rng_np, spoil_sheet(rng, rng_np, around), mx, my, rows, rng.random() < 0.35))
            texts.append((text, rows))
        with torch.no_grad():
            read = [text for start in range(0, given.count, 100) for text in decode(network(normalise(np.array(pictures[start : start + 100]))))]
        for said, (text, rows) in zip(read, texts):
            right[rows].append(said == text)
        told = ", ".join(f"{'one row' if rows == 1 else 'two rows'} {sum(got)} of {len(got)}" for rows, got in right.items() if got)
        print(f"{maker.__name__}: {told}", flush=True)


if __name__ == "__main__":
    main()
