"""Draws the reader's training set: shards of `PER_SHARD` pictures with their texts, each from its own seed.

    make_plates.py OUT_DIR FIRST COUNT [--backgrounds DIR]

A shard that exists is left alone, so the run may be stopped and taken up again, and several may share the work.
"""

import argparse
import glob
import os
import random

import cv2
import numpy as np

from degrade import on_vehicle, spoil_sheet, through_camera
from faces import make_faces
from layouts import draw_plate
from networks import READER_HEIGHT, READER_WIDTH, SIGNS

PER_SHARD = 4096
TEXT_MAX = 12
NEGATIVES = 0.06


def load_backgrounds(folder, limit=500):
    if folder is None:
        return None
    found = []
    for path in sorted(glob.glob(folder + "/photo-*.jpg")):
        picture = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        scale = min(1.0, 900 / max(picture.shape))
        if min(picture.shape) * scale >= 200:
            found.append(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    random.Random(3).shuffle(found)
    found = found[:limit]
    return found


def draw_negative(rng, rng_np, faces, backgrounds):
    """What the detector may take for a plate: grilles, slogans, telephone numbers, plain pieces of the scene."""
    h, w = rng.choice([(80, 370), (80, 370), (140, 220)])
    kind = rng.random()
    if kind < 0.4 and backgrounds:
        photo = backgrounds[rng.randrange(len(backgrounds))]
        size = rng.uniform(0.05, 0.5)
        ch, cw = max(12, int(photo.shape[0] * size * 0.4)), max(30, int(photo.shape[1] * size))
        y, x = rng.randrange(photo.shape[0] - ch), rng.randrange(photo.shape[1] - cw)
        picture = cv2.resize(photo[y : y + ch, x : x + cw], (w, h)).astype(np.float32)
    else:
        base, ink = rng.uniform(10, 245), rng.uniform(10, 245)
        picture = np.full((h, w), base, np.float32)
        if kind < 0.65:  # grille, radiator, stairs, fence
            step, thick = rng.uniform(5, 36), rng.uniform(0.2, 0.7)
            axis = np.arange(w if rng.random() < 0.6 else h) % step < step * thick
            picture[:, axis if len(axis) == w else slice(None)] += 0 if len(axis) != w else ink - base
            if len(axis) == h:
                picture[axis] = ink
        else:  # lettering that is no number: long lines of small letters, script, a word in large letters
            face = rng.choice(faces["font"])
            size = rng.uniform(12, 34)
            y = rng.uniform(2, 14)
            while y + size < h:
                x = rng.uniform(0, 30)
                for _ in range(60):
                    alpha = face.glyphs[rng.choice(list(face.glyphs))]
                    gw = max(2, int(alpha.shape[1] * size / alpha.shape[0] * rng.uniform(0.85, 1.1)))
                    if x + gw >= w:
                        break
                    a = cv2.resize(alpha, (gw, int(size))).astype(np.float32) / 255
                    picture[int(y) : int(y) + int(size), int(x) : int(x) + gw] += a * (ink - base)
                    x += gw + (1 if rng.random() < 0.85 else size * 0.6)
                y += size * rng.uniform(1.1, 2)
    around = cv2.copyMakeBorder(picture, int(h * 0.45), int(h * 0.45), int(w * 0.16), int(w * 0.16), cv2.BORDER_REFLECT)
    return around, int(w * 0.16), int(h * 0.45), 1 if h == 80 else 2


def one_picture(rng, rng_np, faces, backgrounds):
    if rng.random() < NEGATIVES:
        around, mx, my, rows = draw_negative(rng, rng_np, faces, backgrounds)
        return through_camera(rng, rng_np, spoil_sheet(rng, rng_np, around), mx, my, rows, False), "", rows
    plate, text, rows, _ = draw_plate(rng, faces)
    around, mx, my = on_vehicle(rng, rng_np, plate, backgrounds, faces)
    around = spoil_sheet(rng, rng_np, around)
    return through_camera(rng, rng_np, around, mx, my, rows, rng.random() < 0.42), text, rows


def make_shard(path, seed, faces, backgrounds, count=PER_SHARD):
    rng, rng_np = random.Random(seed), np.random.default_rng(seed)
    pictures = np.zeros((count, READER_HEIGHT, READER_WIDTH), np.uint8)
    labels = np.zeros((count, TEXT_MAX), np.uint8)
    rows = np.zeros(count, np.uint8)
    for index in range(count):
        pictures[index], text, rows[index] = one_picture(rng, rng_np, faces, backgrounds)
        labels[index, : len(text)] = [SIGNS.index(sign) + 1 for sign in text]
    with open(path + ".part", "wb") as file:
        np.savez(file, pictures=pictures, labels=labels, rows=rows)
    os.replace(path + ".part", path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--backgrounds")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    os.makedirs(given.out, exist_ok=True)
    faces, photos = make_faces(), load_backgrounds(given.backgrounds)
    for number in range(given.first, given.first + given.count):
        name = f"{given.out}/plates-{number:04d}.npz"
        if not os.path.exists(name):
            make_shard(name, 1000 + number, faces, photos)
