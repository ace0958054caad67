"""Writes the trained networks as ONNX, and checks that OpenCV, which is not what they are trained with, computes the same numbers.

    export.py RUN_DIR MODELS_DIR POOL_DIR

Weights are the running averages of the training; batch normalisation is folded into the convolutions. What a text's
probability is worth is measured on the first shard of the pool, which training never sees.
"""

import argparse
import os

import cv2
import numpy as np
import torch
from torch import nn

from calibration import curve_of, error_of
from train_reader import decode, load, normalise, texts_of
from networks import PROVINCE_WIDTH, PROVINCES, READER_HEIGHT, READER_WIDTH, SIGNS, Detector, Province, Reader


class ReaderOutward(nn.Module):
    """What leaves the reader: one row of class probabilities for each of the 80 steps."""

    def __init__(self, reader):
        super().__init__()
        self.reader = reader

    def forward(self, pictures):
        scores = self.reader.head(self.reader.features(pictures)).softmax(1)
        return scores.permute(0, 2, 3, 1).reshape(80, -1)


class ProvinceOutward(nn.Module):
    """What leaves the province network: probabilities."""

    def __init__(self, province):
        super().__init__()
        self.province = province

    def forward(self, pictures):
        return self.province(pictures).softmax(1)


def calibration(reader, pool):
    """Points from the network's probability of its text to how often it is right."""
    pictures, labels, _ = load([f"{pool}/plates-0000.npz"])
    said, right = [], []
    loss_of = nn.CTCLoss(reduction="none", zero_infinity=True)
    reader.eval()
    with torch.no_grad():
        for start in range(0, len(pictures), 256):
            scores = reader(normalise(pictures[start : start + 256])).float()
            texts = decode(scores)
            numbers = [[SIGNS.index(sign) + 1 for sign in text] for text in texts]
            lengths = torch.tensor([len(n) for n in numbers])
            loss = loss_of(scores.permute(2, 0, 1).log_softmax(2), torch.tensor([n for row in numbers for n in row], dtype=torch.long), torch.full((len(texts),), scores.shape[2], dtype=torch.long), lengths)
            said += torch.exp(-loss).tolist()
            right += [a == b for a, b in zip(texts, texts_of(labels[start : start + 256]))]
    print("exact", np.mean(right), "calibration error of the network itself", error_of(said, right))
    return curve_of(said, right)


def write_description(path, description):
    """One point a line, so that a change of the weights can be read."""
    curves = []
    for kind, curve in description["calibration"].items():
        points = [f"[{x}, {y}]" for x, y in curve]
        flat = f'        "{kind}": [{", ".join(points)}]'
        curves.append(flat if len(flat) < 100 else f'        "{kind}": [\n            ' + ",\n            ".join(points) + "\n        ]")
    sizes = f'"width": {description["width"]},\n    "height": {description["height"]}'
    sizes += f',\n    "provinces": "{PROVINCES}",\n    "provinceWidth": {PROVINCE_WIDTH}'
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'{{\n    "signs": "{description["signs"]}",\n    {sizes},\n    "calibration": {{\n' + ",\n".join(curves) + "\n    }\n}\n")


def write(network, example, path, any_size):
    network.eval()
    sizes = {"in": {2: "height", 3: "width"}, "out": {2: "rows", 3: "columns"}} if any_size else None
    torch.onnx.export(network, example, path, opset_version=11, do_constant_folding=True, input_names=["in"], output_names=["out"], dynamic_axes=sizes)
    net = cv2.dnn.readNetFromONNX(path)
    net.setInput(example.numpy())
    seen = net.forward()
    with torch.no_grad():
        meant = network(example).numpy()
    print(f"{path}: {os.path.getsize(path) / 1e6:.2f} MB, {seen.shape}, differs by at most {np.abs(seen.reshape(meant.shape) - meant).max():.2g}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("run")
    parser.add_argument("models")
    parser.add_argument("pool")
    given = parser.parse_args()
    torch.manual_seed(1)
    os.makedirs(given.models, exist_ok=True)
    networks = (
        ("reader", Reader(), ReaderOutward, (1, 1, READER_HEIGHT, READER_WIDTH)),
        ("province", Province(), ProvinceOutward, (1, 1, READER_HEIGHT, PROVINCE_WIDTH)),
        ("detector", Detector(), nn.Sequential, (1, 1, 544, 960)),
    )
    for name, network, outward, shape in networks:
        state = os.path.join(given.run, name + ".pt")
        if not os.path.exists(state):
            print("no", state)
            continue
        saved = torch.load(state)
        network.load_state_dict(saved["average"])
        print(name, "after", saved["step"], "batches,", sum(p.numel() for p in network.parameters()), "parameters")
        write(outward(network), torch.randn(shape), f"{given.models}/plate-{name}.onnx", any_size=name == "detector")
        if name == "reader":
            plain = [[0, 0], [1, 1]]
            texts = calibration(network, given.pool)
            description = {"signs": SIGNS, "width": READER_WIDTH, "height": READER_HEIGHT, "calibration": {"texts": texts, "frames": plain, "crops": plain}}
            write_description(f"{given.models}/plate-reader.json", description)
