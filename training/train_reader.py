"""Trains the reader from shards of drawn plates; takes up where it stopped.

    train_reader.py POOL_DIR RUN_DIR --minutes N [--held-out K]

The first `--held-out` shards are never trained on: they measure progress and later fit the calibration.
"""

import argparse
import glob
import os
import time

import cv2
import numpy as np
import torch
from torch import nn

from networks import CLASSES, SIGNS, Reader

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
    parser = argparse.ArgumentParser()
    parser.add_argument("pool")
    parser.add_argument("run")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--plan-steps", type=int, default=8000, help="batches of the whole plan; sets the learning rate's path")
    parser.add_argument("--held-out", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3)
    given = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(11)
    os.makedirs(given.run, exist_ok=True)
    state = os.path.join(given.run, "reader.pt")
    network = Reader().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), given.rate, weight_decay=0.01)
    average = {key: value.clone() for key, value in network.state_dict().items()}
    step = 0
    if os.path.exists(state):
        saved = torch.load(state)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        average, step = saved["average"], saved["step"]
    rng = np.random.default_rng(100 + step)
    held = load(sorted(glob.glob(given.pool + "/plates-*.npz"))[: given.held_out])
    loss_of = nn.CTCLoss(zero_infinity=True)
    ends, known, told, shards = time.time() + given.minutes * 60, 0, time.time(), None
    losses = []

    def save(final=False):
        torch.save({"network": network.state_dict(), "optimiser": optimiser.state_dict(), "average": average, "step": step}, state + ".part")
        os.replace(state + ".part", state)

    while time.time() < ends and step < given.plan_steps:
        if step % 200 == 0 or shards is None:  # shards may still be drawn while the training runs
            paths = sorted(glob.glob(given.pool + "/plates-*.npz"))[given.held_out :]
            if len(paths) != known:
                known, shards = len(paths), load(paths)
        pictures, labels, _ = shards
        rate = given.rate * min(1, (step + 1) / 200) * (0.5 * (1 + np.cos(np.pi * min(1, step / given.plan_steps))) * 0.98 + 0.02)
        for group in optimiser.param_groups:
            group["lr"] = rate
        chosen = rng.integers(0, len(pictures), BATCH)
        with torch.cpu.amp.autocast(dtype=torch.bfloat16):  # nearly twice as fast where the processor has it
            scores = network(normalise(play(rng, pictures[chosen])))
        scores = scores.float().permute(2, 0, 1).log_softmax(2)
        target = torch.from_numpy(labels[chosen].astype(np.int64))
        lengths = (target > 0).sum(1)
        loss = loss_of(scores, target[target > 0], torch.full((BATCH,), scores.shape[0], dtype=torch.long), lengths)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        step += 1
        losses.append(loss.item())
        keep = min(0.998, step / (step + 50))
        with torch.no_grad():
            for key, value in network.state_dict().items():
                if value.dtype.is_floating_point:
                    average[key].mul_(keep).add_(value, alpha=1 - keep)
        if step % 250 == 0:
            copy = Reader().to(memory_format=torch.channels_last)
            copy.load_state_dict(average)
            got = measure(copy, *held, count=2048)
            print(f"{step} loss {np.mean(losses[-250:]):.3f} rate {rate:.5f} exact {got[0]:.3f} one row {got[1]:.3f} two rows {got[2]:.3f} pool {len(pictures)} {250 / (time.time() - told):.2f} batches/s", flush=True)
            told = time.time()
            save()
    save()


if __name__ == "__main__":
    main()
