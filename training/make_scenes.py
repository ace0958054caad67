"""Draws the detector's training set: grey scenes of 320x320 with 0 to 3 plates, and the plates' corners.

    make_scenes.py OUT_DIR FIRST COUNT --backgrounds DIR

Photographs and drawn surfaces as background; panels, grilles, lamps, slogans and telephone numbers drawn on; plates of all
layouts in perspective. What looks like a plate and is none stands in most scenes.
"""

import argparse
import os
import random

import cv2
import numpy as np

from degrade import soft_noise
from faces import make_faces
from layouts import draw_plate
from make_plates import load_backgrounds

SIZE = 320
PER_SHARD = 512
PLATES_MAX = 3


def background(rng, rng_np, photos):
    if rng.random() < 0.8:
        photo = photos[rng.randrange(len(photos))]
        side = rng.randint(min(170, min(photo.shape)), min(photo.shape))
        y, x = rng.randint(0, photo.shape[0] - side), rng.randint(0, photo.shape[1] - side)
        scene = cv2.resize(photo[y : y + side, x : x + side], (SIZE, SIZE), interpolation=cv2.INTER_AREA).astype(np.float32)
        return scene[:, ::-1].copy() if rng.random() < 0.5 else scene
    scene = soft_noise(rng_np, SIZE, SIZE, rng.randint(2, 12)) * rng.uniform(30, 200) + rng.uniform(0, 80)
    return scene.astype(np.float32)


def lettering(rng, scene, faces, x, y, size, ink, count, words=False):
    face = rng.choice(faces["font"] + faces["press"] + faces["din"])
    signs = "0123456789" if not words and rng.random() < 0.4 else list(face.glyphs)
    strength = rng.uniform(0.5, 1)
    for _ in range(count):
        alpha = face.glyphs[rng.choice(signs)]
        w = max(2, int(alpha.shape[1] * size / alpha.shape[0]))
        if x + w >= SIZE or y + size >= SIZE or x < 0 or y < 0:
            return
        a = cv2.resize(alpha, (w, int(size)), interpolation=cv2.INTER_AREA).astype(np.float32) / 255 * strength
        spot = scene[int(y) : int(y) + int(size), int(x) : int(x) + w]
        spot += a * (ink - spot)
        x += w + max(1, size * rng.choice([0.12, 0.12, 0.12, 0.5]))


def clutter(rng, scene, faces):
    for _ in range(rng.choice([0, 1, 1, 2, 3])):  # panels of a vehicle
        x, y = rng.randint(-60, SIZE), rng.randint(-40, SIZE)
        w, h = rng.randint(30, 300), rng.randint(14, 200)
        level = rng.uniform(10, 240)
        patch = scene[max(0, y) : max(0, y + h), max(0, x) : max(0, x + w)]
        if patch.size:
            patch[:] = patch * 0.15 + 0.85 * (level + np.linspace(-1, 1, patch.shape[0], dtype=np.float32)[:, None] * rng.uniform(-40, 40))
            if rng.random() < 0.5:
                cv2.rectangle(scene, (x, y), (x + w, y + h), rng.uniform(0, 255), rng.randint(1, 3))
    for _ in range(rng.choice([0, 0, 1, 1, 2])):  # grilles, steps
        x, y, w, h = rng.randint(0, SIZE - 30), rng.randint(0, SIZE - 20), rng.randint(24, 200), rng.randint(10, 90)
        step, a, b = rng.randint(3, 14), rng.uniform(0, 255), rng.uniform(0, 120)
        patch = scene[y : y + h, x : x + w]
        patch[:] = b
        if rng.random() < 0.7:
            patch[(np.arange(patch.shape[0]) % step) < step * 0.45] = a
        if rng.random() < 0.5:
            patch[:, (np.arange(patch.shape[1]) % step) < step * 0.4] = a
    for _ in range(rng.choice([0, 1, 2])):  # lamps, wheels
        centre = (rng.randint(0, SIZE), rng.randint(0, SIZE))
        axes = (rng.randint(4, 40), rng.randint(4, 30))
        cv2.ellipse(scene, centre, axes, rng.uniform(0, 180), 0, 360, rng.uniform(0, 255), -1 if rng.random() < 0.7 else 3)
    for _ in range(rng.choice([0, 1, 1, 2, 3])):  # slogans, telephone numbers, badges
        size = float(np.exp(rng.uniform(np.log(6), np.log(40))))
        x, y = rng.uniform(0, SIZE * 0.7), rng.uniform(0, SIZE - size)
        ink, count = rng.uniform(0, 255), rng.randint(3, 16)
        if rng.random() < 0.45:
            wide = count * size * 0.66
            cv2.rectangle(scene, (int(x - size), int(y - size * 0.4)), (int(x + wide), int(y + size * 1.4)), (ink + 128) % 256, -1)
        lettering(rng, scene, faces, x, y, size, ink, count)
    for _ in range(rng.choice([0, 0, 1, 2])):  # empty light boxes as big as plates
        x, y, w = rng.randint(0, SIZE - 40), rng.randint(0, SIZE - 20), rng.randint(20, 140)
        cv2.rectangle(scene, (x, y), (x + w, y + int(w * rng.choice([0.22, 0.3, 0.5]))), rng.uniform(120, 255), -1)


def pose(rng, wide, tall):
    """Corners of a sheet of `wide`x`tall` seen obliquely, about the origin."""
    yaw = np.clip(rng.gauss(0, 0.48), -1.15, 1.15)
    pitch = np.clip(rng.gauss(0.08, 0.25), -0.7, 0.7)
    roll = rng.gauss(0, 0.07) if rng.random() < 0.75 else rng.gauss(0, 0.24)
    corners = np.array([[-wide, -tall, 0], [wide, -tall, 0], [wide, tall, 0], [-wide, tall, 0]]) / 2
    cy, sy, cp, sp, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
    turn = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]]) @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    turned = corners @ turn.T
    distance = wide * rng.uniform(4, 14)
    return turned[:, :2] * (distance / (distance + turned[:, 2:3]))


def place(rng, rng_np, scene, faces, taken):
    plate, text, rows, _ = draw_plate(rng, faces)
    h, w = plate.shape
    target_h = float(np.exp(rng.uniform(np.log(8), np.log(70)))) * (1 if rows == 1 else 1.5)
    target_w = target_h * w / h
    if target_w > 240:
        target_h *= 240 / target_w
        target_w = 240
    corners = pose(rng, target_w, target_h)
    middle = np.array([rng.uniform(0.06, 0.94), rng.uniform(0.06, 0.94)]) * SIZE
    if rng.random() < 0.85:  # wholly inside
        low, high = corners.min(0), corners.max(0)
        if (high - low).max() > SIZE - 4:
            return None
        middle = np.clip(middle, 2 - low, SIZE - 2 - high)
    quad = (corners + middle).astype(np.float32)
    low, high = quad.min(0) - 8, quad.max(0) + 8
    if any(low[0] < t[2] and high[0] > t[0] and low[1] < t[3] and high[1] > t[1] for t in taken):
        return None
    taken.append((*low, *high))
    factor = min(1.0, 2 * target_w / w)
    small = cv2.resize(plate, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.25:
        dirt = soft_noise(rng_np, *small.shape, rng.randint(2, 8))
        small = small + np.clip((dirt - 0.5) * 2, 0, 0.8) * (rng.uniform(40, 140) - small)
    h, w = small.shape
    sides = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    if rng.random() < 0.6:  # holder or the shadow it stands in
        grow = rng.uniform(0.03, 0.16)
        below = grow if rng.random() < 0.6 else rng.uniform(0.12, 0.3)
        edge = cv2.perspectiveTransform(
            np.float32([[[-grow * h, -grow * h]], [[w + grow * h, -grow * h]], [[w + grow * h, h * (1 + below)]], [[-grow * h, h * (1 + below)]]]),
            cv2.getPerspectiveTransform(sides, quad),
        )
        cv2.fillConvexPoly(scene, np.round(edge * 16).astype(np.int32), rng.uniform(0, 80) if rng.random() < 0.75 else rng.uniform(100, 230), cv2.LINE_8, 4)
    matrix = cv2.getPerspectiveTransform(sides, quad)
    shade = rng.uniform(0.45, 1.15) if rng.random() < 0.6 else 1.0
    over = cv2.warpPerspective(small * shade, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(np.ones_like(small), matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
    scene += mask * (over - scene)
    return quad, text, rows


def weather(rng, rng_np, scene):
    kind = rng.random()
    noise = 1.0
    if kind < 0.18:
        noise = rng.uniform(0.12, 0.5)
        scene = scene * noise
    elif kind < 0.28:
        scene = scene * rng.uniform(1.1, 1.7)
    elif kind < 0.7:
        scene = scene * rng.uniform(0.5, 1.1) + rng.uniform(-20, 60)
    for _ in range(rng.choice([0, 0, 0, 1, 2])):  # headlights
        x, y, size = rng.uniform(0, SIZE), rng.uniform(0, SIZE), rng.uniform(6, 50)
        yy, xx = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
        scene = scene + rng.uniform(80, 255) * np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / (2 * size * size))
    if rng.random() < 0.5:
        scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.3, 1.2))
    if rng.random() < 0.2:
        length = rng.randint(2, 6)
        kernel = np.zeros((13, 13), np.float32)
        angle = rng.gauss(0, 0.5)
        dx, dy = np.cos(angle) * length, np.sin(angle) * length
        cv2.line(kernel, (int(6 - dx / 2), int(6 - dy / 2)), (int(6 + dx / 2), int(6 + dy / 2)), 1.0, 1)
        scene = cv2.filter2D(scene, -1, kernel / kernel.sum())
    if rng.random() < 0.6:
        scene = scene + rng_np.normal(0, rng.uniform(1, 9) * noise, scene.shape).astype(np.float32)
    scene = np.clip(scene, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        _, packed = cv2.imencode(".jpg", scene, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(30, 95)])
        scene = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return scene


def one_scene(rng, rng_np, faces, photos):
    """A scene and what stands in it: for each plate its corners, its text row by row, and how many rows."""
    scene = background(rng, rng_np, photos)
    if rng.random() < 0.85:
        clutter(rng, scene, faces)
    taken = []
    found = [place(rng, rng_np, scene, faces, taken) for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3]))]
    return weather(rng, rng_np, scene), [plate for plate in found if plate is not None]


def make_shard(path, seed, faces, photos, count=PER_SHARD):
    rng, rng_np = random.Random(seed), np.random.default_rng(seed)
    scenes = np.zeros((count, SIZE, SIZE), np.uint8)
    corners = np.zeros((count, PLATES_MAX, 4, 2), np.float32)
    counts = np.zeros(count, np.uint8)
    for index in range(count):
        scenes[index], plates = one_scene(rng, rng_np, faces, photos)
        counts[index] = len(plates)
        for place_of, (quad, *_) in enumerate(plates):
            corners[index, place_of] = quad
    with open(path + ".part", "wb") as file:
        np.savez(file, scenes=scenes, corners=corners, counts=counts)
    os.replace(path + ".part", path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--backgrounds", required=True)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    os.makedirs(given.out, exist_ok=True)
    faces, photos = make_faces(), load_backgrounds(given.backgrounds, 900)
    for number in range(given.first, given.first + given.count):
        name = f"{given.out}/scenes-{number:04d}.npz"
        if not os.path.exists(name):
            make_shard(name, 500000 + number, faces, photos)
