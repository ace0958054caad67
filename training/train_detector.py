"""Trains the detector from shards of drawn scenes; takes up where it stopped.

    train_detector.py POOL_DIR RUN_DIR --minutes N
"""

import cv2
import numpy as np
import torch
from torch import nn

from course import TOLD_EVERY, Course, Pool, arguments
from networks import CORNER_UNIT, DETECTOR_STRIDE, Detector

BATCH = 16


def normalise(scenes):
    """uint8 batch to about -1..1; the run time does the same."""
    return ((torch.from_numpy(scenes).float().unsqueeze(1) - 128) / 64).to(memory_format=torch.channels_last)


def play(rng, scenes, corners):
    """Mirror, crop to another scale, brightness: each scene is shown in many ways."""
    out, moved = np.empty_like(scenes), corners.copy()
    size = scenes.shape[1]
    for index, scene in enumerate(scenes):
        scale = rng.uniform(0.75, 1.3)
        matrix = np.float32([[scale, 0, rng.uniform(-1, 1) * size * 0.2 + (1 - scale) * size / 2], [0, scale, rng.uniform(-1, 1) * size * 0.2 + (1 - scale) * size / 2]])
        flags = cv2.INTER_LINEAR
        if rng.random() < 0.5:
            matrix = np.float32([[-1, 0, size], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]]).astype(np.float32)
            moved[index] = moved[index][:, [1, 0, 3, 2]]
        picture = cv2.warpAffine(scene, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REFLECT_101 if rng.random() < 0.3 else cv2.BORDER_CONSTANT, borderValue=int(rng.integers(0, 255)))
        moved[index] = moved[index] @ matrix[:, :2].T + matrix[:, 2]
        if rng.random() < 0.5:
            picture = np.clip(picture * rng.uniform(0.5, 1.4) + rng.uniform(-30, 30), 0, 255).astype(np.uint8)
        out[index] = picture
    return out, moved


def targets(corners, counts, size):
    """Heat, corner offsets and their weights for a batch."""
    cells = size // DETECTOR_STRIDE
    batch = len(corners)
    heat = np.zeros((batch, cells, cells), np.float32)
    offsets = np.zeros((batch, 8, cells, cells), np.float32)
    weights = np.zeros((batch, cells, cells), np.float32)
    ignore = np.zeros((batch, cells, cells), bool)
    yy, xx = np.mgrid[0:cells, 0:cells].astype(np.float32)
    px, py = (xx + 0.5) * DETECTOR_STRIDE, (yy + 0.5) * DETECTOR_STRIDE
    for b in range(batch):
        for quad in corners[b, : counts[b]]:
            middle = quad.mean(0)
            w = max(4.0, np.linalg.norm(quad[1] - quad[0] + quad[2] - quad[3]) / 2)
            h = max(3.0, np.linalg.norm(quad[3] - quad[0] + quad[2] - quad[1]) / 2)
            inside = (quad > 0).all() and (quad < size).all()
            sx, sy = max(w * 0.09, 3.2), max(h * 0.22, 3.2)
            value = np.exp(-((px - middle[0]) ** 2 / (2 * sx * sx) + (py - middle[1]) ** 2 / (2 * sy * sy)))
            if not (0 <= middle[0] < size and 0 <= middle[1] < size) or h < 5 or w > 300:
                ignore[b] |= (abs(px - middle[0]) < w / 2) & (abs(py - middle[1]) < h / 2)
                continue
            if inside:
                value[int(middle[1] // DETECTOR_STRIDE), int(middle[0] // DETECTOR_STRIDE)] = 1
            near = (value > 0.4) & (value > heat[b])
            heat[b] = np.maximum(heat[b], value)
            if not inside:
                ignore[b] |= value > 0.2
            for corner in range(4):
                offsets[b, 2 * corner][near] = ((quad[corner, 0] - px) / CORNER_UNIT)[near]
                offsets[b, 2 * corner + 1][near] = ((quad[corner, 1] - py) / CORNER_UNIT)[near]
            weights[b][near] = value[near] * (CORNER_UNIT / h)
    return [torch.from_numpy(part) for part in (heat, offsets, weights, ignore)]


def loss_of(out, heat, offsets, weights, ignore):
    score = out[:, 0].sigmoid().clamp(1e-5, 1 - 1e-5)
    hit = (heat > 0.95).float()
    loss = -(hit * (1 - score) ** 2 * score.log() + (1 - hit) * (1 - heat) ** 4 * score**2 * (1 - score).log())
    loss = (loss * (~ignore).float()).sum() / hit.sum().clamp(min=1)
    corner = (nn.functional.smooth_l1_loss(out[:, 1:], offsets, reduction="none", beta=0.1).sum(1) * weights).sum() / weights.gt(0).sum().clamp(min=1)
    return loss, corner


def decode(out, threshold=0.3):
    """Plates of one frame's nine maps: list of (score, quad)."""
    heat = 1 / (1 + np.exp(-out[0]))
    peaks = (heat == cv2.dilate(heat, np.ones((3, 3), np.float32))) & (heat > threshold)
    found = []
    for y, x in zip(*np.nonzero(peaks)):
        centre = np.array([x + 0.5, y + 0.5]) * DETECTOR_STRIDE
        found.append((float(heat[y, x]), out[1:, y, x].reshape(4, 2) * CORNER_UNIT + centre))
    found.sort(key=lambda entry: -entry[0])
    kept = []
    for score, quad in found:
        low, high = quad.min(0), quad.max(0)
        if all(((quad.mean(0) < k.min(0)) | (quad.mean(0) > k.max(0))).any() and ((k.mean(0) < low) | (k.mean(0) > high)).any() for _, k in kept):
            kept.append((score, quad))
    return kept


def measure(network, scenes, corners, counts, limit=256):
    """Share of plates found with corners within a fifth of the height, and false ones a scene."""
    network.eval()
    found = near = false = total = 0
    with torch.no_grad():
        for start in range(0, limit, 32):
            outs = network(normalise(scenes[start : start + 32])).numpy()
            for out, quads, count in zip(outs, corners[start : start + 32], counts[start : start + 32]):
                got = decode(out, 0.4)
                total += count
                for _, quad in got:
                    middle = quad.mean(0)
                    hits = [q for q in quads[:count] if (q.min(0) < middle).all() and (middle < q.max(0)).all()]
                    if not hits:
                        false += 1
                        continue
                    found += 1
                    height = np.linalg.norm(hits[0][3] - hits[0][0])
                    near += np.abs(quad - hits[0]).max() < max(2.5, height * 0.2)
    network.train()
    return found / total, near / total, false / limit


def load(paths):
    shards = [np.load(path) for path in paths]
    return tuple(np.concatenate([shard[key] for shard in shards]) for key in ("scenes", "corners", "counts"))


def main():
    given = arguments(7000)
    course = Course(Detector, given, "detector", seed=12)
    rng = np.random.default_rng(200 + course.step)
    pool = Pool(given, "scenes", load)
    losses = []
    while course.goes_on():
        scenes, corners, counts = pool.shown(course.step)
        chosen = rng.integers(0, len(scenes), BATCH)
        pictures, quads = play(rng, scenes[chosen], corners[chosen])
        heat_loss, corner_loss = loss_of(course.see(normalise(pictures)), *targets(quads, counts[chosen], pictures.shape[1]))
        losses.append((heat_loss.item(), corner_loss.item()))
        if course.learn(heat_loss + corner_loss):
            heat, corner = np.mean(losses[-TOLD_EVERY:], 0)
            got = measure(course.averaged(), *pool.held)
            course.tell(f"heat {heat:.3f} corners {corner:.3f} found {got[0]:.3f} exact corners {got[1]:.3f} false a scene {got[2]:.3f} pool {len(scenes)}")
    course.save()


if __name__ == "__main__":
    main()
