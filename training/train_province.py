"""Trains the province network on the Chinese one-row plates of the reader's shards; takes up where it stopped.

    train_province.py POOL_DIR RUN_DIR --minutes N [--held-out K]

The first `--held-out` shards are never trained on.
"""

import cv2
import numpy as np
import torch
from torch import nn

from course import TOLD_EVERY, Course, Pool, arguments
from networks import PROVINCE_WIDTH, PROVINCES, SIGNS, Province
from train_reader import normalise, play

BATCH = 96
NONE = len(PROVINCES)
OTHERS_PER_SHARD = 60  # plates of other countries, so that «none of them» is known


def load(paths):
    """Pictures of Chinese one-row plates and of some others, with the number of the province or `NONE`."""
    pictures, provinces = [], []
    for path in paths:
        shard = np.load(path)
        first = [SIGNS[sign - 1] if sign else "" for sign in shard["labels"][:, 0]]
        number = np.array([PROVINCES.find(sign) if sign and sign in PROVINCES else NONE for sign in first])
        of_one_row = np.flatnonzero((number < NONE) & (shard["rows"] == 1))
        chosen = np.concatenate([of_one_row, np.flatnonzero(number == NONE)[:OTHERS_PER_SHARD]])
        pictures.append(shard["pictures"][chosen])
        provinces.append(number[chosen])
    return np.concatenate(pictures), np.concatenate(provinces)


def press_anew(rng, pictures):
    """As another press would make it: strokes thicker or thinner, parts of a sign moved or squeezed, a spot lost."""
    out = np.empty_like(pictures)
    height, width = pictures.shape[1:]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    for index, picture in enumerate(pictures):
        if rng.random() < 0.35:
            kernel = np.ones(((1, 2), (2, 1), (2, 2), (3, 1), (1, 3))[rng.integers(5)], np.uint8)
            other = cv2.dilate(picture, kernel) if rng.random() < 0.5 else cv2.erode(picture, kernel)
            picture = cv2.addWeighted(picture, 1 - (share := rng.uniform(0.3, 1)), other, share, 0)
        if rng.random() < 0.7:
            far = rng.uniform(0.3, 1.6)
            dx, dy = (cv2.resize(rng.normal(0, far, (6, 16)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC) for _ in "xy")
            picture = cv2.remap(picture, xs + dx, ys + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        if rng.random() < 0.15:
            x, y, side = rng.integers(0, 44), rng.integers(0, 36), rng.integers(4, 12)
            picture = picture.copy()
            picture[y : y + side, x : x + side] = picture[y : y + side, x : x + side].mean()
        out[index] = picture
    return out


def left_of(pictures):
    return normalise(pictures)[:, :, :, :PROVINCE_WIDTH].contiguous(memory_format=torch.channels_last)


def measure(network, pictures, provinces):
    """Shares of the provinces, and of the others, that are told right."""
    network.eval()
    with torch.no_grad():
        told = torch.cat([network(left_of(pictures[at : at + 256])).argmax(1) for at in range(0, len(pictures), 256)]).numpy()
    network.train()
    right = told == provinces
    return right[provinces < NONE].mean(), right[provinces == NONE].mean()


def main():
    given = arguments(10000)
    course = Course(Province, given, "province", seed=12, decay=0.02)
    rng = np.random.default_rng(13 + course.step)
    pool = Pool(given, "plates", load)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.03)
    losses = []
    while course.goes_on():
        pictures, provinces = pool.shown(course.step)
        chosen = rng.integers(0, len(pictures), BATCH)
        scores = course.see(left_of(play(rng, press_anew(rng, pictures[chosen]))))
        loss = loss_of(scores, torch.from_numpy(provinces[chosen]))
        losses.append(loss.item())
        if course.learn(loss):
            of_provinces, of_others = measure(course.averaged(), *pool.held)
            course.tell(f"loss {np.mean(losses[-TOLD_EVERY:]):.3f} provinces {of_provinces:.3f} others {of_others:.3f}")
    course.save()


if __name__ == "__main__":
    main()
