"""Trains the reader from shards of drawn plates; takes up where it stopped.

    train_reader.py POOL_DIR RUN_DIR --minutes N [--held-out K]

The first `--held-out` shards are never trained on: they measure progress and later fit the calibration.
"""

import cv2
import numpy as np
import torch
from torch import nn

from course import TOLD_EVERY, Course, Pool, arguments
from networks import SIGNS, Reader

BATCH = 64


def load(paths):
    shards = [np.load(path) for path in paths]
    return tuple(np.concatenate([shard[key] for shard in shards]) for key in ("pictures", "labels", "rows"))


def normalise(pictures):
    """uint8 batch to zero mean and unit deviation each; the run time does the same."""
    x = torch.from_numpy(pictures).float().unsqueeze(1)
    mean = x.mean((2, 3), keepdim=True)
    return ((x - mean) / (x.std((2, 3), keepdim=True) + 4.0)).to(memory_format=torch.channels_last)


def play(rng, pictures):
    """Cheap changes on top of the drawn ones: shift, scale, slant, ink reversed, noise, blur."""
    out = np.empty_like(pictures)
    height, width = pictures.shape[1:]
    for index, picture in enumerate(pictures):
        if rng.random() < 0.7:
            sx, sy = rng.uniform(0.94, 1.06), rng.uniform(0.93, 1.07)
            shear, tilt = rng.uniform(-0.06, 0.06), 0.0
            if rng.random() < 0.25:  # seen steeply and not straightened well
                sx, shear, tilt = rng.uniform(0.88, 0.98), rng.uniform(-0.3, 0.3), rng.uniform(-0.05, 0.05)
            left = (1 - sx) * width / 2 - shear * height / 2 + rng.uniform(-4, 4)
            top = (1 - sy) * height / 2 - tilt * width / 2 + rng.uniform(-2, 2)
            matrix = np.float32([[sx, shear, left], [tilt, sy, top]])
            picture = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        if rng.random() < 0.08:
            picture = 255 - picture
        if rng.random() < 0.3:
            picture = np.clip(picture * rng.uniform(0.6, 1.4) + rng.normal(0, rng.uniform(0, 8), picture.shape), 0, 255).astype(np.uint8)
        if rng.random() < 0.2:
            picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.3))
        out[index] = picture
    return out


def decode(scores):
    """Best path of a batch of scores (batch, classes, steps), as texts."""
    texts = []
    for path in scores.argmax(1).tolist():
        texts.append("".join(SIGNS[c - 1] for before, c in zip([0, *path], path) if c and c != before))
    return texts


def texts_of(labels):
    return ["".join(SIGNS[c - 1] for c in row if c) for row in labels.tolist()]


def measure(network, pictures, labels, rows, count=4096):
    network.eval()
    right = []
    with torch.no_grad():
        for start in range(0, min(count, len(pictures)), 256):
            scores = network(normalise(pictures[start : start + 256]))
            right += [a == b for a, b in zip(decode(scores), texts_of(labels[start : start + 256]))]
    network.train()
    right, rows = np.array(right), rows[: len(right)]
    return right.mean(), right[rows == 1].mean(), right[rows == 2].mean()


def main():
    given = arguments(8000)
    course = Course(Reader, given, "reader", seed=11)
    rng = np.random.default_rng(100 + course.step)
    pool = Pool(given, "plates", load)
    loss_of = nn.CTCLoss(zero_infinity=True)
    losses = []
    while course.goes_on():
        pictures, labels, _ = pool.shown(course.step)
        chosen = rng.integers(0, len(pictures), BATCH)
        scores = course.see(normalise(play(rng, pictures[chosen]))).permute(2, 0, 1).log_softmax(2)
        target = torch.from_numpy(labels[chosen].astype(np.int64))
        lengths = (target > 0).sum(1)
        loss = loss_of(scores, target[target > 0], torch.full((BATCH,), scores.shape[0], dtype=torch.long), lengths)
        losses.append(loss.item())
        if course.learn(loss):
            got = measure(course.averaged(), *pool.held, count=2048)
            course.tell(f"loss {np.mean(losses[-TOLD_EVERY:]):.3f} exact {got[0]:.3f} one row {got[1]:.3f} two rows {got[2]:.3f} pool {len(pictures)}")
    course.save()


if __name__ == "__main__":
    main()
