"""Trains the province network on the Chinese one-row plates of the reader's shards; takes up where it stopped.

    train_province.py POOL_DIR RUN_DIR --minutes N [--held-out K]

The first `--held-out` shards are never trained on.
"""

import argparse
import glob
import os
import time

import cv2
import numpy as np
import torch
from torch import nn

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
    parser = argparse.ArgumentParser()
    parser.add_argument("pool")
    parser.add_argument("run")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--plan-steps", type=int, default=10000, help="batches of the whole plan; sets the learning rate's path")
    parser.add_argument("--held-out", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3)
    given = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(12)
    os.makedirs(given.run, exist_ok=True)
    state = os.path.join(given.run, "province.pt")
    network = Province().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), given.rate, weight_decay=0.02)
    average = {key: value.clone() for key, value in network.state_dict().items()}
    step = 0
    if os.path.exists(state):
        saved = torch.load(state)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        average, step = saved["average"], saved["step"]
    rng = np.random.default_rng(13 + step)
    paths = sorted(glob.glob(given.pool + "/plates-*.npz"))
    held, (pictures, provinces) = load(paths[: given.held_out]), load(paths[given.held_out :])
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.03)
    ends, told, losses = time.time() + given.minutes * 60, time.time(), []

    def save():
        torch.save({"network": network.state_dict(), "optimiser": optimiser.state_dict(), "average": average, "step": step}, state + ".part")
        os.replace(state + ".part", state)

    while time.time() < ends and step < given.plan_steps:
        rate = given.rate * min(1, (step + 1) / 200) * (0.5 * (1 + np.cos(np.pi * min(1, step / given.plan_steps))) * 0.98 + 0.02)
        for group in optimiser.param_groups:
            group["lr"] = rate
        chosen = rng.integers(0, len(pictures), BATCH)
        seen = left_of(play(rng, press_anew(rng, pictures[chosen])))
        with torch.cpu.amp.autocast(dtype=torch.bfloat16):
            scores = network(seen)
        loss = loss_of(scores.float(), torch.from_numpy(provinces[chosen]))
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
            copy = Province().to(memory_format=torch.channels_last)
            copy.load_state_dict(average)
            of_provinces, of_others = measure(copy, *held)
            print(f"{step} loss {np.mean(losses[-250:]):.3f} rate {rate:.5f} provinces {of_provinces:.3f} others {of_others:.3f} {250 / (time.time() - told):.1f} batches/s", flush=True)
            told = time.time()
            save()
    save()


if __name__ == "__main__":
    main()
